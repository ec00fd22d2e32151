package inspector

import (
	"net/http"
	"net/url"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/login"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
)

// showPeople is the first page: people, keys and paths.
func showPeople(v visitor) pages.View {
	st := v.state
	page := pages.PeoplePage{SignIn: signInLink(v.http, ""), App: pages.App{
		Name: st.App.Name, ID: st.App.ID, RedirectURIs: st.App.RedirectURIs, LogoutRedirectURIs: st.App.LogoutRedirectURIs,
		Keys: []pages.Key{
			{Kind: "rest", Value: platform.SeedRESTKey}, {Kind: "secret", Value: st.App.ClientSecret}, {Kind: "admin", Value: platform.SeedAdminKey},
			{Kind: "admin2", Value: platform.SeedSecondAdminKey}, {Kind: "limited", Value: platform.SeedLimitedKey},
			{Kind: "deactivated", Value: platform.SeedDeactivatedKey}, {Kind: "native", Value: platform.SeedNativeKey}, {Kind: "javascript", Value: platform.SeedJavaScriptKey},
		},
	}}
	for _, u := range st.Users {
		page.People = append(page.People, personOf(v, u))
	}
	for _, r := range st.Routes.List {
		if r.Internal {
			continue
		}
		for _, method := range r.Methods {
			page.Routes = append(page.Routes, pages.Route{Method: method, Host: r.Host, Path: r.Path})
		}
	}
	for _, c := range controlsOf(st.Products) {
		page.Controls = append(page.Controls, pages.Route{Method: c.Method, Path: platform.ControlPrefix + c.Name, About: c.About})
	}
	return page
}

func personOf(v visitor, u *platform.User) pages.Person {
	st := v.state
	person := pages.Person{
		Face: platform.FaceOf(u), Email: u.Account.Email, About: u.About, ID: u.ID, UUID: u.UUID, Link: u.Link.String(),
		SignIn:       signInLink(v.http, u.Account.Email),
		MessagesLink: withParameter(pages.MessagesPath, "person", u.Name),
		CalendarLink: withParameter(pages.CalendarPath, "person", u.Name),
	}
	// Tokens that a logout or the clock has ended are not offered any more.
	if t := st.AccessTokens[platform.SeedToken("access", u.Name)]; t != nil && st.Now().Before(t.Expires) {
		person.Access = t.Value
	}
	if t := st.RefreshTokens[platform.SeedToken("refresh", u.Name)]; t != nil && st.Now().Before(t.Expires) {
		person.Refresh = t.Value
	}
	for _, id := range u.AgreedItems(st.App) {
		person.Consents = append(person.Consents, pages.Pair{Name: st.App.Item(id).DisplayName, Value: id})
	}
	for _, f := range talk.Of(st).Friendships {
		if f.Of == u {
			person.Friends = append(person.Friends, pages.Friend{
				Face: platform.FaceOf(f.With), Favourite: f.Favourite, Listed: f.State == talk.Befriended && talk.Shows(st, f.With),
			})
		}
	}
	return person
}

// signInLink is where signing in begins, as an app would send a person there;
// with an address, the account of that person is the one that is proposed.
func signInLink(r *http.Request, email string) string {
	query := url.Values{
		"client_id": {platform.SeedRESTKey}, "redirect_uri": {login.OwnCallback(r)}, "response_type": {"code"}, "state": {"hello"}, "prompt": {"select_account"},
	}
	if email != "" {
		query.Set("login_hint", email)
	}
	return "/oauth/authorize?" + query.Encode()
}
