package sandbox_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"
)

// browser is a client with cookies that works the pages through their forms.
type browser struct {
	w        *world
	client   *http.Client
	language string // Accept-Language; empty: none
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w: w, client: &http.Client{Jar: jar, CheckRedirect: client.CheckRedirect}}
}

func (b *browser) do(r *http.Request) answer {
	b.w.t.Helper()
	if b.language != "" {
		r.Header.Set("Accept-Language", b.language)
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, body}
}

// authorize opens the sign-in page.
func (b *browser) authorize(pairs ...string) answer {
	b.w.t.Helper()
	query := values("client_id", b.w.keys.RESTKey, "redirect_uri", b.w.keys.RedirectURIs[0], "response_type", "code")
	for name, texts := range values(pairs...) {
		query[name] = texts
	}
	return b.do(b.w.request(http.MethodGet, "/oauth/authorize", "", query))
}

var (
	requestField = regexp.MustCompile(`name="request" value="([^"]+)"`)
	tickedField  = regexp.MustCompile(`name="((?:scope|terms)\.[a-z_]+)" value="on"`)
)

// submit answers a page with its own hidden field and, to agree, its boxes.
func (b *browser) submit(page answer, path string, pairs ...string) answer {
	b.w.t.Helper()
	found := requestField.FindSubmatch(page.body)
	if page.status != http.StatusOK || found == nil {
		b.w.t.Fatalf("no form on the page: status %d, %s", page.status, page.body)
	}
	form := values(append(pairs, "request", string(found[1]))...)
	if form.Get("action") == "agree" {
		for _, field := range tickedField.FindAllSubmatch(page.body, -1) {
			form.Set(string(field[1]), "on")
		}
	}
	return b.do(b.w.request(http.MethodPost, path, "", form))
}

// back is the query of the redirect to the app.
func back(t *testing.T, a answer) url.Values {
	t.Helper()
	location, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusFound || location.Host == "" || len(a.body) != 0 {
		t.Fatalf("no redirect: status %d, location %q, %s", a.status, a.header.Get("Location"), a.body)
	}
	return location.Query()
}
