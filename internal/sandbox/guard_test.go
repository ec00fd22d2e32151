package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// TestForeignPagesAreRefused: a page elsewhere in the same browser can reach the
// sandbox, and must neither steer nor read it.
func TestForeignPagesAreRefused(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	own := w.URL
	for _, c := range []struct {
		about, method, path string
		headers             []string
		refused             bool
	}{
		{"form of another site", "POST", "/sandbox/reset", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, true},
		{"form of another port", "POST", "/sandbox/reset", []string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"}, true},
		{"form of an old browser", "POST", "/sandbox/reset", []string{"Origin", "https://evil.example"}, true},
		{"form of nobody", "POST", "/sandbox/reset", []string{"Origin", "null"}, true},
		{"form of its own", "POST", "/sandbox/reset", []string{"Sec-Fetch-Site", "same-origin", "Origin", own}, false},
		{"form of its own, old browser", "POST", "/sandbox/reset", []string{"Origin", own}, false},
		{"a program", "POST", "/sandbox/reset", nil, false},
		{"control path from another site", "POST", "/__sandbox__/reset", []string{"Sec-Fetch-Site", "cross-site"}, true},
		{"control path from a program", "POST", "/__sandbox__/reset", nil, false},
		{"control path from its own page", "POST", "/__sandbox__/reset", []string{"Sec-Fetch-Site", "same-origin"}, false},
		{"deleting from another site", "DELETE", "/__sandbox__/calls", []string{"Sec-Fetch-Site", "cross-site"}, true},
		{"consent from another site", "POST", "/oauth/authorize", []string{"Sec-Fetch-Site", "cross-site"}, true},
		{"an app that sends a person to sign in", "GET", "/oauth/authorize", []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"a link from elsewhere", "GET", "/", []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"a foreign name", "GET", "/", []string{"Host", "evil.example"}, true},
		{"a foreign name with a port", "GET", "/sandbox/requests", []string{"Host", "evil.example:9900"}, true},
		{"a name that looks like ours", "GET", "/", []string{"Host", "127.0.0.1.evil.example"}, true},
		{"a foreign name at a control path", "GET", "/__sandbox__/state", []string{"Host", "localhost.evil.example"}, true},
		{"a foreign name at the sign-in page", "GET", "/oauth/authorize", []string{"Host", "evil.example"}, true},
		{"localhost", "GET", "/", []string{"Host", "localhost:9900"}, false},
		{"a name below localhost", "GET", "/", []string{"Host", "Kakao.localhost"}, false},
		{"the long form", "GET", "/", []string{"Host", "[::1]:9900"}, false},
		// Kakao's own API takes any name: a proxy may lead here.
		{"a call to Kakao", "GET", "/v2/user/me", []string{"Host", "kapi.kakao.com", "Sec-Fetch-Site", "cross-site"}, false},
	} {
		r := w.Request(c.method, c.path, "", nil)
		for i := 0; i < len(c.headers); i += 2 {
			if c.headers[i] == "Host" {
				r.Host = c.headers[i+1]
				continue
			}
			r.Header.Set(c.headers[i], c.headers[i+1])
		}
		a, err := w.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if (a.Status == http.StatusForbidden) != c.refused {
			t.Errorf("%s: status %d, %.100s", c.about, a.Status, a.Body)
		}
		if c.refused && !strings.Contains(string(a.Body), "sandbox") {
			t.Errorf("%s: no reason in %s", c.about, a.Body)
		}
	}
}

// TestAnOpenSandboxTakesAnyName: where the operator has opened the sandbox,
// other containers call it by its name there.
func TestAnOpenSandboxTakesAnyName(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{AllowNonLoopback: true})
	r := w.Request(http.MethodGet, "/__sandbox__/state", "", nil)
	r.Host = "sandbox:9900"
	if a, err := w.Do(r); err != nil || a.Status != http.StatusOK {
		t.Errorf("status %d, %v", a.Status, err)
	}
}

// TestStrangersGetNoPage: a path that is not there answers a browser with a page,
// which a foreign name must not read.
func TestStrangersGetNoPage(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for host, want := range map[string]string{"localhost:9900": "text/html", "evil.example": "application/json"} {
		r := w.Request(http.MethodGet, "/nope", "", nil)
		r.Host = host
		r.Header.Set("Accept", "text/html")
		if a, err := w.Do(r); err != nil || a.Status != http.StatusNotFound || !strings.HasPrefix(a.Header.Get("Content-Type"), want) {
			t.Errorf("%s: status %d, %s, %v", host, a.Status, a.Header.Get("Content-Type"), err)
		}
	}
}
