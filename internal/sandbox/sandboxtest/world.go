// Package sandboxtest is what the tests of the sandbox's products have in common: a
// sandbox on a real loopback server, the calls they make often, and a browser
// without a screen.
package sandboxtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

// Start is the sandbox's time at the beginning of every test.
var Start = time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC)

// World is a sandbox on a real loopback server, and its published keys.
type World struct {
	T    *testing.T
	URL  string // without a trailing slash
	Keys sandbox.Credentials
}

// New starts a sandbox that ends with the test. Its clock stands at Start, unless
// the options have one.
func New(t *testing.T, options sandbox.Options) *World {
	t.Helper()
	if options.Clock == nil {
		options.Clock = func() time.Time { return Start }
	}
	s, err := sandbox.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &World{T: t, URL: server.URL, Keys: s.Credentials()}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Object decodes a JSON object, keeping numbers exact.
func (a Answer) Object(t *testing.T) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.UseNumber()
	var v map[string]any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("status %d, body %q: %v", a.Status, a.Body, err)
	}
	return v
}

// Client never follows redirects: where they lead is what tests look at.
var Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Do sends a request and reads the answer whole.
func (w *World) Do(r *http.Request) (Answer, error) {
	response, err := Client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, response.Header, body}, err
}

// Request makes a call: parameters travel in the query of a GET and in the
// form of a POST.
func (w *World) Request(method, path, authorization string, parameters url.Values) *http.Request {
	w.T.Helper()
	var body io.Reader
	target := w.URL + path
	if method == http.MethodPost {
		body = strings.NewReader(parameters.Encode())
	} else if len(parameters) > 0 {
		target += "?" + parameters.Encode()
	}
	r, err := http.NewRequestWithContext(w.T.Context(), method, target, body)
	if err != nil {
		w.T.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return r
}

// Call makes a call and reads the answer whole.
func (w *World) Call(method, path, authorization string, parameters url.Values) Answer {
	w.T.Helper()
	a, err := w.Do(w.Request(method, path, authorization, parameters))
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// Get calls with pairs of parameters in the query.
func (w *World) Get(path, authorization string, pairs ...string) Answer {
	w.T.Helper()
	return w.Call(http.MethodGet, path, authorization, Values(pairs...))
}

// Post calls with pairs of parameters in the form.
func (w *World) Post(path, authorization string, pairs ...string) Answer {
	w.T.Helper()
	return w.Call(http.MethodPost, path, authorization, Values(pairs...))
}

// OK makes a call that must succeed, and returns its object.
func (w *World) OK(a Answer) map[string]any {
	w.T.Helper()
	if a.Status != http.StatusOK {
		w.T.Fatalf("status %d, body %s", a.Status, a.Body)
	}
	return a.Object(w.T)
}

// Control calls a control path, which must succeed.
func (w *World) Control(method, name, body string) map[string]any {
	w.T.Helper()
	return w.OK(w.ControlRaw(method, name, body))
}

// ControlRaw calls a control path, which may refuse.
func (w *World) ControlRaw(method, name, body string) Answer {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), method, w.URL+"/__sandbox__/"+name, strings.NewReader(body))
	if err != nil {
		w.T.Fatal(err)
	}
	a, err := w.Do(r)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// Advance moves the sandbox's clock.
func (w *World) Advance(d time.Duration) {
	w.T.Helper()
	body, _ := json.Marshal(map[string]int64{"advance_seconds": int64(d.Seconds())})
	w.Control(http.MethodPost, "clock", string(body))
}

// Bearer is the seeded access token of a person, as a header.
func (w *World) Bearer(name string) string {
	w.T.Helper()
	return "Bearer " + w.Person(name).AccessToken
}

// Person is a person of the seed with the printed test tokens.
func (w *World) Person(name string) sandbox.UserCredentials {
	w.T.Helper()
	for _, u := range w.Keys.Users {
		if u.Name == name {
			return u
		}
	}
	w.T.Fatalf("no person %q", name)
	return sandbox.UserCredentials{}
}

// Admin is the admin key, as a header.
func (w *World) Admin() string { return "KakaoAK " + w.Keys.AdminKey }

// SignIn signs a person in by control path and exchanges the code.
func (w *World) SignIn(name string, parameters map[string]string) map[string]any {
	w.T.Helper()
	return w.OK(w.Exchange(w.Code(name, parameters)))
}

// Code signs a person in by control path.
func (w *World) Code(name string, parameters map[string]string) string {
	w.T.Helper()
	body, _ := json.Marshal(map[string]any{"user": name, "parameters": parameters})
	return w.Control(http.MethodPost, "authorize", string(body))["code"].(string)
}

// Exchange sends a code to /oauth/token; more adds or replaces parameters.
func (w *World) Exchange(code string, more ...string) Answer {
	w.T.Helper()
	form := Values("grant_type", "authorization_code", "client_id", w.Keys.RESTKey, "client_secret", w.Keys.ClientSecret,
		"redirect_uri", w.Keys.RedirectURIs[0], "code", code)
	for name, texts := range Values(more...) {
		form[name] = texts
	}
	return w.Call(http.MethodPost, "/oauth/token", "", form)
}

// Refresh sends a refresh token to /oauth/token.
func (w *World) Refresh(token string) Answer {
	w.T.Helper()
	return w.Post("/oauth/token", "", "grant_type", "refresh_token", "client_id", w.Keys.RESTKey,
		"client_secret", w.Keys.ClientSecret, "refresh_token", token)
}

// Values makes parameters of pairs.
func Values(pairs ...string) url.Values {
	v := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		v.Add(pair[0], pair[1])
	}
	return v
}

// WantFailure checks status and code of a failure in any of the three shapes.
func WantFailure(t *testing.T, a Answer, status int, code string) map[string]any {
	t.Helper()
	o := a.Object(t)
	got := ""
	for _, member := range []string{"code", "error_code", "errorType"} {
		switch v := o[member].(type) {
		case json.Number:
			got = v.String()
		case string:
			got = v
		}
	}
	if a.Status != status || got != code {
		t.Fatalf("status %d, body %s; want status %d, code %s", a.Status, a.Body, status, code)
	}
	return o
}

// Logged collects log output from several goroutines.
type Logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *Logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *Logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// ZeroKey has the form of an app key and is none.
const ZeroKey = "00000000000000000000000000000000"

// List decodes a JSON array of objects, keeping numbers exact.
func (a Answer) List(t *testing.T) []map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(a.Body)))
	decoder.UseNumber()
	var rows []map[string]any
	if err := decoder.Decode(&rows); a.Status != http.StatusOK || err != nil {
		t.Fatalf("status %d, body %s: %v", a.Status, a.Body, err)
	}
	return rows
}

// JSON posts a JSON body.
func (w *World) JSON(path, authorization, body string) Answer {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), http.MethodPost, w.URL+path, strings.NewReader(body))
	if err != nil {
		w.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", authorization)
	a, err := w.Do(r)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// RESTKey is the REST API key, as a header.
func (w *World) RESTKey() string { return "KakaoAK " + w.Keys.RESTKey }

// WantNothing checks an answer without a body.
func WantNothing(t *testing.T, a Answer) {
	t.Helper()
	if a.Status != 200 || len(a.Body) != 0 || a.Header.Get("Content-Length") != "0" {
		t.Fatalf("status %d, body %q, want 200 and nothing", a.Status, a.Body)
	}
}
