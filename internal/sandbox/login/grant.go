package login

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Limits of tokens.
// https://developers.kakao.com/docs/latest/en/kakaologin/common#token
const (
	rotationWindow = 2592000 * time.Second // a refresh rotates below this

	accessPerWindow  = 20
	accessWindow     = 10 * time.Minute
	refreshPerWindow = 30
	refreshWindow    = 60 * time.Minute
)

// grantParams are the parameters of each grant type besides the common ones.
var grantParams = map[string][]string{
	"authorization_code": {"code", "redirect_uri", "code_verifier"},
	"refresh_token":      {"refresh_token"},
}

// postToken is POST /oauth/token. Its order of checks: client, secret, grant,
// code or refresh token, redirect URI, rate.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-token
func postToken(r *platform.Request) (any, *platform.Failure) {
	if e := checkClient(r); e != nil {
		return nil, e
	}
	grant := r.Text("grant_type")
	if grantParams[grant] == nil {
		return nil, platform.NewFailure("KOE310", "unsupported grant_type: "+grant)
	}
	for other, params := range grantParams {
		for _, name := range params {
			if other != grant && r.Has(name) {
				return nil, platform.NewFailure("KOE204", name+" does not go with grant_type "+grant)
			}
		}
	}
	dropExpired(r.State, r.Now)
	if grant == "refresh_token" {
		return refreshTokens(r)
	}
	return exchangeCode(r)
}

// checkClient identifies the app by client_id and client_secret.
func checkClient(r *platform.Request) *platform.Failure {
	id := r.Text("client_id")
	if id == "" {
		return platform.NewFailure("KOE207", "required parameter is missing: client_id")
	}
	key := r.State.App.Key(id)
	if key == nil || key.Kind != platform.RESTKey {
		return platform.NewFailure("KOE101", "Not exist client_id "+id)
	}
	if subtle.ConstantTimeCompare([]byte(r.Text("client_secret")), []byte(r.State.App.ClientSecret)) != 1 {
		return platform.NewFailure("KOE010", "")
	}
	for _, name := range []string{"android_key_hash", "ios_bundle_id", "client_origin"} {
		if r.Has(name) { // the app has no such platform registered
			return platform.NewFailure("KOE009", "")
		}
	}
	return nil
}

// exchangeCode spends an authorization code, whatever comes of it.
func exchangeCode(r *platform.Request) (any, *platform.Failure) {
	st := r.State
	for _, name := range []string{"code", "redirect_uri"} {
		if !r.Has(name) {
			return nil, platform.NewFailure("KOE207", "required parameter is missing: "+name)
		}
	}
	sent := r.Text("code")
	code := st.Codes[sent]
	delete(st.Codes, sent)
	switch {
	case code == nil || !r.Now.Before(code.Expires):
		return nil, platform.NewFailure("KOE320", "authorization code not found for code="+sent)
	case code.RedirectURI != r.Text("redirect_uri"):
		return nil, platform.NewFailure("KOE303", "")
	case !verifies(r.Text("code_verifier"), code.Challenge):
		return nil, wrongVerifier()
	case !tokenRateOK(st, code.User, true, r.Now):
		return nil, platform.NewFailure("KOE237", "")
	}
	refresh := st.NewRefreshToken(code.User, code.OpenID, code.AuthTime, r.Now)
	access := st.NewAccessToken(refresh, r.Now)
	answer := tokenAnswer(r, access, code.Nonce)
	answer["refresh_token"] = refresh.Value
	answer["refresh_token_expires_in"] = int64(platform.RefreshLife.Seconds())
	if scope := slices.DeleteFunc(code.User.AgreedItems(st.App), func(item string) bool {
		return item == platform.OpenIDScope && !code.OpenID
	}); len(scope) > 0 {
		answer["scope"] = strings.Join(scope, " ")
	}
	return answer, nil
}

// wrongVerifier is invalid_grant without error_code: Kakao's code for it is not
// documented, and clients have to live with bodies that lack one.
func wrongVerifier() *platform.Failure {
	e := platform.NewFailure("KOE320", "code_verifier does not match the code_challenge")
	delete(e.Members, "error_code")
	e.Code = "invalid_grant"
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
func refreshTokens(r *platform.Request) (any, *platform.Failure) {
	st := r.State
	if r.Text("refresh_token") == "" {
		return nil, platform.NewFailure("KOE319", "")
	}
	login := st.RefreshTokens[r.Text("refresh_token")]
	if login == nil || !r.Now.Before(login.Expires) {
		return nil, platform.NewFailure("KOE322", "")
	}
	rotate := login.Expires.Sub(r.Now) < rotationWindow
	if !tokenRateOK(st, login.User, rotate, r.Now) {
		return nil, platform.NewFailure("KOE237", "")
	}
	if rotate {
		delete(st.RefreshTokens, login.Value)
		login = st.NewRefreshToken(login.User, login.OpenID, login.AuthTime, r.Now)
	}
	answer := tokenAnswer(r, st.NewAccessToken(login, r.Now), "")
	if rotate {
		answer["refresh_token"] = login.Value
		answer["refresh_token_expires_in"] = int64(platform.RefreshLife.Seconds())
	}
	return answer, nil
}

// tokenAnswer is the part that both grants share.
func tokenAnswer(r *platform.Request, access *platform.AccessToken, nonce string) map[string]any {
	answer := map[string]any{
		"token_type": "bearer", "access_token": access.Value, "expires_in": int64(platform.AccessLife.Seconds()),
	}
	if access.OpenID {
		answer["id_token"] = newIDToken(r.State, access, nonce, r.Now)
	}
	return answer
}

// tokenRateOK counts an issue against the limits per user.
func tokenRateOK(s *platform.State, u *platform.User, withRefresh bool, now time.Time) bool {
	if !s.Quotas.Within("access "+u.UUID, accessPerWindow, accessWindow, now) {
		return false
	}
	return !withRefresh || s.Quotas.Within("refresh "+u.UUID, refreshPerWindow, refreshWindow, now)
}
