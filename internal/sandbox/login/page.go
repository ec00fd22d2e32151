package login

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// setSessionCookie gives the browser a session for maxAge seconds, or with -1
// takes it away.
func setSessionCookie(answer *platform.Reply, id string, maxAge int) {
	cookie := &http.Cookie{ //nolint:gosec // Secure would keep the cookie from plain http on loopback.
		Name: sessionCookie, Value: id, MaxAge: maxAge, Path: "/oauth/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	answer.Header.Add("Set-Cookie", cookie.String())
}

// stateOnly is the query of a redirect that only echoes state.
func stateOnly(text string) url.Values {
	if text == "" {
		return nil
	}
	return url.Values{"state": {text}}
}

// errorPage is a failure for the browser.
func errorPage(r *platform.Request, e *platform.Failure) *platform.Reply {
	return platform.PageReply(e.Status, signInFrame(r.HTTP), pages.ErrorPage{Code: e.Code, Message: e.Message})
}

// signInFrame is what stands around a sign-in page.
func signInFrame(r *http.Request) pages.Frame {
	return pages.Frame{Language: platform.LanguageOf(r), Theme: pages.ThemeOf(platform.CookieText(r, platform.ThemeCookie))}
}

// translate is the parameter by which a sign-in page asks for itself in
// another language, and translateAction the action that goes with it.
const (
	translateParam  = "language"
	translateAction = "translate"
)

// signInPage is the page that a visit waits at.
func signInPage(r *platform.Request, visit *pageVisit) *platform.Reply {
	frame := signInFrame(r.HTTP)
	chosen := r.Text(translateParam)
	frame.Language = pages.LanguageOf(chosen, string(frame.Language))
	answer := platform.PageReply(http.StatusOK, frame, signInView(r.State, visit))
	if chosen != "" {
		platform.KeepChoice(answer, platform.LanguageCookie, chosen)
	}
	return answer
}

func signInView(st *platform.State, visit *pageVisit) pages.View {
	switch {
	case visit.logoutURI != "":
		return pages.LogoutPage{App: st.App.Name, Request: visit.id, Person: platform.FaceOf(visit.user), Email: visit.user.Account.Email}
	case visit.user == nil:
		return chooserView(st, visit)
	}
	return consentView(st, visit)
}

// chooserTitles are the headings by prompt.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-code-re-authentication
var chooserTitles = map[string]string{"create": "create", "login": "again", "select_account": "choose"}

// chooserView lets the person choose an account.
func chooserView(st *platform.State, visit *pageVisit) pages.View {
	page := pages.ChooserPage{App: st.App.Name, Request: visit.id, Hint: visit.ask.hint, Title: "choose"}
	for _, prompt := range visit.ask.prompts {
		page.Title = chooserTitles[prompt]
	}
	for _, u := range st.Users {
		page.Accounts = append(page.Accounts, pages.Account{
			Face: platform.FaceOf(u), Email: u.Account.Email, About: u.About, Link: u.Link.String(),
			Hinted: visit.ask.hint != "" && slices.Contains([]string{u.Account.Email, u.Account.PhoneNumber}, visit.ask.hint),
		})
	}
	return page
}

// consentView shows what the app asks for.
func consentView(st *platform.State, visit *pageVisit) pages.View {
	page := pages.ConsentPage{
		App: st.App.Name, Request: visit.id, Person: platform.FaceOf(visit.user), Email: visit.user.Account.Email,
		Channels: visit.ask.channels[:min(2, len(visit.ask.channels))], // Kakao shows at most two
	}
	for _, i := range visit.ask.itemsToAsk(st.App, visit.user) {
		page.Items = append(page.Items, pages.Box{Field: itemField + i.ID, Title: i.DisplayName, ID: i.ID, Required: i.Setting == platform.Required})
	}
	for _, t := range visit.ask.termsToAsk(st.App, visit.user) {
		page.Terms = append(page.Terms, pages.Box{Field: termField + t.Tag, Title: t.Title, ID: t.Tag, Required: t.Required})
	}
	return page
}
