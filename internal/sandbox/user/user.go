// Package user plays the users of an app: their link to it, their data, consents,
// service terms and shipping addresses.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api
package user

import (
	"maps"
	"math"
	"net/http"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Product is the users of the app: their links, data, consents and terms.
// With exclusiveFromID, from_id of /v1/user/ids starts behind the given ID.
func Product(exclusiveFromID bool) platform.Product {
	return platform.Product{Routes: slices.Concat(userRoutes(), termsRoutes(), listRoutes(exclusiveFromID))}
}

// userRoutes are the routes about one user's link, tokens and data.
func userRoutes() []platform.Route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	both := []string{http.MethodGet, http.MethodPost}
	return []platform.Route{
		{Methods: post, Host: platform.KapiHost, Path: "/v1/user/logout", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryLogout,
			Preregistered: true, APIType: "USER_LOGOUT", Handle: postLogout},
		{Methods: post, Host: platform.KapiHost, Path: "/v1/user/unlink", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryUnlink,
			Preregistered: true, APIType: "USER_UNLINK", Handle: postUnlink},
		{Methods: post, Host: platform.KapiHost, Path: "/v1/user/signup", Accepts: platform.UserToken,
			Preregistered: true, APIType: "USER_SIGNUP", Handle: postSignup,
			Params: []platform.Param{{Name: "properties", Kind: platform.JSONTexts()}}},
		{Methods: get, Host: platform.KapiHost, Path: "/v1/user/access_token_info", Accepts: platform.UserToken,
			Preregistered: true, APIType: "USER_ACCESS_TOKEN_INFO", Handle: getAccessTokenInfo},
		{Methods: both, Host: platform.KapiHost, Path: "/v2/user/me", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryUserInfo,
			Preregistered: true, APIType: "USER_ME", Handle: getMe,
			Params: []platform.Param{{Name: "secure_resource", Kind: platform.Boolean()}, {Name: "property_keys", Kind: platform.JSONStrings(100)}}},
		{Methods: post, Host: platform.KapiHost, Path: "/v1/user/update_profile", Accepts: platform.UserToken,
			APIType: "USER_UPDATE_PROFILE", Handle: postUpdateProfile,
			Params: []platform.Param{{Name: "properties", Kind: platform.JSONTexts(), Required: true}}},
		{Methods: get, Host: platform.KapiHost, Path: "/v1/user/shipping_address", Accepts: platform.UserToken | platform.AdminKey, Category: platform.CategoryUserInfo,
			Consent: "shipping_address", APIType: "USER_SHIPPING_ADDRESS", Handle: getShippingAddresses,
			Params: []platform.Param{
				{Name: "address_id", Kind: platform.Integer(1, math.MaxInt64)},
				{Name: "from_updated_at", Kind: platform.Integer(0, math.MaxInt64)},
				{Name: "page_size", Kind: platform.Integer(2, maxAddressPage)},
			}},
		{Methods: get, Host: platform.KapiHost, Path: "/v1/oidc/userinfo", Accepts: platform.UserToken,
			APIType: "OIDC_USER_INFO", Handle: getOIDCUserInfo},
	}
}

// idAnswer is the answer of calls that only name the user.
func idAnswer(u *platform.User) map[string]int64 { return map[string]int64{"id": u.ID} }

// postLogout is POST /v1/user/logout: with an access token it ends that login,
// with the admin key all logins of the user.
func postLogout(r *platform.Request) (any, *platform.Failure) {
	if r.Token == nil {
		r.State.RevokeTokens(r.User)
		return idAnswer(r.User), nil
	}
	delete(r.State.AccessTokens, r.Token.Value)
	// The refresh token may have been rotated since: then the new one, which
	// belongs to other access tokens, stays.
	delete(r.State.RefreshTokens, r.Token.Refresh.Value)
	return idAnswer(r.User), nil
}

// postUnlink is POST /v1/user/unlink. Kakao sends no webhook for it.
func postUnlink(r *platform.Request) (any, *platform.Failure) {
	r.State.Unlink(r.User)
	return idAnswer(r.User), nil
}

// postSignup is POST /v1/user/signup, which completes a manual link.
func postSignup(r *platform.Request) (any, *platform.Failure) {
	if r.User.Link == platform.Linked {
		return nil, platform.NewFailure("-102", "")
	}
	properties := r.Texts("properties")
	if unknown := r.State.App.UnknownProperties(properties); len(unknown) > 0 {
		return nil, unknownProperty(r.State.App, unknown)
	}
	r.User.BecomeLinked(r.Now)
	maps.Copy(r.User.Properties, properties)
	return idAnswer(r.User), nil
}

// postUpdateProfile is POST /v1/user/update_profile; other properties stay.
func postUpdateProfile(r *platform.Request) (any, *platform.Failure) {
	properties := r.Texts("properties")
	if unknown := r.State.App.UnknownProperties(properties); len(unknown) > 0 {
		return nil, unknownProperty(r.State.App, unknown)
	}
	maps.Copy(r.User.Properties, properties)
	return idAnswer(r.User), nil
}

// getAccessTokenInfo is GET /v1/user/access_token_info.
func getAccessTokenInfo(r *platform.Request) (any, *platform.Failure) {
	return map[string]any{
		"id": r.User.ID, "app_id": r.State.App.ID, "expires_in": int64(r.Token.Expires.Sub(r.Now).Seconds()),
	}, nil
}
