package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestCredentials(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	target := []string{"target_id_type", "user_id", "target_id", "3177000001"}
	for _, c := range []struct {
		about, path, authorization string
		pairs                      []string
		status                     int
		code, msg, challenge       string
	}{
		{"none", "/v2/user/me", "", nil, 401, "-401", "no authentication key!", "Bearer"},
		{"none on an admin route", "/v1/user/ids", "", nil, 401, "-401", "no authentication key!", "KakaoAK"},
		{"another scheme", "/v2/user/me", "Basic eDp5", nil, 401, "-401", "no authentication key!", "Bearer"},
		{"lower-case scheme", "/v2/user/me", "bearer x", nil, 401, "-401", "no authentication key!", "Bearer"},
		{"empty token", "/v2/user/me", "Bearer", nil, 401, "-401", "this access token does not exist", "Bearer"},
		{"unknown token", "/v2/user/me", "Bearer x", nil, 401, "-401", "this access token does not exist", "Bearer"},
		{"refresh token", "/v2/user/me", "Bearer " + w.Person("mina").RefreshToken, nil, 401, "-401", "this access token does not exist", "Bearer"},
		{"long token", "/v2/user/me", "Bearer " + strings.Repeat("x", 1001), nil, 400, "-2", "too long for access token.", ""},
		{"malformed token", "/v1/user/access_token_info", "Bearer a.b", nil, 400, "-2", "Constraints on the parameter [access_token] are unsatisfied. malformed access token", ""},
		{"key of no form", "/v1/user/ids", "KakaoAK xyz", nil, 401, "-401", "wrong appKey(xyz) format", "KakaoAK"},
		{"unknown key", "/v1/user/ids", "KakaoAK 00000000000000000000000000000000", nil, 401, "-401", "invalid app key.", "KakaoAK"},
		{"REST key", "/v1/user/ids", "KakaoAK " + w.Keys.RESTKey, nil, 401, "-401", "invalid app key.", "KakaoAK"},
		{"native key", "/v2/user/me", "KakaoAK " + w.Keys.NativeKey, target, 401, "-401", "invalid app key.", "KakaoAK"},
		{"deactivated key", "/v1/user/ids", "KakaoAK " + w.Keys.DeactivatedKey, nil, 401, "-401", "appKey(" + w.Keys.DeactivatedKey + ") is already deactivated", "KakaoAK"},
		{"token on an admin route", "/v1/user/ids", w.Bearer("mina"), nil, 401, "-401", "an access token is not accepted here", "Bearer"},
		{"admin key on a user route", "/v1/user/access_token_info", w.Admin(), nil, 401, "-401", "invalid app key.", "KakaoAK"},
		{"limited key", "/v2/user/me", "KakaoAK " + w.Keys.LimitedAdminKey, target, 403, "-3", "the admin key is not allowed to call this API.", ""},
		{"no target", "/v2/user/me", w.Admin(), nil, 400, "-2", "The Parameter [target_id_type] cannot be null.", ""},
		{"half a target", "/v2/user/me", w.Admin(), target[:2], 400, "-2", "The Parameter [target_id] cannot be null.", ""},
		{"target with a token", "/v2/user/me", w.Bearer("mina"), target, 400, "-2", "Constraints on the parameter [target_id_type] are unsatisfied. leave it out with an access token", ""},
		{"unknown target", "/v2/user/me", w.Admin(), []string{"target_id_type", "user_id", "target_id", "5"}, 400, "-101", "NotRegisteredUserException", ""},
		{"target of another type", "/v2/user/me", w.Admin(), []string{"target_id_type", "uuid", "target_id", "5"}, 400, "-2", "Constraints on the parameter [target_id_type] are unsatisfied. one of user_id", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			a := w.Get(c.path, c.authorization, c.pairs...)
			if o := sandboxtest.WantFailure(t, a, c.status, c.code); o["msg"] != c.msg {
				t.Errorf("msg %q, want %q", o["msg"], c.msg)
			}
			want := c.challenge
			if want != "" {
				want += " error=invalid_token"
			}
			if got := a.Header.Get("WWW-Authenticate"); got != want {
				t.Errorf("challenge %q, want %q", got, want)
			}
			if got := a.Header.Get("Content-Type"); got != "application/json;charset=UTF-8" {
				t.Errorf("content type %q", got)
			}
		})
	}
	t.Run("two headers", func(t *testing.T) {
		r := w.Request(http.MethodGet, "/v2/user/me", w.Bearer("mina"), nil)
		r.Header.Add("Authorization", w.Admin())
		a, err := w.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		sandboxtest.WantFailure(t, a, 401, "-401")
	})
	t.Run("second admin key", func(t *testing.T) {
		w.OK(w.Get("/v1/user/ids", "KakaoAK "+w.Keys.SecondAdminKey))
		w.OK(w.Post("/v1/user/logout", "KakaoAK "+w.Keys.LimitedAdminKey, target...))
	})
}
