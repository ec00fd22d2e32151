package kakao_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// upstream is a host of Kakao's that counts what it is asked and can change its
// mind.
type upstream struct {
	*httptest.Server
	requests atomic.Int64
	answer   atomic.Pointer[http.HandlerFunc]
}

func newUpstream(tb testing.TB, answer http.HandlerFunc) *upstream {
	tb.Helper()
	u := &upstream{}
	u.answerWith(answer)
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is a caller that leaves noticed
		u.requests.Add(1)
		(*u.answer.Load())(w, r)
	}))
	tb.Cleanup(u.Close)
	return u
}

func (u *upstream) answerWith(answer http.HandlerFunc) { u.answer.Store(&answer) }

// reply answers every request with a status and body.
func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hang answers nothing until the caller leaves.
func hang(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(30 * time.Second): // only matters to a client that never leaves
	}
}

// policied is a client of the test contract and of real products, whose every
// host is the upstream unless configure says otherwise.
func (u *upstream) policied(tb testing.TB, policy kakao.Policy, configure ...func(*kakao.Config)) *kakao.Client {
	tb.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 1000}
	tb.Cleanup(transport.CloseIdleConnections)
	config := kakao.Config{
		Hosts: map[apiv1.Host]*url.URL{},
		App: func(name string) (kakao.App, bool) {
			key := secret.New(restKey)
			if name == "second" {
				key = secret.New("7e577e577e577e577e577e577e570011")
			}
			return kakao.App{RESTAPIKey: key, AdminKey: secret.New(adminKey)}, true
		},
		Transport: transport,
		Policy:    policy,
	}
	for _, host := range []apiv1.Host{apiv1.Host_HOST_KAUTH, apiv1.Host_HOST_KAPI, apiv1.Host_HOST_DAPI} {
		config.Hosts[host] = u.base(tb)
	}
	for _, change := range configure {
		change(&config)
	}
	client, err := kakao.New(config,
		enginetestv1.File_enginetest_v1_enginetest_proto.Services().Get(0),
		userv1.File_kakao_user_v1_user_service_proto.Services().Get(0),
		localv1.File_kakao_local_v1_local_service_proto.Services().Get(0),
		authv1.File_kakao_auth_v1_oidc_service_proto.Services().Get(0))
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

func (u *upstream) base(tb testing.TB) *url.URL {
	tb.Helper()
	base, err := url.Parse(u.URL)
	if err != nil {
		tb.Fatal(err)
	}
	return base
}

// at puts a host of Kakao's on another upstream.
func at(tb testing.TB, host apiv1.Host, u *upstream) func(*kakao.Config) {
	tb.Helper()
	base := u.base(tb)
	return func(config *kakao.Config) { config.Hosts[host] = base }
}

const (
	readRPC     = engineService + "Query" // without credential
	writeRPC    = engineService + "Form"
	searchRPC   = protoreflect.FullName("kakao.local.v1.LocalService.SearchKeyword")
	meRPC       = protoreflect.FullName("kakao.user.v1.UserService.GetMe")
	userInfoRPC = protoreflect.FullName("kakao.auth.v1.OidcService.GetUserInfo")
)

// requests of the rpcs above; none is changed by a call.
var requestOf = map[protoreflect.FullName]proto.Message{
	readRPC:     &enginetestv1.QueryRequest{},
	writeRPC:    &enginetestv1.FormRequest{},
	searchRPC:   &localv1.SearchKeywordRequest{Query: "나래"},
	meRPC:       &userv1.GetMeRequest{},
	userInfoRPC: &authv1.GetUserInfoRequest{},
}

// ask calls an rpc as a user, within a time.
func ask(tb testing.TB, client *kakao.Client, rpc protoreflect.FullName, within time.Duration) (proto.Message, error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return client.Call(ctx, rpc, kakao.Caller{UserToken: secret.New(userToken)}, requestOf[rpc])
}

// reason is the reason of a failed call without its prefix; "" of success.
func reason(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	return failure(t, err).Reason().String()[len("REASON_"):]
}
