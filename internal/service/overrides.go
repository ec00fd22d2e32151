package service

import (
	"context"

	"google.golang.org/protobuf/reflect/protoreflect"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// Overrides are the rpcs that need Go of their own, each with its reason beside
// the function.
func Overrides() map[protoreflect.FullName]kakao.Override {
	return map[protoreflect.FullName]kakao.Override{
		authorizeURL: kakao.NewOverride(getAuthorizeURL),
		logoutURL:    kakao.NewOverride(getLogoutURL),
	}
}

const (
	authorizeURL protoreflect.FullName = "kakao.auth.v1.AuthService.GetAuthorizeUrl"
	logoutURL    protoreflect.FullName = "kakao.auth.v1.AuthService.GetLogoutUrl"
)

// getAuthorizeURL only builds the address: it is the user's browser that opens
// it. response_type has one value, so it is no part of the request.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-code
func getAuthorizeURL(_ context.Context, client *kakao.Client, caller kakao.Caller, request *authv1.GetAuthorizeUrlRequest) (*authv1.GetAuthorizeUrlResponse, error) {
	address, err := client.URL(authorizeURL, caller, request)
	if err != nil {
		return nil, err
	}
	address.RawQuery += "&response_type=code"
	return &authv1.GetAuthorizeUrlResponse{Url: address.String()}, nil
}

// getLogoutURL only builds the address: it is the user's browser that opens it.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#logout-of-service-and-kakaoaccount
func getLogoutURL(_ context.Context, client *kakao.Client, caller kakao.Caller, request *authv1.GetLogoutUrlRequest) (*authv1.GetLogoutUrlResponse, error) {
	address, err := client.URL(logoutURL, caller, request)
	if err != nil {
		return nil, err
	}
	return &authv1.GetLogoutUrlResponse{Url: address.String()}, nil
}
