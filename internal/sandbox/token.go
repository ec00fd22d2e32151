package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Lifetimes and limits of tokens.
// https://developers.kakao.com/docs/latest/en/kakaologin/common#token
const (
	codeLife       = 10 * time.Minute
	accessLife     = 21599 * time.Second
	refreshLife    = 5183999 * time.Second
	rotationWindow = 2592000 * time.Second // a refresh rotates below this

	accessPerWindow  = 20
	accessWindow     = 10 * time.Minute
	refreshPerWindow = 30
	refreshWindow    = 60 * time.Minute

	seedLife = 10 * 365 * 24 * time.Hour // of the printed test tokens
)

// authorizationCode waits for its exchange.
type authorizationCode struct {
	user        *user
	redirectURI string
	challenge   string // PKCE, or empty
	nonce       string
	openID      bool
	authTime    time.Time
	expires     time.Time
}

// refreshToken and the access tokens made from it are one login.
type refreshToken struct {
	value    string
	user     *user
	openID   bool
	authTime time.Time
	expires  time.Time
}

// accessToken speaks for a user.
type accessToken struct {
	value   string
	user    *user
	openID  bool // issued together with an ID token
	refresh *refreshToken
	expires time.Time
}

// seedTokens gives linked users the tokens that the start-up banner prints.
func (s *state) seedTokens(u *user) {
	if u.link == unlinked {
		return
	}
	u.seedTokens = true
	expires := s.now().Add(seedLife)
	refresh := &refreshToken{value: seedToken("refresh", u.name), user: u, openID: true, authTime: s.now(), expires: expires}
	access := &accessToken{value: seedToken("access", u.name), user: u, openID: true, refresh: refresh, expires: expires}
	s.refreshTokens[refresh.value], s.accessTokens[access.value] = refresh, access
}

// seedToken is a test token of Kakao's length and alphabet.
func seedToken(kind, name string) string {
	text := "test-" + kind + "-token-" + name + "-"
	return text + strings.Repeat("0", max(0, 56-len(text)))
}

// revokeTokens ends all tokens and codes of a user.
func (s *state) revokeTokens(u *user) {
	maps.DeleteFunc(s.accessTokens, func(_ string, t *accessToken) bool { return t.user == u })
	maps.DeleteFunc(s.refreshTokens, func(_ string, t *refreshToken) bool { return t.user == u })
	maps.DeleteFunc(s.codes, func(_ string, c *authorizationCode) bool { return c.user == u })
}

// newAccessToken issues an access token for a login.
func (s *state) newAccessToken(login *refreshToken, now time.Time) *accessToken {
	t := &accessToken{value: randomText(42), user: login.user, openID: login.openID, refresh: login, expires: now.Add(accessLife)}
	s.accessTokens[t.value] = t
	return t
}

// newRefreshToken starts or prolongs a login.
func (s *state) newRefreshToken(u *user, openID bool, authTime, now time.Time) *refreshToken {
	t := &refreshToken{value: randomText(42), user: u, openID: openID, authTime: authTime, expires: now.Add(refreshLife)}
	s.refreshTokens[t.value] = t
	return t
}

// tokenRateOK counts an issue against the limits per user.
func (s *state) tokenRateOK(u *user, withRefresh bool, now time.Time) bool {
	if !s.quotas.within("access "+u.uuid, accessPerWindow, accessWindow, now) {
		return false
	}
	return !withRefresh || s.quotas.within("refresh "+u.uuid, refreshPerWindow, refreshWindow, now)
}

// grantParams are the parameters of each grant type besides the common ones.
var grantParams = map[string][]string{
	"authorization_code": {"code", "redirect_uri", "code_verifier"},
	"refresh_token":      {"refresh_token"},
}

// postToken is POST /oauth/token. Its order of checks: client, secret, grant,
// code or refresh token, redirect URI, rate.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-token
func postToken(r *request) (any, *kakaoError) {
	if e := checkClient(r); e != nil {
		return nil, e
	}
	grant := r.text("grant_type")
	if grantParams[grant] == nil {
		return nil, newFailure("KOE310", "unsupported grant_type: "+grant)
	}
	for other, params := range grantParams {
		for _, name := range params {
			if other != grant && r.has(name) {
				return nil, newFailure("KOE204", name+" does not go with grant_type "+grant)
			}
		}
	}
	r.state.dropExpired(r.now)
	if grant == "refresh_token" {
		return refreshTokens(r)
	}
	return exchangeCode(r)
}

// checkClient identifies the app by client_id and client_secret.
func checkClient(r *request) *kakaoError {
	id := r.text("client_id")
	if id == "" {
		return newFailure("KOE207", "required parameter is missing: client_id")
	}
	key := r.state.app.key(id)
	if key == nil || key.kind != restKey {
		return newFailure("KOE101", "Not exist client_id "+id)
	}
	if subtle.ConstantTimeCompare([]byte(r.text("client_secret")), []byte(r.state.app.clientSecret)) != 1 {
		return newFailure("KOE010", "")
	}
	for _, name := range []string{"android_key_hash", "ios_bundle_id", "client_origin"} {
		if r.has(name) { // the app has no such platform registered
			return newFailure("KOE009", "")
		}
	}
	return nil
}

// exchangeCode spends an authorization code, whatever comes of it.
func exchangeCode(r *request) (any, *kakaoError) {
	st := r.state
	for _, name := range []string{"code", "redirect_uri"} {
		if !r.has(name) {
			return nil, newFailure("KOE207", "required parameter is missing: "+name)
		}
	}
	sent := r.text("code")
	code := st.codes[sent]
	delete(st.codes, sent)
	switch {
	case code == nil || !r.now.Before(code.expires):
		return nil, newFailure("KOE320", "authorization code not found for code="+sent)
	case code.redirectURI != r.text("redirect_uri"):
		return nil, newFailure("KOE303", "")
	case !verifies(r.text("code_verifier"), code.challenge):
		return nil, wrongVerifier()
	case !st.tokenRateOK(code.user, true, r.now):
		return nil, newFailure("KOE237", "")
	}
	refresh := st.newRefreshToken(code.user, code.openID, code.authTime, r.now)
	access := st.newAccessToken(refresh, r.now)
	answer := tokenAnswer(r, access, code.nonce)
	answer["refresh_token"] = refresh.value
	answer["refresh_token_expires_in"] = int64(refreshLife.Seconds())
	if scope := slices.DeleteFunc(code.user.agreedItems(st.app), func(item string) bool {
		return item == openIDScope && !code.openID
	}); len(scope) > 0 {
		answer["scope"] = strings.Join(scope, " ")
	}
	return answer, nil
}

// wrongVerifier is invalid_grant without error_code: Kakao's code for it is not
// documented, and clients have to live with bodies that lack one.
func wrongVerifier() *kakaoError {
	e := newFailure("KOE320", "code_verifier does not match the code_challenge")
	delete(e.members, "error_code")
	e.code = "invalid_grant"
	return e
}

// verifies is PKCE: the verifier belongs to the challenge, or neither was sent.
// https://www.rfc-editor.org/rfc/rfc7636
func verifies(verifier, challenge string) bool {
	if verifier == "" || challenge == "" {
		return verifier == challenge
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// refreshTokens issues an access token, and a refresh token only when the
// present one has less than a month left; the present one then ends.
func refreshTokens(r *request) (any, *kakaoError) {
	st := r.state
	if r.text("refresh_token") == "" {
		return nil, newFailure("KOE319", "")
	}
	login := st.refreshTokens[r.text("refresh_token")]
	if login == nil || !r.now.Before(login.expires) {
		return nil, newFailure("KOE322", "")
	}
	rotate := login.expires.Sub(r.now) < rotationWindow
	if !st.tokenRateOK(login.user, rotate, r.now) {
		return nil, newFailure("KOE237", "")
	}
	if rotate {
		delete(st.refreshTokens, login.value)
		login = st.newRefreshToken(login.user, login.openID, login.authTime, r.now)
	}
	answer := tokenAnswer(r, st.newAccessToken(login, r.now), "")
	if rotate {
		answer["refresh_token"] = login.value
		answer["refresh_token_expires_in"] = int64(refreshLife.Seconds())
	}
	return answer, nil
}

// tokenAnswer is the part that both grants share.
func tokenAnswer(r *request, access *accessToken, nonce string) map[string]any {
	answer := map[string]any{
		"token_type": "bearer", "access_token": access.value, "expires_in": int64(accessLife.Seconds()),
	}
	if access.openID {
		answer["id_token"] = r.state.newIDToken(access, nonce, r.now)
	}
	return answer
}

// getAccessTokenInfo is GET /v1/user/access_token_info.
func getAccessTokenInfo(r *request) (any, *kakaoError) {
	return map[string]any{
		"id": r.user.id, "app_id": r.state.app.id, "expires_in": int64(r.token.expires.Sub(r.now).Seconds()),
	}, nil
}

// kauthRoutes are the routes of kauth.kakao.com.
func kauthRoutes() []route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	return []route{
		{methods: post, host: kauthHost, path: "/oauth/token", handle: postToken, params: []param{
			{name: "grant_type", kind: text()}, {name: "client_id", kind: text()}, {name: "client_secret", kind: text()},
			{name: "code", kind: text()}, {name: "redirect_uri", kind: text()}, {name: "code_verifier", kind: text()},
			{name: "refresh_token", kind: text()},
			{name: "android_key_hash", kind: text()}, {name: "ios_bundle_id", kind: text()}, {name: "client_origin", kind: text()},
		}},
		{methods: post, host: kauthHost, path: "/oauth/tokeninfo", handle: postTokenInfo, params: []param{{name: "id_token", kind: text()}}},
		{methods: get, host: kauthHost, path: "/.well-known/openid-configuration", handle: getDiscovery},
		{methods: get, host: kauthHost, path: "/.well-known/jwks.json", handle: getKeys},
		{methods: get, host: kauthHost, path: "/.well-known/sse-configuration", handle: getSSEConfiguration},
	}
}
