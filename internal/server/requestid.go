package server

import (
	"context"
	"crypto/rand"
	"regexp"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// requestIDKey is the metadata key and, in canonical form, the HTTP header.
const requestIDKey = "x-request-id"

// requestIDPattern is what is taken from a caller: it goes into the log and
// back into headers unchanged.
var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type requestIDContext struct{}

// requestID takes the caller's request id, or makes one where there is none
// that can be used, and sends it back. A bad id is no reason to fail a call.
func requestID() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		id := usableRequestID(metadata.ValueFromIncomingContext(ctx, requestIDKey)...)
		ctx = context.WithValue(ctx, requestIDContext{}, id)
		// It fails only when headers are out already, which is not before the
		// handler ran.
		_ = grpc.SetHeader(ctx, metadata.Pairs(requestIDKey, id))
		return handler(ctx, request)
	}
}

// usableRequestID returns the one id that was sent, or a new one.
func usableRequestID(sent ...string) string {
	if len(sent) == 1 && requestIDPattern.MatchString(sent[0]) {
		return sent[0]
	}
	return rand.Text()
}

func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDContext{}).(string)
	return id
}
