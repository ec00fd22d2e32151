package sandbox

import (
	"strconv"
	"time"
)

// issuer signs the ID tokens. Documents name Kakao's real addresses, because
// that is what clients of Kakao must expect to read in them.
const issuer = "https://" + kauthHost

// discovery is https://kauth.kakao.com/.well-known/openid-configuration.
var discovery = map[string]any{
	"issuer":                                issuer,
	"authorization_endpoint":                issuer + "/oauth/authorize",
	"token_endpoint":                        issuer + "/oauth/token",
	"userinfo_endpoint":                     "https://" + kapiHost + "/v1/oidc/userinfo",
	"jwks_uri":                              issuer + "/.well-known/jwks.json",
	"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
	"subject_types_supported":               []string{"public"},
	"id_token_signing_alg_values_supported": []string{"RS256"},
	"request_uri_parameter_supported":       false,
	"response_types_supported":              []string{"code"},
	"response_modes_supported":              []string{"query"},
	"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
	"code_challenge_methods_supported":      []string{"S256"},
	"claims_supported":                      []string{"iss", "aud", "sub", "auth_time", "exp", "iat", "nonce", "nickname", "picture", "email"},
}

func getDiscovery(*request) (any, *kakaoError) { return discovery, nil }

// getSSEConfiguration describes the account-state webhooks; the delivery
// method is a text here, not an array as in the RISC specification.
func getSSEConfiguration(*request) (any, *kakaoError) {
	return map[string]any{
		"issuer":                     issuer,
		"jwks_uri":                   issuer + "/.well-known/jwks.json",
		"delivery_methods_supported": "http://schemas.openid.net/secevent/risc/delivery-method/push",
	}, nil
}

// getKeys is GET /.well-known/jwks.json.
func getKeys(*request) (any, *kakaoError) {
	var keys []any
	for _, k := range signingKeys() {
		keys = append(keys, k.public())
	}
	return map[string]any{"keys": keys}, nil
}

// newIDToken signs an ID token for the access token. The keys take turns, so
// that a client which does not look keys up by kid fails soon.
func (s *state) newIDToken(t *accessToken, nonce string, now time.Time) string {
	u := t.user
	claims := map[string]any{
		"iss": issuer, "aud": testRESTKey, "sub": strconv.FormatInt(u.id, 10),
		"iat": now.Unix(), "exp": now.Add(accessLife).Unix(), "auth_time": t.refresh.authTime.Unix(),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if u.agreed("profile_nickname") {
		claims["nickname"] = u.account.nickname
	}
	if u.agreed("profile_image") {
		claims["picture"] = u.picture("110x110")
	}
	if u.agreed("account_email") && u.account.emailValid && u.account.emailVerified {
		claims["email"] = u.account.email
	}
	keys := signingKeys()
	key := keys[s.signed%len(keys)]
	s.signed++
	return key.sign(claims)
}

// postTokenInfo is POST /oauth/tokeninfo.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#oidc-get-id-token-info
func postTokenInfo(r *request) (any, *kakaoError) {
	token, err := parseToken(r.text("id_token"))
	if err != nil {
		return nil, newFailure("KOE400", "id_token is missing or malformed: "+err.Error())
	}
	switch {
	case token.claims["iss"] != issuer:
		return nil, newFailure("KOE401", "")
	case !token.signed():
		return nil, newFailure("KOE402", "")
	case !r.now.Before(token.expires):
		return nil, newFailure("KOE403", "")
	}
	return token.claims, nil
}

// getOIDCUserInfo is GET /v1/oidc/userinfo.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#oidc-user-info
func getOIDCUserInfo(r *request) (any, *kakaoError) {
	if !r.token.openID {
		return nil, insufficientScopes(r, openIDScope)
	}
	u := r.user
	info := map[string]any{"sub": strconv.FormatInt(u.id, 10)}
	for _, claim := range []struct{ item, name, text string }{
		{"name", "name", u.account.name},
		{"profile_nickname", "nickname", u.account.nickname},
		{"profile_image", "picture", u.picture("640x640")},
		{"account_email", "email", u.account.email},
		{"gender", "gender", u.account.gender},
		{"phone_number", "phone_number", u.account.phoneNumber},
	} {
		if u.agreed(claim.item) && claim.text != "" {
			info[claim.name] = claim.text
		}
	}
	if info["email"] != nil {
		info["email_verified"] = u.account.emailVerified
	}
	if info["phone_number"] != nil {
		info["phone_number_verified"] = true
	}
	if date := birthdate(u); date != "" {
		info["birthdate"] = date
	}
	return info, nil
}

// birthdate is YYYY-MM-DD, 0000-MM-DD without the year, or YYYY alone, as far
// as the user agreed.
func birthdate(u *user) string {
	year, day := "", ""
	if u.agreed("birthyear") {
		year = u.account.birthyear
	}
	if u.agreed("birthday") {
		day = u.account.birthday
	}
	switch {
	case day == "":
		return year
	case year == "":
		year = "0000"
	}
	return year + "-" + day[:2] + "-" + day[2:]
}
