package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"google.golang.org/grpc"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
)

// redirectURI is one of those that the sandbox's app has registered.
const redirectURI = "http://127.0.0.1:8080/callback"

// signIn returns the access token of a person who signs in: a browser opens
// the authorize URL, comes back with a code, and the code is exchanged.
func signIn(ctx context.Context, conn *grpc.ClientConn, person string) (string, error) {
	auth := authv1.NewAuthServiceClient(conn)
	page, err := auth.GetAuthorizeUrl(ctx, &authv1.GetAuthorizeUrlRequest{RedirectUri: redirectURI})
	if err != nil {
		return "", err
	}
	code, err := agree(ctx, page.GetUrl(), person)
	if err != nil {
		return "", err
	}
	issued, err := auth.IssueToken(ctx, &authv1.IssueTokenRequest{Code: code, RedirectUri: redirectURI})
	return issued.GetToken().GetAccessToken(), err
}

// agree takes the place of the browser, which only the sandbox allows.
func agree(ctx context.Context, authorizeURL, person string) (string, error) {
	sandbox, _, _ := strings.Cut(authorizeURL, "/oauth/")
	body := strings.NewReader(fmt.Sprintf(`{"user": %q}`, person))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, sandbox+"/__sandbox__/authorize", body) //nolint:gosec // the sandbox's address is what the server says
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request) //nolint:gosec // see above
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	var back struct{ Code string }
	err = json.NewDecoder(answer.Body).Decode(&back)
	return back.Code, err
}
