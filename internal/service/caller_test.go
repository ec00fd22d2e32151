package service

import (
	"context"
	"errors"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// TestCallerOf: what a caller may send as credential, and what is refused
// without showing it.
func TestCallerOf(t *testing.T) {
	tests := map[string]struct {
		sent       []string // key, value pairs
		token, app string
		refused    bool
	}{
		"nothing":                  {},
		"a token":                  {sent: []string{"authorization", "Bearer test-token-1"}, token: "test-token-1"},
		"the scheme in lower case": {sent: []string{"authorization", "bearer test-token-1"}, token: "test-token-1"},
		"an app":                   {sent: []string{"x-kakao-app", "second"}, app: "second"},
		"both":                     {sent: []string{"x-kakao-app", "second", "authorization", "Bearer test-token-1"}, token: "test-token-1", app: "second"},
		"an app key":               {sent: []string{"authorization", "KakaoAK 7e577e577e577e577e577e577e570002"}, refused: true},
		"no scheme":                {sent: []string{"authorization", "test-token-1"}, refused: true},
		"no token":                 {sent: []string{"authorization", "Bearer "}, refused: true},
		"two tokens":               {sent: []string{"authorization", "Bearer test-token-1", "authorization", "Bearer test-token-2"}, refused: true},
		"a line break":             {sent: []string{"authorization", "Bearer test-token-1\r\nX-Evil: 1"}, refused: true},
		"a blank inside":           {sent: []string{"authorization", "Bearer test token"}, refused: true},
		"not ASCII":                {sent: []string{"authorization", "Bearer 토큰토큰토큰"}, refused: true},
		"far too long":             {sent: []string{"authorization", "Bearer " + strings.Repeat("x", maxTokenLength+1)}, refused: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs(test.sent...))
			caller, err := callerOf(ctx)
			if test.refused {
				var refusal *errorsx.Error
				if !errors.As(err, &refusal) || refusal.Reason() != errorv1.Reason_REASON_USER_TOKEN_MALFORMED {
					t.Fatalf("got %v", err)
				}
				for _, shown := range []string{"test-token", "7e577e57", "Evil"} {
					if strings.Contains(refusal.Error(), shown) {
						t.Errorf("the refusal shows what was sent: %q", refusal.Error())
					}
				}
				return
			}
			if err != nil || caller.UserToken.Reveal() != test.token || caller.App != test.app {
				t.Errorf("got token %q, app %q, %v", caller.UserToken.Reveal(), caller.App, err)
			}
		})
	}
}
