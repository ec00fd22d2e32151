// Package preflight owns what can be known of a configuration before anything
// is served: whether the files that it names hold what they should, what its
// operator ought to know, and whether Kakao can be reached from here. The server
// begins with the first two; server check shows all of it.
//
// It imports no server, and sends Kakao no key.
package preflight
