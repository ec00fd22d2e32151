// Package login plays Kakao Login: kauth.kakao.com with its sign-in, consent and
// logout pages, its tokens, and OpenID Connect.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api
package login

import (
	"net/http"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Product is Kakao Login: kauth.kakao.com with its pages.
func Product() platform.Product {
	return platform.Product{
		Routes: slices.Concat(kauthRoutes(), pageRoutes()),
		Seed:   newState,
		Controls: []platform.ControlRoute{
			{Method: "POST", Name: "authorize", About: `sign in without a browser: {"user":"mina","parameters":{"scope":"openid"}}`, Serve: authorizeByScript},
		},
	}
}

// kauthRoutes are the routes of kauth.kakao.com.
func kauthRoutes() []platform.Route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	return []platform.Route{
		{Methods: post, Host: platform.KauthHost, Path: "/oauth/token", Handle: postToken, Params: []platform.Param{
			{Name: "grant_type", Kind: platform.Text()}, {Name: "client_id", Kind: platform.Text()}, {Name: "client_secret", Kind: platform.Text()},
			{Name: "code", Kind: platform.Text()}, {Name: "redirect_uri", Kind: platform.Text()}, {Name: "code_verifier", Kind: platform.Text()},
			{Name: "refresh_token", Kind: platform.Text()},
			{Name: "android_key_hash", Kind: platform.Text()}, {Name: "ios_bundle_id", Kind: platform.Text()}, {Name: "client_origin", Kind: platform.Text()},
		}},
		{Methods: post, Host: platform.KauthHost, Path: "/oauth/tokeninfo", Handle: postTokenInfo, Params: []platform.Param{{Name: "id_token", Kind: platform.Text()}}},
		{Methods: get, Host: platform.KauthHost, Path: "/.well-known/openid-configuration", Handle: getDiscovery},
		{Methods: get, Host: platform.KauthHost, Path: "/.well-known/jwks.json", Handle: getKeys},
		{Methods: get, Host: platform.KauthHost, Path: "/.well-known/sse-configuration", Handle: getSSEConfiguration},
	}
}

// pageRoutes are the two browser routes, and the forms of their pages.
func pageRoutes() []platform.Route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	return []platform.Route{
		{Methods: get, Host: platform.KauthHost, Path: "/oauth/authorize", ErrorPage: errorPage, Params: authorizeParams(), Handle: getAuthorize},
		{Methods: post, Host: platform.KauthHost, Path: "/oauth/authorize", ErrorPage: errorPage, Internal: true, Params: consentParams(), Handle: postAuthorize},
		{Methods: get, Host: platform.KauthHost, Path: "/oauth/logout", ErrorPage: errorPage, Params: logoutParams(), Handle: getLogoutPage},
		{Methods: post, Host: platform.KauthHost, Path: "/oauth/logout", ErrorPage: errorPage, Internal: true, Handle: postLogoutPage, Params: []platform.Param{
			{Name: "request", Kind: platform.Text(), Required: true},
			{Name: "action", Kind: platform.Enum("service", "account", translateAction), Required: true},
			{Name: translateParam, Kind: platform.Enum(string(pages.English), string(pages.Korean))},
		}},
	}
}
