package e2e

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	calendarv1 "github.com/kakaorpc/kakaorpc/gen/kakao/calendar/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	searchv1 "github.com/kakaorpc/kakaorpc/gen/kakao/search/v1"
	talkv1 "github.com/kakaorpc/kakaorpc/gen/kakao/talk/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

const (
	// manyUsers is how many people's calls are made.
	manyUsers = 10_000
	// manyCallers is how many services make them, each with a certificate.
	manyCallers = 20
	// maxSeries is how many time series the server may have after that.
	maxSeries = 2_000
)

// person is what is particular to one user's call.
type person struct {
	token, text, app string
	id               int64
}

// habits are the calls that a company makes all day: over JSON, and the same
// over gRPC.
var habits = []struct {
	rpc  string
	path func(person) string
	// request and response are those of the rpc.
	request  func(person) proto.Message
	response func() proto.Message
	answer   string
}{
	{"/kakao.user.v1.UserService/GetMe", func(p person) string { return fmt.Sprintf("/user/v1/me?target_id=%d", p.id) },
		func(p person) proto.Message { return &userv1.GetMeRequest{TargetId: &p.id} }, func() proto.Message { return &userv1.GetMeResponse{} }, `{"id":1}`},
	{"/kakao.user.v1.UserService/GetAccessTokenInfo", func(person) string { return "/user/v1/access_token_info" },
		func(person) proto.Message { return &userv1.GetAccessTokenInfoRequest{} }, func() proto.Message { return &userv1.GetAccessTokenInfoResponse{} }, `{"id":1,"expires_in":1,"app_id":1}`},
	{"/kakao.user.v1.ConsentService/ListScopes", func(person) string { return "/user/v1/me/scopes" },
		func(person) proto.Message { return &userv1.ListScopesRequest{} }, func() proto.Message { return &userv1.ListScopesResponse{} }, `{"id":1,"scopes":[]}`},
	{"/kakao.talk.v1.TalkService/ListFriends", func(p person) string { return fmt.Sprintf("/talk/v1/friends?offset=%d", p.id%1000) },
		func(p person) proto.Message {
			return &talkv1.ListFriendsRequest{Offset: proto.Int32(int32(p.id % 1000))}
		}, func() proto.Message { return &talkv1.ListFriendsResponse{} }, `{"elements":[],"total_count":0}`},
	{"/kakao.calendar.v1.EventService/GetEvent", func(p person) string { return "/calendar/v1/events/" + url.PathEscape(p.text) },
		func(p person) proto.Message { return &calendarv1.GetEventRequest{EventId: p.text} }, func() proto.Message { return &calendarv1.GetEventResponse{} }, `{"event":{"id":"e"}}`},
	{"/kakao.local.v1.LocalService/SearchKeyword", func(p person) string { return "/local/v1/places:searchKeyword?query=" + url.QueryEscape(p.text) },
		func(p person) proto.Message { return &localv1.SearchKeywordRequest{Query: p.text} }, func() proto.Message { return &localv1.SearchKeywordResponse{} }, placesFound.body},
	{"/kakao.local.v1.LocalService/SearchAddress", func(p person) string { return "/local/v1/addresses:search?query=" + url.QueryEscape(p.text) },
		func(p person) proto.Message { return &localv1.SearchAddressRequest{Query: p.text} }, func() proto.Message { return &localv1.SearchAddressResponse{} }, placesFound.body},
	{"/kakao.search.v1.SearchService/SearchBooks", func(p person) string { return "/search/v1/books?query=" + url.QueryEscape(p.text) },
		func(p person) proto.Message { return &searchv1.SearchBooksRequest{Query: p.text} }, func() proto.Message { return &searchv1.SearchBooksResponse{} }, placesFound.body},
	{"/kakao.auth.v1.OidcService/GetUserInfo", func(person) string { return "/auth/v1/oidc/userinfo" },
		func(person) proto.Message { return &authv1.GetUserInfoRequest{} }, func() proto.Message { return &authv1.GetUserInfoResponse{} }, `{"sub":"1"}`},
}

// TestTenThousandUsersMakeFewSeries: whatever differs from user to user - token,
// id, text, path, request id, the app that is asked for, the codes that Kakao
// answers with - makes no time series. A label with a user's value in it would
// make ten thousand.
func TestTenThousandUsersMakeFewSeries(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	folder := t.TempDir()
	authority := tlstest.NewAuthority(t, "callers")
	own := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "server")
	kakao := startKakao(t)
	kakao.answerWith(moody(seed))
	server := startServer(t, kakao.URL, map[string]string{
		"KAKAORPC_TLS_CERT_FILE": own.Cert, "KAKAORPC_TLS_KEY_FILE": own.Key, "KAKAORPC_TLS_CLIENT_CA_FILE": authority.WriteCA(t, folder, "ca.pem"),
		"KAKAORPC_RETRY_ATTEMPTS": "3", "KAKAORPC_BREAKER_FAILURES": "5", "KAKAORPC_LOG_LEVEL": "info", "KAKAORPC_LOG_SUCCESS_PERCENT": "1",
	})
	var group sync.WaitGroup
	for number := range manyCallers {
		certificate := authority.Issue(t, tlstest.Leaf{DNS: []string{fmt.Sprintf("caller-%d.shop.example", number)}}).TLS(t)
		as := server.as(t, authority, &certificate)
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(number)))
			for user := number; user < manyUsers; user += manyCallers {
				as.callOf(t, random, user)
			}
		})
	}
	group.Wait()
	page := server.get(t, server.ops+"/metrics")
	series, total := map[string]int{}, 0
	var names strings.Builder // without the values, in which any digits may stand
	for line := range strings.Lines(page) {
		if !strings.HasPrefix(line, "#") {
			series[line[:strings.IndexAny(line, "{ ")]]++
			total++
			line = line[:strings.LastIndexByte(line, ' ')] + "\n"
		}
		names.WriteString(line)
	}
	byNumber := slices.SortedFunc(maps.Keys(series), func(a, b string) int { return series[b] - series[a] })
	for _, name := range byNumber[:10] {
		t.Logf("%5d %s", series[name], name)
	}
	t.Logf("%d users of %d callers, %d kinds of calls over two transports: %d series", manyUsers, manyCallers, len(habits), total)
	if total > maxSeries {
		t.Errorf("%d series, want at most %d", total, maxSeries)
	}
	for _, particular := range []string{"caller-1", "test-text", "3177", "guess-", "path-", "-7777", "Method1", "otel_metric_overflow"} {
		if at := strings.Index(names.String(), particular); at >= 0 {
			t.Errorf("the metrics hold %q: …%s…", particular, names.String()[max(0, at-100):at+20])
		}
	}
	// Or there was nothing to count.
	if rpcs := server.metric(t, "rpc_server_call_duration_seconds_count"); rpcs < manyUsers {
		t.Errorf("only %v calls came through", rpcs)
	}
	if other := strings.Count(page, `kakao_code="other"`); other == 0 {
		t.Error("no code was new")
	}
}

// callOf makes the calls of one user: one that is usual, and now and then one
// that nobody should make.
func (s *runningServer) callOf(t *testing.T, random *rand.Rand, user int) {
	t.Helper()
	p := person{token: fmt.Sprintf("test-access-token-of-user-%d-%016x", user, random.Uint64()), text: fmt.Sprintf("test-text-%d", user), id: 3177000000 + int64(user)}
	if random.IntN(10) == 0 {
		p.app = fmt.Sprintf("guess-%d", user)
	}
	header := map[string]string{"x-request-id": fmt.Sprintf("request-%d", user), "x-kakao-app": p.app}
	habit := habits[user%len(habits)]
	if !strings.Contains(habit.path(p), "target_id") {
		header["authorization"] = "Bearer " + p.token
	}
	if random.IntN(2) == 0 {
		s.open(t, http.MethodGet, habit.path(p), header)
	} else {
		s.invoke(habit.rpc, header, habit.request(p), habit.response())
	}
	switch random.IntN(20) {
	case 0:
		s.open(t, http.MethodGet, fmt.Sprintf("/path-%d/%d", user, user), header)
	case 1:
		s.open(t, fmt.Sprintf("METHOD%d", user), habit.path(p), header)
	case 2:
		s.invoke(fmt.Sprintf("/kakao.user.v1.UserService/Method%d", user), header, &emptypb.Empty{}, &emptypb.Empty{})
	case 3:
		s.open(t, http.MethodGet, habit.path(p)+"#", map[string]string{"x-kakao-app": "second", "authorization": "Bearer " + p.token})
	}
}

func (s *runningServer) open(t *testing.T, method, path string, header map[string]string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.facade+path, nil)
	if err != nil {
		t.Error(err)
		return
	}
	for name, value := range header {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := s.client.Do(request)
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
}

func (s *runningServer) invoke(rpc string, header map[string]string, request, response proto.Message) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	sent := metadata.MD{}
	for name, value := range header {
		if value != "" {
			sent.Set(name, value)
		}
	}
	_ = s.conn.Invoke(metadata.NewOutgoingContext(ctx, sent), rpc, request, response)
}

// moody answers as Kakao does on a day on which everything happens: well most of
// the time, and else with codes that everybody knows or nobody does.
func moody(seed uint64) http.HandlerFunc {
	var mutex sync.Mutex
	random := rand.New(rand.NewPCG(seed, 1<<32))
	made := 0
	known := []kakaoAnswer{
		{401, `{"code":-401,"msg":"this access token does not exist"}`}, {403, `{"code":-402,"msg":"insufficient scopes."}`},
		{400, `{"code":-10,"msg":"API limit has been exceeded."}`}, {429, `{"errorType":"RequestThrottled","message":"API limit has been exceeded."}`},
		{503, `{"code":-9798,"msg":"maintenance"}`}, {503, ""},
	}
	return func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		dice := random.IntN(100)
		made++
		number := made
		mutex.Unlock()
		answer := kakaoAnswer{200, `{}`}
		for _, habit := range habits {
			if strings.HasSuffix(habit.rpc, "GetMe") == strings.HasSuffix(r.URL.Path, "/user/me") && (habit.answer == placesFound.body) == (strings.Contains(r.URL.Path, "search")) {
				answer.body = habit.answer
			}
		}
		switch {
		case dice < 20:
			answer = kakaoAnswer{400, fmt.Sprintf(`{"code":-7777%05d,"msg":"nobody knows"}`, number)}
		case dice < 30:
			answer = known[number%len(known)]
		}
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.body)
	}
}
