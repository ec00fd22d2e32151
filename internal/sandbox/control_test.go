package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

func TestState(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	fresh := w.signIn("mina", nil)
	a := w.controlRaw("GET", "state", "")
	for _, token := range []string{"access_token", "refresh_token", "id_token"} {
		if strings.Contains(string(a.body), fresh[token].(string)) {
			t.Errorf("the state shows a generated %s", token)
		}
	}
	state := w.ok(a)
	mina := state["users"].([]any)[0].(map[string]any)
	if mina["name"] != "mina" || mina["link"] != "linked" || mina["access_tokens"] != json.Number("2") || len(mina["seeded_tokens"].([]any)) != 2 || len(mina["consents"].([]any)) != 16 {
		t.Errorf("mina: %v", mina)
	}
	if app := state["app"].(map[string]any); app["id"] != json.Number("1700001") || app["consent_items"].(map[string]any)["account_ci"] != "off" {
		t.Errorf("app: %v", app)
	}
}

func TestReset(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	before := string(w.controlRaw("GET", "state", "").body)
	w.ok(w.post("/v1/user/unlink", w.bearer("mina")))
	w.signIn("bomi", nil)
	w.control("POST", "faults", `{"route":"*","reset":true}`)
	w.advance(time.Hour)
	w.control("POST", "reset", "")
	if after := string(w.controlRaw("GET", "state", "").body); after != before {
		t.Errorf("after the reset:\n%s\nbefore:\n%s", after, before)
	}
	w.ok(w.get("/v2/user/me", w.bearer("mina")))
}

func TestClock(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	if got := w.control("POST", "clock", `{"advance_seconds":60}`)["now"]; got != "2026-03-02T01:03:03Z" {
		t.Errorf("now %v", got)
	}
	for body, field := range map[string]string{
		`{"advance_seconds":0}`: "advance_seconds", `{"advance_seconds":-5}`: "advance_seconds", `{"advance_seconds":9e30}`: "advance_seconds",
		`{"advance":5}`: "advance", `{}`: "advance_seconds",
	} {
		if a := w.controlRaw("POST", "clock", body); a.status != 400 || a.object(t)["field"] != field {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}

func TestCallsAndLogsHoldNoSecrets(t *testing.T) {
	var log logged
	w := newWorld(t, sandbox.Options{Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	code := w.code("mina", nil)
	tokens := w.ok(w.exchange(code, "redirect_uri", w.keys.RedirectURIs[0]))
	w.ok(w.get("/v2/user/me", "Bearer "+tokens["access_token"].(string), "property_keys", `["kakao_account.email"]`))
	w.ok(w.refresh(tokens["refresh_token"].(string)))
	w.ok(w.post("/oauth/tokeninfo", "", "id_token", tokens["id_token"].(string)))
	w.ok(w.get("/v1/user/ids", w.admin()))
	wantFailure(t, w.get("/v1/user/ids", "KakaoAK "+w.keys.NativeKey), 401, "-401")
	w.get("/oauth/authorize", "", "client_id", w.keys.RESTKey, "redirect_uri", w.keys.RedirectURIs[0], "response_type", "code")
	w.get("/nowhere", "KakaoAK "+zeroKey)

	raw := w.controlRaw("GET", "calls", "")
	for about, text := range map[string]string{"calls": string(raw.body), "log": log.String()} {
		for name, secret := range map[string]string{
			"code": code, "access token": tokens["access_token"].(string), "refresh token": tokens["refresh_token"].(string),
			"ID token": tokens["id_token"].(string), "client secret": w.keys.ClientSecret, "REST key": w.keys.RESTKey, "admin key": w.keys.AdminKey,
			"native key": w.keys.NativeKey, "unknown key": zeroKey,
		} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s shows the %s", about, name)
			}
		}
	}
	calls := w.ok(raw)["calls"].([]any)
	var got []string
	for _, c := range calls {
		one := c.(map[string]any)
		got = append(got, fmt.Sprint(one["method"], " ", one["path"], " ", one["credential"], " ", one["status"], " ", one["code"]))
	}
	want := []string{
		"POST /oauth/token none 200 <nil>", "GET /v2/user/me user_token 200 <nil>", "POST /oauth/token none 200 <nil>",
		"POST /oauth/tokeninfo none 200 <nil>", "GET /v1/user/ids admin_key 200 <nil>", "GET /v1/user/ids native_key 401 -401",
		"GET /oauth/authorize none 200 <nil>", "GET /nowhere unknown_key 404 <nil>",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("calls:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	first := calls[0].(map[string]any)
	if form := first["form"].(map[string]any); fmt.Sprint(form["client_id"], form["client_secret"], form["code"], form["grant_type"]) != "[[rest_key]] [[client_secret]] [[redacted]] [authorization_code]" {
		t.Errorf("form %v", form)
	}
	if first["content_type"] != "application/x-www-form-urlencoded;charset=utf-8" || first["route"] != "POST /oauth/token" {
		t.Errorf("call %v", first)
	}
	if query := calls[1].(map[string]any)["query"].(map[string]any); fmt.Sprint(query["property_keys"]) != `[["kakao_account.email"]]` {
		t.Errorf("query %v", query)
	}
	w.control("DELETE", "calls", "")
	if left := w.control("GET", "calls", "")["calls"].([]any); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestControlPaths(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	if a := w.controlRaw("GET", "nope", ""); a.status != 404 || a.object(t)["error"] == "" {
		t.Errorf("unknown: %d %s", a.status, a.body)
	}
	if a := w.controlRaw("PUT", "faults", ""); a.status != 405 || a.object(t)["allowed"] != "POST, GET, DELETE" {
		t.Errorf("method: %d %s", a.status, a.body)
	}
}

func TestIndexPage(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	a := w.get("/", "")
	for _, want := range []string{"3177000001", "/v2/user/me", "/__sandbox__/faults", w.keys.RESTKey, w.person("haru").AccessToken} {
		if !strings.Contains(string(a.body), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if a := w.post("/", ""); a.status != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", a.status)
	}
}

// loginEndpoints are Kakao Login's endpoints as its documentation lists them.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api
var loginEndpoints = []string{
	"GET kauth.kakao.com /oauth/authorize",
	"POST kauth.kakao.com /oauth/token",
	"GET kauth.kakao.com /oauth/logout",
	"POST kauth.kakao.com /oauth/tokeninfo",
	"GET kauth.kakao.com /.well-known/openid-configuration",
	"GET kauth.kakao.com /.well-known/jwks.json",
	"GET kauth.kakao.com /.well-known/sse-configuration",
	"POST kapi.kakao.com /v1/user/logout",
	"POST kapi.kakao.com /v1/user/unlink",
	"GET kapi.kakao.com /v1/user/access_token_info",
	"GET kapi.kakao.com /v2/user/me",
	"GET kapi.kakao.com /v1/user/shipping_address",
	"POST kapi.kakao.com /v1/user/update_profile",
	"GET kapi.kakao.com /v1/user/ids",
	"GET kapi.kakao.com /v2/app/users",
	"GET kapi.kakao.com /v2/user/scopes",
	"POST kapi.kakao.com /v2/user/revoke/scopes",
	"GET kapi.kakao.com /v2/user/service_terms",
	"POST kapi.kakao.com /v2/user/revoke/service_terms",
	"POST kapi.kakao.com /v2/user/upgrade/service_terms",
	"POST kapi.kakao.com /v1/user/signup",
	"GET kapi.kakao.com /v1/oidc/userinfo",
}

// documentedEndpoints are the endpoints of kauth and kapi, a list per product.
func documentedEndpoints() []string {
	return slices.Concat(loginEndpoints, talkEndpoints, systemEndpoints, karloEndpoints, channelEndpoints, pushEndpoints, calendarEndpoints, taskEndpoints)
}

func TestRoutesAreTheDocumentedOnes(t *testing.T) {
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	played := map[string]bool{}
	for _, r := range s.Routes() {
		if r.Host != "dapi.kakao.com" {
			played[r.Method+" "+r.Host+" "+r.Path] = true
		}
	}
	for _, want := range documentedEndpoints() {
		if !played[want] {
			t.Errorf("not played: %s", want)
		}
		delete(played, want)
	}
	for extra := range played {
		t.Errorf("not documented: %s", extra)
	}
}

func TestStartAndClose(t *testing.T) {
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "127.0.0.1"} {
		if _, err := s.Start(addr); err == nil {
			t.Errorf("listens on %q", addr)
		}
	}
	server, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, url: server.URL(), keys: s.Credentials()}
	w.ok(w.get("/v2/user/me", w.bearer("mina")))
	if _, err := s.Start(strings.TrimPrefix(server.URL(), "http://")); err == nil {
		t.Error("listens on a taken port")
	}

	// Close does not wait for a fault's delay.
	w.control("POST", "faults", `{"route":"GET /v2/user/me","delay_before_headers_ms":600000}`)
	ended := make(chan error, 1)
	go func() {
		_, err := w.do(w.request(http.MethodGet, "/v2/user/me", w.bearer("mina"), nil))
		ended <- err
	}()
	for len(w.control("GET", "calls", "")["calls"].([]any)) < 2 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range 2 {
		if err := server.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	<-ended
	if err := server.Wait(); err != nil {
		t.Errorf("Wait: %v", err)
	}
}
