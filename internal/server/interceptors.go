package server

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
)

// newChain makes the one interceptor chain that every call goes through,
// whether it came over gRPC or through the facade. The first is outermost.
func newChain(cfg *config.Config, tel *telemetry.Telemetry, gate *gate, services []protoreflect.ServiceDescriptor) (grpc.UnaryServerInterceptor, error) {
	validate, err := validation(services)
	if err != nil {
		return nil, err
	}
	measure, err := measuring(tel.Meters, cfg, services)
	if err != nil {
		return nil, err
	}
	return chain(
		// First, so that every line and every answer, a refusal too, has the id.
		requestID(),
		// Around the interceptors: what panics in one of them is a failed call, too.
		recovery(tel.Logger),
		// Around all that can refuse, so that each call is one line, with the
		// status that the caller saw.
		logging(tel.Logger, cfg, services),
		// Around the same, so that counters and log agree.
		measure,
		// Before anything is said or done about the call: who may not make it
		// learns no more than that.
		gate.interceptor(),
		// Before any work: a call that cannot be finished in time is not begun.
		deadlines(cfg.Deadline, services),
		// Around all that can fail for a reason of ours, so that the caller
		// always gets a reason and never our inside.
		errorsx.UnaryServerInterceptor(),
		// Before anything walks over the request.
		sizes(cfg.GRPC.MaxRequestBytes, services),
		// Before the service, so that no quota of Kakao is spent on a request
		// that breaks a documented limit.
		validate,
		// Right around the service: a panic is a failed call and no more, and
		// the interceptors above treat it like any other failure.
		recovery(tel.Logger),
	), nil
}

// chain makes one interceptor of several. gRPC can do so itself, but not for
// the in-process connection, which must run the very same one.
func chain(interceptors ...grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return link(interceptors, info, handler)(ctx, request)
	}
}

func link(interceptors []grpc.UnaryServerInterceptor, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) grpc.UnaryHandler {
	if len(interceptors) == 0 {
		return handler
	}
	return func(ctx context.Context, request any) (any, error) {
		return interceptors[0](ctx, request, info, link(interceptors[1:], info, handler))
	}
}
