package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"

	"google.golang.org/grpc"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// recovery makes a failed call of a panic. The stack goes to the log, the
// caller gets INTERNAL and the request id to report. It stands right around the
// service, where the other interceptors treat it like any failure, and once more
// around those, for a panic of their own.
func recovery(logger *slog.Logger) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (response any, err error) {
		defer func() {
			if value := recover(); value != nil {
				logPanic(ctx, logger, strings.TrimPrefix(info.FullMethod, "/"), requestIDOf(ctx), value)
				response, err = nil, errorsx.New(errorv1.Reason_REASON_INTERNAL, "")
			}
		}()
		return handler(ctx, request)
	}
}

// streamRecovery does the same for streams: reflection, health, and methods that
// nobody has.
func streamRecovery(logger *slog.Logger) grpc.StreamServerInterceptor {
	return func(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
		defer func() {
			if value := recover(); value != nil {
				logPanic(stream.Context(), logger, strings.TrimPrefix(info.FullMethod, "/"), "", value)
				err = errorsx.New(errorv1.Reason_REASON_INTERNAL, "")
			}
		}()
		return handler(server, stream)
	}
}

// logPanic writes where and why. Only the runtime's own errors are written in
// words: any other value may hold what the call was about.
func logPanic(ctx context.Context, logger *slog.Logger, where, requestID string, value any) {
	what := fmt.Sprintf("a panic with a value of type %T", value)
	if fault, ok := value.(runtime.Error); ok {
		what = fault.Error()
	}
	logger.ErrorContext(ctx, "panic", "where", where, "what", what, "request_id", requestID, "stack", string(debug.Stack()))
}
