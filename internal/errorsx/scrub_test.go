package errorsx

import (
	"fmt"
	"strings"
	"testing"
)

func TestScrub(t *testing.T) {
	const key = testKey
	tests := []struct{ in, want string }{
		{"wrong appKey(" + key + ") format", "wrong appKey([redacted]) format"},
		{"appKey(anything at all) does not exist", "appKey([redacted]) does not exist"},
		{"appKey is already deactivated", "appKey is already deactivated"},
		{"authorization code not found for code=AbC-123", "authorization code not found for code=[redacted]"},
		{"ip mismatched! callerIp=192.0.2.7. check out registered ips.", "ip mismatched! callerIp=[redacted]. check out registered ips."},
		{"ip mismatched! callerIp=2001:db8::7. check out registered ips.", "ip mismatched! callerIp=[redacted]. check out registered ips."},
		{"domain mismatched! caller=https://shop.example.test. check out", "domain mismatched! caller=[redacted]. check out"},
		{"Not exist client_id [abc]", "Not exist client_id [[redacted]]"},
		{"http://kapi.kakao.com/v1/user/ids?limit=3&app_key=abc&from_id=9", "http://kapi.kakao.com/v1/user/ids?limit=3&app_key=[redacted]&from_id=9"},
		{`{"access_token":"abc","x":1}`, `{"access_token":"[redacted]","x":1}`},
		{"did=abcd, pushToken=ab:cd-ef )", "did=abcd, pushToken=[redacted] )"},
		{"Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer [redacted]"},
		{"cannot find Authorization : KakaoAK header", "cannot find Authorization : KakaoAK header"},
		{"key " + strings.ToUpper(key) + " is unknown", "key [redacted] is unknown"},
		{"token " + strings.Repeat("aZ9-_", 11), "token [redacted]"},
		{"id_token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI5In0.c2ln rejected", "id_token [redacted] rejected"},
		{"my secret is 7e57/secret+= and 7e57%2Fsecret%2B%3D", "my secret is [redacted] and [redacted]"},
		{"7e57-long-one is no 7e57-long", "[redacted] is no [redacted]"},
		{"two\r\nlines\x00 and \xff\u2028more", "two  lines  and \uFFFD more"},
		{"x-request-id 0f0e0d0c-0000-11ee-8000-000000000000", "x-request-id 0f0e0d0c-0000-11ee-8000-000000000000"},
		{"The Parameter [property_keys] cannot be null.", "The Parameter [property_keys] cannot be null."},
		{"insufficient scopes. short is kept", "insufficient scopes. short is kept"},
	}
	clean := newScrubber([]string{"", "short", redacted, "7e57/secret+=", "7e57-long", "7e57-long-one"})
	for _, test := range tests {
		if got := clean.text(test.in, maxMessage); got != test.want {
			t.Errorf("%q\n got %q\nwant %q", test.in, got, test.want)
		}
	}
}

// What is cut must not hide a secret from the search.
func TestScrubBeforeCutting(t *testing.T) {
	clean := newScrubber([]string{testToken})
	for limit := 1; limit < 200; limit++ {
		got := clean.text(strings.Repeat("긴", 20)+testToken+" "+testToken, limit)
		if strings.Contains(got, testToken[:minSecret]) {
			t.Errorf("limit %d: %q holds a part of the secret", limit, got)
		}
		if len(got) > max(limit, len("…")) {
			t.Errorf("limit %d: %d bytes", limit, len(got))
		}
	}
}

// TestSecretsAreNotPrinted: a call that is logged by mistake shows none.
func TestSecretsAreNotPrinted(t *testing.T) {
	c := Call{Endpoint: "GET /v2/user/me", Secrets: Secrets{testToken, testKey}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if printed := fmt.Sprintf(verb, c); strings.Contains(printed, testToken) || strings.Contains(printed, testKey[:8]) {
			t.Errorf("%s prints %s", verb, printed)
		}
	}
}
