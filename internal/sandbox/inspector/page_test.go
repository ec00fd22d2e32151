package inspector_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// toolPages are the pages for developers.
var toolPages = []string{"/", "/sandbox/messages", "/sandbox/calendar", "/sandbox/files", "/sandbox/push", "/sandbox/requests", "/sandbox/faults", "/sandbox/callback"}

// documentOf parses a page, without the places where a long word may break.
func documentOf(t *testing.T, a sandboxtest.Answer) *html.Node {
	t.Helper()
	document, err := html.Parse(bytes.NewReader(bytes.ReplaceAll(a.Body, []byte("<wbr>"), nil)))
	if err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("no page: status %d, %s, %v", a.Status, a.Header.Get("Content-Type"), err)
	}
	return document
}

// text is what there is to read below an element, with single spaces.
func text(node *html.Node) string {
	var words []string
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			words = append(words, strings.Fields(n.Data)...)
		}
	}
	return strings.Join(words, " ")
}

// element returns the element of an ID; its absence ends the test.
func element(t *testing.T, document *html.Node, id string) *html.Node {
	t.Helper()
	for node := range document.Descendants() {
		if value, ok := attribute(node, "id"); ok && value == id {
			return node
		}
	}
	t.Fatalf("the page has no #%s: %s", id, text(document))
	return nil
}

func attribute(node *html.Node, name string) (string, bool) {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// world is a sandbox with the calls that these tests make often.
type world struct{ *sandboxtest.World }

// page gets one of the sandbox's own pages.
func (w *world) page(path string, headers ...string) sandboxtest.Answer {
	w.T.Helper()
	r := w.Request(http.MethodGet, path, "", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a, err := w.Do(r)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// busy gives every page something to show.
func (w *world) busy() {
	w.T.Helper()
	w.OK(w.Post(sandboxtest.MemoPath, w.Bearer("mina"), "template_object", sandboxtest.HelloObject))
	w.Get("/v2/user/me", "Bearer nobody-s-token")
	w.Get("/v2/user/me", "KakaoAK "+w.Keys.AdminKey, "target_id_type", "user_id", "target_id", "3177000001")
	sandboxtest.WantNothing(w.T, w.Post("/v2/push/send", w.Admin(), "uuids", `["3177000001"]`, "push_message", `{"for_fcm":{"custom_field":{"title":"a","body":"b"}}}`))
	w.Control("POST", "faults", `{"route":"*","times":0,"delay_before_headers_ms":0}`)
}

// TestPagesAreWhole follows every link, form and file of every page in both
// languages, and looks for what a browser would stumble over.
func TestPagesAreWhole(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	w.busy()
	for _, language := range []string{"en", "ko"} {
		for _, path := range toolPages {
			t.Run(language+path, func(t *testing.T) {
				a := w.page(path, "Accept-Language", language)
				policy := a.Header.Get("Content-Security-Policy")
				if a.Status != http.StatusOK || !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || a.Header.Get("X-Frame-Options") != "DENY" {
					t.Fatalf("status %d, policy %q: %s", a.Status, policy, a.Body)
				}
				w.checkPage(t, a, language)
			})
		}
		for name, a := range w.signInPages(language) {
			t.Run(language+"/"+name, func(t *testing.T) {
				if policy := a.Header.Get("Content-Security-Policy"); strings.Contains(policy, "script-src") || strings.Contains(policy, "form-action") {
					t.Errorf("policy %q", policy) // the form leads back to the app
				}
				if !strings.Contains(strings.ToLower(string(a.Body)), "sandbox") {
					t.Error("the page does not say what it is")
				}
				w.checkPage(t, a, language)
			})
		}
	}
}

// signInPages are the four pages that a person signing in sees.
func (w *world) signInPages(language string) map[string]sandboxtest.Answer {
	w.T.Helper()
	b := w.Browser()
	b.Language = language
	chooser := b.Authorize("prompt", "login")
	consent := b.Submit(b.Authorize("prompt", "login", "scope", "friends"), "/oauth/authorize", "action", "choose", "user", "joon")
	logout := b.Do(w.Request(http.MethodGet, "/oauth/logout", "", sandboxtest.Values("client_id", w.Keys.RESTKey, "logout_redirect_uri", w.Keys.LogoutRedirectURIs[0])))
	return map[string]sandboxtest.Answer{"choose": chooser, "consent": consent, "logout": logout, "error": b.Authorize("response_type", "token")}
}

// checkPage looks at a document.
func (w *world) checkPage(t *testing.T, a sandboxtest.Answer, language string) {
	t.Helper()
	ids, headings := map[string]bool{}, 0
	document := documentOf(t, a)
	for node := range document.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		if id, ok := attribute(node, "id"); ok {
			if ids[id] {
				t.Errorf("#%s is there twice", id)
			}
			ids[id] = true
		}
		for _, inline := range []string{"style", "onclick"} {
			if _, ok := attribute(node, inline); ok {
				t.Errorf("<%s> has %s, which the policy forbids", node.Data, inline)
			}
		}
		switch node.Data {
		case "h1":
			headings++
		case "html":
			if lang, _ := attribute(node, "lang"); lang != language {
				t.Errorf("the page is in %q", lang)
			}
		case "script", "link", "img", "a":
			address, _ := attribute(node, map[string]string{"script": "src", "link": "href", "img": "src", "a": "href"}[node.Data])
			if !strings.HasPrefix(address, "/") {
				continue // of the page itself, or of the web
			}
			if found := w.page(address); found.Status != http.StatusOK || (node.Data != "a" && !strings.Contains(found.Header.Get("Cache-Control"), "immutable")) {
				t.Errorf("<%s> leads to %s: status %d, %q", node.Data, address, found.Status, found.Header.Get("Cache-Control"))
			}
		}
	}
	for node := range document.Descendants() {
		if href, _ := attribute(node, "href"); strings.HasPrefix(href, "#") && !ids[href[1:]] {
			t.Errorf("%s leads nowhere", href)
		}
		if label, ok := attribute(node, "aria-labelledby"); ok && !ids[label] {
			t.Errorf("nothing has the label %s", label)
		}
	}
	if headings != 1 {
		t.Errorf("%d main headings", headings)
	}
}

// TestThePagesAreTranslated: names of consent items come in Korean.
func TestThePagesAreTranslated(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for _, language := range []string{"ko", "en"} {
		shown := text(documentOf(t, w.page("/", "Accept-Language", language)))
		if strings.Contains(shown, "Shipping addresses") != (language == "en") || strings.Contains(shown, "배송지정보") != (language == "ko") {
			t.Errorf("%s: %s", language, shown)
		}
	}
}

func TestSwitchesOfThePages(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	b := w.Browser()
	for _, c := range []struct{ name, value, back, location string }{
		{"language", "ko", "/sandbox/messages?person=mina", "/sandbox/messages?person=mina"},
		{"theme", "dark", "/", "/"},
		{"theme", "dark", "https://evil.example/", "/"},
		{"theme", "dark", "//evil.example/sandbox/messages", "/"},
		{"theme", "dark", "/oauth/authorize", "/"},
	} {
		a := b.Do(w.Request(http.MethodPost, "/sandbox/settings", "", sandboxtest.Values(c.name, c.value, "back", c.back)))
		if a.Status != http.StatusSeeOther || a.Header.Get("Location") != c.location {
			t.Errorf("%v: status %d to %q", c, a.Status, a.Header.Get("Location"))
		}
	}
	for _, path := range append(toolPages, "/oauth/authorize") {
		if page := string(b.Do(w.Request(http.MethodGet, path, "", nil)).Body); !strings.Contains(page, `<html lang="ko" data-theme="dark">`) {
			t.Errorf("%s: %.80s", path, page)
		}
	}
	b.Do(w.Request(http.MethodPost, "/sandbox/settings", "", sandboxtest.Values("theme", `"><script>`, "back", "/")))
	if page := string(b.Do(w.Request(http.MethodGet, "/", "", nil)).Body); !strings.Contains(page, `<html lang="ko" data-theme="dark">`) {
		t.Errorf("an unknown theme: %.80s", page)
	}
}

// TestSignInPagesChangeTheirLanguage: the page that a person is at comes again
// in the other language, and the sign-in goes on from there.
func TestSignInPagesChangeTheirLanguage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	b := w.Browser()
	chooser := b.Submit(b.Authorize("prompt", "login"), "/oauth/authorize", "action", "translate", "language", "ko")
	if !strings.Contains(string(chooser.Body), "다시 로그인하세요") {
		t.Fatalf("chooser: %s", chooser.Body)
	}
	consent := b.Submit(chooser, "/oauth/authorize", "action", "choose", "user", "bomi")
	if !strings.Contains(string(consent.Body), "동의하고 계속하기") {
		t.Fatalf("the choice is forgotten: %s", consent.Body)
	}
	consent = b.Submit(consent, "/oauth/authorize", "action", "translate", "language", "en")
	if !strings.Contains(string(consent.Body), "Agree and continue") {
		t.Fatalf("consent: %s", consent.Body)
	}
	if q := sandboxtest.RedirectQuery(t, b.Submit(consent, "/oauth/authorize", "action", "agree")); q.Get("code") == "" {
		t.Errorf("the sign-in ends with %v", q)
	}
	out := b.Do(w.Request(http.MethodGet, "/oauth/logout", "", sandboxtest.Values("client_id", w.Keys.RESTKey, "logout_redirect_uri", w.Keys.LogoutRedirectURIs[0])))
	out = b.Submit(out, "/oauth/logout", "action", "translate", "language", "ko")
	if !strings.Contains(string(out.Body), "카카오계정과 함께 로그아웃") {
		t.Fatalf("logout: %s", out.Body)
	}
	sandboxtest.RedirectQuery(t, b.Submit(out, "/oauth/logout", "action", "account"))
}

// TestAPageThatIsAskedForAgain: the script of a page asks every moment, and
// gets a page only if there is something new on it.
func TestAPageThatIsAskedForAgain(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for _, path := range []string{"/sandbox/messages", "/sandbox/requests", "/sandbox/push"} {
		etag := w.page(path).Header.Get("ETag")
		if a := w.page(path, "If-None-Match", etag); a.Status != http.StatusNotModified || len(a.Body) != 0 {
			t.Errorf("%s again: status %d, %d bytes", path, a.Status, len(a.Body))
		}
		w.OK(w.Post(sandboxtest.MemoPath, w.Bearer("mina"), "template_object", sandboxtest.HelloObject))
		if a := w.page(path, "If-None-Match", etag); a.Status != http.StatusOK {
			t.Errorf("%s after a call: status %d", path, a.Status)
		}
	}
}

func TestNoSuchPage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for path, status := range map[string]int{
		"/sandbox/": 404, "/sandbox/nope": 404, "/sandbox/assets/": 404, "/sandbox/assets/../pages.go": 404, "/sandbox/assets/pages.go": 404, "/sandbox/clock": 405,
	} {
		if a := w.page(path); a.Status != status {
			t.Errorf("%s: status %d, want %d", path, a.Status, status)
		}
	}
	if a := w.Post("/sandbox/messages", ""); a.Status != http.StatusMethodNotAllowed || a.Header.Get("Allow") != "GET" {
		t.Errorf("POST: status %d", a.Status)
	}
	for _, accept := range []string{"", "*/*", "application/json"} {
		if a := w.page("/sandbox/nope", "Accept", accept); a.Object(t)["error"] != "not_found" {
			t.Errorf("Accept %q: %s", accept, a.Body)
		}
	}
	// Its pages are no calls to Kakao.
	if calls := w.Control("GET", "calls", "")["calls"].([]any); len(calls) != 0 {
		t.Errorf("calls %v", calls)
	}
}

// TestLostInABrowser: whoever opens an address that is not there sees a page that
// leads back, and a program that asks for the same gets Kakao's kind of answer.
func TestLostInABrowser(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, c := range []struct {
		path    string
		status  int
		allowed string
	}{
		{"/sandbox/nope", 404, ""}, {"/sandbox/clock", 405, "POST"}, {"/nope/%3Cb%3E", 404, ""}, {"/v1/user/logout", 405, "POST"},
	} {
		for language, back := range map[string]string{"en": "Back to the people", "ko": "사용자 페이지로 돌아가기"} {
			a := w.page(c.path, "Accept", accept, "Accept-Language", language)
			shown := text(documentOf(t, a))
			if a.Status != c.status || a.Header.Get("Allow") != c.allowed || !strings.Contains(shown, back) || !strings.Contains(shown, c.allowed) || !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("%s in %s: status %d, Allow %q: %s", c.path, language, a.Status, a.Header.Get("Allow"), shown)
			}
			w.checkPage(t, a, language)
		}
		if a := w.page(c.path); a.Status != c.status || a.Object(t)["error"] == "" {
			t.Errorf("%s to a program: status %d, %s", c.path, a.Status, a.Body)
		}
	}
}

// TestWhatTheClockEnds is said where the tokens stand and where the clock is
// moved: whoever waits for a printed token to end would look for a fault.
func TestWhatTheClockEnds(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for language, years := range map[string]string{"en": "ten years", "ko": "10년"} {
		for _, path := range []string{"/", "/sandbox/faults"} {
			if shown := text(documentOf(t, w.page(path, "Accept-Language", language))); !strings.Contains(shown, years) {
				t.Errorf("%s in %s does not say how long the test tokens live", path, language)
			}
		}
	}
	w.Control("POST", "clock", `{"advance_seconds":21600}`)
	if a := w.Get("/v2/user/me", w.Bearer("mina")); a.Status != http.StatusOK {
		t.Errorf("the test token has ended all the same: %s", a.Body)
	}
	w.Control("POST", "clock", `{"advance_seconds":315360000}`)
	if a := w.Get("/v2/user/me", w.Bearer("mina")); a.Status != http.StatusUnauthorized {
		t.Errorf("after ten years: status %d", a.Status)
	}
}

// TestPeoplePage: tokens that no longer work are not offered.
func TestPeoplePage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	mina := func() string { return text(element(t, documentOf(t, w.page("/")), "person-mina")) }
	if shown := mina(); !strings.Contains(shown, w.Person("mina").AccessToken) || !strings.Contains(shown, sandboxtest.MinaUUID) || !strings.Contains(shown, "★ 하루") || !strings.Contains(shown, "준 (not listed)") {
		t.Errorf("mina: %s", shown)
	}
	w.OK(w.Post("/v1/user/unlink", w.Bearer("mina")))
	if shown := mina(); strings.Contains(shown, w.Person("mina").AccessToken) || !strings.Contains(shown, "not linked") {
		t.Errorf("after unlinking: %s", shown)
	}
	address, err := url.Parse(signInAs(t, documentOf(t, w.page("/")), "haru"))
	if err != nil || address.Query().Get("login_hint") != "haru@example.com" {
		t.Errorf("sign-in link %v, %v", address, err)
	}
}

// signInAs is the link by which a person signs in.
func signInAs(t *testing.T, document *html.Node, name string) string {
	t.Helper()
	for node := range element(t, document, "person-"+name).Descendants() {
		if href, _ := attribute(node, "href"); strings.HasPrefix(href, "/oauth/authorize") {
			return href
		}
	}
	t.Fatalf("%s has no link to sign in", name)
	return ""
}

// TestTheSandboxsOwnCallback: the link on the page of people leads through the
// sign-in to a command that works.
func TestTheSandboxsOwnCallback(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	b := w.Browser()
	link := signInAs(t, documentOf(t, w.page("/")), "mina")
	location := b.Submit(b.Do(w.Request(http.MethodGet, link, "", nil)), "/oauth/authorize", "action", "choose", "user", "mina").Header.Get("Location")
	path, ours := strings.CutPrefix(location, w.URL)
	if !ours {
		t.Fatalf("redirect to %s", location)
	}
	command := text(element(t, documentOf(t, w.page(path)), "command"))
	sent := url.Values{}
	for _, part := range strings.Split(command, " -d ")[1:] {
		values, err := url.ParseQuery(strings.Trim(part, "'"))
		if err != nil {
			t.Fatal(err)
		}
		for name, texts := range values {
			sent[name] = texts
		}
	}
	if !strings.HasPrefix(command, "curl -sS "+w.URL+"/oauth/token -d ") || w.OK(w.Call(http.MethodPost, "/oauth/token", "", sent))["access_token"] == "" {
		t.Errorf("command %s", command)
	}
	if page := text(documentOf(t, w.page("/sandbox/callback?error=access_denied&code=%27;reboot;%27"))); strings.Contains(page, "curl") || !strings.Contains(page, "The person has refused") {
		t.Errorf("refused: %s", page)
	}
	// Nobody else's callback is registered.
	for _, uri := range []string{"http://evil.example/sandbox/callback", w.URL + "/sandbox/callback/", w.URL + "/sandbox/callback?x=1", w.URL} {
		if a := b.Authorize("redirect_uri", uri); a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), "KOE006") {
			t.Errorf("%s: status %d", uri, a.Status)
		}
	}
}
