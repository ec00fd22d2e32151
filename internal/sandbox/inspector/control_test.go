package inspector_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestState(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	fresh := w.SignIn("mina", nil)
	a := w.ControlRaw("GET", "state", "")
	for _, token := range []string{"access_token", "refresh_token", "id_token"} {
		if strings.Contains(string(a.Body), fresh[token].(string)) {
			t.Errorf("the state shows a generated %s", token)
		}
	}
	state := w.OK(a)
	mina := state["users"].([]any)[0].(map[string]any)
	if mina["name"] != "mina" || mina["link"] != "linked" || mina["access_tokens"] != json.Number("2") || len(mina["seeded_tokens"].([]any)) != 2 || len(mina["consents"].([]any)) != 16 {
		t.Errorf("mina: %v", mina)
	}
	if app := state["app"].(map[string]any); app["id"] != json.Number("1700001") || app["consent_items"].(map[string]any)["account_ci"] != "off" {
		t.Errorf("app: %v", app)
	}
}

func TestReset(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	before := string(w.ControlRaw("GET", "state", "").Body)
	w.OK(w.Post("/v1/user/unlink", w.Bearer("mina")))
	w.SignIn("bomi", nil)
	w.Control("POST", "faults", `{"route":"*","reset":true}`)
	w.Advance(time.Hour)
	w.Control("POST", "reset", "")
	if after := string(w.ControlRaw("GET", "state", "").Body); after != before {
		t.Errorf("after the reset:\n%s\nbefore:\n%s", after, before)
	}
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
}

func TestClock(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	if got := w.Control("POST", "clock", `{"advance_seconds":60}`)["now"]; got != "2026-03-02T01:03:03Z" {
		t.Errorf("now %v", got)
	}
	for body, field := range map[string]string{
		`{"advance_seconds":0}`: "advance_seconds", `{"advance_seconds":-5}`: "advance_seconds", `{"advance_seconds":9e30}`: "advance_seconds",
		`{"advance":5}`: "advance", `{}`: "advance_seconds",
	} {
		if a := w.ControlRaw("POST", "clock", body); a.Status != 400 || a.Object(t)["field"] != field {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
}

func TestCallsAndLogsHoldNoSecrets(t *testing.T) {
	var log sandboxtest.Logged
	w := &world{sandboxtest.New(t, sandbox.Options{Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})}
	code := w.Code("mina", nil)
	tokens := w.OK(w.Exchange(code, "redirect_uri", w.Keys.RedirectURIs[0]))
	w.OK(w.Get("/v2/user/me", "Bearer "+tokens["access_token"].(string), "property_keys", `["kakao_account.email"]`))
	w.OK(w.Refresh(tokens["refresh_token"].(string)))
	w.OK(w.Post("/oauth/tokeninfo", "", "id_token", tokens["id_token"].(string)))
	w.OK(w.Get("/v1/user/ids", w.Admin()))
	sandboxtest.WantFailure(t, w.Get("/v1/user/ids", "KakaoAK "+w.Keys.NativeKey), 401, "-401")
	w.Get("/oauth/authorize", "", "client_id", w.Keys.RESTKey, "redirect_uri", w.Keys.RedirectURIs[0], "response_type", "code")
	w.Get("/nowhere", "KakaoAK "+sandboxtest.ZeroKey)

	raw := w.ControlRaw("GET", "calls", "")
	for about, text := range map[string]string{"calls": string(raw.Body), "log": log.String()} {
		for name, secret := range map[string]string{
			"code": code, "access token": tokens["access_token"].(string), "refresh token": tokens["refresh_token"].(string),
			"ID token": tokens["id_token"].(string), "client secret": w.Keys.ClientSecret, "REST key": w.Keys.RESTKey, "admin key": w.Keys.AdminKey,
			"native key": w.Keys.NativeKey, "unknown key": sandboxtest.ZeroKey,
		} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s shows the %s", about, name)
			}
		}
	}
	calls := w.OK(raw)["calls"].([]any)
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
	w.Control("DELETE", "calls", "")
	if left := w.Control("GET", "calls", "")["calls"].([]any); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestControlPaths(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	if a := w.ControlRaw("GET", "nope", ""); a.Status != 404 || a.Object(t)["error"] == "" {
		t.Errorf("unknown: %d %s", a.Status, a.Body)
	}
	if a := w.ControlRaw("PUT", "faults", ""); a.Status != 405 || a.Object(t)["allowed"] != "POST, GET, DELETE" {
		t.Errorf("method: %d %s", a.Status, a.Body)
	}
}

func TestIndexPage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	shown := text(documentOf(t, w.Get("/", "")))
	for _, want := range []string{"3177000001", "/v2/user/me", "/__sandbox__/faults", w.Keys.RESTKey, w.Person("haru").AccessToken} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if a := w.Post("/", ""); a.Status != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", a.Status)
	}
}

// TestTheClockHasAnEnd: many steps lead no further than one.
func TestTheClockHasAnEnd(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	const century = `{"advance_seconds":3162240000}`
	w.Control("POST", "clock", century)
	if a := w.ControlRaw("POST", "clock", `{"advance_seconds":1}`); a.Status != http.StatusBadRequest {
		t.Errorf("a second more: %d %s", a.Status, a.Body)
	}
	w.Control("POST", "reset", "")
	w.Control("POST", "clock", century)
}
