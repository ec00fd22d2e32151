package sandboxtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"
)

// Browser is a client with cookies that works the pages through their forms.
type Browser struct {
	w        *World
	Client   *http.Client
	Language string // Accept-Language; empty: none
}

// Browser is a browser that nobody has signed in with yet.
func (w *World) Browser() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.T.Fatal(err)
	}
	return &Browser{w: w, Client: &http.Client{Jar: jar, CheckRedirect: Client.CheckRedirect}}
}

// Do sends a request with the browser's cookies.
func (b *Browser) Do(r *http.Request) Answer {
	b.w.T.Helper()
	if b.Language != "" {
		r.Header.Set("Accept-Language", b.Language)
	}
	response, err := b.Client.Do(r)
	if err != nil {
		b.w.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.w.T.Fatal(err)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}
}

// Authorize opens the sign-in page.
func (b *Browser) Authorize(pairs ...string) Answer {
	b.w.T.Helper()
	query := Values("client_id", b.w.Keys.RESTKey, "redirect_uri", b.w.Keys.RedirectURIs[0], "response_type", "code")
	for name, texts := range Values(pairs...) {
		query[name] = texts
	}
	return b.Do(b.w.Request(http.MethodGet, "/oauth/authorize", "", query))
}

// RequestField finds the hidden field of a sign-in page, tickedField its boxes.
var (
	RequestField = regexp.MustCompile(`name="request" value="([^"]+)"`)
	tickedField  = regexp.MustCompile(`name="((?:scope|terms)\.[a-z_]+)" value="on"`)
)

// Submit answers a page with its own hidden field and, to agree, its boxes.
func (b *Browser) Submit(page Answer, path string, pairs ...string) Answer {
	b.w.T.Helper()
	found := RequestField.FindSubmatch(page.Body)
	if page.Status != http.StatusOK || found == nil {
		b.w.T.Fatalf("no form on the page: status %d, %s", page.Status, page.Body)
	}
	form := Values(append(pairs, "request", string(found[1]))...)
	if form.Get("action") == "agree" {
		for _, field := range tickedField.FindAllSubmatch(page.Body, -1) {
			form.Set(string(field[1]), "on")
		}
	}
	return b.Do(b.w.Request(http.MethodPost, path, "", form))
}

// RedirectQuery is the query of the redirect to the app.
func RedirectQuery(t *testing.T, a Answer) url.Values {
	t.Helper()
	location, err := url.Parse(a.Header.Get("Location"))
	if err != nil || a.Status != http.StatusFound || location.Host == "" || len(a.Body) != 0 {
		t.Fatalf("no redirect: status %d, location %q, %s", a.Status, a.Header.Get("Location"), a.Body)
	}
	return location.Query()
}
