package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// pageVisit is a page that waits for a person's answer. Its ID is the page's
// hidden field, so that only the page itself can answer.
type pageVisit struct {
	id      string
	expires time.Time

	ask      *authorization // a sign-in
	user     *user          // chosen, or nil
	authTime time.Time

	logoutURI string // a logout
}

const (
	visitLife = 30 * time.Minute
	maxVisits = 1000 // pages and sessions remembered at once
)

// newVisit remembers a page.
func (s *state) newVisit(v *pageVisit) *pageVisit {
	s.dropExpired(s.now())
	makeRoom(s.pages)
	v.id, v.expires = randomText(24), s.now().Add(visitLife)
	s.pages[v.id] = v
	return v
}

// makeRoom drops any one entry of a full map.
func makeRoom[V any](m map[string]V) {
	if len(m) < maxVisits {
		return
	}
	for key := range m {
		delete(m, key)
		return
	}
}

const (
	itemField = "scope." // prefix of a consent item's check box
	termField = "terms." // prefix of a service term's check box
)

// consentParams is the form of both steps of the sign-in page. Check boxes
// have a name each, as no parameter may repeat.
func consentParams() []param {
	params := []param{
		{name: "request", kind: text(), required: true},
		{name: "action", kind: enum("choose", "agree", "cancel", translateAction), required: true},
		{name: translateParam, kind: enum(string(pages.English), string(pages.Korean))},
		{name: "user", kind: text()},
		{name: "stay", kind: enum("on")},
	}
	for _, item := range seedItems() {
		params = append(params, param{name: itemField + item.id, kind: enum("on")})
	}
	for _, term := range seedTerms() {
		params = append(params, param{name: termField + term.tag, kind: enum("on")})
	}
	return params
}

// postAuthorize is the answer of the sign-in page.
func postAuthorize(r *request) (any, *kakaoError) {
	st := r.state
	visit := st.pages[r.text("request")]
	if visit == nil || visit.ask == nil || !r.now.Before(visit.expires) {
		return nil, newFailure("KOE204", "this page is no longer valid; start the sign-in again")
	}
	switch r.text("action") {
	case "cancel":
		delete(st.pages, visit.id)
		return visit.ask.refuse("access_denied", "User denied access"), nil
	case "choose":
		return chooseUser(r, visit)
	case translateAction:
		return signInPage(r, visit), nil
	}
	return agree(r, visit)
}

// chooseUser logs the browser in to the chosen account.
func chooseUser(r *request, visit *pageVisit) (any, *kakaoError) {
	st := r.state
	visit.user = st.userByName(r.text("user"))
	if visit.user == nil {
		return nil, newFailure("KOE204", "no such account in this sandbox: "+r.text("user"))
	}
	life := shortSession
	if r.has("stay") {
		life = longSession
	}
	makeRoom(st.sessions)
	id := randomText(24)
	st.sessions[id] = &session{user: visit.user, loggedIn: r.now, expires: r.now.Add(life)}
	visit.authTime = r.now
	answer := consentOrGrant(r, visit)
	setSessionCookie(answer, id, int(life.Seconds()))
	return answer, nil
}

// consentOrGrant shows the consent screen if there is something to ask.
func consentOrGrant(r *request, visit *pageVisit) *reply {
	st := r.state
	if visit.ask.silent(st.app, visit.user) {
		delete(st.pages, visit.id)
		return st.grant(visit.ask, visit.user, nil, nil, visit.authTime)
	}
	return signInPage(r, visit)
}

// agree takes the ticked boxes. Required ones must be among them.
func agree(r *request, visit *pageVisit) (any, *kakaoError) {
	st, ask, u := r.state, visit.ask, visit.user
	if u == nil {
		return nil, newFailure("KOE204", "choose an account first")
	}
	var items, terms []string
	for _, item := range ask.itemsToAsk(st.app, u) {
		if r.has(itemField + item.id) {
			items = append(items, item.id)
		} else if item.setting == required {
			return nil, newFailure("KOE203", "required consent item is missing: "+item.id)
		}
	}
	for _, term := range ask.termsToAsk(st.app, u) {
		if r.has(termField + term.tag) {
			terms = append(terms, term.tag)
		} else if term.required {
			return nil, newFailure("KOE203", "required service term is missing: "+term.tag)
		}
	}
	delete(st.pages, visit.id)
	return st.grant(ask, u, items, terms, visit.authTime), nil
}

// logoutParams is the parameter table of GET /oauth/logout.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#logout-of-service-and-kakaoaccount
func logoutParams() []param {
	return []param{
		{name: "client_id", kind: text(), required: true},
		{name: "logout_redirect_uri", kind: text(), required: true},
		{name: "state", kind: text()},
	}
}

// getLogoutPage is GET /oauth/logout: a choice for a browser that is logged in,
// the redirect at once for one that is not.
func getLogoutPage(r *request) (any, *kakaoError) {
	if e := checkClientID(r.state.app, r.text("client_id")); e != nil {
		return nil, e
	}
	uri := r.text("logout_redirect_uri")
	if !slices.Contains(r.state.app.logoutRedirectURIs, uri) {
		return nil, newFailure("KOE007", "")
	}
	back := withQuery(uri, stateOnly(r.text("state")))
	s := r.state.session(r.http)
	if s == nil {
		return redirectReply(back), nil
	}
	return signInPage(r, r.state.newVisit(&pageVisit{logoutURI: back, user: s.user})), nil
}

// postLogoutPage is the answer of the logout page. The app's tokens stay: the
// service logs its user out by itself.
func postLogoutPage(r *request) (any, *kakaoError) {
	st := r.state
	visit := st.pages[r.text("request")]
	if visit == nil || visit.logoutURI == "" || !r.now.Before(visit.expires) {
		return nil, newFailure("KOE204", "this page is no longer valid; start the logout again")
	}
	if r.text("action") == translateAction {
		return signInPage(r, visit), nil
	}
	delete(st.pages, visit.id)
	answer := redirectReply(visit.logoutURI)
	if r.text("action") == "account" {
		s := st.session(r.http)
		maps.DeleteFunc(st.sessions, func(_ string, other *session) bool { return other == s })
		setSessionCookie(answer, "", -1)
	}
	return answer, nil
}

// pageRoutes are the two browser routes, and the forms of their pages.
func pageRoutes() []route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	return []route{
		{methods: get, host: kauthHost, path: "/oauth/authorize", html: true, params: authorizeParams(), handle: getAuthorize},
		{methods: post, host: kauthHost, path: "/oauth/authorize", html: true, internal: true, params: consentParams(), handle: postAuthorize},
		{methods: get, host: kauthHost, path: "/oauth/logout", html: true, params: logoutParams(), handle: getLogoutPage},
		{methods: post, host: kauthHost, path: "/oauth/logout", html: true, internal: true, handle: postLogoutPage, params: []param{
			{name: "request", kind: text(), required: true},
			{name: "action", kind: enum("service", "account", translateAction), required: true},
			{name: translateParam, kind: enum(string(pages.English), string(pages.Korean))},
		}},
	}
}
