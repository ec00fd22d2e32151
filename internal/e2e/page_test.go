package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/browsertest"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/server"
	"github.com/kakaorpc/kakaorpc/internal/site"
)

// startWithSandbox runs a server as --sandbox does: in front of a sandbox, whose
// people its pages know.
func startWithSandbox(t *testing.T) (*runningServer, sandbox.Credentials) {
	t.Helper()
	url, keys := startSandbox(t, sandbox.Options{})
	about := site.Sandbox{URL: url}
	for _, user := range keys.Users {
		about.People = append(about.People, site.Person{Name: user.Name, About: user.About, Token: user.AccessToken})
	}
	running := startServer(t, url, map[string]string{
		"KAKAORPC_APPS_DEFAULT_CLIENT_SECRET": keys.ClientSecret, "KAKAORPC_BREAKER_FAILURES": "5", "KAKAORPC_OPS_GRPCUI": "true",
	}, server.WithSandbox(about))
	running.watch.secret(keys.ClientSecret)
	for _, user := range keys.Users {
		if user.AccessToken != "" {
			running.watch.secret(user.AccessToken)
		}
	}
	return running, keys
}

// TestPageInABrowser is a newcomer's way through the page. Whatever goes wrong
// unseen - a console error, a blocked style, a request that fails - fails it too.
func TestPageInABrowser(t *testing.T) {
	s, keys := startWithSandbox(t)
	// Two products have been called, so that there is some health to see.
	s.get(t, s.facade+"/local/v1/places:searchKeyword?query=%EC%BB%A4%ED%94%BC")
	s.get(t, s.facade+"/search/v1/books?query=%EC%82%B0%EC%B1%85")
	t.Run("light", func(t *testing.T) { s.readThePage(t, keys) })
	t.Run("dark", func(t *testing.T) { s.findAnEndpoint(t) })
	t.Run("korean", func(t *testing.T) { s.switchLanguageAndTheme(t) })
	t.Run("phone", func(t *testing.T) { s.holdAPhone(t) })
	t.Run("keyboard", func(t *testing.T) { s.useTheKeyboard(t) })
}

// readThePage: what it is, lines to paste that answer, and health.
func (s *runningServer) readThePage(t *testing.T, keys sandbox.Credentials) {
	t.Helper()
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.facade + "/")
	p.WaitText("h1", "All of Kakao")
	p.Wait(`#hosts dd[data-product=local][data-state=answering]`)
	p.Wait(`#hosts dd[data-product=talk][data-state=unknown]`)
	if command := p.Text(".command:nth-of-type(1) code"); !strings.Contains(command, s.facade+"/user/v1/me") || !strings.Contains(command, keys.Users[0].AccessToken) {
		t.Errorf("the first line to paste is %q", command)
	}
	if command := p.Text(".command:nth-of-type(3) code"); !strings.Contains(command, s.conn.Target()+" kakao.local.v1.LocalService/SearchKeyword") {
		t.Errorf("the gRPC line is %q, the server is at %s", command, s.conn.Target())
	}
	p.Screenshot("page-light")
	// A fault in what the page shows of health would stand there for hours.
	s.get(t, s.facade+"/talk/v1/friends")
	p.Go(s.facade + "/#kakao_scope_required")
	p.Wait("#kakao_scope_required:target")
	if p.Count(".error") == p.Count(".error:target") || p.Count("#kakao_rate_limited") != 0 {
		t.Error("a link to a reason opens other groups than its own")
	}
	p.Fill("#error-search", "-402 consent")
	p.WaitGone("#kakao_consent_required")
	p.Wait("#kakao_scope_required")
	p.Fill("#error-search", "no such words")
	p.Wait("#errors-nothing")
	p.Eval(`(location.hash = "kakao_rate_limited", true)`)
	p.Wait("#kakao_rate_limited") // a link to a reason wins over the search
}

func (s *runningServer) findAnEndpoint(t *testing.T) {
	t.Helper()
	p := browsertest.Open(t, browsertest.Options{Dark: true})
	p.Go(s.facade + "/")
	all := len(loadCaseFiles(t))
	if there := p.EvalString(`String(document.querySelectorAll("tr.row").length)`); there != strconv.Itoa(all) || p.Count("tr.row") != 0 {
		t.Errorf("%s rows, want %d, and %d of them stand open", there, all, p.Count("tr.row"))
	}
	p.Click("#table details[data-product=local] summary")
	p.Wait("tr.row")
	opened := p.Count("tr.row")
	for words, rpc := range map[string]string{
		"sendtome ":                      "SendToMe",                // rpc
		"/local/v1/coordinates":          "ConvertCoordinateSystem", // facade route
		"kapi.kakao.com/v2/user/me":      "GetMe",                   // Kakao's
		"holidays observances":           "ListHolidays",            // what it does
		"CALENDAR get /calendar/v1/even": "EventService/",           // several, in any case
		"daum books":                     "",                        // nothing
	} {
		p.Fill("#search", words)
		if rpc == "" {
			p.Wait("#nothing")
			continue
		}
		p.WaitText("tr.row:not([hidden]) .rpc", rpc)
		if left := p.Count("tr.row"); left == 0 || left >= all/2 {
			t.Errorf("%q leaves %d of %d rows", words, left, all)
		}
	}
	p.Fill("#search", "")
	p.WaitText("#found", strconv.Itoa(all))
	if left := p.Count("tr.row"); left != opened {
		t.Errorf("after the search %d rows stand open, before it %d", left, opened)
	}
	p.Click("#table details[open] summary")
	p.WaitGone("tr.row")
	p.Fill("#search", "message")
	p.Click(".chip[data-product=push]")
	p.WaitText("#found", "1 / ")
	p.Click(`.chip[data-product=""]`)
	p.WaitText("tr.row:not([hidden]) .rpc", "SendToMe")
	if link := p.Attribute("tr.row:not([hidden]) .links a:nth-of-type(2)", "href"); !strings.HasPrefix(link, "https://developers.kakao.com/docs/") {
		t.Errorf("the documentation of the first row is %q", link)
	}
	p.Eval(`(document.querySelector("#endpoints").scrollIntoView(), true)`)
	p.Screenshot("page-dark")
	p.Click("tr.row:not([hidden]) .links a")
	p.WaitAddress("/ui/swagger/#/")
	p.WaitText(".opblock.is-open .opblock-summary-path", "/push/v1/messages:send")
}

func (s *runningServer) switchLanguageAndTheme(t *testing.T) {
	t.Helper()
	p := browsertest.Open(t, browsertest.Options{Language: "ko-KR"})
	p.Go(s.facade + "/")
	p.WaitText("h1", "카카오의 모든 API")
	p.Wait(`#hosts dd[data-product=local][data-state=answering]`)
	p.Screenshot("page-korean")
	p.Click("#language")
	p.WaitText("h1", "All of Kakao")
	if p.Eval(`location.search !== ""`) {
		t.Errorf("the language is left in the address %s", p.Address())
	}
	p.Go(s.facade + "/ui/swagger/")
	p.WaitText("#language", "한국어") // the switch sticks, on the other pages too
	const background = `getComputedStyle(document.body).backgroundColor`
	light := p.EvalString(background)
	p.Click("#theme")
	dark := p.EvalString(background)
	p.Go(s.facade + "/")
	if again := p.EvalString(background); light == dark || again != dark {
		t.Errorf("the background was %s, after the switch %s, and on the next page %s", light, dark, again)
	}
}

func (s *runningServer) holdAPhone(t *testing.T) {
	t.Helper()
	p := browsertest.Open(t, browsertest.Options{Phone: true})
	for _, path := range []string{"/ui/swagger/", "/"} {
		p.Go(s.facade + path)
		p.Wait("#language")
		if p.ScrollsSideways() {
			t.Errorf("%s scrolls sideways on a phone", path)
		}
	}
	p.Fill("#search", "holidays")
	p.WaitText("tr.row:not([hidden]) .rpc", "ListHolidays")
	if !p.Eval(`document.querySelector("tr.row:not([hidden])").getBoundingClientRect().right <= innerWidth && document.querySelector("thead").offsetHeight === 0`) {
		t.Error("the rows of the table are no cards on a phone")
	}
	p.Go(s.facade + "/")
	p.Wait(".paste")
	if !p.Eval(`document.querySelector(".paste").getBoundingClientRect().left === document.querySelector("h1").getBoundingClientRect().left`) {
		t.Error("the card with the lines to paste stands out of its column")
	}
	if !p.Eval(`document.documentElement.scrollHeight < 6 * innerHeight`) {
		t.Errorf("the page is %s px tall", p.EvalString(`String(document.documentElement.scrollHeight)`))
	}
	p.Screenshot("page-phone")
}

// useTheKeyboard never touches the mouse.
func (s *runningServer) useTheKeyboard(t *testing.T) {
	t.Helper()
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.facade + "/")
	p.Press("Tab")
	if got := p.Focused(); got != "Skip to the content" || !p.Eval(`document.activeElement.getBoundingClientRect().top >= 0`) {
		t.Errorf("the first stop is %q, or it cannot be seen", got)
	}
	p.Press("Enter")
	if got := p.Focused(); got != "#content" {
		t.Errorf("behind the skip link is %s", got)
	}
	p.Press("Tab")
	if got := p.Focused(); got != "Try it in Swagger UI" || !p.Eval(`getComputedStyle(document.activeElement).outlineStyle === "solid"`) {
		t.Errorf("the first stop of the content is %q, or its focus cannot be seen", got)
	}
	p.Press("/")
	if got := p.Focused(); got != "#search" {
		t.Errorf("after / the focus is on %s", got)
	}
	p.Press("/talk/v1/friends") // here a slash is a slash
	p.WaitText("tr.row:not([hidden]) .rpc", "ListFriends")
	p.Press("Escape")
	p.WaitGone("tr.row")
	p.Press("Tab")
	p.Press("Tab")
	p.Press("Space")
	p.WaitText(`.chip[aria-pressed=true]`, "Login")
	p.WaitText("tr.row:not([hidden]) .rpc", "GetAuthorizeUrl")
	p.Press("Shift+Tab")
	p.Press("Enter")
	p.WaitText(`.chip[aria-pressed=true]`, "All")
	p.WaitGone("tr.row")
	tabTo(t, p, "kakao.push.v1")
	p.Press("Enter")
	p.Wait("#table details[data-product=push] tr.row")
	p.Press("Enter")
	p.WaitGone("tr.row")
}

// TestPageShowsAnOutage: the page says by itself, without being loaded again,
// that Kakao does not answer.
func TestPageShowsAnOutage(t *testing.T) {
	kakao := startKakao(t)
	kakao.answerJSON(http.StatusServiceUnavailable, `{}`)
	s := startServer(t, kakao.URL, map[string]string{"KAKAORPC_BREAKER_FAILURES": "5", "KAKAORPC_BREAKER_DELAY": "1m"})
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.facade + "/")
	p.Wait(`#hosts dd[data-product=local][data-state=unknown]`)
	for range 5 {
		s.get(t, s.facade+"/local/v1/places:searchKeyword?query=%EC%BB%A4%ED%94%BC")
	}
	p.Wait(`#hosts dd[data-product=local][data-state=failing]`)
	p.WaitText(`#hosts dd[data-product=local]`, "failing, calls held back")
	p.Wait(`#hosts dd[data-product=search][data-state=unknown]`)
	if p.Count(".people .person") != 0 || !strings.Contains(p.Text(".command code"), "ACCESS_TOKEN") {
		t.Error("without a sandbox the page knows somebody's token")
	}
}

// openOperation opens Swagger UI at an operation, by hand: a link into it scrolls
// when it likes, away from under the mouse.
func (s *runningServer) openOperation(p *browsertest.Page, service, rpc string) {
	p.Go(s.facade + "/ui/swagger/")
	p.Click("#operations-tag-" + service)
	p.Click("#operations-" + service + "-" + service + "_" + rpc + " .opblock-summary-control")
	p.Wait(".opblock.is-open .execute")
}

// TestSwaggerInABrowser signs in with a click, calls, and sees the answer; then
// with nobody signed in, the failure.
func TestSwaggerInABrowser(t *testing.T) {
	s, _ := startWithSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	s.openOperation(p, "UserService", "GetMe")
	p.Click(".person[data-name=mina]")
	p.Click(".execute")
	p.WaitText(".live-responses-table .response-col_status", "200")
	p.WaitText(".live-responses-table .highlight-code", "미나")
	p.WaitText(".curl", "authorization: Bearer test-access-token-mina")
	p.Eval(`(document.querySelector(".btn-group").scrollIntoView(), true)`)
	p.Screenshot("swagger")
	p.Expect("request answered 401: " + s.facade + "/user/v1/me")
	p.Click(`.person[data-name=""]`)
	p.Click(".execute")
	p.WaitText(".live-responses-table .response-col_status", "401")
	p.WaitText(".live-responses-table .highlight-code", "USER_TOKEN_REQUIRED")
}

// TestSwaggerShowsTheContractsTexts whole, as they were written: descriptions are
// Markdown, and long ones are cut where nobody looks.
func TestSwaggerShowsTheContractsTexts(t *testing.T) {
	s, _ := startWithSandbox(t)
	for _, phone := range []bool{false, true} {
		p := browsertest.Open(t, browsertest.Options{Phone: phone})
		s.openOperation(p, "UserService", "GetMe")
		p.WaitText(".parameters-col_description", "properties.<key>")
		p.WaitText("#operations-tag-SearchService", "stand in <b>")
		if cut := p.EvalString(`[...document.querySelectorAll(".opblock-tag small")].filter(e => !e.checkVisibility() || [e, ...e.querySelectorAll("*")].some(i => i.scrollHeight > i.clientHeight + 1 && i.clientHeight > 0)).map(e => e.parentElement.id).join(" ")`); cut != "" {
			t.Errorf("phone %v: not whole are %s", phone, cut)
		}
		if !p.Eval(`document.querySelector(".opblock-external-docs a").getBoundingClientRect().right <= document.querySelector(".opblock.is-open").getBoundingClientRect().right`) {
			t.Errorf("phone %v: the address of Kakao's documentation leaves its card", phone)
		}
		if other := p.Text(".responses-table"); strings.Contains(other, "redirect_uri") {
			t.Errorf("phone %v: a failure of GetMe is that of another rpc", phone)
		}
	}
}

// TestSignInInABrowser goes the whole way of Kakao Login with nothing but the
// pages: the authorize URL out of Swagger UI, the sandbox's login page, the code
// that comes back, the token for it, and a call with that token.
func TestSignInInABrowser(t *testing.T) {
	s, _ := startWithSandbox(t)
	const redirect = "https://shop.example.com/cb"
	p := browsertest.Open(t, browsertest.Options{})
	answer := func() map[string]any {
		t.Helper()
		p.Click(".execute")
		p.WaitText(".live-responses-table .response-col_status", "200")
		var members map[string]any
		if err := json.Unmarshal([]byte(p.Text(".live-responses-table .highlight-code .microlight")), &members); err != nil {
			t.Fatal(err)
		}
		return members
	}
	s.openOperation(p, "AuthService", "GetAuthorizeUrl")
	p.Fill(`tr[data-param-name=redirect_uri] input`, redirect)
	p.Fill(`tr[data-param-name=state] input`, "7e57-state")
	authorize, _ := answer()["url"].(string)

	p.Go(authorize)
	p.Click(`button[name=user][value=mina]`)
	back, err := url.Parse(p.Leaving())
	if err != nil || !strings.HasPrefix(back.String(), redirect+"?") || back.Query().Get("state") != "7e57-state" {
		t.Fatalf("the login page leads to %v (%v)", back, err)
	}
	code := back.Query().Get("code")
	s.watch.secret(code)

	s.openOperation(p, "AuthService", "IssueToken")
	p.Fill(".body-param__text", `{"code":"`+code+`","redirect_uri":"`+redirect+`"}`)
	issued, _ := answer()["token"].(map[string]any)
	token, _ := issued["access_token"].(string)
	if token == "" {
		t.Fatal("no access token came for the code")
	}
	s.watch.secret(token)

	s.openOperation(p, "UserService", "GetMe")
	p.Click(".btn.authorize")
	p.Fill(".auth-container input", token)
	p.Click(".auth-btn-wrapper .authorize")
	p.Click(".btn-done")
	p.Click(".execute")
	p.WaitText(".live-responses-table .highlight-code", "미나")
}

// TestGRPCUIInABrowser calls an rpc by its form, on the ops port.
func TestGRPCUIInABrowser(t *testing.T) {
	s, _ := startWithSandbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Go(s.ops + "/grpcui/")
	p.Choose("#grpc-service", "kakao.local.v1.LocalService")
	p.Choose("#grpc-method", "SearchKeyword")
	p.Click(`a[href="#grpc-request-raw-tab"]`)
	p.Fill("#grpc-request-raw-text", `{"query":"커피"}`)
	p.Click("#grpc-request-raw-tab .grpc-invoke")
	p.Wait("#grpc-response-data textarea")
	if got := p.EvalString(`document.querySelector("#grpc-response-data textarea").value`); !strings.Contains(got, "place_name") || !strings.Contains(got, "커피") {
		t.Errorf("the answer is %.200q", got)
	}
}
