package kakao_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

const openReason = "KAKAO_CIRCUIT_OPEN"

// fragile opens a breaker as the server does.
var fragile = kakao.Policy{BreakerFailures: 5}

// quick looks more often than the server, so that tests need not wait.
var quick = kakao.Policy{BreakerFailures: 5, BreakerDelay: 200 * time.Millisecond}

// TestBreaker: five failures in a row open it, what is refused is refused in no
// time and says so, one request a second goes through to look, one product's and
// one host's outage are their own, and it closes with the first answer.
func TestBreaker(t *testing.T) {
	t.Parallel()
	kapi := newUpstream(t, reply(503, ""))
	dapi := newUpstream(t, reply(200, `{"meta":{"total_count":0,"pageable_count":0,"is_end":true},"documents":[]}`))
	client := kapi.policied(t, fragile, at(t, apiv1.Host_HOST_DAPI, dapi))

	failures := 0
	for reason(t, second(ask(t, client, meRPC, 5*time.Second))) != openReason {
		if failures++; failures > 5 {
			t.Fatal("still closed after 5 failures")
		}
	}
	if kapi.requests.Load() != 5 || failures != 5 {
		t.Errorf("open after %d failures and %d requests, want 5", failures, kapi.requests.Load())
	}

	var took []time.Duration
	var mutex sync.Mutex
	began := time.Now()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for time.Since(began) < 3500*time.Millisecond {
				since := time.Now()
				_, err := ask(t, client, meRPC, 5*time.Second)
				if failed := failure(t, err); failed.Code() == codes.Unavailable && strings.HasSuffix(failed.Reason().String(), openReason) {
					mutex.Lock()
					took = append(took, time.Since(since))
					mutex.Unlock()
					if wait := failed.RetryAfter(); wait <= 0 || wait > time.Second {
						t.Errorf("RetryInfo says %v", wait)
					}
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	group.Wait()
	looks := kapi.requests.Load() - 5
	slices.Sort(took)
	t.Logf("open: %d refused in 3.5 s, the slowest in %v, p99 %v; %d requests went through to look", len(took), took[len(took)-1], took[len(took)*99/100], looks)
	if p99 := took[len(took)*99/100]; p99 > 20*time.Millisecond {
		t.Errorf("refusals take %v (p99), want less than 20 ms", p99)
	}
	if looks < 2 || looks > 4 {
		t.Errorf("%d requests in 3.5 s, want one a second", looks)
	}

	if _, err := ask(t, client, searchRPC, 5*time.Second); err != nil {
		t.Errorf("another host: %v", err)
	}
	if got := reason(t, second(ask(t, client, userInfoRPC, 5*time.Second))); got != "KAKAO_UNREACHABLE" {
		t.Errorf("another product of the host: %s, want its own failure", got)
	}

	kapi.answerWith(reply(200, `{"id":1}`))
	time.Sleep(time.Second)
	for range 3 {
		if _, err := ask(t, client, meRPC, 5*time.Second); err != nil {
			t.Errorf("after the recovery: %v", err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestUserErrorsNeverOpenTheBreaker: whatever Kakao thinks of a request, it is
// there.
func TestUserErrorsNeverOpenTheBreaker(t *testing.T) {
	for _, answer := range []struct {
		status int
		body   string
	}{
		{400, `{"code":-2,"msg":"bad"}`}, {401, `{"code":-401,"msg":"this access token does not exist"}`},
		{403, `{"code":-402,"msg":"insufficient scopes"}`}, {400, `{"code":-10,"msg":"limit"}`}, {429, `{"code":-10,"msg":"limit"}`},
		{429, ""}, {400, `{"code":-12345,"msg":"new"}`}, {400, `{"code":-603,"msg":"timeout"}`}, {404, `{"code":-520,"msg":"none"}`}, {200, `{"id":"text"`},
	} {
		user := newUpstream(t, reply(answer.status, answer.body))
		client := user.policied(t, fragile)
		for range 20 {
			if _, err := ask(t, client, meRPC, 5*time.Second); err == nil || reason(t, err) == openReason {
				t.Fatalf("HTTP %d %s: %v", answer.status, answer.body, err)
			}
		}
		if n := user.requests.Load(); n != 20 {
			t.Errorf("HTTP %d %s: %d of 20 calls reached Kakao", answer.status, answer.body, n)
		}
	}
}

// TestOnlyFailuresInARowOpenTheBreaker: one answer in between starts the count
// anew.
func TestOnlyFailuresInARowOpenTheBreaker(t *testing.T) {
	var n atomic.Int64
	flaky := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1)%5 == 0 {
			reply(200, `{"id":1}`)(w, r)
			return
		}
		reply(503, "")(w, r)
	})
	client := flaky.policied(t, fragile)
	for range 50 {
		if got := reason(t, second(ask(t, client, meRPC, 5*time.Second))); got == openReason {
			t.Fatalf("open after %d requests, of which every fifth was answered", flaky.requests.Load())
		}
	}
}

// TestHastyCallersDoNotOpenTheBreaker: that Kakao needs longer than somebody
// has says nothing about it; that it needs longer than a second does.
func TestHastyCallersDoNotOpenTheBreaker(t *testing.T) {
	t.Parallel()
	slow := newUpstream(t, hang)
	client := slow.policied(t, quick)
	for range 8 {
		if got := reason(t, second(ask(t, client, meRPC, 30*time.Millisecond))); got != "KAKAO_UPSTREAM_TIMEOUT" {
			t.Fatalf("hasty: %s", got)
		}
	}
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if got := reason(t, second(ask(t, client, meRPC, 1200*time.Millisecond))); got != "KAKAO_UPSTREAM_TIMEOUT" {
				t.Errorf("patient: %s", got)
			}
		})
	}
	group.Wait()
	if got := reason(t, second(ask(t, client, meRPC, 5*time.Second))); got != openReason {
		t.Errorf("after five patient callers: %q", got)
	}
}

// TestALookThatIsLeft: the caller whose call was let through leaves before it is
// answered. The next look follows all the same, and the breaker is none the
// wiser until then.
func TestALookThatIsLeft(t *testing.T) {
	t.Parallel()
	kapi := newUpstream(t, reply(503, ""))
	client := kapi.policied(t, quick)
	for range 5 {
		_, _ = ask(t, client, meRPC, 5*time.Second)
	}
	kapi.answerWith(hang)
	time.Sleep(quick.BreakerDelay)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	before := kapi.requests.Load()
	if _, err := client.Call(ctx, meRPC, kakao.Caller{UserToken: secret.New(userToken)}, requestOf[meRPC]); reason(t, err) != "CALL_CANCELLED" {
		t.Errorf("the look: %v", err)
	}
	if got := reason(t, second(ask(t, client, meRPC, 5*time.Second))); got != openReason || kapi.requests.Load() != before+1 {
		t.Errorf("right after: %q, %d looks", got, kapi.requests.Load()-before)
	}
	kapi.answerWith(reply(200, `{"id":1}`))
	time.Sleep(quick.BreakerDelay + 20*time.Millisecond)
	if _, err := ask(t, client, meRPC, 5*time.Second); err != nil {
		t.Errorf("the next look: %v", err)
	}
}

// TestOldAnswersDoNotMoveTheBreaker: requests that were under way when the
// breaker opened come back while it looks. That they were answered does not
// close it; what the look sees does.
func TestOldAnswersDoNotMoveTheBreaker(t *testing.T) {
	t.Parallel()
	well := reply(200, `{"id":1}`)
	old, look := newGate(), newGate()
	kapi := newUpstream(t, old.handler(well))
	client := kapi.policied(t, quick)
	results := make(chan error, 4)
	begin := func() { results <- second(ask(t, client, meRPC, 20*time.Second)) }
	for range 3 {
		go begin()
	}
	until(t, "three are under way", func() bool { return kapi.requests.Load() == 3 })
	kapi.answerWith(reply(503, ""))
	for range 5 {
		_, _ = ask(t, client, meRPC, 5*time.Second)
	}
	kapi.answerWith(look.handler(well))
	time.Sleep(quick.BreakerDelay)
	go begin()
	until(t, "the look is under way", func() bool { return kapi.requests.Load() == 9 })
	close(old.open)
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if got := reason(t, second(ask(t, client, meRPC, 5*time.Second))); got != openReason {
		t.Errorf("answers from before closed it: %q", got)
	}
	close(look.open)
	if err := <-results; err != nil {
		t.Error(err)
	}
	if _, err := ask(t, client, meRPC, 5*time.Second); err != nil {
		t.Errorf("after the look: %v", err)
	}
}

// TestBreakersTellTheOperator: state by host and product, and log lines.
func TestBreakersTellTheOperator(t *testing.T) {
	t.Parallel()
	meters, log := newMeters(), &lockedLog{}
	kapi := newUpstream(t, reply(503, ""))
	client := kapi.policied(t, kakao.Policy{BreakerFailures: 5, BreakerDelay: 200 * time.Millisecond, Concurrency: 10}, meters.configure, log.configure)
	const state = "kakaorpc.breaker.state{host=kapi.kakao.com,product=kakao.user.v1}"
	expect := func(want int64) {
		t.Helper()
		if got, there := meters.read(t)[state]; !there || got != want {
			t.Errorf("%s = %d (%t), want %d", state, got, there, want)
		}
	}
	expect(0)
	for range 6 {
		_, _ = ask(t, client, meRPC, 5*time.Second)
	}
	expect(1)
	kapi.answerWith(reply(200, `{"id":1}`))
	time.Sleep(250 * time.Millisecond)
	if _, err := ask(t, client, meRPC, 5*time.Second); err != nil {
		t.Error(err)
	}
	expect(0)
	if got := meters.read(t)["kakaorpc.limiter.limit{host=kapi.kakao.com}"]; got != 10 {
		t.Errorf("limit %d, want 10", got)
	}
	for _, line := range []string{"level=WARN msg=breaker host=kapi.kakao.com product=kakao.user.v1 from=closed to=open", "from=half-open to=closed"} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("the log lacks %q:\n%s", line, log.String())
		}
	}
}
