package sandbox

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

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
func errorPage(r *request, e *kakaoError) *reply {
	return pageReply(e.status, signInFrame(r.http), pages.ErrorPage{Code: e.code, Message: e.message})
}

// signInFrame is what stands around a sign-in page.
func signInFrame(r *http.Request) pages.Frame {
	return pages.Frame{Language: languageOf(r), Theme: pages.ThemeOf(cookieText(r, themeCookie))}
}

// translate is the parameter by which a sign-in page asks for itself in
// another language, and translateAction the action that goes with it.
const (
	translateParam  = "language"
	translateAction = "translate"
)

// signInPage is the page that a visit waits at.
func signInPage(r *request, visit *pageVisit) *reply {
	frame := signInFrame(r.http)
	chosen := r.text(translateParam)
	frame.Language = pages.LanguageOf(chosen, string(frame.Language))
	answer := pageReply(http.StatusOK, frame, signInView(r.state, visit))
	if chosen != "" {
		keepChoice(answer, languageCookie, chosen)
	}
	return answer
}

func signInView(st *state, visit *pageVisit) pages.View {
	switch {
	case visit.logoutURI != "":
		return pages.LogoutPage{App: st.app.name, Request: visit.id, Person: faceOf(visit.user), Email: visit.user.account.email}
	case visit.user == nil:
		return chooserView(st, visit)
	}
	return consentView(st, visit)
}

// chooserTitles are the headings by prompt.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-code-re-authentication
var chooserTitles = map[string]string{"create": "create", "login": "again", "select_account": "choose"}

// chooserView lets the person choose an account.
func chooserView(st *state, visit *pageVisit) pages.View {
	page := pages.ChooserPage{App: st.app.name, Request: visit.id, Hint: visit.ask.hint, Title: "choose"}
	for _, prompt := range visit.ask.prompts {
		page.Title = chooserTitles[prompt]
	}
	for _, u := range st.users {
		page.Accounts = append(page.Accounts, pages.Account{
			Face: faceOf(u), Email: u.account.email, About: u.about, Link: u.link.String(),
			Hinted: visit.ask.hint != "" && slices.Contains([]string{u.account.email, u.account.phoneNumber}, visit.ask.hint),
		})
	}
	return page
}

// consentView shows what the app asks for.
func consentView(st *state, visit *pageVisit) pages.View {
	page := pages.ConsentPage{
		App: st.app.name, Request: visit.id, Person: faceOf(visit.user), Email: visit.user.account.email,
		Channels: visit.ask.channels[:min(2, len(visit.ask.channels))], // Kakao shows at most two
	}
	for _, i := range visit.ask.itemsToAsk(st.app, visit.user) {
		page.Items = append(page.Items, pages.Box{Field: itemField + i.id, Title: i.displayName, ID: i.id, Required: i.setting == required})
	}
	for _, t := range visit.ask.termsToAsk(st.app, visit.user) {
		page.Terms = append(page.Terms, pages.Box{Field: termField + t.tag, Title: t.title, ID: t.tag, Required: t.required})
	}
	return page
}
