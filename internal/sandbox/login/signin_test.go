package login_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestSignInThroughThePages(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	b := w.Browser()
	chooser := b.Authorize("state", "a b&c", "nonce", "n-1", "login_hint", "bomi@example.com")
	if !strings.Contains(string(chooser.Body), "보미") {
		t.Fatalf("bomi is not on the page: %s", chooser.Body)
	}
	consent := b.Submit(chooser, "/oauth/authorize", "action", "choose", "user", "bomi")
	for _, want := range []string{"scope.account_email", "terms.news_opt", "terms.shop_terms", "Sandbox Shop"} {
		if !strings.Contains(string(consent.Body), want) {
			t.Errorf("the consent page lacks %s", want)
		}
	}
	query := sandboxtest.RedirectQuery(t, b.Submit(consent, "/oauth/authorize", "action", "agree"))
	if query.Get("state") != "a b&c" || len(query.Get("code")) < 86 {
		t.Fatalf("redirect with %v", query)
	}
	tokens := w.OK(w.Exchange(query.Get("code")))
	if tokens["token_type"] != "bearer" || tokens["expires_in"] != json.Number("21599") || tokens["refresh_token_expires_in"] != json.Number("5183999") {
		t.Errorf("tokens: %v", tokens)
	}
	scope := strings.Fields(tokens["scope"].(string))
	if len(scope) != 10 || scope[0] != "openid" {
		t.Errorf("scope = %q", scope)
	}
	me := w.OK(w.Get("/v2/user/me", "Bearer "+tokens["access_token"].(string)))
	if me["id"] != json.Number("3177000006") || me["synched_at"] != "2026-03-02T01:02:03Z" {
		t.Errorf("me = %v", me)
	}
	terms := w.OK(w.Get("/v2/user/service_terms", "Bearer "+tokens["access_token"].(string)))
	if agreed := terms["service_terms"].([]any); len(agreed) != 3 || agreed[0].(map[string]any)["agreed_by"] != "KAUTH" {
		t.Errorf("terms = %v", terms)
	}

	// The browser is logged in now: the second time there is no page at all.
	if again := sandboxtest.RedirectQuery(t, b.Authorize("prompt", "none")); again.Get("code") == "" {
		t.Errorf("second sign-in: %v", again)
	}
	// New consent items still need the page.
	if page := b.Authorize("scope", "friends,openid"); !strings.Contains(string(page.Body), "scope.friends") || strings.Contains(string(page.Body), "scope.account_email") {
		t.Errorf("additional consent: %s", page.Body)
	}
	if again := sandboxtest.RedirectQuery(t, b.Authorize("scope", "friends", "prompt", "none")); again.Get("error") != "consent_required" {
		t.Errorf("prompt=none with a new item: %v", again)
	}
}

func TestSignInChoices(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	b := w.Browser()
	if q := sandboxtest.RedirectQuery(t, b.Authorize("prompt", "none", "state", "s")); q.Get("error") != "login_required" || q.Get("state") != "s" {
		t.Errorf("prompt=none without a session: %v", q)
	}
	page := b.Authorize("state", "s")
	if q := sandboxtest.RedirectQuery(t, b.Submit(page, "/oauth/authorize", "action", "cancel")); q.Get("error") != "access_denied" || q.Get("error_description") != "User denied access" || q.Get("state") != "s" {
		t.Errorf("cancelled: %v", q)
	}
	if again := b.Submit(page, "/oauth/authorize", "action", "choose", "user", "mina"); again.Status != http.StatusBadRequest {
		t.Errorf("a page answered twice: %d", again.Status)
	}
	// A linked user with nothing to agree to goes straight on.
	first := sandboxtest.RedirectQuery(t, b.Submit(b.Authorize(), "/oauth/authorize", "action", "choose", "user", "mina", "stay", "on"))
	if first.Get("code") == "" {
		t.Errorf("mina: %v", first)
	}
	for _, prompt := range []string{"login", "select_account", "create", "login select_account"} {
		if page := b.Authorize("prompt", prompt); page.Status != http.StatusOK || !strings.Contains(string(page.Body), "준") {
			t.Errorf("prompt=%s shows no chooser: %d", prompt, page.Status)
		}
	}
	// A dormant account needs a page that this sandbox does not have.
	sandboxtest.RedirectQuery(t, b.Submit(b.Authorize("prompt", "login"), "/oauth/authorize", "action", "choose", "user", "dori"))
	if q := sandboxtest.RedirectQuery(t, b.Authorize("prompt", "none")); q.Get("error") != "interaction_required" {
		t.Errorf("dori: %v", q)
	}
	// An optional item left unticked is not agreed to; a required one must be.
	consent := b.Submit(b.Authorize("prompt", "login"), "/oauth/authorize", "action", "choose", "user", "bomi")
	id := string(sandboxtest.RequestField.FindSubmatch(consent.Body)[1])
	missing := b.Do(w.Request(http.MethodPost, "/oauth/authorize", "", sandboxtest.Values("request", id, "action", "agree", "terms.shop_terms", "on")))
	if missing.Status != http.StatusBadRequest || !strings.Contains(string(missing.Body), "KOE203") {
		t.Errorf("without the required item: %d %s", missing.Status, missing.Body)
	}
	code := sandboxtest.RedirectQuery(t, b.Do(w.Request(http.MethodPost, "/oauth/authorize", "",
		sandboxtest.Values("request", id, "action", "agree", "terms.shop_terms", "on", "scope.profile_nickname", "on")))).Get("code")
	if scope := w.OK(w.Exchange(code))["scope"]; scope != "openid profile_nickname" {
		t.Errorf("scope = %q", scope)
	}
}

func TestAuthorizeRefusesWithAPage(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{Disabled: []string{"gender"}})
	challenge := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	for _, c := range []struct {
		about, code string
		pairs       []string
	}{
		{"unknown client", "KOE101", []string{"client_id", "0123"}},
		{"admin key as client", "KOE101", []string{"client_id", w.Keys.AdminKey}},
		{"native key as client", "KOE008", []string{"client_id", w.Keys.NativeKey}},
		{"redirect URI not registered", "KOE006", []string{"redirect_uri", "http://127.0.0.1:8080/callback/"}},
		{"no redirect URI", "KOE207", []string{"redirect_uri", ""}},
		{"implicit grant", "KOE202", []string{"response_type", "token"}},
		{"response type", "KOE201", []string{"response_type", "id_token"}},
		{"unknown consent item", "KOE205", []string{"scope", "account_email,nope"}},
		{"consent item switched off", "KOE205", []string{"scope", "gender"}},
		{"service as consent item", "KOE205", []string{"scope", "OPEN_MAP_AND_LOCAL"}},
		{"prompt", "KOE204", []string{"prompt", "now"}},
		{"none with another prompt", "KOE204", []string{"prompt", "none,login"}},
		{"channel not linked", "KOE102", []string{"channel_public_id", "_other"}},
		{"terms without a required one", "KOE204", []string{"service_terms", "news_opt"}},
		{"unknown terms", "KOE204", []string{"service_terms", "shop_terms,nope"}},
		{"challenge without method", "KOE204", []string{"code_challenge", challenge}},
		{"plain challenge", "KOE204", []string{"code_challenge", challenge, "code_challenge_method", "plain"}},
		{"short challenge", "KOE204", []string{"code_challenge", "short", "code_challenge_method", "S256"}},
		{"unknown parameter", "KOE204", []string{"auth_type", "reauthenticate"}},
	} {
		t.Run(c.about, func(t *testing.T) {
			a := w.Browser().Authorize(c.pairs...)
			if a.Status != http.StatusBadRequest || a.Header.Get("Location") != "" || !strings.Contains(string(a.Body), c.code) {
				t.Errorf("status %d, want a page with %s: %s", a.Status, c.code, a.Body)
			}
			if got := a.Header.Get("Content-Type"); got != "text/html;charset=UTF-8" {
				t.Errorf("content type %q", got)
			}
		})
	}
}

func TestScriptedSignIn(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	got := w.Control("POST", "authorize", `{"user":"bomi","parameters":{"state":"x","channel_public_id":"_sandboxshop"},"decline":["gender","ads_opt"]}`)
	if !strings.HasPrefix(got["location"].(string), w.Keys.RedirectURIs[0]+"?code=") || !strings.HasSuffix(got["location"].(string), "&state=x") {
		t.Errorf("location %v", got)
	}
	if scope := w.OK(w.Exchange(got["code"].(string)))["scope"].(string); strings.Contains(scope, "gender") || !strings.Contains(scope, "account_email") {
		t.Errorf("scope %q", scope)
	}
	if got := w.Control("POST", "authorize", `{"user":"mina","cancel":true}`); got["error"] != "access_denied" {
		t.Errorf("cancelled: %v", got)
	}
	for body, field := range map[string]string{
		`{"user":"nobody"}`:                                           "user",
		`{"user":"mina","parameters":{"scope":"nope"}}`:               "parameters",
		`{"user":"mina","parameters":{"nope":"1"}}`:                   "parameters",
		`{"user":"joon","parameters":{"scope":"friends"},"x":1}`:      "x",
		`{"user":"mina","parameters":{"redirect_uri":"http://evil"}}`: "parameters",
	} {
		if a := w.ControlRaw("POST", "authorize", body); a.Status != http.StatusBadRequest || a.Object(t)["field"] != field {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
}

func TestProofKey(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	verifier := strings.Repeat("v", 64)
	sum := sha256.Sum256([]byte(verifier))
	proof := map[string]string{"code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method": "S256"}
	if w.OK(w.Exchange(w.Code("mina", proof), "code_verifier", verifier))["access_token"] == "" {
		t.Error("no token")
	}
	for about, a := range map[string]sandboxtest.Answer{
		"wrong":     w.Exchange(w.Code("mina", proof), "code_verifier", strings.Repeat("w", 64)),
		"missing":   w.Exchange(w.Code("mina", proof)),
		"not asked": w.Exchange(w.Code("mina", nil), "code_verifier", verifier),
	} {
		o := a.Object(t)
		if _, has := o["error_code"]; a.Status != http.StatusBadRequest || o["error"] != "invalid_grant" || has {
			t.Errorf("%s verifier: %d %s", about, a.Status, a.Body)
		}
	}
}

func TestLogoutPage(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	b := w.Browser()
	open := func(pairs ...string) sandboxtest.Answer {
		query := sandboxtest.Values("client_id", w.Keys.RESTKey, "logout_redirect_uri", w.Keys.LogoutRedirectURIs[0], "state", "q9")
		for name, texts := range sandboxtest.Values(pairs...) {
			query[name] = texts
		}
		return b.Do(w.Request(http.MethodGet, "/oauth/logout", "", query))
	}
	if got := open().Header.Get("Location"); got != w.Keys.LogoutRedirectURIs[0]+"?state=q9" {
		t.Errorf("without a session: %q", got)
	}
	sandboxtest.RedirectQuery(t, b.Submit(b.Authorize(), "/oauth/authorize", "action", "choose", "user", "mina"))
	if q := sandboxtest.RedirectQuery(t, b.Submit(open(), "/oauth/logout", "action", "service")); q.Get("state") != "q9" {
		t.Errorf("service only: %v", q)
	}
	if q := sandboxtest.RedirectQuery(t, b.Authorize("prompt", "none")); q.Get("code") == "" {
		t.Errorf("the session should have stayed: %v", q)
	}
	page := open()
	sandboxtest.RedirectQuery(t, b.Submit(page, "/oauth/logout", "action", "account"))
	if q := sandboxtest.RedirectQuery(t, b.Authorize("prompt", "none")); q.Get("error") != "login_required" {
		t.Errorf("the session should be gone: %v", q)
	}
	if a := b.Submit(page, "/oauth/logout", "action", "account"); a.Status != http.StatusBadRequest {
		t.Errorf("page answered twice: %d", a.Status)
	}
	for code, pairs := range map[string][]string{
		"KOE007": {"logout_redirect_uri", "http://evil.example"}, "KOE101": {"client_id", "x"}, "KOE204": {"more", "1"},
	} {
		if a := open(pairs...); a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), code) {
			t.Errorf("%v: %d", pairs, a.Status)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	short, long := w.Browser(), w.Browser()
	sandboxtest.RedirectQuery(t, short.Submit(short.Authorize(), "/oauth/authorize", "action", "choose", "user", "mina"))
	sandboxtest.RedirectQuery(t, long.Submit(long.Authorize(), "/oauth/authorize", "action", "choose", "user", "mina", "stay", "on"))
	w.Advance(24 * 3600 * 1e9)
	if q := sandboxtest.RedirectQuery(t, short.Authorize("prompt", "none")); q.Get("error") != "login_required" {
		t.Errorf("after a day: %v", q)
	}
	if q := sandboxtest.RedirectQuery(t, long.Authorize("prompt", "none")); q.Get("code") == "" {
		t.Errorf("stay signed in, after a day: %v", q)
	}
}
