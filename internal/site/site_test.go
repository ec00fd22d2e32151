package site_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/kakaorpc/kakaorpc/gen/openapi"
	"github.com/kakaorpc/kakaorpc/internal/errorsx/catalogue"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/site"
)

// options are those of a server with a sandbox, of the whole contract.
func options(t *testing.T) site.Options {
	t.Helper()
	client, err := kakao.New(kakao.Config{Overrides: service.Overrides()}, service.Descriptors()...)
	if err != nil {
		t.Fatal(err)
	}
	return site.Options{
		Version: "kakaorpc test", Contract: openapi.V2, Endpoints: client.Endpoints(), Health: client.Health, Plain: []byte("plain\n"),
		Addresses: func() site.Addresses {
			return site.Addresses{Facade: "http://localhost:8080", GRPC: "localhost:9090"}
		},
		Sandbox: &site.Sandbox{URL: "http://127.0.0.1:9900", People: []site.Person{
			{Name: "nobody", About: "has never signed in"}, {Name: `<i>"mina"`, About: "<script>", Token: `test-token-"'<b>`},
		}},
	}
}

// serve starts the pages on a real server.
func serve(t *testing.T, o site.Options) string {
	t.Helper()
	pages, err := site.New(o)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for _, page := range pages {
		path := page.Path
		if strings.HasSuffix(path, "/") {
			path += "{$}"
		}
		mux.Handle("GET "+path, page.Handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// answer is the head of one.
type answer struct {
	StatusCode int
	Header     http.Header
}

// get asks as a client that follows no redirects and decompresses nothing.
func get(t *testing.T, address string, header ...string) (answer, []byte) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header}, body
}

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestProgramsGetTextAndBrowsersAPage(t *testing.T) {
	at := serve(t, options(t))
	for accept, want := range map[string]string{
		"": "text/plain", "*/*": "text/plain", "application/json": "text/plain", "text/html;q=0": "text/plain",
		browser: "text/html", "TEXT/HTML": "text/html",
	} {
		response, body := get(t, at+"/", "Accept", accept)
		if got := response.Header.Get("Content-Type"); got != want+"; charset=utf-8" || (want == "text/plain") != (string(body) == "plain\n") {
			t.Errorf("Accept %q gives %s", accept, got)
		}
		if !slices.Contains(response.Header.Values("Vary"), "Accept") {
			t.Errorf("Vary %q: a cache would give the page to programs", response.Header.Values("Vary"))
		}
	}
}

func TestLanguages(t *testing.T) {
	at := serve(t, options(t))
	for _, row := range []struct{ accept, cookie, want string }{
		{"", "", "en"}, {"ko", "", "ko"}, {"ko-KR,ko;q=0.9,en;q=0.8", "", "ko"}, {"en;q=0.5, KO-kr;q=0.7", "", "ko"},
		{"en-GB,ko;q=0.9", "", "en"}, {"fr, de;q=0.9", "", "en"}, {"fr, ko;q=0.1", "", "ko"}, {"ko;q=0", "", "en"}, {"ko;q=x", "", "en"},
		{"en", "ko", "ko"}, {"ko", "en", "en"}, {"ko", "xx", "ko"},
	} {
		header := []string{"Accept", browser, "Accept-Language", row.accept}
		if row.cookie != "" {
			header = append(header, "Cookie", "kakaorpc_language="+row.cookie)
		}
		response, body := get(t, at+"/", header...)
		if got := response.Header.Get("Content-Language"); got != row.want || !strings.Contains(string(body), `<html lang="`+row.want+`">`) {
			t.Errorf("Accept-Language %q with cookie %q gives %s, want %s", row.accept, row.cookie, got, row.want)
		}
	}
	for _, path := range []string{"/", "/ui/swagger/"} {
		response, _ := get(t, at+path+"?language=ko", "Accept", browser)
		if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != path || !strings.HasPrefix(response.Header.Get("Set-Cookie"), "kakaorpc_language=ko; Path=/; Max-Age=31536000") {
			t.Errorf("%s?language=ko: %d %v", path, response.StatusCode, response.Header)
		}
		if response, _ = get(t, at+path+"?language=xx", "Accept", browser); response.StatusCode != http.StatusOK || response.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s?language=xx: %d %v", path, response.StatusCode, response.Header)
		}
	}
}

// paths are all pages and files.
func paths(t *testing.T) []string {
	t.Helper()
	pages, err := site.New(options(t))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, page := range pages {
		all = append(all, page.Path)
	}
	return all
}

// TestQuick: everything is compressed, is not sent twice to who has it, and is
// small.
func TestQuick(t *testing.T) {
	at := serve(t, options(t))
	most := map[string]int{"/": 40_000, "/ui/site.css": 6_000, "/ui/site.js": 4_000, "/ui/swagger/": 3_000}
	for _, path := range paths(t) {
		plain, body := get(t, at+path, "Accept", browser)
		packed, bytes := get(t, at+path, "Accept", browser, "Accept-Encoding", "br, gzip")
		if path == "/ui/health.json" || plain.StatusCode != http.StatusOK {
			continue // another one each time; a redirect
		}
		if packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" || !slices.Contains(packed.Header.Values("Vary"), "Accept-Encoding") {
			t.Errorf("%s: %v", path, packed.Header)
			continue
		}
		reader, err := gzip.NewReader(strings.NewReader(string(bytes)))
		if err != nil {
			t.Fatal(err)
		}
		if unpacked, err := io.ReadAll(reader); err != nil || string(unpacked) != string(body) {
			t.Errorf("%s is another one compressed (%v)", path, err)
		}
		t.Logf("%-36s %8d bytes, %7d compressed", path, len(body), len(bytes))
		if limit := most[path]; limit > 0 && len(bytes) > limit {
			t.Errorf("%s has %d bytes compressed, want at most %d", path, len(bytes), limit)
		}
		for _, coding := range []string{"gzip", "identity"} {
			first, _ := get(t, at+path, "Accept", browser, "Accept-Encoding", coding)
			tag := first.Header.Get("ETag")
			again, body := get(t, at+path, "Accept", browser, "Accept-Encoding", coding, "If-None-Match", `"other", W/`+tag)
			if again.StatusCode != http.StatusNotModified || len(body) != 0 || again.Header.Get("ETag") != tag || tag == "" {
				t.Errorf("%s (%s): %d with %d bytes for who has %s", path, coding, again.StatusCode, len(body), tag)
			}
		}
		if other, _ := get(t, at+path, "Accept", browser, "If-None-Match", packed.Header.Get("ETag")); other.StatusCode != http.StatusOK {
			t.Errorf("%s: the compressed form passes for the plain one", path)
		}
	}
}

// TestThePagesHoldNoCode: the policy allows no code and no style in the page,
// and nothing from elsewhere; what would break it in a browser stands here with
// its place.
func TestThePagesHoldNoCode(t *testing.T) {
	at := serve(t, options(t))
	for _, path := range []string{"/", "/ui/swagger/"} {
		response, body := get(t, at+path, "Accept", browser)
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		document, err := html.Parse(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		for node := range document.Descendants() {
			if (node.Data == "script" || node.Data == "style") && node.FirstChild != nil {
				t.Errorf("%s: code or style in the page: %q", path, node.FirstChild.Data)
			}
			for _, a := range node.Attr {
				loads := a.Key == "src" || a.Key == "href" && node.Data == "link"
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || loads && !strings.HasPrefix(a.Val, "/") {
					t.Errorf("%s: <%s %s=%q>", path, node.Data, a.Key, a.Val)
				}
			}
			if node.Type == html.ElementNode && node.Data == "i" {
				t.Errorf("%s: a person's name became markup", path)
			}
		}
	}
}

// TestEveryEndpointIsThere with its documentation, a summary, and an operation
// that the description has.
func TestEveryEndpointIsThere(t *testing.T) {
	o := options(t)
	at := serve(t, o)
	for _, language := range []string{"en", "ko"} {
		_, body := get(t, at+"/", "Accept", browser, "Accept-Language", language)
		document, err := html.Parse(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for node := range document.Descendants() {
			if node.Data != "tr" || attribute(node, "class") != "row" {
				continue
			}
			rows++
			text, links := words(node), []string{}
			for below := range node.Descendants() {
				if below.Data == "a" {
					links = append(links, attribute(below, "href"))
				}
				if below.Data == "p" && len(words(below)) < 10 {
					t.Errorf("%s: the summary is %q", text, words(below))
				}
			}
			if len(links) != 2 || !strings.HasPrefix(links[0], "/ui/swagger/#/") || !strings.HasPrefix(links[1], "https://developers.kakao.com/") {
				t.Errorf("%s: the links are %q", text, links)
			}
			_, operation, _ := strings.Cut(strings.TrimPrefix(links[0], "/ui/swagger/#/"), "/")
			if !strings.Contains(string(openapi.V2), `"operationId": "`+operation+`"`) {
				t.Errorf("%s: there is no operation %q", text, operation)
			}
		}
		if rows != len(o.Endpoints) || rows == 0 {
			t.Errorf("%d rows, want %d", rows, len(o.Endpoints))
		}
		for _, entry := range catalogue.Entries(catalogue.Language(language)) {
			if !strings.Contains(string(body), `id="`+strings.ToLower(entry.Reason)+`"`) || entry.Anchor != strings.ToLower(entry.Reason) {
				t.Errorf("%s: no anchor for %s", language, entry.Reason)
			}
		}
	}
}

// TestWhatIsClosedOpensByItself: endpoints and reasons stand in groups that a
// browser opens without JavaScript, and nothing is hidden in another way.
func TestWhatIsClosedOpensByItself(t *testing.T) {
	at := serve(t, options(t))
	_, body := get(t, at+"/", "Accept", browser)
	document, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	grouped := map[string]int{}
	for node := range document.Descendants() {
		class := attribute(node, "class")
		if class != "row" && class != "error" {
			continue
		}
		inside := false
		for above := range node.Ancestors() {
			if slices.ContainsFunc(above.Attr, func(a html.Attribute) bool { return a.Key == "hidden" }) {
				t.Errorf("%.40s is hidden", words(node))
			}
			inside = inside || above.Data == "details" && words(above.FirstChild.NextSibling) != "" && above.FirstChild.NextSibling.Data == "summary"
		}
		if inside {
			grouped[class]++
		} else {
			t.Errorf("%.40s stands in no group", words(node))
		}
	}
	if grouped["row"] == 0 || grouped["error"] == 0 {
		t.Errorf("in groups are %v", grouped)
	}
}

// TestDescriptionsAreMarkedAsEnglish: the contract's texts have one language, and
// the Korean page says so to people and to screen readers.
func TestDescriptionsAreMarkedAsEnglish(t *testing.T) {
	at := serve(t, options(t))
	_, body := get(t, at+"/", "Accept", browser, "Accept-Language", "ko")
	document, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	for node := range document.Descendants() {
		if node.Data == "p" && node.Parent.Data == "td" && attribute(node, "lang") != "en" {
			t.Errorf("not marked: %s", words(node))
		}
	}
	if !strings.Contains(string(body), "영어 원문입니다") {
		t.Error("the page does not say why the descriptions are in English")
	}
	if _, body = get(t, at+"/ui/swagger/", "Accept", browser, "Accept-Language", "ko"); !strings.Contains(string(body), `id="swagger" lang="en"`) {
		t.Error("Swagger UI is not marked as English")
	}
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(node *html.Node) string {
	var text strings.Builder
	for below := range node.Descendants() {
		if below.Type == html.TextNode {
			text.WriteString(below.Data)
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func TestHealth(t *testing.T) {
	o := options(t)
	o.Health = func() []kakao.Health {
		return []kakao.Health{
			{Host: "dapi.kakao.com", Product: "local", State: kakao.StateAnswering},
			{Host: "dapi.kakao.com", Product: "search", State: kakao.StateFailing, LookIn: 250 * time.Millisecond},
			{Host: "kapi.kakao.com", Product: "user", State: kakao.StateUnknown},
		}
	}
	response, body := get(t, serve(t, o)+"/ui/health.json")
	const want = `{"hosts":[{"host":"dapi.kakao.com","products":[{"product":"local","state":"answering"},{"product":"search","state":"failing","look_in_ms":250}]},` +
		`{"host":"kapi.kakao.com","products":[{"product":"user","state":"unknown"}]}]}` + "\n"
	if string(body) != want || response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v\n%s\nwant\n%s", response.Header, body, want)
	}
	o.Health = nil
	if _, body := get(t, serve(t, o)+"/ui/health.json"); !json.Valid(body) || string(body) != `{"hosts":[]}`+"\n" {
		t.Errorf("nobody knows: %s", body)
	}
}

// TestAContractThatDoesNotFit is refused at the start, by name.
func TestAContractThatDoesNotFit(t *testing.T) {
	o := options(t)
	o.Contract = []byte(`{"paths":{}}`)
	if _, err := site.New(o); err == nil || !strings.Contains(err.Error(), o.Endpoints[0].RPC) {
		t.Errorf("got %v", err)
	}
	o.Contract = []byte(`{`)
	if _, err := site.New(o); err == nil {
		t.Error("half a description passes")
	}
}
