package login

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// authorization is a checked request to /oauth/authorize.
type authorization struct {
	redirectURI string
	state       string
	nonce       string
	challenge   string
	hint        string
	prompts     []string
	channels    []string
	scopes      []string // nil: what the app asks for at sign-up
	terms       []string // nil: all terms at sign-up, none later
	openID      bool     // the code is good for an ID token
}

var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// authorizeParams is the parameter table of GET /oauth/authorize.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-code
func authorizeParams() []platform.Param {
	return []platform.Param{
		{Name: "client_id", Kind: platform.Text(), Required: true},
		{Name: "redirect_uri", Kind: platform.Text(), Required: true},
		{Name: "response_type", Kind: platform.Text()},
		{Name: "scope", Kind: platform.WordList()},
		{Name: "prompt", Kind: platform.WordList()},
		{Name: "login_hint", Kind: platform.Text()},
		{Name: "service_terms", Kind: platform.CommaList()},
		{Name: "state", Kind: platform.Text()},
		{Name: "nonce", Kind: platform.Text()},
		{Name: "channel_public_id", Kind: platform.CommaList()},
		{Name: "code_challenge", Kind: platform.TextLike(challengeForm, "must be base64url of a SHA-256")},
		{Name: "code_challenge_method", Kind: platform.Enum("S256")},
	}
}

// prompts are the documented values of prompt.
var prompts = []string{"login", "none", "create", "select_account"}

// readAuthorization checks a request to /oauth/authorize. All its failures are
// pages: an app that cannot be trusted gets no redirect.
func readAuthorization(r *platform.Request) (*authorization, *platform.Failure) {
	a := r.State.App
	if e := checkClientID(a, r.Text("client_id")); e != nil {
		return nil, e
	}
	ask := &authorization{
		redirectURI: r.Text("redirect_uri"), state: r.Text("state"), nonce: r.Text("nonce"), challenge: r.Text("code_challenge"),
		hint: r.Text("login_hint"), prompts: r.Strings("prompt"), channels: r.Strings("channel_public_id"),
		scopes: r.Strings("scope"), terms: r.Strings("service_terms"),
	}
	ask.openID = a.Enabled(platform.OpenIDScope) && (ask.scopes == nil || slices.Contains(ask.scopes, platform.OpenIDScope))
	switch {
	case !slices.Contains(a.RedirectURIs, ask.redirectURI) && ask.redirectURI != OwnCallback(r.HTTP):
		return nil, platform.NewFailure("KOE006", "")
	case r.Text("response_type") == "token":
		return nil, platform.NewFailure("KOE202", "")
	case r.Text("response_type") != "code":
		return nil, platform.NewFailure("KOE201", "Unsupported response type: "+r.Text("response_type"))
	case len(itemsNotSetUp(a, ask.scopes)) > 0:
		return nil, platform.NewFailure("KOE205", "consent items are not set up: "+platform.Bracketed(itemsNotSetUp(a, ask.scopes)))
	case slices.ContainsFunc(ask.prompts, func(p string) bool { return !slices.Contains(prompts, p) }):
		return nil, platform.NewFailure("KOE204", "prompt is one of login, none, create, select_account")
	case slices.Contains(ask.prompts, "none") && len(ask.prompts) > 1:
		return nil, platform.NewFailure("KOE204", "prompt=none goes with no other prompt")
	case slices.ContainsFunc(ask.channels, func(id string) bool { return !slices.Contains(a.Channels, id) }):
		return nil, platform.NewFailure("KOE102", "")
	case r.Has("code_challenge") != r.Has("code_challenge_method"):
		return nil, platform.NewFailure("KOE204", "code_challenge and code_challenge_method go together")
	case ask.terms != nil && !termsComplete(a, ask.terms):
		return nil, platform.NewFailure("KOE204", "service_terms must be tags of the app, a required one among them")
	}
	return ask, nil
}

// checkClientID wants a REST API key; other keys of the app have a code of
// their own.
func checkClientID(a *platform.App, id string) *platform.Failure {
	switch key := a.Key(id); {
	case key != nil && key.Kind == platform.RESTKey:
		return nil
	case key != nil && key.Kind&(platform.NativeKey|platform.JavaScriptKey) != 0:
		return platform.NewFailure("KOE008", "")
	}
	return platform.NewFailure("KOE101", "Not exist client_id "+id).WithStatus(http.StatusBadRequest)
}

// termsComplete says whether all tags exist and one of them is required.
func termsComplete(a *platform.App, tags []string) bool {
	return len(a.UnknownTags(tags)) == 0 && slices.ContainsFunc(tags, func(tag string) bool { return a.Term(tag).Required })
}

// itemsNotSetUp are the words of a scope that are no consent item of the app,
// or one that is off.
func itemsNotSetUp(a *platform.App, scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(id string) bool {
		item := a.Item(id)
		return item != nil && item.Setting != platform.Off
	})
}

// itemsToAsk are the consent items that the consent screen shows to a user.
// openid is agreed to without a question.
func (q *authorization) itemsToAsk(a *platform.App, u *platform.User) []platform.ConsentItem {
	var items []platform.ConsentItem
	for _, item := range a.Items {
		asked := slices.Contains(q.scopes, item.ID) || item.Setting == platform.Required ||
			(item.Setting == platform.Optional && q.scopes == nil && u.Link == platform.Unlinked)
		if asked && item.ID != platform.OpenIDScope && item.Setting != platform.Off && !u.Agreed(item.ID) {
			items = append(items, item)
		}
	}
	return items
}

// termsToAsk are the service terms that the consent screen shows to a user.
func (q *authorization) termsToAsk(a *platform.App, u *platform.User) []platform.ServiceTerm {
	return slices.DeleteFunc(slices.Clone(a.Terms), func(term platform.ServiceTerm) bool {
		_, agreed := u.Terms[term.Tag]
		wanted := slices.Contains(q.terms, term.Tag) || (q.terms == nil && u.Link == platform.Unlinked)
		return agreed || !wanted
	})
}

// silent says whether the user can go on without seeing a consent screen.
func (q *authorization) silent(a *platform.App, u *platform.User) bool {
	return u.Link != platform.Unlinked && len(q.itemsToAsk(a, u)) == 0 && len(q.termsToAsk(a, u)) == 0
}

// answer sends the browser back to the app, with state as it came.
func (q *authorization) answer(parameters url.Values) *platform.Reply {
	if q.state != "" {
		parameters.Set("state", q.state)
	}
	return platform.RedirectReply(platform.WithQuery(q.redirectURI, parameters))
}

// refuse sends the browser back with an error.
func (q *authorization) refuse(code, description string) *platform.Reply {
	answer := q.answer(url.Values{"error": {code}, "error_description": {description}})
	answer.Code = code
	return answer
}

// grant records the user's consent, links the user, and sends the browser back
// with a code. items and terms are those the user has ticked.
func grant(s *platform.State, ask *authorization, u *platform.User, items, terms []string, authTime time.Time) *platform.Reply {
	now := s.Now()
	dropExpired(s, now)
	if s.App.Enabled(platform.OpenIDScope) && !u.Agreed(platform.OpenIDScope) {
		items = append(items, platform.OpenIDScope)
	}
	for _, item := range items {
		u.Consents[item] = now
	}
	for _, tag := range terms {
		u.Terms[tag] = platform.TermConsent{At: now, By: "KAUTH"}
	}
	if u.Link == platform.Unlinked {
		link(s, u, len(terms) > 0, now)
	}
	code := platform.RandomText(64)
	s.Codes[code] = &platform.AuthorizationCode{
		User: u, RedirectURI: ask.redirectURI, Challenge: ask.challenge, Nonce: ask.nonce, OpenID: ask.openID,
		AuthTime: authTime, Expires: now.Add(platform.CodeLife),
	}
	return ask.answer(url.Values{"code": {code}})
}

// link makes a person a user of the app; with automatic linking off, a
// preregistered one.
func link(s *platform.State, u *platform.User, withTerms bool, now time.Time) {
	if !s.App.AutoLink {
		u.Link, u.ConnectedAt, u.SignupDue = platform.Preregistered, now, now.Add(platform.SignupTime)
		return
	}
	u.BecomeLinked(now)
	if withTerms {
		u.SyncedAt = now
	}
}

// getAuthorize is GET /oauth/authorize.
func getAuthorize(r *platform.Request) (any, *platform.Failure) {
	ask, e := readAuthorization(r)
	if e != nil {
		return nil, e
	}
	st := r.State
	s := sessionOf(st, r.HTTP)
	if slices.Contains(ask.prompts, "none") {
		return withoutPage(st, ask, s), nil
	}
	visit := newVisit(st, &pageVisit{ask: ask})
	if s == nil || len(ask.prompts) > 0 {
		return signInPage(r, visit), nil
	}
	visit.user, visit.authTime = s.user, s.loggedIn
	return consentOrGrant(r, visit), nil
}

// withoutPage is prompt=none: a code, or why a page would be needed.
func withoutPage(st *platform.State, ask *authorization, s *session) *platform.Reply {
	switch {
	case s == nil:
		return ask.refuse("login_required", "user login required.")
	case s.user.Dormant:
		return ask.refuse("interaction_required", "user interaction required.")
	case !ask.silent(st.App, s.user):
		return ask.refuse("consent_required", "user consent required.")
	}
	return grant(st, ask, s.user, nil, nil, s.loggedIn)
}

// OwnCallback is the redirect URI of the sandbox's own stand-in for an app. It is
// registered as it were, by whatever name the browser knows the sandbox.
func OwnCallback(r *http.Request) string { return "http://" + r.Host + pages.CallbackPath }
