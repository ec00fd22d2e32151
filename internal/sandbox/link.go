package sandbox

import (
	"maps"
	"net/http"
)

// userRoutes are the routes about one user's link, tokens and data.
func userRoutes() []route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	both := []string{http.MethodGet, http.MethodPost}
	return []route{
		{methods: post, host: kapiHost, path: "/v1/user/logout", accepts: userToken | adminKey, category: categoryLogout,
			preregistered: true, apiType: "USER_LOGOUT", handle: postLogout},
		{methods: post, host: kapiHost, path: "/v1/user/unlink", accepts: userToken | adminKey, category: categoryUnlink,
			preregistered: true, apiType: "USER_UNLINK", handle: postUnlink},
		{methods: post, host: kapiHost, path: "/v1/user/signup", accepts: userToken,
			preregistered: true, apiType: "USER_SIGNUP", handle: postSignup,
			params: []param{{name: "properties", kind: jsonTexts()}}},
		{methods: get, host: kapiHost, path: "/v1/user/access_token_info", accepts: userToken,
			preregistered: true, apiType: "USER_ACCESS_TOKEN_INFO", handle: getAccessTokenInfo},
		{methods: both, host: kapiHost, path: "/v2/user/me", accepts: userToken | adminKey, category: categoryUserInfo,
			preregistered: true, apiType: "USER_ME", handle: getMe,
			params: []param{{name: "secure_resource", kind: boolean()}, {name: "property_keys", kind: jsonStrings(100)}}},
		{methods: post, host: kapiHost, path: "/v1/user/update_profile", accepts: userToken,
			apiType: "USER_UPDATE_PROFILE", handle: postUpdateProfile,
			params: []param{{name: "properties", kind: jsonTexts(), required: true}}},
		{methods: get, host: kapiHost, path: "/v1/user/shipping_address", accepts: userToken | adminKey, category: categoryUserInfo,
			consent: "shipping_address", apiType: "USER_SHIPPING_ADDRESS", handle: getShippingAddresses,
			params: []param{
				{name: "address_id", kind: integer(1, maxInt64)},
				{name: "from_updated_at", kind: integer(0, maxInt64)},
				{name: "page_size", kind: integer(2, maxAddressPage)},
			}},
		{methods: get, host: kapiHost, path: "/v1/oidc/userinfo", accepts: userToken,
			apiType: "OIDC_USER_INFO", handle: getOIDCUserInfo},
	}
}

// idAnswer is the answer of calls that only name the user.
func idAnswer(u *user) map[string]int64 { return map[string]int64{"id": u.id} }

// postLogout is POST /v1/user/logout: with an access token it ends that login,
// with the admin key all logins of the user.
func postLogout(r *request) (any, *kakaoError) {
	if r.token == nil {
		r.state.revokeTokens(r.user)
		return idAnswer(r.user), nil
	}
	delete(r.state.accessTokens, r.token.value)
	// The refresh token may have been rotated since: then the new one, which
	// belongs to other access tokens, stays.
	delete(r.state.refreshTokens, r.token.refresh.value)
	return idAnswer(r.user), nil
}

// postUnlink is POST /v1/user/unlink. Kakao sends no webhook for it.
func postUnlink(r *request) (any, *kakaoError) {
	r.state.unlink(r.user)
	return idAnswer(r.user), nil
}

// postSignup is POST /v1/user/signup, which completes a manual link.
func postSignup(r *request) (any, *kakaoError) {
	if r.user.link == linked {
		return nil, newFailure("-102", "")
	}
	properties := r.texts("properties")
	if unknown := r.state.app.unknownProperties(properties); len(unknown) > 0 {
		return nil, unknownProperty(r.state.app, unknown)
	}
	r.user.becomeLinked(r.now)
	maps.Copy(r.user.properties, properties)
	return idAnswer(r.user), nil
}

// postUpdateProfile is POST /v1/user/update_profile; other properties stay.
func postUpdateProfile(r *request) (any, *kakaoError) {
	properties := r.texts("properties")
	if unknown := r.state.app.unknownProperties(properties); len(unknown) > 0 {
		return nil, unknownProperty(r.state.app, unknown)
	}
	maps.Copy(r.user.properties, properties)
	return idAnswer(r.user), nil
}
