package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestStrictRequests(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for _, c := range []struct {
		about, method, path, contentType, body string
		code, msg                              string
	}{
		{"unknown parameter", "GET", "/v2/user/me?fields=id", "", "", "-2", "The Parameter [fields] is unknown."},
		{"unknown parameter in a form", "POST", "/v2/user/me", "application/x-www-form-urlencoded", "fields=id", "-2", "The Parameter [fields] is unknown."},
		{"parameter of a route without any", "GET", "/v1/user/access_token_info?x=1", "", "", "-2", "The Parameter [x] is unknown."},
		{"repeated", "GET", "/v2/user/me?secure_resource=true&secure_resource=true", "", "", "-2", "The Parameter [secure_resource] is repeated."},
		{"empty", "GET", "/v2/user/me?secure_resource=", "", "", "-2", "The Parameter [secure_resource] cannot be empty."},
		{"query on POST", "POST", "/v2/user/me?secure_resource=true", "application/x-www-form-urlencoded", "", "-2", "Constraints on the parameter [secure_resource] are unsatisfied. send it in the body"},
		{"body on GET", "GET", "/v2/user/me", "application/x-www-form-urlencoded", "secure_resource=true", "-2", "GET takes no body"},
		{"JSON for a form", "POST", "/v2/user/me", "application/json", "{}", "-8", "Content-Type must be application/x-www-form-urlencoded"},
		{"no content type", "POST", "/v2/user/me", "", "secure_resource=true", "-8", "Content-Type must be application/x-www-form-urlencoded"},
		{"charset", "POST", "/v2/user/me", "application/x-www-form-urlencoded;charset=euc-kr", "secure_resource=true", "-8", "charset must be utf-8"},
		{"percent-encoding", "POST", "/v2/user/me", "application/x-www-form-urlencoded", "secure_resource=%zz", "-2", "the form is not percent-encoded"},
		{"in query and form", "POST", "/v2/user/revoke/service_terms?tags=news_opt", "application/x-www-form-urlencoded", "tags=news_opt", "-2", "The Parameter [tags] is repeated."},
		{"leading zero", "GET", "/v1/user/shipping_address?page_size=010", "", "", "-2", "Constraints on the parameter [page_size] are unsatisfied. a whole number"},
		{"beyond int64", "GET", "/v1/user/shipping_address?address_id=9223372036854775808", "", "", "-2", "Constraints on the parameter [address_id] are unsatisfied. a whole number"},
	} {
		t.Run(c.about, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, w.URL+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", w.Bearer("mina"))
			if c.contentType != "" {
				r.Header.Set("Content-Type", c.contentType)
			}
			a, err := w.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if o := sandboxtest.WantFailure(t, a, 400, c.code); o["msg"] != c.msg {
				t.Errorf("msg %q, want %q", o["msg"], c.msg)
			}
		})
	}
}

func TestCredentialComesBeforeParameters(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{Disabled: []string{"OPEN_MAP_AND_LOCAL"}})
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", "Bearer x", "nope", "1"), 401, "-401")
	// dapi asks for key, then service, and looks at parameters last.
	sandboxtest.WantFailure(t, w.Get("/v2/local/search/keyword.json", "KakaoAK 00000000000000000000000000000000"), 401, "AccessDeniedError")
	a := w.Get("/v2/local/search/keyword.json", "KakaoAK "+w.Keys.RESTKey)
	if o := sandboxtest.WantFailure(t, a, 403, "NotAuthorizedError"); o["message"] != "App(Sandbox Shop) disabled OPEN_MAP_AND_LOCAL service." {
		t.Errorf("body %v", o)
	}
	if id := a.Header.Get("X-Request-Id"); len(id) != 36 {
		t.Errorf("x-request-id %q", id)
	}
}

func TestDapiKeys(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for authorization, message := range map[string]string{
		"":                               "cannot find Authorization : KakaoAK header",
		w.Bearer("mina"):                 "cannot find Authorization : KakaoAK header",
		"KakaoAK abc":                    "wrong appKey(abc) format",
		w.Admin():                        "appKey(" + w.Keys.AdminKey + ") does not exist",
		"KakaoAK " + w.Keys.NativeKey:    "KA Header is required but neither os nor origin field is given",
		"KakaoAK " + sandboxtest.ZeroKey: "appKey(" + sandboxtest.ZeroKey + ") does not exist",
		"kakaoak " + w.Keys.RESTKey:      "cannot find Authorization : KakaoAK header",
		"KakaoAK  " + w.Keys.RESTKey:     "wrong appKey( " + w.Keys.RESTKey + ") format",
		"KakaoAK " + w.Keys.RESTKey[1:]:  "wrong appKey(" + w.Keys.RESTKey[1:] + ") format",
	} {
		a := w.Get("/v2/local/search/keyword.json", authorization, "query", "카페")
		if o := sandboxtest.WantFailure(t, a, 401, "AccessDeniedError"); o["message"] != message {
			t.Errorf("%q: message %q, want %q", authorization, o["message"], message)
		}
		if got := a.Header.Get("WWW-Authenticate"); got != "KakaoAK error=invalid_token" {
			t.Errorf("%q: challenge %q", authorization, got)
		}
	}
	for pairs, want := range map[[2]string][2]string{
		{"page", "46"}:      {"InvalidArgument", "page is more than max"},
		{"size", "0"}:       {"InvalidArgument", "size is less than min"},
		{"radius", "20001"}: {"ValidationError", "query.radius should be at most 20000"},
		{"radius", "-1"}:    {"ValidationError", "query.radius should be at least 0"},
		{"sort", "best"}:    {"ValidationError", "query.sort should be one of accuracy, distance"},
		{"nope", "1"}:       {"InvalidArgument", "nope is not a parameter"},
	} {
		a := w.Get("/v2/local/search/keyword.json", "KakaoAK "+w.Keys.RESTKey, "query", "카페", pairs[0], pairs[1])
		if o := sandboxtest.WantFailure(t, a, 400, want[0]); o["message"] != want[1] {
			t.Errorf("%v: message %q, want %q", pairs, o["message"], want[1])
		}
	}
	for _, pairs := range [][]string{nil, {"query", ""}} {
		a := w.Get("/v2/local/search/keyword.json", "KakaoAK "+w.Keys.RESTKey, pairs...)
		if o := sandboxtest.WantFailure(t, a, 400, "MissingParameter"); o["message"] != "query parameter required" {
			t.Errorf("%v: message %q", pairs, o["message"])
		}
	}
}

// TestTextIsUTF8: what is in another encoding, as an old client sends it, is
// refused in the words of its host and reaches no product.
func TestTextIsUTF8(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	const eucKR = "\xbb\xea\xc3\xa5"
	sandboxtest.WantFailure(t, w.Get("/v3/search/book", w.RESTKey(), "query", eucKR), 400, "InvalidArgument")
	sandboxtest.WantFailure(t, w.Post("/v1/user/update_profile", w.Bearer("mina"), "properties", `{"tier":"`+eucKR+`"}`), 400, "-2")
	sandboxtest.WantFailure(t, w.JSON("/v1/talkchannel/create/target_user_file", w.RESTKey(), `{"channel_public_id":"_sandboxshop","file_name":"`+eucKR+`","schema":{}}`), 400, "-2")
	sandboxtest.WantFailure(t, w.Post("/oauth/token", "", "grant_type", eucKR), 400, "KOE001")
}
