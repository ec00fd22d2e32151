package sandbox

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
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
func authorizeParams() []param {
	return []param{
		{name: "client_id", kind: text(), required: true},
		{name: "redirect_uri", kind: text(), required: true},
		{name: "response_type", kind: text()},
		{name: "scope", kind: wordList()},
		{name: "prompt", kind: wordList()},
		{name: "login_hint", kind: text()},
		{name: "service_terms", kind: commaList()},
		{name: "state", kind: text()},
		{name: "nonce", kind: text()},
		{name: "channel_public_id", kind: commaList()},
		{name: "code_challenge", kind: textLike(challengeForm, "must be base64url of a SHA-256")},
		{name: "code_challenge_method", kind: enum("S256")},
	}
}

// prompts are the documented values of prompt.
var prompts = []string{"login", "none", "create", "select_account"}

// readAuthorization checks a request to /oauth/authorize. All its failures are
// pages: an app that cannot be trusted gets no redirect.
func readAuthorization(r *request) (*authorization, *kakaoError) {
	a := r.state.app
	if e := checkClientID(a, r.text("client_id")); e != nil {
		return nil, e
	}
	ask := &authorization{
		redirectURI: r.text("redirect_uri"), state: r.text("state"), nonce: r.text("nonce"), challenge: r.text("code_challenge"),
		hint: r.text("login_hint"), prompts: r.strings("prompt"), channels: r.strings("channel_public_id"),
		scopes: r.strings("scope"), terms: r.strings("service_terms"),
	}
	ask.openID = a.enabled(openIDScope) && (ask.scopes == nil || slices.Contains(ask.scopes, openIDScope))
	switch {
	case !slices.Contains(a.redirectURIs, ask.redirectURI) && ask.redirectURI != ownCallback(r.http):
		return nil, newFailure("KOE006", "")
	case r.text("response_type") == "token":
		return nil, newFailure("KOE202", "")
	case r.text("response_type") != "code":
		return nil, newFailure("KOE201", "Unsupported response type: "+r.text("response_type"))
	case len(a.itemsNotSetUp(ask.scopes)) > 0:
		return nil, newFailure("KOE205", "consent items are not set up: "+bracketed(a.itemsNotSetUp(ask.scopes)))
	case slices.ContainsFunc(ask.prompts, func(p string) bool { return !slices.Contains(prompts, p) }):
		return nil, newFailure("KOE204", "prompt is one of login, none, create, select_account")
	case slices.Contains(ask.prompts, "none") && len(ask.prompts) > 1:
		return nil, newFailure("KOE204", "prompt=none goes with no other prompt")
	case slices.ContainsFunc(ask.channels, func(id string) bool { return !slices.Contains(a.channels, id) }):
		return nil, newFailure("KOE102", "")
	case r.has("code_challenge") != r.has("code_challenge_method"):
		return nil, newFailure("KOE204", "code_challenge and code_challenge_method go together")
	case ask.terms != nil && !a.termsComplete(ask.terms):
		return nil, newFailure("KOE204", "service_terms must be tags of the app, a required one among them")
	}
	return ask, nil
}

// checkClientID wants a REST API key; other keys of the app have a code of
// their own.
func checkClientID(a *app, id string) *kakaoError {
	switch key := a.key(id); {
	case key != nil && key.kind == restKey:
		return nil
	case key != nil && key.kind&(nativeKey|javaScriptKey) != 0:
		return newFailure("KOE008", "")
	}
	return newFailure("KOE101", "Not exist client_id "+id).withStatus(http.StatusBadRequest)
}

// termsComplete says whether all tags exist and one of them is required.
func (a *app) termsComplete(tags []string) bool {
	return len(a.unknownTags(tags)) == 0 && slices.ContainsFunc(tags, func(tag string) bool { return a.term(tag).required })
}

// itemsNotSetUp are the words of a scope that are no consent item of the app,
// or one that is off.
func (a *app) itemsNotSetUp(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(id string) bool {
		item := a.item(id)
		return item != nil && item.setting != off
	})
}

// itemsToAsk are the consent items that the consent screen shows to a user.
// openid is agreed to without a question.
func (q *authorization) itemsToAsk(a *app, u *user) []consentItem {
	var items []consentItem
	for _, item := range a.items {
		asked := slices.Contains(q.scopes, item.id) || item.setting == required ||
			(item.setting == optional && q.scopes == nil && u.link == unlinked)
		if asked && item.id != openIDScope && item.setting != off && !u.agreed(item.id) {
			items = append(items, item)
		}
	}
	return items
}

// termsToAsk are the service terms that the consent screen shows to a user.
func (q *authorization) termsToAsk(a *app, u *user) []serviceTerm {
	return slices.DeleteFunc(slices.Clone(a.terms), func(term serviceTerm) bool {
		_, agreed := u.terms[term.tag]
		wanted := slices.Contains(q.terms, term.tag) || (q.terms == nil && u.link == unlinked)
		return agreed || !wanted
	})
}

// silent says whether the user can go on without seeing a consent screen.
func (q *authorization) silent(a *app, u *user) bool {
	return u.link != unlinked && len(q.itemsToAsk(a, u)) == 0 && len(q.termsToAsk(a, u)) == 0
}

// answer sends the browser back to the app, with state as it came.
func (q *authorization) answer(parameters url.Values) *reply {
	if q.state != "" {
		parameters.Set("state", q.state)
	}
	return redirectReply(withQuery(q.redirectURI, parameters))
}

// refuse sends the browser back with an error.
func (q *authorization) refuse(code, description string) *reply {
	answer := q.answer(url.Values{"error": {code}, "error_description": {description}})
	answer.code = code
	return answer
}

// grant records the user's consent, links the user, and sends the browser back
// with a code. items and terms are those the user has ticked.
func (s *state) grant(ask *authorization, u *user, items, terms []string, authTime time.Time) *reply {
	now := s.now()
	s.dropExpired(now)
	if s.app.enabled(openIDScope) && !u.agreed(openIDScope) {
		items = append(items, openIDScope)
	}
	for _, item := range items {
		u.consents[item] = now
	}
	for _, tag := range terms {
		u.terms[tag] = termConsent{now, "KAUTH"}
	}
	if u.link == unlinked {
		s.link(u, len(terms) > 0, now)
	}
	code := randomText(64)
	s.codes[code] = &authorizationCode{
		user: u, redirectURI: ask.redirectURI, challenge: ask.challenge, nonce: ask.nonce, openID: ask.openID,
		authTime: authTime, expires: now.Add(codeLife),
	}
	return ask.answer(url.Values{"code": {code}})
}

// link makes a person a user of the app; with automatic linking off, a
// preregistered one.
func (s *state) link(u *user, withTerms bool, now time.Time) {
	if !s.app.autoLink {
		u.link, u.connectedAt, u.signupDue = preregistered, now, now.Add(signupTime)
		return
	}
	u.becomeLinked(now)
	if withTerms {
		u.syncedAt = now
	}
}

// getAuthorize is GET /oauth/authorize.
func getAuthorize(r *request) (any, *kakaoError) {
	ask, e := readAuthorization(r)
	if e != nil {
		return nil, e
	}
	st := r.state
	s := st.session(r.http)
	if slices.Contains(ask.prompts, "none") {
		return withoutPage(st, ask, s), nil
	}
	visit := st.newVisit(&pageVisit{ask: ask})
	if s == nil || len(ask.prompts) > 0 {
		return signInPage(r, visit), nil
	}
	visit.user, visit.authTime = s.user, s.loggedIn
	return consentOrGrant(r, visit), nil
}

// withoutPage is prompt=none: a code, or why a page would be needed.
func withoutPage(st *state, ask *authorization, s *session) *reply {
	switch {
	case s == nil:
		return ask.refuse("login_required", "user login required.")
	case s.user.dormant:
		return ask.refuse("interaction_required", "user interaction required.")
	case !ask.silent(st.app, s.user):
		return ask.refuse("consent_required", "user consent required.")
	}
	return st.grant(ask, s.user, nil, nil, s.loggedIn)
}
