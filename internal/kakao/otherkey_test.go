package kakao_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// TestWhichAnswersSayThatAKeyIsUnknown: those to a call that sent a key, as
// authorization or as client_id, and that mean the key. Only a read is repeated.
func TestWhichAnswersSayThatAKeyIsUnknown(t *testing.T) {
	const noKey = `{"msg":"wrong appKey(x) format","code":-401}`
	for title, row := range map[string]struct {
		rpc      protoreflect.FullName
		body     string
		refused  string // the key that is said to be unknown
		requests int64
	}{
		"a read with the REST key":      {searchRPC, `{"errorType":"AccessDeniedError","message":"invalid app key"}`, restKey, 2},
		"a token request":               {writeRPC, `{"error":"invalid_client","error_description":"Not exist client_id","error_code":"KOE101"}`, restKey, 1},
		"a token request, wrong secret": {writeRPC, `{"error":"invalid_client","error_description":"Bad client credentials","error_code":"KOE010"}`, "", 1},
		"a user's token":                {meRPC, `{"msg":"this access token does not exist","code":-401}`, "", 1},
		"without credential":            {readRPC, noKey, "", 1},
	} {
		var refused string
		kapi := newUpstream(t, reply(401, row.body))
		client := kapi.policied(t, kakao.Policy{}, func(c *kakao.Config) {
			c.KeyRefused = func(_ string, key secret.Value) bool {
				refused = key.Reveal()
				return true
			}
		})
		if _, err := ask(t, client, row.rpc, 5*time.Second); err == nil {
			t.Errorf("%s: no failure", title)
		}
		if refused != row.refused || kapi.requests.Load() != row.requests {
			t.Errorf("%s: said to be unknown %q, %d requests; want %q and %d", title, refused, kapi.requests.Load(), row.refused, row.requests)
		}
	}
}
