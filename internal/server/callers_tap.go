package server

import (
	"context"
	"log/slog"

	"google.golang.org/grpc"
	"google.golang.org/grpc/tap"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// early refuses callers without a certificate before anything of their message
// is read: an interceptor is only asked when the whole of it is in memory, and
// Karlo's are large. What a caller with a certificate may do is the
// interceptor's to say.
//
// grpc-go calls it with a lock of the connection held, so it only looks.
func (g *gate) early(logger *slog.Logger) grpc.ServerOption {
	return grpc.InTapHandle(func(ctx context.Context, call *tap.Info) (context.Context, error) {
		rpc, ours := g.rpcs[call.FullMethodName]
		if _, verified := identitiesOf(ctx); !g.identified || !ours || verified {
			return ctx, nil
		}
		// No interceptor logs it.
		logger.InfoContext(ctx, "call refused", "rpc", rpc.name, "reason", "CALLER_UNAUTHENTICATED")
		return nil, errorsx.New(errorv1.Reason_REASON_CALLER_UNAUTHENTICATED, "")
	})
}
