package login_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestCodeIsSpentOnce(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	code := w.Code("mina", nil)
	w.OK(w.Exchange(code))
	o := sandboxtest.WantFailure(t, w.Exchange(code), 400, "KOE320")
	if o["error"] != "invalid_grant" || o["error_description"] != "authorization code not found for code="+code {
		t.Errorf("body %v", o)
	}

	late := w.Code("mina", nil)
	w.Advance(10 * time.Minute)
	sandboxtest.WantFailure(t, w.Exchange(late), 400, "KOE320")

	elsewhere := w.Code("mina", nil)
	sandboxtest.WantFailure(t, w.Exchange(elsewhere, "redirect_uri", w.Keys.RedirectURIs[1]), 400, "KOE303")
	sandboxtest.WantFailure(t, w.Exchange(elsewhere), 400, "KOE320")
}

func TestTokenRefusals(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	refresh := w.Person("mina").RefreshToken
	for _, c := range []struct {
		about, code string
		status      int
		pairs       []string
	}{
		{"unknown client before all else", "KOE101", 401, []string{"client_id", "nope", "grant_type", "nope"}},
		{"admin key as client", "KOE101", 401, []string{"client_id", w.Keys.AdminKey}},
		{"no client", "KOE207", 400, []string{"client_id", ""}},
		{"secret before grant", "KOE010", 401, []string{"client_secret", "wrong", "grant_type", "nope"}},
		{"no secret", "KOE010", 401, []string{"client_secret", ""}},
		{"grant type", "KOE310", 400, []string{"grant_type", "password"}},
		{"no grant type", "KOE310", 400, []string{"grant_type", ""}},
		{"no refresh token", "KOE319", 400, []string{"refresh_token", ""}},
		{"unknown refresh token", "KOE322", 400, []string{"refresh_token", "x"}},
		{"access token for refresh token", "KOE322", 400, []string{"refresh_token", w.Person("mina").AccessToken}},
		{"code with refresh", "KOE204", 400, []string{"code", "x"}},
		{"platform not registered", "KOE009", 400, []string{"android_key_hash", "x"}},
		{"unknown parameter", "KOE204", 400, []string{"scope", "openid"}},
		{"code missing", "KOE207", 400, []string{"grant_type", "authorization_code", "refresh_token", "-"}},
	} {
		t.Run(c.about, func(t *testing.T) {
			form := sandboxtest.Values("grant_type", "refresh_token", "client_id", w.Keys.RESTKey, "client_secret", w.Keys.ClientSecret, "refresh_token", refresh)
			for name, texts := range sandboxtest.Values(c.pairs...) {
				if form[name] = texts; texts[0] == "-" {
					form.Del(name)
				}
			}
			sandboxtest.WantFailure(t, w.Call(http.MethodPost, "/oauth/token", "", form), c.status, c.code)
		})
	}
	t.Run("credential in the header", func(t *testing.T) {
		sandboxtest.WantFailure(t, w.Post("/oauth/token", w.Admin()), 400, "KOE001")
	})
	t.Run("repeated parameter", func(t *testing.T) {
		sandboxtest.WantFailure(t, w.Post("/oauth/token", "", "client_id", "a", "client_id", "b"), 400, "KOE204")
	})
	t.Run("parameters in the query", func(t *testing.T) {
		r := w.Request(http.MethodPost, "/oauth/token?client_id="+w.Keys.RESTKey, "", sandboxtest.Values("grant_type", "refresh_token"))
		a, err := w.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		sandboxtest.WantFailure(t, a, 400, "KOE204")
	})
	t.Run("JSON body", func(t *testing.T) {
		r := w.Request(http.MethodPost, "/oauth/token", "", nil)
		r.Header.Set("Content-Type", "application/json")
		a, err := w.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		sandboxtest.WantFailure(t, a, 400, "KOE001")
	})
}

func TestRefreshRotatesInTheLastMonth(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	first := w.SignIn("mina", nil)
	refresh := first["refresh_token"].(string)
	kept := w.OK(w.Refresh(refresh))
	for _, absent := range []string{"refresh_token", "refresh_token_expires_in", "scope"} {
		if _, has := kept[absent]; has {
			t.Errorf("a refresh with months left answers %s", absent)
		}
	}
	if kept["id_token"] == nil || kept["access_token"] == first["access_token"] {
		t.Errorf("refresh: %v", kept)
	}

	// Exactly a month is left: still no rotation. One second later there is.
	w.Advance(5183999*time.Second - 2592000*time.Second)
	if again := w.OK(w.Refresh(refresh)); again["refresh_token"] != nil {
		t.Error("rotated with a whole month left")
	}
	w.Advance(time.Second)
	rotated := w.OK(w.Refresh(refresh))
	if rotated["refresh_token"] == nil || rotated["refresh_token_expires_in"] != json.Number("5183999") {
		t.Fatalf("not rotated: %v", rotated)
	}
	if o := sandboxtest.WantFailure(t, w.Refresh(refresh), 400, "KOE322"); o["error_description"] != "expired_or_invalid_refresh_token" {
		t.Errorf("body %v", o)
	}
	w.OK(w.Refresh(rotated["refresh_token"].(string)))
	w.Advance(5183999 * time.Second)
	sandboxtest.WantFailure(t, w.Refresh(rotated["refresh_token"].(string)), 400, "KOE322")
}

func TestAccessTokenExpires(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	bearer := "Bearer " + w.SignIn("joon", nil)["access_token"].(string)
	w.Advance(600 * time.Second)
	if info := w.OK(w.Get("/v1/user/access_token_info", bearer)); info["expires_in"] != json.Number("20999") || info["id"] != json.Number("3177000002") || info["app_id"] != json.Number("1700001") {
		t.Errorf("info %v", info)
	}
	w.Advance(20998 * time.Second)
	w.OK(w.Get("/v1/user/access_token_info", bearer))
	w.Advance(time.Second)
	a := w.Get("/v1/user/access_token_info", bearer)
	if o := sandboxtest.WantFailure(t, a, 401, "-401"); o["msg"] != "this access token is already expired" {
		t.Errorf("body %v", o)
	}
	if got := a.Header.Get("WWW-Authenticate"); got != "Bearer error=invalid_token" {
		t.Errorf("challenge %q", got)
	}
}

func TestTokenIssueLimits(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for range 20 {
		w.OK(w.Refresh(w.Person("mina").RefreshToken))
	}
	sandboxtest.WantFailure(t, w.Refresh(w.Person("mina").RefreshToken), 400, "KOE237")
	w.OK(w.Refresh(w.Person("joon").RefreshToken)) // counted per user
	w.Advance(10 * time.Minute)
	w.OK(w.Refresh(w.Person("mina").RefreshToken))

	// 30 refresh tokens an hour: the eleventh code of the third ten minutes.
	for i := range 31 {
		if i%10 == 0 {
			w.Advance(10 * time.Minute)
		}
		a := w.Exchange(w.Code("haru", nil))
		if i < 30 {
			w.OK(a)
		} else {
			sandboxtest.WantFailure(t, a, 400, "KOE237")
		}
	}
}
