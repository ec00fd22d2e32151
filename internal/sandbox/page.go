package sandbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages are the parsed page files; they are part of the program, so a file
// that does not parse cannot get past the first test.
var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// pageReply renders one page file.
func pageReply(status int, file string, data any) *reply {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, file, data); err != nil {
		return newReply(http.StatusInternalServerError, "text/plain;charset=UTF-8", []byte("sandbox page: "+err.Error()))
	}
	answer := newReply(status, plainHTML, b.Bytes())
	answer.header.Set("Cache-Control", "no-store")
	answer.header.Set("X-Frame-Options", "DENY")
	answer.header.Set("Referrer-Policy", "no-referrer")
	answer.header.Set("X-Content-Type-Options", "nosniff")
	// No form-action: browsers apply it to the redirect back to the app too.
	answer.header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	return answer
}

// redirectReply sends the browser on, with an empty body.
func redirectReply(location string) *reply {
	answer := newReply(http.StatusFound, "", nil)
	answer.header.Set("Location", location)
	answer.header.Set("Cache-Control", "no-store")
	return answer
}

// setSessionCookie gives the browser a session for maxAge seconds, or with -1
// takes it away.
func setSessionCookie(answer *reply, id string, maxAge int) {
	cookie := &http.Cookie{ //nolint:gosec // Secure would keep the cookie from plain http on loopback.
		Name: sessionCookie, Value: id, MaxAge: maxAge, Path: "/oauth/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	answer.header.Add("Set-Cookie", cookie.String())
}

// stateOnly is the query of a redirect that only echoes state.
func stateOnly(text string) url.Values {
	if text == "" {
		return nil
	}
	return url.Values{"state": {text}}
}

// errorPage is a failure for the browser.
func errorPage(e *kakaoError) *reply {
	return pageReply(e.status, "error.html", map[string]any{"Code": e.code, "Message": e.message})
}

// chooserPage lets the person choose an account.
func chooserPage(st *state, visit *pageVisit) *reply {
	type row struct {
		Name, Nickname, Email, About, Link string
		Hinted                             bool
	}
	var rows []row
	for _, u := range st.users {
		hint := visit.ask.hint
		rows = append(rows, row{
			Name: u.name, Nickname: u.account.nickname, Email: u.account.email, About: u.about, Link: u.link.String(),
			Hinted: hint != "" && (hint == u.account.email || hint == u.account.phoneNumber),
		})
	}
	return pageReply(http.StatusOK, "choose.html", map[string]any{
		"App": st.app.name, "Request": visit.id, "Users": rows, "Hint": visit.ask.hint, "Prompts": visit.ask.prompts,
	})
}

// consentPage shows what the app asks for.
func consentPage(st *state, visit *pageVisit) *reply {
	type row struct {
		Field, Title, ID, Kind string
		Required               bool
	}
	var items, terms []row
	for _, i := range visit.ask.itemsToAsk(st.app, visit.user) {
		items = append(items, row{itemField + i.id, i.displayName, i.id, i.kind, i.setting == required})
	}
	for _, t := range visit.ask.termsToAsk(st.app, visit.user) {
		terms = append(terms, row{termField + t.tag, t.title, t.tag, "", t.required})
	}
	return pageReply(http.StatusOK, "consent.html", map[string]any{
		"App": st.app.name, "Request": visit.id, "Nickname": visit.user.account.nickname, "Email": visit.user.account.email,
		"Items": items, "Terms": terms, "Channels": visit.ask.channels[:min(2, len(visit.ask.channels))], // Kakao shows at most two
	})
}

// logoutPage offers to end the session of the Kakao account too.
func logoutPage(visit *pageVisit) *reply {
	return pageReply(http.StatusOK, "logout.html", map[string]any{
		"App": appName, "Request": visit.id, "Nickname": visit.user.account.nickname, "Email": visit.user.account.email,
	})
}

// serveIndex says what this server is.
func (s *Sandbox) serveIndex(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		_ = noRoute([]string{http.MethodGet}).write(w) // the caller may have gone
		return
	}
	type control struct{ Method, Path, About string }
	var controls []control
	for _, c := range controlRoutes() {
		controls = append(controls, control{c.method, controlPrefix + c.name, c.about})
	}
	credentials := s.Credentials()
	_ = pageReply(http.StatusOK, "index.html", map[string]any{
		"App": appName, "Credentials": credentials, "Routes": s.Routes(), "Controls": controls,
		"SignIn": "/oauth/authorize?" + url.Values{
			"client_id": {testRESTKey}, "redirect_uri": {credentials.RedirectURIs[0]}, "response_type": {"code"}, "state": {"hello"},
		}.Encode(),
	}).write(w)
}
