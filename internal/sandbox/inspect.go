package sandbox

import (
	"net/http"
	"net/url"
	"slices"
)

// showState is GET /__sandbox__/state: the state without a secret in it.
func showState(st *state, _ []byte) (any, *controlError) {
	users := []map[string]any{}
	for _, u := range st.users {
		users = append(users, showUserState(st, u))
	}
	return map[string]any{
		"now": wireTime(st.now()),
		"app": map[string]any{
			"id": st.app.id, "name": st.app.name, "redirect_uris": st.app.redirectURIs, "logout_redirect_uris": st.app.logoutRedirectURIs,
			"automatic_linking": st.app.autoLink, "property_keys": st.app.propertyKeys, "consent_items": showItems(st.app),
		},
		"users": users, "codes": len(st.codes), "sessions": len(st.sessions), "pages": len(st.pages),
		"faults": len(st.faults.armed), "calls": len(st.calls.calls),
	}, nil
}

// showUserState is one person in the state. Tokens are counted; of their
// values only the seeded ones show, which are published anyway.
func showUserState(st *state, u *user) map[string]any {
	access, refresh, seeded := 0, 0, []string{}
	for value, t := range st.accessTokens {
		if t.user == u {
			access++
			if value == seedToken("access", u.name) {
				seeded = append(seeded, value)
			}
		}
	}
	for value, t := range st.refreshTokens {
		if t.user == u {
			refresh++
			if value == seedToken("refresh", u.name) {
				seeded = append(seeded, value)
			}
		}
	}
	slices.Sort(seeded)
	terms := map[string]string{}
	for tag, consent := range u.terms {
		terms[tag] = consent.by
	}
	return map[string]any{
		"name": u.name, "id": u.id, "link": u.link.String(), "dormant": u.dormant, "consents": u.agreedItems(st.app),
		"service_terms": terms, "properties": u.properties, "shipping_addresses": len(u.addresses),
		"access_tokens": access, "refresh_tokens": refresh, "seeded_tokens": seeded,
	}
}

// showItems are the consent items with their settings.
func showItems(a *app) map[string]string {
	shown := map[string]string{}
	for _, item := range a.items {
		shown[item.id] = item.setting.String()
	}
	return shown
}

// authorizeByScript is POST /__sandbox__/authorize: the sign-in page without
// the page. The person agrees to all that is asked, except what is declined.
func authorizeByScript(st *state, body []byte) (any, *controlError) {
	var in struct {
		User       string            `json:"user"`       // "mina"
		Parameters map[string]string `json:"parameters"` // of /oauth/authorize; client, redirect URI and response type may be left out
		Decline    []string          `json:"decline"`    // consent items and terms left unticked
		Cancel     bool              `json:"cancel"`
	}
	if e := readControl(body, &in); e != nil {
		return nil, e
	}
	u := st.userByName(in.User)
	if u == nil {
		return nil, badField("user", "no person of this name in the sandbox")
	}
	query := url.Values{"client_id": {testRESTKey}, "redirect_uri": {st.app.redirectURIs[0]}, "response_type": {"code"}}
	for name, text := range in.Parameters {
		query.Set(name, text)
	}
	answer := st.signIn(st.routes.byKey("GET /oauth/authorize"), query, u, in.Decline, in.Cancel)
	location := answer.header.Get("Location")
	if location == "" {
		return nil, badField("parameters", "refused as on the page: "+answer.code)
	}
	back, err := url.Parse(location)
	if err != nil {
		return nil, badField("parameters", "the redirect cannot be read")
	}
	return map[string]string{"location": location, "code": back.Query().Get("code"), "error": back.Query().Get("error")}, nil
}

// signIn runs the checks of the sign-in page and ticks its boxes.
func (s *state) signIn(page *route, query url.Values, u *user, decline []string, cancel bool) *reply {
	r := &request{state: s, route: page, now: s.now(), http: &http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: page.path, RawQuery: query.Encode()}, Header: http.Header{},
	}}
	if e := checkParameters(r); e != nil {
		return failureReply(r, e)
	}
	ask, e := readAuthorization(r)
	if e != nil {
		return failureReply(r, e)
	}
	if cancel {
		return ask.refuse("access_denied", "User denied access")
	}
	ticked := map[string]any{}
	for _, item := range ask.itemsToAsk(s.app, u) {
		if !slices.Contains(decline, item.id) {
			ticked[itemField+item.id] = "on"
		}
	}
	for _, term := range ask.termsToAsk(s.app, u) {
		if !slices.Contains(decline, term.tag) {
			ticked[termField+term.tag] = "on"
		}
	}
	r.values = ticked
	result, e := agree(r, &pageVisit{ask: ask, user: u, authTime: r.now})
	if e != nil {
		return failureReply(r, e)
	}
	return result.(*reply)
}
