package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

// start is the sandbox's time at the beginning of every test.
var start = time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC)

// world is a sandbox on a real loopback server, and its published keys.
type world struct {
	t    *testing.T
	url  string
	keys sandbox.Credentials
}

func newWorld(t *testing.T, options sandbox.Options) *world {
	t.Helper()
	if options.Clock == nil {
		options.Clock = func() time.Time { return start }
	}
	s, err := sandbox.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &world{t: t, url: server.URL, keys: s.Credentials()}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// object decodes a JSON object, keeping numbers exact.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	var v map[string]any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("status %d, body %q: %v", a.status, a.body, err)
	}
	return v
}

// client never follows redirects: where they lead is what tests look at.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// do sends a request and reads the answer whole.
func (w *world) do(r *http.Request) (answer, error) {
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, body}, err
}

// request makes a call: parameters travel in the query of a GET and in the
// form of a POST.
func (w *world) request(method, path, authorization string, parameters url.Values) *http.Request {
	w.t.Helper()
	var body io.Reader
	target := w.url + path
	if method == http.MethodPost {
		body = strings.NewReader(parameters.Encode())
	} else if len(parameters) > 0 {
		target += "?" + parameters.Encode()
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, target, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return r
}

func (w *world) call(method, path, authorization string, parameters url.Values) answer {
	w.t.Helper()
	a, err := w.do(w.request(method, path, authorization, parameters))
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) get(path, authorization string, pairs ...string) answer {
	w.t.Helper()
	return w.call(http.MethodGet, path, authorization, values(pairs...))
}

func (w *world) post(path, authorization string, pairs ...string) answer {
	w.t.Helper()
	return w.call(http.MethodPost, path, authorization, values(pairs...))
}

// ok makes a call that must succeed, and returns its object.
func (w *world) ok(a answer) map[string]any {
	w.t.Helper()
	if a.status != http.StatusOK {
		w.t.Fatalf("status %d, body %s", a.status, a.body)
	}
	return a.object(w.t)
}

// control calls a control path, which must succeed.
func (w *world) control(method, name, body string) map[string]any {
	w.t.Helper()
	return w.ok(w.controlRaw(method, name, body))
}

func (w *world) controlRaw(method, name, body string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+"/__sandbox__/"+name, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// advance moves the sandbox's clock.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	body, _ := json.Marshal(map[string]int64{"advance_seconds": int64(d.Seconds())})
	w.control(http.MethodPost, "clock", string(body))
}

// bearer is the seeded access token of a person, as a header.
func (w *world) bearer(name string) string {
	w.t.Helper()
	return "Bearer " + w.person(name).AccessToken
}

func (w *world) person(name string) sandbox.UserCredentials {
	w.t.Helper()
	for _, u := range w.keys.Users {
		if u.Name == name {
			return u
		}
	}
	w.t.Fatalf("no person %q", name)
	return sandbox.UserCredentials{}
}

func (w *world) admin() string { return "KakaoAK " + w.keys.AdminKey }

// signIn signs a person in by control path and exchanges the code.
func (w *world) signIn(name string, parameters map[string]string) map[string]any {
	w.t.Helper()
	return w.ok(w.exchange(w.code(name, parameters)))
}

// code signs a person in by control path.
func (w *world) code(name string, parameters map[string]string) string {
	w.t.Helper()
	body, _ := json.Marshal(map[string]any{"user": name, "parameters": parameters})
	return w.control(http.MethodPost, "authorize", string(body))["code"].(string)
}

// exchange sends a code to /oauth/token; more adds or replaces parameters.
func (w *world) exchange(code string, more ...string) answer {
	w.t.Helper()
	form := values("grant_type", "authorization_code", "client_id", w.keys.RESTKey, "client_secret", w.keys.ClientSecret,
		"redirect_uri", w.keys.RedirectURIs[0], "code", code)
	for name, texts := range values(more...) {
		form[name] = texts
	}
	return w.call(http.MethodPost, "/oauth/token", "", form)
}

// refresh sends a refresh token to /oauth/token.
func (w *world) refresh(token string) answer {
	w.t.Helper()
	return w.post("/oauth/token", "", "grant_type", "refresh_token", "client_id", w.keys.RESTKey,
		"client_secret", w.keys.ClientSecret, "refresh_token", token)
}

// values makes parameters of pairs.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// wantFailure checks status and code of a failure in any of the three shapes.
func wantFailure(t *testing.T, a answer, status int, code string) map[string]any {
	t.Helper()
	o := a.object(t)
	got := ""
	for _, member := range []string{"code", "error_code", "errorType"} {
		switch v := o[member].(type) {
		case json.Number:
			got = v.String()
		case string:
			got = v
		}
	}
	if a.status != status || got != code {
		t.Fatalf("status %d, body %s; want status %d, code %s", a.status, a.body, status, code)
	}
	return o
}

// logged collects log output from several goroutines.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
