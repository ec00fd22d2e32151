package kakao_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
)

func cachedFor(life time.Duration) kakao.Policy {
	return kakao.Policy{CacheLife: life, Cacheable: []protoreflect.FullName{"kakao.local.v1.LocalService"}}
}

// place answers a search with the number of the request as place name.
func place(u **upstream) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		reply(200, fmt.Sprintf(`{"meta":{"total_count":1,"pageable_count":1,"is_end":true},"documents":[{"place_name":"%d"}]}`, (*u).requests.Load()))(w, nil)
	}
}

// search looks for something in the name of an app and returns the place's name.
func search(t *testing.T, client *kakao.Client, app, query string) string {
	t.Helper()
	response, err := client.Call(context.Background(), searchRPC, kakao.Caller{App: app}, &localv1.SearchKeywordRequest{Query: query})
	if err != nil {
		t.Fatal(err)
	}
	first := response.(*localv1.SearchKeywordResponse).GetDocuments()[0]
	name := first.GetPlaceName()
	first.PlaceName = "changed by a caller"
	return name
}

// TestCache: an answer is repeated for its life, to the same app and request,
// and to each caller as a copy of its own.
func TestCache(t *testing.T) {
	t.Parallel()
	var dapi *upstream
	dapi = newUpstream(t, place(&dapi))
	client := dapi.policied(t, cachedFor(300*time.Millisecond))
	for i, step := range []struct{ app, query, want string }{
		{"", "나래", "1"}, {"", "나래", "1"}, {"", "나래", "1"}, {"", "다른", "2"}, {"second", "나래", "3"}, {"second", "나래", "3"}, {"", "나래", "1"},
	} {
		if got := search(t, client, step.app, step.query); got != step.want {
			t.Errorf("search %d got the answer to request %s, want %s", i+1, got, step.want)
		}
	}
	time.Sleep(310 * time.Millisecond)
	if got := search(t, client, "", "나래"); got != "4" {
		t.Errorf("after its life the answer to request %s came back", got)
	}
}

// TestNoCacheUnlessAsked: nor of failures, nor of other services.
func TestNoCacheUnlessAsked(t *testing.T) {
	var dapi *upstream
	dapi = newUpstream(t, place(&dapi))
	client := dapi.policied(t, cachedFor(0))
	search(t, client, "", "나래")
	if got := search(t, client, "", "나래"); got != "2" {
		t.Error("an answer was kept though no life is set")
	}
	failing := newUpstream(t, reply(400, `{"errorType":"InvalidArgument","message":"size is more than max"}`))
	client = failing.policied(t, cachedFor(time.Minute))
	for range 2 {
		if got := reason(t, second(ask(t, client, searchRPC, 5*time.Second))); got != "KAKAO_PARAMETER_INVALID" {
			t.Error(got)
		}
	}
	failing.answerWith(reply(200, `{"id":1,"text":"a"}`))
	for range 2 {
		for _, rpc := range []protoreflect.FullName{meRPC, readRPC} {
			if _, err := ask(t, client, rpc, 5*time.Second); err != nil {
				t.Error(err)
			}
		}
	}
	if n := failing.requests.Load(); n != 6 {
		t.Errorf("%d requests, want 6: failures and other services are not kept", n)
	}
}

// TestCacheIsBounded: what does not fit goes.
func TestCacheIsBounded(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	dapi := newUpstream(t, reply(200, `{"meta":{"total_count":1,"pageable_count":1,"is_end":true},"documents":[{"place_name":"`+long+`"}]}`))
	policy := cachedFor(time.Minute)
	policy.CacheBytes = 64 << 10
	client := dapi.policied(t, policy)
	const different = 200 // 2 MB
	for range 2 {
		for i := range different {
			search(t, client, "", strconv.Itoa(i))
		}
	}
	if n := dapi.requests.Load(); n < 2*different-20 {
		t.Errorf("%d of %d searches were requests: more is kept than 64 KiB", n, 2*different)
	}
}

// TestWhatMustNotBeCached: a service with an rpc that may carry a user's
// credential, or that writes, or that does not exist, is refused at start-up.
func TestWhatMustNotBeCached(t *testing.T) {
	for service, why := range map[protoreflect.FullName]string{
		"kakao.user.v1.UserService": "user's credential", "enginetest.v1.EngineService": "is a write", "kakao.user.v1.Nothing": "no such service",
	} {
		_, err := kakao.New(kakao.Config{
			Hosts: nil, App: nil, Policy: kakao.Policy{CacheLife: time.Second, Cacheable: []protoreflect.FullName{service}},
		}, userv1.File_kakao_user_v1_user_service_proto.Services().Get(0), enginetestv1.File_enginetest_v1_enginetest_proto.Services().Get(0))
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", service, err, why)
		}
	}
}
