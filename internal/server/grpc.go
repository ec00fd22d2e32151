package server

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/stats"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// Limits of a gRPC connection. Clients are services in many languages behind
// load balancers that look at connections, not calls.
const (
	// maxConnectionAgeGrace is for the calls under way on a connection that has
	// reached its age; clients open another one beside it.
	maxConnectionAgeGrace = time.Minute
	// pingAfter finds connections whose other end has gone without a word.
	pingAfter   = time.Minute
	pingTimeout = 20 * time.Second
	// leastPing tolerates the keepalive of clients in all languages, whose
	// usual shortest is 10 s.
	leastPing = 5 * time.Second
	// maxStreams bounds what one connection may have in flight.
	maxStreams = 1000
	// maxHeaderBytes is ample for a token and a trace; on both listeners.
	maxHeaderBytes = 32 << 10
	// handshakeTimeout bounds a connection that does not get to speak.
	handshakeTimeout = 10 * time.Second
)

// newGRPC makes the gRPC server with everything on it but a listener. Streams
// end with ending.
//
//nolint:contextcheck // a stream's handlers have the stream's context, not this one
func newGRPC(ending context.Context, cfg *config.Config, logger *slog.Logger, b backend, chain grpc.UnaryServerInterceptor, handler stats.Handler, options ...grpc.ServerOption) (*grpc.Server, *health.Server) {
	live := callable(b.contract, cfg.Terminated())
	server := grpc.NewServer(append(options,
		grpc.StatsHandler(handler),
		grpc.UnaryInterceptor(chain),
		grpc.ChainStreamInterceptor(errorsx.StreamServerInterceptor(), streamRecovery(logger), endWith(ending)),
		grpc.UnknownServiceHandler(unknownRPC(logger)),
		// The largest of all; sizes refuses what is too large for a single rpc.
		grpc.MaxRecvMsgSize(int(largestRequest(cfg.GRPC.MaxRequestBytes, live))),
		grpc.MaxConcurrentStreams(maxStreams),
		grpc.MaxHeaderListSize(maxHeaderBytes),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			// No call is cut off because its connection has grown old.
			MaxConnectionAge: cfg.GRPC.MaxConnectionAge, MaxConnectionAgeGrace: max(maxConnectionAgeGrace, longestCall(cfg.Deadline, live)),
			Time: pingAfter, Timeout: pingTimeout,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: leastPing, PermitWithoutStream: true}),
		// Stop returns when the handlers have.
		grpc.WaitForHandlers(true),
	)...)
	b.services.Register(server)

	status := health.NewServer()
	healthv1.RegisterHealthServer(server, status)
	for _, name := range append(b.services.Names(), "") {
		status.SetServingStatus(name, healthv1.HealthCheckResponse_SERVING)
	}
	if cfg.GRPC.Reflection {
		reflection.Register(server) // v1 and v1alpha
	}
	return server, status
}

// unknownRPC answers for methods that nobody registered, with the details that
// every failure has, and a line in the log: they are what old stubs ask for.
func unknownRPC(logger *slog.Logger) grpc.StreamHandler {
	return func(_ any, stream grpc.ServerStream) error {
		id := usableRequestID(metadata.ValueFromIncomingContext(stream.Context(), requestIDKey)...)
		stream.SetTrailer(metadata.Pairs(requestIDKey, id))
		name, _ := grpc.MethodFromServerStream(stream)
		logRefusal(stream.Context(), logger, name, "RPC_UNKNOWN", id)
		return errorsx.New(errorv1.Reason_REASON_RPC_UNKNOWN,
			"there is no method "+strings.TrimPrefix(name, "/")+": check the name and the version of the stubs").Identified(id)
	}
}

// stopGRPC lets calls under way finish until ctx ends, and then cuts them off.
func stopGRPC(ctx context.Context, server *grpc.Server) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.GracefulStop()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		server.Stop()
		<-done
	}
}
