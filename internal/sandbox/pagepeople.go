package sandbox

import (
	"net/http"
	"net/url"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// showPeople is the first page: people, keys and paths.
func showPeople(v visitor) pages.View {
	st := v.state
	page := pages.PeoplePage{SignIn: signInLink(v.http, ""), App: pages.App{
		Name: st.app.name, ID: st.app.id, RedirectURIs: st.app.redirectURIs, LogoutRedirectURIs: st.app.logoutRedirectURIs,
		Keys: []pages.Key{
			{Kind: "rest", Value: testRESTKey}, {Kind: "secret", Value: st.app.clientSecret}, {Kind: "admin", Value: testAdminKey},
			{Kind: "admin2", Value: testSecondAdminKey}, {Kind: "limited", Value: testLimitedKey},
			{Kind: "deactivated", Value: testDeactivatedKey}, {Kind: "native", Value: testNativeKey}, {Kind: "javascript", Value: testJavaScriptKey},
		},
	}}
	for _, u := range st.users {
		page.People = append(page.People, personOf(v, u))
	}
	for _, r := range st.routes.list {
		if r.internal {
			continue
		}
		for _, method := range r.methods {
			page.Routes = append(page.Routes, pages.Route{Method: method, Host: r.host, Path: r.path})
		}
	}
	for _, c := range controlRoutes() {
		page.Controls = append(page.Controls, pages.Route{Method: c.method, Path: controlPrefix + c.name, About: c.about})
	}
	return page
}

func personOf(v visitor, u *user) pages.Person {
	st := v.state
	person := pages.Person{
		Face: faceOf(u), Email: u.account.email, About: u.about, ID: u.id, UUID: u.uuid, Link: u.link.String(),
		SignIn:       signInLink(v.http, u.account.email),
		MessagesLink: withParameter(pages.MessagesPath, "person", u.name),
		CalendarLink: withParameter(pages.CalendarPath, "person", u.name),
	}
	// Tokens that a logout or the clock has ended are not offered any more.
	if t := st.accessTokens[seedToken("access", u.name)]; t != nil && st.now().Before(t.expires) {
		person.Access = t.value
	}
	if t := st.refreshTokens[seedToken("refresh", u.name)]; t != nil && st.now().Before(t.expires) {
		person.Refresh = t.value
	}
	for _, id := range u.agreedItems(st.app) {
		person.Consents = append(person.Consents, pages.Pair{Name: st.app.item(id).displayName, Value: id})
	}
	for _, f := range st.talk.friendships {
		if f.of == u {
			person.Friends = append(person.Friends, pages.Friend{
				Face: faceOf(f.with), Favourite: f.favourite, Listed: f.state == befriended && st.shows(f.with),
			})
		}
	}
	return person
}

// signInLink is where signing in begins, as an app would send a person there;
// with an address, the account of that person is the one that is proposed.
func signInLink(r *http.Request, email string) string {
	query := url.Values{
		"client_id": {testRESTKey}, "redirect_uri": {ownCallback(r)}, "response_type": {"code"}, "state": {"hello"}, "prompt": {"select_account"},
	}
	if email != "" {
		query.Set("login_hint", email)
	}
	return "/oauth/authorize?" + query.Encode()
}
