package inspector_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// TestArmingAFaultByTheForm: each effect, as the form sends it at first, is
// taken by the control path as it stands there.
func TestArmingAFaultByTheForm(t *testing.T) {
	for effect, want := range map[string]string{
		"kakao_error":             `{"route":"GET /v2/user/me","times":2,"perform":true,"kakao_error":{"code":-401}}`,
		"throttle":                `{"route":"GET /v2/user/me","times":2,"throttle":{}}`,
		"http":                    `{"route":"GET /v2/user/me","times":2,"perform":true,"http":{"status":503,"body":"\u003chtml\u003e\u003ch1\u003e503\u003c/h1\u003e\u003c/html\u003e"}}`,
		"delay_before_headers_ms": `{"route":"GET /v2/user/me","times":2,"delay_before_headers_ms":5000}`,
		"delay_mid_body_ms":       `{"route":"GET /v2/user/me","times":2,"delay_mid_body_ms":5000}`,
		"reset":                   `{"route":"GET /v2/user/me","times":2,"perform":true,"reset":true}`,
		"truncate":                `{"route":"GET /v2/user/me","times":2,"truncate":true}`,
		"huge_body_bytes":         `{"route":"GET /v2/user/me","times":2,"huge_body_bytes":10000000}`,
	} {
		t.Run(effect, func(t *testing.T) {
			w := &world{sandboxtest.New(t, sandbox.Options{})}
			form := fields(t, documentOf(t, w.page("/sandbox/faults")), "/sandbox/faults/arm")
			form["route"], form["times"], form["effect"], form[effect+".perform"] = []string{"GET /v2/user/me"}, []string{"2"}, []string{effect}, []string{"on"}
			if a := w.Call(http.MethodPost, "/sandbox/faults/arm", "", form); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/sandbox/faults?done=armed" {
				t.Fatalf("status %d to %s: %s", a.Status, a.Header.Get("Location"), a.Body)
			}
			armed := w.Control("GET", "faults", "")["faults"].([]any)[0].(map[string]any)
			var wanted map[string]any
			decoder := json.NewDecoder(strings.NewReader(want))
			decoder.UseNumber()
			if err := decoder.Decode(&wanted); err != nil {
				t.Fatal(err)
			}
			got, _ := json.Marshal(armed["fault"])
			expected, _ := json.Marshal(wanted)
			if string(got) != string(expected) {
				t.Errorf("armed %s\nwant  %s", got, expected)
			}
			if shown := text(element(t, documentOf(t, w.page("/sandbox/faults?done=armed")), "main")); !strings.Contains(shown, "The fault is armed.") || !strings.Contains(shown, "GET /v2/user/me") {
				t.Errorf("the page: %s", shown)
			}
		})
	}
}

// fields are the fields of a form as they stand on the page.
func fields(t *testing.T, document *html.Node, action string) map[string][]string {
	t.Helper()
	for form := range document.Descendants() {
		if to, _ := attribute(form, "action"); form.Data != "form" || to != action {
			continue
		}
		found := map[string][]string{}
		for node := range form.Descendants() {
			name, named := attribute(node, "name")
			value, _ := attribute(node, "value")
			kind, _ := attribute(node, "type")
			_, checked := attribute(node, "checked")
			switch {
			case !named || node.Data == "button" || ((kind == "checkbox" || kind == "radio") && !checked):
			case node.Data == "textarea":
				found[name] = []string{node.FirstChild.Data}
			default:
				found[name] = []string{value}
			}
		}
		return found
	}
	t.Fatalf("no form goes to %s", action)
	return nil
}

// TestARefusedFormSaysWhy and keeps what was typed.
func TestARefusedFormSaysWhy(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for _, c := range []struct {
		path   string
		pairs  []string
		reason string
	}{
		{"/sandbox/faults/arm", []string{"route", "GET /nowhere", "effect", "reset"}, "route: no such route"},
		{"/sandbox/faults/arm", []string{"route", "*", "effect", "delay_before_headers_ms", "delay_before_headers_ms", "soon-4711"}, "delay_before_headers_ms: a JSON string does not fit here"},
		{"/sandbox/faults/arm", []string{"route", "*", "times", "-4711", "effect", "reset"}, "times: from 0"},
		{"/sandbox/faults/arm", []string{"route", "*", "effect", "kakao_error", "kakao_error.code", "not a code 4711"}, "kakao_error.code"},
		{"/sandbox/faults/arm", []string{"route", "*"}, "exactly one effect"},
		{"/sandbox/clock", []string{"advance_seconds", "4711 minutes"}, "advance_seconds"},
		{"/sandbox/clock", nil, "advance_seconds"},
	} {
		a := w.Post(c.path, "", c.pairs...)
		page := text(element(t, documentOf(t, a), "main"))
		if a.Status != http.StatusBadRequest || !strings.Contains(page, c.reason) {
			t.Errorf("%v: status %d: %s", c.pairs, a.Status, page)
		}
		if form := fields(t, documentOf(t, a), "/sandbox/faults/arm"); c.path == "/sandbox/clock" && (len(form["effect"]) == 0 || form["route"] == nil || form["kakao_error.code"][0] != "-401") {
			t.Errorf("%v: the other form is empty: %v", c.pairs, form)
		}
		if typed := strings.Join(c.pairs, " "); strings.Contains(typed, "4711") && !strings.Contains(string(a.Body), "4711") {
			t.Errorf("%v: what was typed is gone", c.pairs)
		}
	}
	if a := w.sendRaw(http.MethodPost, "/sandbox/clock", strings.Repeat("x", 2<<20)); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge form: status %d", a.Status)
	}
}

// sendRaw sends a body as it is.
func (w *world) sendRaw(method, path, body string) sandboxtest.Answer {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), method, w.URL+path, strings.NewReader(body))
	if err != nil {
		w.T.Fatal(err)
	}
	a, err := w.Do(r)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

func TestFormsSteerTheSandbox(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	w.busy()
	post := func(path string, pairs ...string) {
		t.Helper()
		if a := w.Post(path, "", pairs...); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: status %d, %s", path, a.Status, a.Body)
		}
	}
	post("/sandbox/clock", "advance_seconds", " 21600 ")
	if page := text(element(t, documentOf(t, w.page("/sandbox/faults")), "main")); !strings.Contains(page, "16:02:03") || !strings.Contains(page, "ahead by 6h0m0s") {
		t.Errorf("the clock: %s", page)
	}
	post("/sandbox/faults/clear")
	if left := w.Control("GET", "faults", "")["faults"].([]any); len(left) != 0 {
		t.Errorf("faults %v", left)
	}
	post("/sandbox/requests/clear")
	if left := w.Control("GET", "calls", "")["calls"].([]any); len(left) != 0 || len(w.Messages()) != 1 {
		t.Errorf("calls %v", left)
	}
	post("/sandbox/reset")
	if now := w.Control("GET", "state", "")["now"]; now != "2026-03-02T01:02:03Z" || len(w.Messages()) != 0 {
		t.Errorf("after the reset it is %v", now)
	}
}
