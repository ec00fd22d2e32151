package server

import (
	"context"
	"log/slog"
	"slices"

	"google.golang.org/grpc"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionv1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/tap"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// reflectionRPCs are those of gRPC reflection, in both of its versions.
var reflectionRPCs = []string{
	reflectionv1.ServerReflection_ServerReflectionInfo_FullMethodName,
	reflectionv1alpha.ServerReflection_ServerReflectionInfo_FullMethodName,
}

// early refuses callers without a certificate before anything of their message
// is read: an interceptor is only asked when the whole of it is in memory, and
// Karlo's are large. What a caller with a certificate may do is the
// interceptor's to say. Reflection, which has no interceptor of ours, is for
// callers with a certificate as well: it tells what there is to attack.
//
// grpc-go calls it with a lock of the connection held, so it looks and writes a
// line, and waits for nothing. It sends nothing of ours but the status from here:
// the request id is in its details, and does not come back in a trailer.
func (g *gate) early(logger *slog.Logger) grpc.ServerOption {
	return grpc.InTapHandle(func(ctx context.Context, call *tap.Info) (context.Context, error) {
		_, ours := g.rpcs[call.FullMethodName]
		known := ours || slices.Contains(reflectionRPCs, call.FullMethodName)
		if _, verified := identitiesOf(ctx); !g.identified || !known || verified {
			return ctx, nil
		}
		// No interceptor logs it.
		id := usableRequestID(call.Header.Get(requestIDKey)...)
		logRefusal(ctx, logger, call.FullMethodName, "CALLER_UNAUTHENTICATED", id)
		return nil, errorsx.New(errorv1.Reason_REASON_CALLER_UNAUTHENTICATED, "").Identified(id)
	})
}
