package login

import (
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// issuer signs the ID tokens. Documents name Kakao's real addresses, because
// that is what clients of Kakao must expect to read in them.
const issuer = "https://" + platform.KauthHost

// discovery is https://kauth.kakao.com/.well-known/openid-configuration.
var discovery = map[string]any{
	"issuer":                                issuer,
	"authorization_endpoint":                issuer + "/oauth/authorize",
	"token_endpoint":                        issuer + "/oauth/token",
	"userinfo_endpoint":                     "https://" + platform.KapiHost + "/v1/oidc/userinfo",
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

func getDiscovery(*platform.Request) (any, *platform.Failure) { return discovery, nil }

// getSSEConfiguration describes the account-state webhooks; the delivery
// method is a text here, not an array as in the RISC specification.
func getSSEConfiguration(*platform.Request) (any, *platform.Failure) {
	return map[string]any{
		"issuer":                     issuer,
		"jwks_uri":                   issuer + "/.well-known/jwks.json",
		"delivery_methods_supported": "http://schemas.openid.net/secevent/risc/delivery-method/push",
	}, nil
}

// getKeys is GET /.well-known/jwks.json.
func getKeys(*platform.Request) (any, *platform.Failure) {
	var keys []any
	for _, k := range signingKeys() {
		keys = append(keys, k.public())
	}
	return map[string]any{"keys": keys}, nil
}

// newIDToken signs an ID token for the access token. The keys take turns, so
// that a client which does not look keys up by kid fails soon.
func newIDToken(s *platform.State, t *platform.AccessToken, nonce string, now time.Time) string {
	u := t.User
	claims := map[string]any{
		"iss": issuer, "aud": platform.SeedRESTKey, "sub": strconv.FormatInt(u.ID, 10),
		"iat": now.Unix(), "exp": now.Add(platform.AccessLife).Unix(), "auth_time": t.Refresh.AuthTime.Unix(),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if u.Agreed("profile_nickname") {
		claims["nickname"] = u.Account.Nickname
	}
	if u.Agreed("profile_image") {
		claims["picture"] = u.Picture("110x110")
	}
	if u.Agreed("account_email") && u.Account.EmailValid && u.Account.EmailVerified {
		claims["email"] = u.Account.Email
	}
	keys := signingKeys()
	key := keys[Of(s).signed%len(keys)]
	Of(s).signed++
	return key.sign(claims)
}

// postTokenInfo is POST /oauth/tokeninfo.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#oidc-get-id-token-info
func postTokenInfo(r *platform.Request) (any, *platform.Failure) {
	token, err := parseToken(r.Text("id_token"))
	if err != nil {
		return nil, platform.NewFailure("KOE400", "id_token is missing or malformed: "+err.Error())
	}
	switch {
	case token.claims["iss"] != issuer:
		return nil, platform.NewFailure("KOE401", "")
	case !token.signed():
		return nil, platform.NewFailure("KOE402", "")
	case !r.Now.Before(token.expires):
		return nil, platform.NewFailure("KOE403", "")
	}
	return token.claims, nil
}
