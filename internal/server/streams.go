package server

import (
	"context"

	"google.golang.org/grpc"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// endWith ends streams when the server ends. The contract has none, but a
// health watch stays open for as long as its client lives, and would hold up
// the graceful stop until its bound.
func endWith(ending context.Context) grpc.StreamServerInterceptor {
	return func(server any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		ctx, cancel := context.WithCancel(stream.Context())
		defer cancel()
		defer context.AfterFunc(ending, cancel)()
		err := handler(server, endingStream{stream, ctx})
		if err != nil && ending.Err() != nil {
			return errorsx.New(errorv1.Reason_REASON_SERVER_UNAVAILABLE, "", errorsx.WithCause(err))
		}
		return err
	}
}

// endingStream is a stream whose context ends with the server.
type endingStream struct {
	grpc.ServerStream
	ctx context.Context
}

// Context implements grpc.ServerStream.
func (s endingStream) Context() context.Context { return s.ctx }
