// Package service offers the contract's services: it registers each of them on
// a gRPC server and on the JSON facade, and holds the overrides, the few rpcs
// that transport options cannot describe.
//
// It imports kakao and the generated products; never server. A new rpc of a
// service needs no Go here, a new service one row in the table of products.go.
package service
