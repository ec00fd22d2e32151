// Package e2e holds the tests of the whole server: a real gRPC client and a
// real HTTP client in front, a real HTTP server that stands for Kakao behind.
//
// testdata/cases are the readable adapters, a file per rpc (casefile_test.go
// says what they hold); the other tests go over every rpc of the contract or
// play a story against the sandbox. The package has no code of its own.
package e2e
