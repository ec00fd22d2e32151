package server

import (
	"context"
	"crypto/rand"
	"regexp"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// requestIDKey is the metadata key and, in canonical form, the HTTP header.
const requestIDKey = "x-request-id"

// requestIDPattern is what is taken from a caller: it goes into the log and
// back into headers unchanged.
var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type requestIDContext struct{}

// requestID takes the caller's request id, or makes one where there is none
// that can be used, and sends it back: with an answer in the header, with a
// failure in the trailer. A client that has seen a header repeats nothing by
// itself (https://github.com/grpc/proposal/blob/master/A6-client-retries.md). A
// bad id is no reason to fail a call.
func requestID() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		id := usableRequestID(metadata.ValueFromIncomingContext(ctx, requestIDKey)...)
		ctx = context.WithValue(ctx, requestIDContext{}, id)
		response, err := handler(ctx, request)
		back := metadata.Pairs(requestIDKey, id)
		// Both fail only where there is no call to answer.
		if err != nil {
			_ = grpc.SetTrailer(ctx, back)
			return nil, errorsx.From(err).Identified(id)
		}
		_ = grpc.SetHeader(ctx, back)
		return response, nil
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
