package kakao_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

var sharing = kakao.Policy{ShareReads: true}

// gate answers nobody until it is opened.
type gate struct{ open chan struct{} }

func newGate() gate { return gate{make(chan struct{})} }

func (g gate) handler(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-g.open:
			next(w, r)
		case <-r.Context().Done():
		}
	}
}

// until waits for something to become true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 10 s until %s", what)
		}
	}
}

// sharedCount is how many calls have joined another's.
func sharedCount(m *meters) func(t *testing.T) int64 {
	return func(t *testing.T) int64 {
		t.Helper()
		var sum int64
		for _, endpoint := range []string{"GET /v2/user/me", "GET /v1/query"} {
			sum += m.read(t)["kakaorpc.read.shared{endpoint="+endpoint+"}"]
		}
		return sum
	}
}

// TestIdenticalReadsShareOneRequest: all get the answer, each a copy of its own.
func TestIdenticalReadsShareOneRequest(t *testing.T) {
	const callers = 50
	g, m := newGate(), newMeters()
	kapi := newUpstream(t, g.handler(reply(200, `{"id":7,"properties":{"tier":"gold"}}`)))
	client := kapi.policied(t, sharing, m.configure)
	responses := make([]*userv1.GetMeResponse, callers)
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			response, err := ask(t, client, meRPC, 20*time.Second)
			if err != nil {
				t.Error(err)
				return
			}
			responses[i] = response.(*userv1.GetMeResponse)
			responses[i].User.Properties["tier"] = strconv.Itoa(i) // a caller may do with its answer what it likes
		})
	}
	until(t, "all have joined", func() bool { return sharedCount(m)(t) == callers-1 })
	close(g.open)
	group.Wait()
	for i, response := range responses {
		if response.GetUser().GetId() != 7 || response.GetUser().GetProperties()["tier"] != strconv.Itoa(i) {
			t.Errorf("caller %d got %v", i, response)
		}
	}
	t.Logf("%d identical reads: %d request", callers, kapi.requests.Load())
	if n := kapi.requests.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
	if _, err := ask(t, client, meRPC, 20*time.Second); err != nil || kapi.requests.Load() != 2 {
		t.Errorf("a later read is a request of its own: %v, %d requests", err, kapi.requests.Load())
	}
}

// TestSharedFailure: the failure is everybody's.
func TestSharedFailure(t *testing.T) {
	g, m := newGate(), newMeters()
	kapi := newUpstream(t, g.handler(reply(401, `{"code":-401,"msg":"this access token does not exist"}`)))
	client := kapi.policied(t, sharing, m.configure)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if got := reason(t, second(ask(t, client, meRPC, 20*time.Second))); got != "KAKAO_USER_TOKEN_INVALID" {
				t.Error(got)
			}
		})
	}
	until(t, "all have joined", func() bool { return sharedCount(m)(t) == 4 })
	close(g.open)
	group.Wait()
}

// TestWhoGivesUpDoesNotFailTheOthers: not the first, whose call it was, nor one
// whose time is shorter; the last one takes the request along.
func TestWhoGivesUpDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	g, m := newGate(), newMeters()
	kapi := newUpstream(t, g.handler(reply(200, `{"id":7}`)))
	client := kapi.policied(t, sharing, m.configure)
	caller := kakao.Caller{UserToken: secret.New(userToken)}

	first, leave := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := client.Call(first, meRPC, caller, requestOf[meRPC]); reason(t, err) != "CALL_CANCELLED" {
			t.Errorf("who left: %v", err)
		}
	})
	until(t, "the first is under way", func() bool { return kapi.requests.Load() == 1 })
	group.Go(func() {
		if got := reason(t, second(ask(t, client, meRPC, 100*time.Millisecond))); got != "KAKAO_UPSTREAM_TIMEOUT" {
			t.Errorf("who had little time: %s", got)
		}
	})
	group.Go(func() {
		if _, err := ask(t, client, meRPC, 20*time.Second); err != nil {
			t.Errorf("who stayed: %v", err)
		}
	})
	until(t, "all have joined", func() bool { return sharedCount(m)(t) == 2 })
	leave()
	time.Sleep(200 * time.Millisecond)
	close(g.open)
	group.Wait()
	if n := kapi.requests.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

// TestOnlyIdenticalReadsAreShared: nothing goes from one credential, app or
// request to another, and writes are never shared.
func TestOnlyIdenticalReadsAreShared(t *testing.T) {
	g := newGate()
	kapi := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		g.handler(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"id":7,"properties":{"seen":%q}}`, r.Header.Get("Authorization")+r.URL.RawQuery)
		})(w, r)
	})
	client := kapi.policied(t, sharing)
	who := map[string]kakao.Caller{
		"a": {UserToken: secret.New("test-access-token-a")}, "b": {UserToken: secret.New("test-access-token-b")},
		"a of another app": {UserToken: secret.New("test-access-token-a"), App: "second"},
		"admin":            {},
	}
	want := map[string]string{"a": "Bearer test-access-token-a", "b": "Bearer test-access-token-b",
		"a of another app": "Bearer test-access-token-a", "admin": "KakaoAK " + adminKey + "target_id=1&target_id_type=user_id"}
	var group sync.WaitGroup
	for name, caller := range who {
		group.Go(func() {
			request := &userv1.GetMeRequest{}
			if name == "admin" {
				request.TargetId = proto.Int64(1)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			response, err := client.Call(ctx, meRPC, caller, request)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if got := response.(*userv1.GetMeResponse).GetUser().GetProperties()["seen"]; got != want[name] {
				t.Errorf("%s got the answer to %q, want %q", name, got, want[name])
			}
		})
	}
	for range 2 {
		group.Go(func() { _, _ = ask(t, client, writeRPC, 20*time.Second) })
	}
	until(t, "all are under way", func() bool { return kapi.requests.Load() == int64(len(who)+2) })
	close(g.open)
	group.Wait()
}

// TestAReadAfterAWriteIsNotFromBefore: who has written does not join a read that
// began before; who waits for that one is answered all the same.
func TestAReadAfterAWriteIsNotFromBefore(t *testing.T) {
	g := newGate()
	kapi := newUpstream(t, g.handler(reply(200, `{"id":7}`)))
	client := kapi.policied(t, sharing)
	read := func() (int64, error) {
		response, err := ask(t, client, meRPC, 20*time.Second)
		if err != nil {
			return 0, err
		}
		return response.(*userv1.GetMeResponse).GetUser().GetId(), nil
	}
	var group sync.WaitGroup
	group.Go(func() {
		if id, err := read(); id != 7 || err != nil {
			t.Errorf("the read from before: %d, %v", id, err)
		}
	})
	until(t, "the read is under way", func() bool { return kapi.requests.Load() == 1 })
	kapi.answerWith(reply(200, `{"text":"a"}`))
	if _, err := ask(t, client, writeRPC, 5*time.Second); err != nil {
		t.Errorf("the write: %v", err)
	}
	kapi.answerWith(reply(200, `{"id":8}`))
	ends := time.AfterFunc(2*time.Second, func() { close(g.open) }) // of a read that has joined
	if id, err := read(); id != 8 || err != nil {
		t.Errorf("the read after the write: %d, %v; want what holds since", id, err)
	}
	if ends.Stop() {
		close(g.open)
	}
	group.Wait()
}

// TestPanicInASharedCall: it is everybody's failed call and no more, and its
// attempt ends as one that failed.
func TestPanicInASharedCall(t *testing.T) {
	kapi, m, recorder := newUpstream(t, reply(200, `{}`)), newMeters(), tracetest.NewSpanRecorder()
	client := kapi.policied(t, sharing, m.configure, func(c *kakao.Config) {
		c.Transport, c.TracerProvider = panicking{}, sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	})
	_, err := ask(t, client, meRPC, 5*time.Second)
	failed := failure(t, err)
	if failed.Reason() != errorv1.Reason_REASON_INTERNAL || failed.Unwrap() == nil {
		t.Errorf("%v, cause %v", err, failed.Unwrap())
	}
	attempts, errors := int64(0), int64(0)
	for name, count := range m.read(t) {
		if strings.HasPrefix(name, "kakaorpc.upstream.attempts{") {
			attempts += count
		}
		if strings.HasPrefix(name, "kakaorpc.upstream.errors{") && strings.Contains(name, "reason=INTERNAL") {
			errors += count
		}
	}
	if ended := len(recorder.Ended()); attempts != 1 || errors != 1 || ended != len(recorder.Started()) || ended == 0 {
		t.Errorf("%d attempts and %d errors are counted, %d of %d spans have ended", attempts, errors, ended, len(recorder.Started()))
	}
}

type panicking struct{}

// RoundTrip implements http.RoundTripper.
func (panicking) RoundTrip(*http.Request) (*http.Response, error) { panic(io.EOF) }
