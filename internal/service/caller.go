package service

import (
	"context"
	"strings"

	"google.golang.org/grpc/metadata"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// Metadata keys, which are the facade's header names as well.
const (
	// authorizationKey carries the Kakao user's access token of the call, as
	// Kakao takes it: Bearer <token>.
	authorizationKey = "authorization"
	// AppKey names the configured app whose keys are used.
	AppKey = "x-kakao-app"
)

// maxTokenLength is far above any token of Kakao (about 54 characters); Kakao
// itself refuses more than about a thousand.
const maxTokenLength = 4096

// callerOf reads who the call is made for.
func callerOf(ctx context.Context) (kakao.Caller, error) {
	incoming, _ := metadata.FromIncomingContext(ctx)
	var caller kakao.Caller
	if names := incoming.Get(AppKey); len(names) > 0 {
		caller.App = names[0]
	}
	values := incoming.Get(authorizationKey)
	if len(values) == 0 {
		return caller, nil
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimSpace(token)
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || !isToken(token) {
		return caller, errorsx.New(errorv1.Reason_REASON_USER_TOKEN_MALFORMED,
			`the authorization header is malformed: send it once, as "authorization: Bearer <token>"; app keys are not taken from callers`)
	}
	caller.UserToken = secret.New(token)
	return caller, nil
}

// isToken reports whether the text can stand in a header as one token
// (RFC 6750, b64token and some more).
func isToken(text string) bool {
	if text == "" || len(text) > maxTokenLength {
		return false
	}
	for _, c := range text {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}
