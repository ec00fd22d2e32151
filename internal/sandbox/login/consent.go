package login

import (
	"maps"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// pageVisit is a page that waits for a person's answer. Its ID is the page's
// hidden field, so that only the page itself can answer.
type pageVisit struct {
	id      string
	expires time.Time

	ask      *authorization // a sign-in
	user     *platform.User // chosen, or nil
	authTime time.Time

	logoutURI string // a logout
}

const (
	visitLife = 30 * time.Minute
	maxVisits = 1000 // pages and sessions remembered at once
)

// newVisit remembers a page.
func newVisit(s *platform.State, v *pageVisit) *pageVisit {
	dropExpired(s, s.Now())
	makeRoom(Of(s).Pages)
	v.id, v.expires = platform.RandomText(24), s.Now().Add(visitLife)
	Of(s).Pages[v.id] = v
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
func consentParams() []platform.Param {
	params := []platform.Param{
		{Name: "request", Kind: platform.Text(), Required: true},
		{Name: "action", Kind: platform.Enum("choose", "agree", "cancel", translateAction), Required: true},
		{Name: translateParam, Kind: platform.Enum(string(pages.English), string(pages.Korean))},
		{Name: "user", Kind: platform.Text()},
		{Name: "stay", Kind: platform.Enum("on")},
	}
	for _, item := range platform.SeedItems() {
		params = append(params, platform.Param{Name: itemField + item.ID, Kind: platform.Enum("on")})
	}
	for _, term := range platform.SeedTerms() {
		params = append(params, platform.Param{Name: termField + term.Tag, Kind: platform.Enum("on")})
	}
	return params
}

// postAuthorize is the answer of the sign-in page.
func postAuthorize(r *platform.Request) (any, *platform.Failure) {
	st := r.State
	visit := Of(st).Pages[r.Text("request")]
	if visit == nil || visit.ask == nil || !r.Now.Before(visit.expires) {
		return nil, platform.NewFailure("KOE204", "this page is no longer valid; start the sign-in again")
	}
	switch r.Text("action") {
	case "cancel":
		delete(Of(st).Pages, visit.id)
		return visit.ask.refuse("access_denied", "User denied access"), nil
	case "choose":
		return chooseUser(r, visit)
	case translateAction:
		return signInPage(r, visit), nil
	}
	return agree(r, visit)
}

// chooseUser logs the browser in to the chosen account.
func chooseUser(r *platform.Request, visit *pageVisit) (any, *platform.Failure) {
	st := r.State
	visit.user = st.UserByName(r.Text("user"))
	if visit.user == nil {
		return nil, platform.NewFailure("KOE204", "no such account in this sandbox: "+r.Text("user"))
	}
	life := shortSession
	if r.Has("stay") {
		life = longSession
	}
	makeRoom(Of(st).Sessions)
	id := platform.RandomText(24)
	Of(st).Sessions[id] = &session{user: visit.user, loggedIn: r.Now, expires: r.Now.Add(life)}
	visit.authTime = r.Now
	answer := consentOrGrant(r, visit)
	setSessionCookie(answer, id, int(life.Seconds()))
	return answer, nil
}

// consentOrGrant shows the consent screen if there is something to ask.
func consentOrGrant(r *platform.Request, visit *pageVisit) *platform.Reply {
	st := r.State
	if visit.ask.silent(st.App, visit.user) {
		delete(Of(st).Pages, visit.id)
		return grant(st, visit.ask, visit.user, nil, nil, visit.authTime)
	}
	return signInPage(r, visit)
}

// agree takes the ticked boxes. Required ones must be among them.
func agree(r *platform.Request, visit *pageVisit) (any, *platform.Failure) {
	st, ask, u := r.State, visit.ask, visit.user
	if u == nil {
		return nil, platform.NewFailure("KOE204", "choose an account first")
	}
	var items, terms []string
	for _, item := range ask.itemsToAsk(st.App, u) {
		if r.Has(itemField + item.ID) {
			items = append(items, item.ID)
		} else if item.Setting == platform.Required {
			return nil, platform.NewFailure("KOE203", "required consent item is missing: "+item.ID)
		}
	}
	for _, term := range ask.termsToAsk(st.App, u) {
		if r.Has(termField + term.Tag) {
			terms = append(terms, term.Tag)
		} else if term.Required {
			return nil, platform.NewFailure("KOE203", "required service term is missing: "+term.Tag)
		}
	}
	delete(Of(st).Pages, visit.id)
	return grant(st, ask, u, items, terms, visit.authTime), nil
}

// logoutParams is the parameter table of GET /oauth/logout.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#logout-of-service-and-kakaoaccount
func logoutParams() []platform.Param {
	return []platform.Param{
		{Name: "client_id", Kind: platform.Text(), Required: true},
		{Name: "logout_redirect_uri", Kind: platform.Text(), Required: true},
		{Name: "state", Kind: platform.Text()},
	}
}

// getLogoutPage is GET /oauth/logout: a choice for a browser that is logged in,
// the redirect at once for one that is not.
func getLogoutPage(r *platform.Request) (any, *platform.Failure) {
	if e := checkClientID(r.State.App, r.Text("client_id")); e != nil {
		return nil, e
	}
	uri := r.Text("logout_redirect_uri")
	if !slices.Contains(r.State.App.LogoutRedirectURIs, uri) {
		return nil, platform.NewFailure("KOE007", "")
	}
	back := platform.WithQuery(uri, stateOnly(r.Text("state")))
	s := sessionOf(r.State, r.HTTP)
	if s == nil {
		return platform.RedirectReply(back), nil
	}
	return signInPage(r, newVisit(r.State, &pageVisit{logoutURI: back, user: s.user})), nil
}

// postLogoutPage is the answer of the logout page. The app's tokens stay: the
// service logs its user out by itself.
func postLogoutPage(r *platform.Request) (any, *platform.Failure) {
	st := r.State
	visit := Of(st).Pages[r.Text("request")]
	if visit == nil || visit.logoutURI == "" || !r.Now.Before(visit.expires) {
		return nil, platform.NewFailure("KOE204", "this page is no longer valid; start the logout again")
	}
	if r.Text("action") == translateAction {
		return signInPage(r, visit), nil
	}
	delete(Of(st).Pages, visit.id)
	answer := platform.RedirectReply(visit.logoutURI)
	if r.Text("action") == "account" {
		s := sessionOf(st, r.HTTP)
		maps.DeleteFunc(Of(st).Sessions, func(_ string, other *session) bool { return other == s })
		setSessionCookie(answer, "", -1)
	}
	return answer, nil
}
