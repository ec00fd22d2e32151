package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// A browser that outlives its test would show here, and as a process.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site serves documents by their path. What else is asked for does not exist.
func site(t *testing.T, documents map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		document, ok := documents[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><p id="language">%s</p>%s`, r.Header.Get("Accept-Language"), document)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAPersonAtAPage(t *testing.T) {
	at := site(t, map[string]string{
		"/": `<form action="/next"><label>name <input name="name" id="name"></label><button>go</button></form>
			<select id="kind"><option>one<option>two</select><output id="chosen"></output>
			<script>document.querySelector("#kind").onchange = e => document.querySelector("#chosen").textContent = e.target.value</script>`,
		"/next": `<h1>next</h1><input id="search"><script>document.onkeydown = e => { if (e.key === "/" && e.target === document.body) { e.preventDefault(); document.querySelector("#search").focus() } }</script>`,
	})
	p := Open(t, Options{Language: "ko-KR"})
	p.Go(at + "/")
	if got := p.Text("#language"); !strings.HasPrefix(got, "ko-KR") {
		t.Errorf("Accept-Language is %q, want ko-KR", got)
	}
	p.Choose("#kind", "two")
	p.WaitText("#chosen", "two")
	p.Press("Tab")
	if got := p.Focused(); got != "#name" {
		t.Errorf("after Tab the focus is on %s", got)
	}
	p.Press("커피 Mina")
	p.Press("Enter")
	p.WaitText("h1", "next")
	p.WaitAddress("name=%EC%BB%A4%ED%94%BC+Mina")
	p.Press("/")
	p.Press("a/b")
	p.Press("Backspace")
	p.Type("#search", "c")
	if got := p.EvalString(`document.querySelector("#search").value`); got != "a/c" {
		t.Errorf("the keys wrote %q", got)
	}
	p.Fill("#search", "d")
	if got := p.EvalString(`document.querySelector("#search").value`); got != "d" {
		t.Errorf("filled with %q", got)
	}
	if p.Count("h1") != 1 || p.Count("form") != 0 || p.ScrollsSideways() {
		t.Errorf("%d headings and %d forms, sideways %v", p.Count("h1"), p.Count("form"), p.ScrollsSideways())
	}
}

func TestAPhoneInTheDark(t *testing.T) {
	p := Open(t, Options{Phone: true, Dark: true})
	p.Go(site(t, map[string]string{"/": `<div style="width:500px">wide</div>`}) + "/")
	if !p.Eval(`innerWidth >= 390 && screen.width === 390 && matchMedia("(prefers-color-scheme: dark)").matches && navigator.maxTouchPoints > 0`) {
		t.Error("the page does not see a phone")
	}
	if !p.ScrollsSideways() {
		t.Error("a page wider than the phone was not noticed")
	}
}

// Each of these would otherwise pass unnoticed in every test of a page.
func TestWrongPagesAreNoticed(t *testing.T) {
	at := site(t, map[string]string{
		"/console":   `<script>console.error("a word", 7)</script>`,
		"/exception": `<script>setTimeout(() => nowhere.to.be.found, 0)</script>`,
		"/promise":   `<script>Promise.reject(new Error("broken word"))</script>`,
		"/missing":   `<img src="/no-such-picture.png">`,
		"/refused":   `<script>fetch("http://127.0.0.1:1/").catch(() => {})</script>`,
		"/leaving":   `<img src="https://kakaorpc.example/pixel.png">`,
		"/policy":    `<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script>1</script>`,
	})
	p := Open(t, Options{})
	for path, want := range map[string]string{
		"/console":   "console: a word 7",
		"/exception": "nowhere is not defined",
		"/promise":   "broken word",
		"/missing":   "request answered 404: " + at + "/no-such-picture.png",
		"/refused":   "request failed with net::ERR",
		"/leaving":   "request leaves this machine: https://kakaorpc.example/pixel.png",
		"/policy":    "Content Security Policy",
	} {
		p.Go(at + path)
		noticed := func() bool { return strings.Contains(strings.Join(p.watch.verdict(), "\n"), want) }
		for since := time.Now(); !noticed() && time.Since(since) < actionTimeout; {
			time.Sleep(20 * time.Millisecond)
		}
		if !noticed() {
			t.Errorf("%s: %q was not noticed, only %q", path, want, p.watch.verdict())
		}
	}
	if left := p.Leaving(); left != "https://kakaorpc.example/pixel.png" || strings.Contains(strings.Join(p.watch.verdict(), "\n"), left) {
		t.Errorf("left for %q, and the verdict is %q", left, p.watch.verdict())
	}
	p.watch.problems = nil
	p.Expect("no such problem")
	if verdict := p.watch.verdict(); len(verdict) != 1 {
		t.Errorf("an expected problem that did not happen: %q", verdict)
	}
	p.watch.expected = nil
}

func TestNoBrowser(t *testing.T) {
	for _, test := range []struct{ ci, want string }{{"", "skipped"}, {"true", "failed"}} {
		t.Setenv("CI", test.ci)
		t.Setenv("PATH", t.TempDir())
		r := &recorder{TB: t}
		func() {
			defer func() { _ = recover() }()
			Open(r, Options{})
		}()
		if r.ended != test.want {
			t.Errorf("without a browser and CI=%q the test %s, want %s", test.ci, r.ended, test.want)
		}
	}
}

// recorder is a test that notes how it ended.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Skip(...any)  { r.ended = "skipped"; panic(r) }
func (r *recorder) Fatal(...any) { r.ended = "failed"; panic(r) }

func TestPicturesAreCompared(t *testing.T) {
	page := func(port, more string) string {
		return `<style>body{font:16px sans-serif;margin:40px}</style><h1>A page</h1><p>It listens on port ` + port + `.</p><table>` + strings.Repeat(`<tr><td>row<td>cell`, 10) + more + `</table>`
	}
	at := site(t, map[string]string{
		"/":        page("40001", ""),
		"/port":    page("58263", ""),
		"/changed": page("40001", strings.Repeat(`<tr><td>one more row of the table<td>which nobody photographed`, 3)),
		"/dark":    page("40001", `<style>body{background:#111;color:#eee}</style>`),
	})
	t.Chdir(t.TempDir())
	if err := os.WriteFile("go.mod", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := Open(t, Options{})
	r := &recordedErrors{TB: t}
	p.tb = r
	shoot := func(path string) string {
		r.text = ""
		p.Go(at + path)
		p.Screenshot("page")
		return r.text
	}
	t.Setenv(updateVariable, "true")
	if text := shoot("/"); text != "" {
		t.Fatal(text)
	}
	t.Setenv(updateVariable, "")
	for path, same := range map[string]bool{"/": true, "/port": true, "/changed": false, "/dark": false} {
		if text := shoot(path); (text == "") != same {
			t.Errorf("%s: same is to be %v, but: %q", path, same, text)
		}
	}
}

// recordedErrors is a test whose errors are looked at.
type recordedErrors struct {
	testing.TB
	text string
}

func (r *recordedErrors) Errorf(format string, args ...any) { r.text += fmt.Sprintf(format, args...) }
