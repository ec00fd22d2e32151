// Package preflight owns what can be known of a configuration before anything
// is served: whether the files that it names hold what they should, whether traces
// and metrics can be exported as OpenTelemetry's variables say, what its operator
// ought to know, and whether Kakao can be reached from here. The server begins with
// all but the last; server check shows all of it.
//
// It imports no server, and sends Kakao no key.
package preflight
