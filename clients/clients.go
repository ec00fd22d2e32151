// Package clients is what callers of kakaorpc share: the gRPC service config,
// as a file for every language and as a string for Go. It imports nothing of
// the project.
package clients

import (
	_ "embed"

	// The service config asks for health checks, which grpc-go makes only
	// where this package is linked in.
	_ "google.golang.org/grpc/health"
)

// ServiceConfig is service-config.json, for grpc.WithDefaultServiceConfig:
// calls go to every address of a name in turn, replicas that are leaving get
// none, and reads are repeated where one is gone. Writes are never repeated.
//
//go:embed service-config.json
var ServiceConfig string
