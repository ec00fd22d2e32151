package e2e

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

// story is a client of a server in front of a sandbox, over one transport.
type story struct {
	t    *testing.T
	url  string // of the sandbox
	keys sandbox.Credentials
	call transport
	who  caller
}

// startSandbox starts a sandbox for the test, and returns where it is and what
// its people and keys are.
func startSandbox(t *testing.T, options sandbox.Options) (url string, keys sandbox.Credentials) {
	t.Helper()
	local, err := sandbox.New(options)
	if err != nil {
		t.Fatal(err)
	}
	started, err := local.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = started.Close(context.Background()) })
	return started.URL(), local.Credentials()
}

// tell runs a story over each transport, every time in front of a fresh
// sandbox.
func tell(t *testing.T, run func(*story)) {
	t.Helper()
	for _, name := range []string{"gRPC", "JSON"} {
		t.Run(name, func(t *testing.T) {
			url, keys := startSandbox(t, sandbox.Options{})
			server := startServer(t, url, map[string]string{"KAKAORPC_APPS_DEFAULT_CLIENT_SECRET": keys.ClientSecret})
			server.watch.secret(keys.ClientSecret)
			run(&story{t: t, url: url, keys: keys, call: server.transports()[name]})
		})
	}
}

// try calls an rpc by its full name.
func (s *story) try(rpc protoreflect.FullName, request, response proto.Message) error {
	s.t.Helper()
	descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName(rpc)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.call(s.t, descriptor.(protoreflect.MethodDescriptor), s.who, request, response)
}

// must calls an rpc that has to succeed.
func must[Response proto.Message](s *story, rpc protoreflect.FullName, request proto.Message, response Response) Response {
	s.t.Helper()
	if err := s.try(rpc, request, response); err != nil {
		s.t.Fatalf("%s: %v", rpc, err)
	}
	return response
}

// refused calls an rpc that has to fail with a code and reason.
func (s *story) refused(rpc protoreflect.FullName, request, response proto.Message, code codes.Code, reason string) {
	s.t.Helper()
	err := s.try(rpc, request, response)
	got, _ := status.FromError(err)
	if err == nil || got.Code() != code || detailsOf(s.t, got).info.GetReason() != reason {
		s.t.Fatalf("%s: %v, want %s %s", rpc, err, code, reason)
	}
}

// advance moves the sandbox's clock.
func (s *story) advance(seconds string) {
	s.t.Helper()
	response, err := http.Post(s.url+"/__sandbox__/clock", "application/json", strings.NewReader(`{"advance_seconds":`+seconds+`}`))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("the sandbox's clock: HTTP %d", response.StatusCode)
	}
}

const (
	authService    = "kakao.auth.v1.AuthService."
	oidcService    = "kakao.auth.v1.OidcService."
	userService    = "kakao.user.v1.UserService."
	consentService = "kakao.user.v1.ConsentService."
	adminService   = "kakao.user.v1.UserAdminService."
	localService   = "kakao.local.v1.LocalService."
)

// TestSignInStory: a person signs in through the page, with PKCE; the session
// is used, refreshed and ended, and what was done shows in what comes after.
func TestSignInStory(t *testing.T) {
	tell(t, func(s *story) {
		verifier := strings.Repeat("test-verifier-", 4)
		challenge := sha256.Sum256([]byte(verifier))
		redirect := s.keys.RedirectURIs[0]
		address := must(s, authService+"GetAuthorizeUrl", &authv1.GetAuthorizeUrlRequest{
			RedirectUri: redirect, State: proto.String("state & more"), Nonce: proto.String("n-81"),
			Scope:         []string{"openid", "account_email", "profile_nickname", "shipping_address"},
			CodeChallenge: proto.String(base64.RawURLEncoding.EncodeToString(challenge[:])),
		}, &authv1.GetAuthorizeUrlResponse{}).GetUrl()

		// In the browser: choose bomi, who has never been here, and agree.
		person := newBrowser(t)
		consent := person.press(s.t, person.open(s.t, address), "user", "bomi")
		back := person.press(s.t, consent, "action", "agree").location
		if back == nil || !strings.HasPrefix(back.String(), redirect) || back.Query().Get("state") != "state & more" {
			s.t.Fatalf("the browser was sent to %v", back)
		}
		issue := &authv1.IssueTokenRequest{Code: back.Query().Get("code"), RedirectUri: redirect, CodeVerifier: &verifier}
		token := must(s, authService+"IssueToken", issue, &authv1.IssueTokenResponse{}).GetToken()
		s.refused(authService+"IssueToken", issue, &authv1.IssueTokenResponse{}, codes.InvalidArgument, "KAKAO_CODE_USED_OR_EXPIRED")
		if token.GetExpiresIn() != 21599 || !slices.Contains(token.GetScope(), "account_email") {
			s.t.Errorf("expires_in %d, scope %q", token.GetExpiresIn(), token.GetScope())
		}
		s.verifyIDToken(token.GetIdToken(), "n-81")

		s.who.Token = token.GetAccessToken()
		me := must(s, userService+"GetMe", &userv1.GetMeRequest{}, &userv1.GetMeResponse{}).GetUser()
		if me.GetKakaoAccount().GetEmail() != "bomi@example.com" {
			s.t.Errorf("e-mail %q", me.GetKakaoAccount().GetEmail())
		}
		if info := must(s, userService+"GetAccessTokenInfo", &userv1.GetAccessTokenInfoRequest{}, &userv1.GetAccessTokenInfoResponse{}); info.GetId() != me.GetId() {
			s.t.Errorf("the token is of %d, the account of %d", info.GetId(), me.GetId())
		}
		if subject := must(s, oidcService+"GetUserInfo", &authv1.GetUserInfoRequest{}, &authv1.GetUserInfoResponse{}); subject.GetEmail() != "bomi@example.com" {
			s.t.Errorf("userinfo %v", subject)
		}

		// What is revoked is gone from the next answer.
		must(s, consentService+"RevokeScopes", &userv1.RevokeScopesRequest{Scopes: []string{"account_email"}}, &userv1.RevokeScopesResponse{})
		me = must(s, userService+"GetMe", &userv1.GetMeRequest{}, &userv1.GetMeResponse{}).GetUser()
		if account := me.GetKakaoAccount(); account.Email != nil || !account.GetEmailNeedsAgreement() {
			s.t.Errorf("after revoking: %v", account)
		}

		// An access token ends; a refresh token is replaced in its last month.
		s.advance("21600")
		s.refused(userService+"GetMe", &userv1.GetMeRequest{}, &userv1.GetMeResponse{}, codes.Unauthenticated, "KAKAO_USER_TOKEN_EXPIRED")
		refresh := &authv1.RefreshTokenRequest{RefreshToken: token.GetRefreshToken()}
		fresh := must(s, authService+"RefreshToken", refresh, &authv1.RefreshTokenResponse{}).GetToken()
		if fresh.RefreshToken != nil {
			s.t.Error("a refresh token with two months left was replaced")
		}
		s.advance("2700000")
		fresh = must(s, authService+"RefreshToken", refresh, &authv1.RefreshTokenResponse{}).GetToken()
		if fresh.RefreshToken == nil {
			s.t.Error("a refresh token with less than a month left was not replaced")
		}
		s.refused(authService+"RefreshToken", refresh, &authv1.RefreshTokenResponse{}, codes.Unauthenticated, "KAKAO_REFRESH_TOKEN_INVALID")

		// The end of the session, and of the link.
		s.who.Token = fresh.GetAccessToken()
		must(s, userService+"Logout", &userv1.LogoutRequest{}, &userv1.LogoutResponse{})
		s.refused(userService+"GetMe", &userv1.GetMeRequest{}, &userv1.GetMeResponse{}, codes.Unauthenticated, "KAKAO_USER_TOKEN_INVALID")
		s.who.Token = ""
		target := me.GetId()
		must(s, userService+"Unlink", &userv1.UnlinkRequest{TargetId: &target}, &userv1.UnlinkResponse{})
		s.refused(userService+"GetMe", &userv1.GetMeRequest{TargetId: &target}, &userv1.GetMeResponse{}, codes.FailedPrecondition, "KAKAO_USER_NOT_LINKED")
	})
}

// verifyIDToken checks the signature against the keys that the server hands
// out, as a service would.
func (s *story) verifyIDToken(token, nonce string) {
	s.t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		s.t.Fatalf("ID token of %d parts", len(parts))
	}
	var header struct{ Kid, Alg string }
	var claims struct{ Iss, Aud, Nonce string }
	decodePart(s.t, parts[0], &header)
	decodePart(s.t, parts[1], &claims)
	configuration := must(s, oidcService+"GetConfiguration", &authv1.GetConfigurationRequest{}, &authv1.GetConfigurationResponse{})
	if claims.Iss != configuration.GetIssuer() || claims.Aud != s.keys.RESTKey || claims.Nonce != nonce || header.Alg != "RS256" {
		s.t.Errorf("header %+v, claims %+v", header, claims)
	}
	keys := must(s, oidcService+"ListKeys", &authv1.ListKeysRequest{}, &authv1.ListKeysResponse{}).GetKeys()
	for _, key := range keys {
		if key.GetKid() != header.Kid {
			continue
		}
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(rawURL(s.t, key.GetN())), E: int(new(big.Int).SetBytes(rawURL(s.t, key.GetE())).Int64())}
		digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], rawURL(s.t, parts[2])); err != nil {
			s.t.Errorf("the signature of the ID token: %v", err)
		}
		return
	}
	s.t.Errorf("none of %d keys has the kid of the ID token", len(keys))
}

func decodePart(t *testing.T, part string, into any) {
	t.Helper()
	if err := json.NewDecoder(bytes.NewReader(rawURL(t, part))).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func rawURL(t *testing.T, text string) []byte {
	t.Helper()
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// TestAdminStory: with the admin key, over all users and page by page; ids of
// 19 digits stay exact.
func TestAdminStory(t *testing.T) {
	tell(t, func(s *story) {
		var all []int64
		request := &userv1.ListUserIdsRequest{Limit: proto.Int32(2)}
		for range 10 {
			page := must(s, adminService+"ListUserIds", request, &userv1.ListUserIdsResponse{})
			for _, id := range page.GetElements() {
				if !slices.Contains(all, id) { // a page may start with the end of the one before
					all = append(all, id)
				}
			}
			if page.NextFromId == nil {
				break
			}
			request.FromId = page.NextFromId
		}
		var linked []int64
		for _, user := range s.keys.Users {
			if slices.Contains([]string{"mina", "joon", "haru"}, user.Name) { // signed up, and not only in part
				linked = append(linked, user.ID)
			}
		}
		for _, id := range linked {
			if !slices.Contains(all, id) {
				s.t.Errorf("%d is linked and not listed in %v", id, all)
			}
		}
		users := must(s, adminService+"BatchGetUsers", &userv1.BatchGetUsersRequest{
			TargetIds: linked, PropertyKeys: []string{"kakao_account.email"},
		}, &userv1.BatchGetUsersResponse{}).GetUsers()
		if len(users) != len(linked) {
			s.t.Errorf("%d users, want %d", len(users), len(linked))
		}
		for _, user := range users {
			if !slices.Contains(linked, user.GetId()) {
				s.t.Errorf("nobody asked for %d", user.GetId())
			}
		}
	})
}

// TestPlacesStory: every place around a point, in order of distance, page by
// page to the end; the address of the first, its region, and back.
func TestPlacesStory(t *testing.T) {
	tell(t, func(s *story) {
		request := &localv1.SearchKeywordRequest{
			Query: "카페", X: proto.Float64(126.9784), Y: proto.Float64(37.5666), Radius: proto.Int32(20000),
			Sort: localv1.PlaceSort_PLACE_SORT_DISTANCE, Size: proto.Int32(10),
		}
		var places []*localv1.Place
		for page := int32(1); ; page++ {
			if page > 45 {
				s.t.Fatal("the search never ends")
			}
			request.Page = &page
			found := must(s, localService+"SearchKeyword", request, &localv1.SearchKeywordResponse{})
			places = append(places, found.GetDocuments()...)
			if found.GetMeta().GetIsEnd() {
				if int(found.GetMeta().GetPageableCount()) != len(places) {
					s.t.Errorf("%d places on %d pages, pageable_count %d", len(places), page, found.GetMeta().GetPageableCount())
				}
				break
			}
		}
		if len(places) < 2 || !slices.IsSortedFunc(places, func(a, b *localv1.Place) int { return int(a.GetDistance() - b.GetDistance()) }) {
			s.t.Fatalf("%d places, in order of distance?", len(places))
		}
		first := places[0]
		address := must(s, localService+"ConvertCoordinateToAddress", &localv1.ConvertCoordinateToAddressRequest{
			X: &first.X, Y: &first.Y,
		}, &localv1.ConvertCoordinateToAddressResponse{}).GetDocuments()
		if len(address) != 1 || address[0].GetAddress().GetAddressName() == "" {
			s.t.Errorf("the first place has the address %v", address)
		}
		regions := must(s, localService+"ConvertCoordinateToRegion", &localv1.ConvertCoordinateToRegionRequest{
			X: &first.X, Y: &first.Y,
		}, &localv1.ConvertCoordinateToRegionResponse{}).GetDocuments()
		if len(regions) != 2 || regions[0].GetRegionType() != "B" || regions[1].GetRegionType() != "H" {
			s.t.Errorf("the first place lies in %v", regions)
		}
		there := must(s, localService+"ConvertCoordinateSystem", &localv1.ConvertCoordinateSystemRequest{
			X: proto.Float64(126.9784), Y: proto.Float64(37.5666), OutputCoord: localv1.CoordinateSystem_COORDINATE_SYSTEM_WTM,
		}, &localv1.ConvertCoordinateSystemResponse{}).GetDocuments()
		if len(there) != 1 || there[0].GetX() < 198091.7 || there[0].GetX() > 198091.72 {
			s.t.Errorf("Seoul City Hall in WTM is %v", there)
		}
		s.refused(localService+"SearchKeyword", &localv1.SearchKeywordRequest{Query: "카페", X: proto.Float64(37.5), Y: proto.Float64(127)},
			&localv1.SearchKeywordResponse{}, codes.InvalidArgument, "REQUEST_INVALID")
	})
}
