package login

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// authorizeByScript is POST /__sandbox__/authorize: the sign-in page without
// the page. The person agrees to all that is asked, except what is declined.
func authorizeByScript(st *platform.State, body []byte) (any, *platform.ControlError) {
	var in struct {
		User       string            `json:"user"`       // "mina"
		Parameters map[string]string `json:"parameters"` // of /oauth/authorize; client, redirect URI and response type may be left out
		Decline    []string          `json:"decline"`    // consent items and terms left unticked
		Cancel     bool              `json:"cancel"`
	}
	if e := platform.ReadControl(body, &in); e != nil {
		return nil, e
	}
	u := st.UserByName(in.User)
	if u == nil {
		return nil, platform.BadField("user", "no person of this name in the sandbox")
	}
	query := url.Values{"client_id": {platform.SeedRESTKey}, "redirect_uri": {st.App.RedirectURIs[0]}, "response_type": {"code"}}
	for name, text := range in.Parameters {
		query.Set(name, text)
	}
	answer := signIn(st, st.Routes.ByKey("GET /oauth/authorize"), query, u, in.Decline, in.Cancel)
	location := answer.Header.Get("Location")
	if location == "" {
		return nil, platform.BadField("parameters", "refused as on the page: "+answer.Code)
	}
	back, err := url.Parse(location)
	if err != nil {
		return nil, platform.BadField("parameters", "the redirect cannot be read")
	}
	return map[string]string{"location": location, "code": back.Query().Get("code"), "error": back.Query().Get("error")}, nil
}

// signIn runs the checks of the sign-in page and ticks its boxes.
func signIn(s *platform.State, page *platform.Route, query url.Values, u *platform.User, decline []string, cancel bool) *platform.Reply {
	r := &platform.Request{State: s, Route: page, Now: s.Now(), HTTP: &http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: page.Path, RawQuery: query.Encode()}, Header: http.Header{},
	}}
	if e := platform.CheckParameters(r); e != nil {
		return platform.FailureReply(r, e)
	}
	ask, e := readAuthorization(r)
	if e != nil {
		return platform.FailureReply(r, e)
	}
	if cancel {
		return ask.refuse("access_denied", "User denied access")
	}
	ticked := map[string]any{}
	for _, item := range ask.itemsToAsk(s.App, u) {
		if !slices.Contains(decline, item.ID) {
			ticked[itemField+item.ID] = "on"
		}
	}
	for _, term := range ask.termsToAsk(s.App, u) {
		if !slices.Contains(decline, term.Tag) {
			ticked[termField+term.Tag] = "on"
		}
	}
	r.Values = ticked
	result, e := agree(r, &pageVisit{ask: ask, user: u, authTime: r.Now})
	if e != nil {
		return platform.FailureReply(r, e)
	}
	return result.(*platform.Reply)
}
