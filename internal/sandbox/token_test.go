package sandbox_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

func TestCodeIsSpentOnce(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	code := w.code("mina", nil)
	w.ok(w.exchange(code))
	o := wantFailure(t, w.exchange(code), 400, "KOE320")
	if o["error"] != "invalid_grant" || o["error_description"] != "authorization code not found for code="+code {
		t.Errorf("body %v", o)
	}

	late := w.code("mina", nil)
	w.advance(10 * time.Minute)
	wantFailure(t, w.exchange(late), 400, "KOE320")

	elsewhere := w.code("mina", nil)
	wantFailure(t, w.exchange(elsewhere, "redirect_uri", w.keys.RedirectURIs[1]), 400, "KOE303")
	wantFailure(t, w.exchange(elsewhere), 400, "KOE320")
}

func TestTokenRefusals(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	refresh := w.person("mina").RefreshToken
	for _, c := range []struct {
		about, code string
		status      int
		pairs       []string
	}{
		{"unknown client before all else", "KOE101", 401, []string{"client_id", "nope", "grant_type", "nope"}},
		{"admin key as client", "KOE101", 401, []string{"client_id", w.keys.AdminKey}},
		{"no client", "KOE207", 400, []string{"client_id", ""}},
		{"secret before grant", "KOE010", 401, []string{"client_secret", "wrong", "grant_type", "nope"}},
		{"no secret", "KOE010", 401, []string{"client_secret", ""}},
		{"grant type", "KOE310", 400, []string{"grant_type", "password"}},
		{"no grant type", "KOE310", 400, []string{"grant_type", ""}},
		{"no refresh token", "KOE319", 400, []string{"refresh_token", ""}},
		{"unknown refresh token", "KOE322", 400, []string{"refresh_token", "x"}},
		{"access token for refresh token", "KOE322", 400, []string{"refresh_token", w.person("mina").AccessToken}},
		{"code with refresh", "KOE204", 400, []string{"code", "x"}},
		{"platform not registered", "KOE009", 400, []string{"android_key_hash", "x"}},
		{"unknown parameter", "KOE204", 400, []string{"scope", "openid"}},
		{"code missing", "KOE207", 400, []string{"grant_type", "authorization_code", "refresh_token", "-"}},
	} {
		t.Run(c.about, func(t *testing.T) {
			form := values("grant_type", "refresh_token", "client_id", w.keys.RESTKey, "client_secret", w.keys.ClientSecret, "refresh_token", refresh)
			for name, texts := range values(c.pairs...) {
				if form[name] = texts; texts[0] == "-" {
					form.Del(name)
				}
			}
			wantFailure(t, w.call(http.MethodPost, "/oauth/token", "", form), c.status, c.code)
		})
	}
	t.Run("credential in the header", func(t *testing.T) {
		wantFailure(t, w.post("/oauth/token", w.admin()), 400, "KOE001")
	})
	t.Run("repeated parameter", func(t *testing.T) {
		wantFailure(t, w.post("/oauth/token", "", "client_id", "a", "client_id", "b"), 400, "KOE204")
	})
	t.Run("parameters in the query", func(t *testing.T) {
		r := w.request(http.MethodPost, "/oauth/token?client_id="+w.keys.RESTKey, "", values("grant_type", "refresh_token"))
		a, err := w.do(r)
		if err != nil {
			t.Fatal(err)
		}
		wantFailure(t, a, 400, "KOE204")
	})
	t.Run("JSON body", func(t *testing.T) {
		r := w.request(http.MethodPost, "/oauth/token", "", nil)
		r.Header.Set("Content-Type", "application/json")
		a, err := w.do(r)
		if err != nil {
			t.Fatal(err)
		}
		wantFailure(t, a, 400, "KOE001")
	})
}

func TestRefreshRotatesInTheLastMonth(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	first := w.signIn("mina", nil)
	refresh := first["refresh_token"].(string)
	kept := w.ok(w.refresh(refresh))
	for _, absent := range []string{"refresh_token", "refresh_token_expires_in", "scope"} {
		if _, has := kept[absent]; has {
			t.Errorf("a refresh with months left answers %s", absent)
		}
	}
	if kept["id_token"] == nil || kept["access_token"] == first["access_token"] {
		t.Errorf("refresh: %v", kept)
	}

	// Exactly a month is left: still no rotation. One second later there is.
	w.advance(5183999*time.Second - 2592000*time.Second)
	if again := w.ok(w.refresh(refresh)); again["refresh_token"] != nil {
		t.Error("rotated with a whole month left")
	}
	w.advance(time.Second)
	rotated := w.ok(w.refresh(refresh))
	if rotated["refresh_token"] == nil || rotated["refresh_token_expires_in"] != json.Number("5183999") {
		t.Fatalf("not rotated: %v", rotated)
	}
	if o := wantFailure(t, w.refresh(refresh), 400, "KOE322"); o["error_description"] != "expired_or_invalid_refresh_token" {
		t.Errorf("body %v", o)
	}
	w.ok(w.refresh(rotated["refresh_token"].(string)))
	w.advance(5183999 * time.Second)
	wantFailure(t, w.refresh(rotated["refresh_token"].(string)), 400, "KOE322")
}

func TestAccessTokenExpires(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	bearer := "Bearer " + w.signIn("joon", nil)["access_token"].(string)
	w.advance(600 * time.Second)
	if info := w.ok(w.get("/v1/user/access_token_info", bearer)); info["expires_in"] != json.Number("20999") || info["id"] != json.Number("3177000002") || info["app_id"] != json.Number("1700001") {
		t.Errorf("info %v", info)
	}
	w.advance(20998 * time.Second)
	w.ok(w.get("/v1/user/access_token_info", bearer))
	w.advance(time.Second)
	a := w.get("/v1/user/access_token_info", bearer)
	if o := wantFailure(t, a, 401, "-401"); o["msg"] != "this access token is already expired" {
		t.Errorf("body %v", o)
	}
	if got := a.header.Get("WWW-Authenticate"); got != "Bearer error=invalid_token" {
		t.Errorf("challenge %q", got)
	}
}

func TestTokenIssueLimits(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for range 20 {
		w.ok(w.refresh(w.person("mina").RefreshToken))
	}
	wantFailure(t, w.refresh(w.person("mina").RefreshToken), 400, "KOE237")
	w.ok(w.refresh(w.person("joon").RefreshToken)) // counted per user
	w.advance(10 * time.Minute)
	w.ok(w.refresh(w.person("mina").RefreshToken))

	// 30 refresh tokens an hour: the eleventh code of the third ten minutes.
	for i := range 31 {
		if i%10 == 0 {
			w.advance(10 * time.Minute)
		}
		a := w.exchange(w.code("haru", nil))
		if i < 30 {
			w.ok(a)
		} else {
			wantFailure(t, a, 400, "KOE237")
		}
	}
}
