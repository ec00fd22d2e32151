package e2e

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/browsertest"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

// pageSandbox is a sandbox whose pages a browser looks at. Its clock stands, so
// that the pictures in the documents do not change with the day.
type pageSandbox struct {
	t    *testing.T
	url  string
	keys sandbox.Credentials
}

func startPageSandbox(t *testing.T) *pageSandbox {
	t.Helper()
	url, keys := startSandbox(t, sandbox.Options{Clock: func() time.Time { return time.Date(2026, 3, 4, 1, 2, 3, 0, time.UTC) }})
	return &pageSandbox{t: t, url: url, keys: keys}
}

// send calls Kakao's API as an app would, and returns status and body.
func (s *pageSandbox) send(method, path, authorization, contentType, body string) (int, string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// post sends a form for a person, or with "" for the admin, which must succeed.
func (s *pageSandbox) post(person, path string, pairs ...string) {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	authorization := "KakaoAK " + s.keys.AdminKey
	if person != "" {
		authorization = s.bearer(person)
	}
	if status, answer := s.send(http.MethodPost, path, authorization, "application/x-www-form-urlencoded", form.Encode()); status != http.StatusOK {
		s.t.Fatalf("%s: HTTP %d, %s", path, status, answer)
	}
}

func (s *pageSandbox) bearer(person string) string {
	s.t.Helper()
	for _, user := range s.keys.Users {
		if user.Name == person {
			return "Bearer " + user.AccessToken
		}
	}
	s.t.Fatalf("nobody is called %s", person)
	return ""
}

// memo has mina write to herself.
func (s *pageSandbox) memo(object string) {
	s.t.Helper()
	s.post("mina", "/v2/api/talk/memo/default/send", "template_object", object)
}

// link is how a person stands to the app.
func (s *pageSandbox) link(person string) string {
	s.t.Helper()
	_, answer := s.send(http.MethodGet, "/__sandbox__/state", "", "", "")
	var state struct {
		Users []struct{ Name, Link string }
	}
	if err := json.Unmarshal([]byte(answer), &state); err != nil {
		s.t.Fatal(err)
	}
	for _, user := range state.Users {
		if user.Name == person {
			return user.Link
		}
	}
	return ""
}

// backToTheApp is where sign-ins of these tests end. The name leads nowhere, and
// the browser is on its way there when it has left the sandbox.
const backToTheApp = "https://shop.example.com/cb"

func (s *pageSandbox) signInAddress(more string) string {
	return s.url + "/oauth/authorize?" + url.Values{
		"client_id": {s.keys.RESTKey}, "redirect_uri": {backToTheApp}, "response_type": {"code"}, "state": {"s1"},
	}.Encode() + more
}

// tabTo presses Tab until the focus is on what holds a text.
func tabTo(t *testing.T, p *browsertest.Page, part string) {
	t.Helper()
	for range 40 {
		p.Press("Tab")
		if strings.Contains(p.Focused(), part) {
			return
		}
	}
	t.Fatalf("40 times Tab, and the focus is on %q instead of %q", p.Focused(), part)
}

// TestSandboxSignInByKeyboard: a person who has no mouse chooses an account,
// leaves one box unticked, and agrees.
func TestSandboxSignInByKeyboard(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Expect("request leaves this machine: " + backToTheApp + "?code=")
	p.Go(s.signInAddress(""))
	p.WaitText(".ribbon", "not Kakao")
	p.Screenshot("sandbox-login")
	tabTo(t, p, "bomi@example.com")
	p.Press("Enter")
	p.WaitText("h1", "asks for your consent")
	for range 40 {
		if p.Eval(`document.activeElement.name === "scope.gender"`) {
			break
		}
		p.Press("Tab")
	}
	p.Press("Space")
	tabTo(t, p, "Agree and continue")
	p.Press("Enter")
	p.WaitAddress("chrome-error")
	if link := s.link("bomi"); link != "linked" {
		t.Errorf("bomi is %s", link)
	}
	p.Go(s.url + "/")
	p.WaitText("#person-bomi .tag", "linked")
	p.Click("#person-bomi details summary")
	p.WaitText("#person-bomi dl", "Birthday")
	if strings.Contains(p.Text("#person-bomi"), "Gender") {
		t.Error("bomi agreed to what she unticked")
	}
}

// TestSandboxSignInRefused: whoever cancels goes back to the app with an error,
// in whatever language.
func TestSandboxSignInRefused(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{Phone: true, Language: "ko-KR"})
	p.Expect("request leaves this machine: " + backToTheApp + "?error=access_denied")
	p.Go(s.signInAddress("&login_hint=bomi@example.com"))
	p.WaitText(".ribbon", "실제 카카오가 아닙니다")
	if got := p.Focused(); !strings.Contains(got, "bomi@example.com") {
		t.Errorf("the app named bomi, and the focus is on %q", got)
	}
	p.Press("Enter")
	p.WaitText("h1", "동의를 요청합니다")
	p.Click(".language button")
	p.WaitText("h1", "asks for your consent")
	if p.ScrollsSideways() {
		t.Error("the page scrolls sideways")
	}
	p.Click("button[value=cancel]")
	p.WaitAddress("chrome-error")
	if link := s.link("bomi"); link != "unlinked" {
		t.Errorf("bomi is %s", link)
	}
}

// TestSandboxMessagesPage: what an app sends appears by itself, on a page that
// is open already.
func TestSandboxMessagesPage(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.url + "/sandbox/messages")
	p.WaitText("#messages", "No messages yet")
	s.memo(`{"object_type":"list","header_title":"이번 주의 책","header_link":{"web_url":"https://shop.example.com"},"contents":[{"title":"강변의 오후","description":"단편집","image_url":"https://shop.example.com/1.jpg","link":{}},{"title":"나루의 겨울","description":"장편","image_url":"https://shop.example.com/2.jpg","link":{}}]}`)
	p.WaitText(".kind-list", "강변의 오후")
	p.WaitGone("#nothing")
	p.Click("#messages details summary") // stays open while others arrive
	s.post("mina", "/v1/api/talk/friends/message/send", "receiver_uuids", `["aGFydS1zYW5kYm94LXV1aWQtMDAwMw"]`, "template_id", "70001", "template_args", `{"order":"A-17","eta":"14:30"}`)
	p.WaitText(".kind-custom", "주문 A-17: 14:30 도착 예정")
	p.WaitText("#messages pre", "header_title")
	s.memo(`{"object_type":"commerce","content":{"title":"봄맞이 할인","image_url":"https://shop.example.com/umbrella.jpg","link":{"web_url":"https://shop.example.com"}},"commerce":{"product_name":"튼튼한 우산","regular_price":28000,"discount_price":21000,"discount_rate":25},"buttons":[{"title":"구매하기","link":{"web_url":"https://shop.example.com"}}]}`)
	p.WaitText(".price", "21,000원")
	s.post("haru", "/v1/api/talk/friends/message/default/send", "receiver_uuids", `["bWluYS1zYW5kYm94LXV1aWQtMDAwMQ"]`,
		"template_object", `{"object_type":"text","text":"고마워요! 내일 오후에 봐요.","link":{"web_url":"https://shop.example.com"},"button_title":"배송 조회"}`)
	p.WaitText(".kind-text", "내일 오후에 봐요.")
	p.WaitText("#navigation [aria-current] .count", "4")
	p.Reload()
	p.Screenshot("sandbox-messages")
	p.Click(".choices li:last-child a")
	p.WaitAddress("person=haru")
	if p.Count(".message") != 2 {
		t.Errorf("haru has %d messages, want 2", p.Count(".message"))
	}
}

func TestSandboxCalendarPage(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	s.post("mina", "/v2/api/calendar/create/event", "event",
		`{"title":"빵집 시식회","time":{"start_at":"2026-03-12T05:00:00Z","end_at":"2026-03-12T06:30:00Z","time_zone":"Asia/Seoul","all_day":false,"lunar":false},"color":"PINK"}`)
	p.Go(s.url + "/sandbox/calendar")
	p.WaitText(".month", "14:00 빵집 시식회")
	p.WaitText(".month .today", "강변 산책")
	if !p.Eval(`(e => e.querySelector("b").getBoundingClientRect().left - e.getBoundingClientRect().left < 40)(document.querySelector(".undated li"))`) {
		t.Error("the title of a task without a date is far from its box")
	}
	p.Screenshot("sandbox-calendar")
	p.Click(".month a.colour-PINK")
	p.WaitText(".agenda li:target", "14:00–15:30")
	p.Click("a[rel=next]")
	p.WaitText(".monthhead", "April 2026")
	if strings.Contains(p.Text("main"), "빵집 시식회") {
		t.Error("an event of March stands in April")
	}
}

func TestSandboxFilesAndPushPages(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{Dark: true})
	admin := "KakaoAK " + s.keys.AdminKey
	status, created := s.send(http.MethodPost, "/v1/talkchannel/create/target_user_file", admin, "application/json",
		`{"channel_public_id":"_sandboxshop","file_name":"봄 단골","schema":{"등급":"string"}}`)
	var file struct {
		ID json.Number `json:"file_id"`
	}
	if err := json.Unmarshal([]byte(created), &file); err != nil || status != http.StatusOK {
		t.Fatalf("HTTP %d, %s, %v", status, created, err)
	}
	if status, answer := s.send(http.MethodPost, "/v1/talkchannel/update/target_users", admin, "application/json",
		`{"file_id":`+file.ID.String()+`,"channel_public_id":"_sandboxshop","user_type":"app","users":[{"id":"3177000001","field":{"등급":"금"}}]}`); status != http.StatusOK {
		t.Fatalf("HTTP %d, %s", status, answer)
	}
	p.Go(s.url + "/sandbox/files")
	p.WaitText("#file-"+file.ID.String(), "봄 단골")
	p.WaitText("#file-"+file.ID.String()+" td", "미나")
	p.WaitText("#file-"+file.ID.String()+" td", "금")

	p.Go(s.url + "/sandbox/push")
	p.WaitText("#pushes", "No notification yet")
	s.post("", "/v2/push/send", "uuids", `["3177000001"]`, "push_message", `{"for_fcm":{"custom_field":{"title":"주문","body":"우산이 출발했습니다"}}}`)
	p.WaitText(".notification", "우산이 출발했습니다")
}

// TestSandboxRequestsPage: the history of calls with an error among them, and
// the filter.
func TestSandboxRequestsPage(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.url + "/sandbox/requests")
	p.WaitText("#requests", "No requests yet")
	s.send(http.MethodGet, "/v2/user/me", s.bearer("mina"), "", "")
	s.send(http.MethodGet, "/v2/local/search/keyword.json?query="+url.QueryEscape("커피"), "KakaoAK "+s.keys.RESTKey, "", "")
	s.memo(`{"object_type":"text","text":"안녕하세요","link":{}}`)
	s.send(http.MethodPost, "/v2/api/talk/memo/default/send", s.bearer("joon"), "application/x-www-form-urlencoded", "template_object={}")
	s.send(http.MethodGet, "/v1/user/ids", s.bearer("haru"), "", "")
	p.WaitText("#requests li:first-child", "/v1/user/ids")
	p.Click("#requests li:nth-child(2) summary")
	p.WaitText("#requests details[open]", "talk_message")
	p.WaitText("#requests details[open] summary", "-402")
	s.send(http.MethodGet, "/v2/local/geo/coord2address.json?x=127&y=37.5", "KakaoAK "+s.keys.RESTKey, "", "")
	p.WaitText("#requests li:first-child", "coord2address")
	p.WaitText("#requests details[open] summary", "-402") // what was open is open still
	s.send(http.MethodGet, "/v2/local/search/keyword.json", "KakaoAK "+s.keys.RESTKey, "", "")
	p.WaitText("#requests li:first-child", "MissingParameter")
	if !p.Eval(`new Set([...document.querySelectorAll(".outcome")].map(e => e.getBoundingClientRect().left)).size === 1`) {
		t.Error("the outcomes stand in no column")
	}
	p.Screenshot("sandbox-requests")
	if text := p.Text("body"); strings.Contains(text, "test-access-token") || strings.Contains(text, s.keys.RESTKey) {
		t.Error("the page shows a credential")
	}

	p.Choose("select[name=only]", "errors")
	p.WaitAddress("only=errors")
	p.WaitText("#shown", "3 of 7")
	p.Press("/")
	p.Press("402")
	p.Press("Enter")
	p.WaitAddress("text=402")
	p.WaitText("#shown", "1 of 7")
	p.Click("form[action='/sandbox/requests/clear'] button")
	p.WaitText("#requests", "No requests yet")

	p.Click("[data-pause]")
	s.send(http.MethodGet, "/v2/user/me", s.bearer("mina"), "", "")
	time.Sleep(2 * time.Second) // longer than the page waits
	p.WaitText("#requests", "No requests yet")
	p.Click("[data-pause]")
	p.WaitText("#requests", "/v2/user/me")
}

// TestSandboxFaultsPage arms a fault by the form and sees it fire.
func TestSandboxFaultsPage(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.url + "/sandbox/faults")
	p.WaitText("#faults", "No fault is armed")
	p.Choose("select[name=route]", "GET /v2/user/me")
	if p.Count("input[name='http.status']") != 0 {
		t.Error("fields of an effect that is not chosen are to be seen")
	}
	p.Click("input[value=http]")
	p.Click("main form.arm button.main")
	p.WaitText(".notice", "The fault is armed")
	p.WaitText("#faults", "GET /v2/user/me")
	if status, answer := s.send(http.MethodGet, "/v2/user/me", s.bearer("mina"), "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("HTTP %d, %s", status, answer)
	}
	p.WaitText("#faults tr.spent", "1") // by itself
	if status, answer := s.send(http.MethodGet, "/v2/user/me", s.bearer("mina"), "", ""); status != http.StatusOK {
		t.Errorf("the fault was armed once: HTTP %d, %s", status, answer)
	}
	p.Go(s.url + "/sandbox/requests?only=faults")
	p.WaitText("#requests li:first-child summary", "503")
	p.Click("#requests summary")
	p.WaitText("#requests", "Another HTTP answer")

	p.Expect("request answered 400")
	p.Go(s.url + "/sandbox/faults")
	p.Type("input[name=times]", "x")
	p.Click("main form.arm button.main")
	p.WaitText(".notice.bad", "times:")
	if got := p.EvalString(`document.querySelector("input[name=times]").value`); !strings.Contains(got, "x") {
		t.Errorf("the form forgot what was typed: %q", got)
	}

	p.Click("button[value='21600']")
	p.WaitText(".now", "16:02:03")
	if status, _ := s.send(http.MethodGet, "/v2/user/me", s.bearer("mina"), "", ""); status != http.StatusOK {
		t.Errorf("the printed token ended with the clock: HTTP %d", status)
	}
	p.Click("button.danger")
	p.WaitText(".notice", "as it was at the start")
	p.WaitText(".now", "10:02:03")
	p.WaitText("#faults", "No fault is armed")
}

// toolPages are the sandbox's pages for developers.
var toolPages = []string{"/", "/sandbox/messages", "/sandbox/calendar", "/sandbox/files", "/sandbox/push", "/sandbox/requests", "/sandbox/faults", "/sandbox/callback?code=abc"}

// ground is the colour of the page.
const ground = `getComputedStyle(document.body).backgroundColor`

// TestSandboxPagesOnAPhone: in both languages, nothing is wider than the screen,
// and what is pressed is large enough for a finger.
func TestSandboxPagesOnAPhone(t *testing.T) {
	s := startPageSandbox(t)
	s.memo(`{"object_type":"text","text":"` + strings.Repeat("가", 100) + strings.Repeat("W", 100) + `","link":{}}`)
	s.send(http.MethodGet, "/v2/user/me", s.bearer("mina"), "", "")
	s.send(http.MethodGet, "/v2/local/search/keyword.json", "KakaoAK "+s.keys.RESTKey, "", "")
	s.send(http.MethodPost, "/__sandbox__/faults", "", "", `{"route":"GET /v1/api/calendar/task/records","times":0,"http":{"status":503,"body":"`+strings.Repeat("x", 300)+`"}}`)
	for _, language := range []string{"en-US", "ko-KR"} {
		p := browsertest.Open(t, browsertest.Options{Phone: true, Language: language})
		for _, path := range append(toolPages, strings.TrimPrefix(s.signInAddress(""), s.url)) {
			p.Go(s.url + path)
			p.Eval(`(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
			if p.ScrollsSideways() {
				t.Errorf("%s in %s scrolls sideways", path, language)
			}
			if cut := p.EvalString(`[...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText).join("\n")`); cut != "" {
				t.Errorf("%s in %s cuts a table off: %s", path, language, cut)
			}
			if broken := p.EvalString(`[...document.querySelectorAll(".requests .path")].flatMap(e => [...e.childNodes]).filter(n => n.nodeType === Node.TEXT_NODE && (r => (r.selectNode(n), r.getClientRects().length > 1))(new Range())).map(n => n.data).join(" ")`); broken != "" {
				t.Errorf("%s in %s breaks a path within %s", path, language, broken)
			}
			if got := p.EvalString(`document.documentElement.lang`); got != language[:2] {
				t.Errorf("%s in %s is in %s", path, language, got)
			}
			if small := p.EvalString(`[...document.querySelectorAll("nav a, main button, main select, main input")].filter(e => e.checkVisibility() && !e.classList.contains("copy") && e.type !== "checkbox" && e.type !== "radio" && e.getBoundingClientRect().height < 28).map(e => e.outerHTML).join("\n")`); small != "" {
				t.Errorf("%s in %s: too small for a finger: %s", path, language, small)
			}
		}
	}
}

// TestSandboxPagesSwitch: language and theme are kept from page to page, and go
// before the system's.
func TestSandboxPagesSwitch(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{Dark: true})
	p.Go(s.url + "/sandbox/files")
	dark := p.EvalString(ground)
	p.Click(".to-light")
	p.WaitAddress("/sandbox/files")
	p.Wait(".to-dark")
	if light := p.EvalString(ground); light == dark {
		t.Errorf("light and dark are both %s", light)
	}
	p.Click("button[value=ko]")
	p.WaitText("h1", "고객파일")
	p.Go(s.url + "/sandbox/requests?only=errors")
	p.WaitText("h1", "요청")
	p.Wait(".to-dark")
	p.Click(".to-dark")
	p.WaitAddress("only=errors")
	p.Wait(".to-light")
	if again := p.EvalString(ground); again != dark {
		t.Errorf("dark is %s, was %s", again, dark)
	}
	p.Click("button[value=en]")
	p.WaitText("h1", "Requests")
}

// TestSandboxPeoplePage: the first Tab leads past the navigation, a sign-in ends
// where an app would stand, and a token is copied with one press.
func TestSandboxPeoplePage(t *testing.T) {
	s := startPageSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.url + "/")
	p.Press("Tab")
	if got := p.Focused(); got != "Skip to the content" {
		t.Errorf("the first Tab leads to %q", got)
	}
	p.Press("Enter")
	tabTo(t, p, "Try signing in")
	p.Press("Enter")
	p.Click("button[value=mina]")
	p.WaitAddress("/sandbox/callback?code=")
	p.WaitText("#command", "grant_type=authorization_code")
	p.Go(s.url + "/")
	p.Click("#person-mina dd:nth-of-type(2) .copy")
	p.WaitText("#spoken", "Copied")
	if got := p.Attribute("#person-mina dd:nth-of-type(2) .copy", "data-copy"); got != strings.TrimPrefix(s.bearer("mina"), "Bearer ") {
		t.Errorf("copied %q", got)
	}
}
