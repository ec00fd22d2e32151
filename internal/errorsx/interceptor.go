package errorsx

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// pushback is the trailer by which a server tells gRPC clients with a retry
// policy not to use it
// (https://github.com/grpc/proposal/blob/master/A6-client-retries.md).
const pushback = "grpc-retry-pushback-ms"

// UnaryServerInterceptor has the last word on every error of a unary call:
// whatever comes from the handler leaves as a status with exactly one ErrorInfo
// and one KakaoError. It stands outside of whatever may fail, and inside of the
// log, which finds an *Error.
func UnaryServerInterceptor() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		response, err := handler(ctx, request)
		if err == nil {
			return response, nil
		}
		e := From(err)
		// Outside of a gRPC server, in the JSON facade, there is no place for
		// trailers; HTTP clients know no pushback either.
		_ = grpc.SetTrailer(ctx, e.trailer())
		return nil, e
	}
}

// StreamServerInterceptor does the same for streams, among them the handler of
// unknown methods.
func StreamServerInterceptor() grpc.StreamServerInterceptor {
	return func(server any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		err := handler(server, stream)
		if err == nil {
			return nil
		}
		e := From(err)
		stream.SetTrailer(e.trailer())
		return e
	}
}

// trailer tells gRPC clients when repeating by themselves is no use.
func (e *Error) trailer() metadata.MD {
	if !e.hopeless() {
		return nil
	}
	return metadata.Pairs(pushback, "-1")
}
