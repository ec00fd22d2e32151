package kakao_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// whole is every policy at once, with a single slot.
var whole = kakao.Policy{Attempts: 3, RetryBudget: 200, BreakerFailures: 5, Concurrency: 1, ShareReads: true}

// TestLeavingEndsTheRequest: a caller that leaves takes its request along within
// 100 ms, reads and writes, over HTTP/1.1 and HTTP/2, and the only slot there is
// is free for the next.
func TestLeavingEndsTheRequest(t *testing.T) {
	for _, version := range []string{"HTTP/1.1", "HTTP/2.0"} {
		for _, rpc := range []protoreflect.FullName{readRPC, writeRPC} {
			t.Run(version+" "+string(rpc.Name()), func(t *testing.T) {
				var arrived atomic.Int64
				gone := make(chan time.Time, 1)
				hanging := func(w http.ResponseWriter, r *http.Request) {
					if r.Proto != version {
						t.Errorf("spoken is %s", r.Proto)
					}
					arrived.Add(1)
					<-r.Context().Done()
					gone <- time.Now()
				}
				kapi := newUpstream(t, hanging)
				client := kapi.policied(t, whole)
				if version == "HTTP/2.0" {
					client = overHTTP2(t, kapi, whole)
				}
				ctx, cancel := context.WithCancel(context.Background())
				ended := make(chan error, 1)
				go func() {
					_, err := client.Call(ctx, rpc, kakao.Caller{UserToken: secret.New(userToken)}, requestOf[rpc])
					ended <- err
				}()
				until(t, "the request is there", func() bool { return arrived.Load() == 1 })
				left := time.Now()
				cancel()
				if err := <-ended; reason(t, err) != "CALL_CANCELLED" {
					t.Errorf("who left: %v", err)
				}
				returned := time.Since(left)
				after := (<-gone).Sub(left)
				t.Logf("%s %s: the call returned after %v, Kakao was left after %v", version, rpc.Name(), returned, after)
				if after > 100*time.Millisecond || returned > 100*time.Millisecond {
					t.Error("want both within 100 ms")
				}
				kapi.answerWith(reply(200, `{"text":"a"}`))
				if _, err := ask(t, client, rpc, 5*time.Second); err != nil {
					t.Errorf("the next: %v", err)
				}
			})
		}
	}
}

// TestTimeIsNotLeaving: whose time runs out is told so, before and inside the
// answer, over HTTP/2 and by a shared call, too.
func TestTimeIsNotLeaving(t *testing.T) {
	t.Parallel()
	for when, answer := range map[string]http.HandlerFunc{
		"before the answer": hang,
		"inside the answer": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"text":`))
			_ = http.NewResponseController(w).Flush()
			hang(w, r)
		},
	} {
		kapi := newUpstream(t, answer)
		for name, client := range map[string]*kakao.Client{"HTTP/1.1": kapi.policied(t, whole), "HTTP/2": overHTTP2(t, kapi, whole)} {
			for _, rpc := range []protoreflect.FullName{readRPC, writeRPC} {
				if got := reason(t, second(ask(t, client, rpc, 100*time.Millisecond))); got != "KAKAO_UPSTREAM_TIMEOUT" {
					t.Errorf("%s %s %s: %s", when, name, rpc.Name(), got)
				}
			}
		}
	}
}

// TestLeavingTheQueue: a caller that waits for a slot and leaves, or runs out of
// time, has sent nothing; its place is free.
func TestLeavingTheQueue(t *testing.T) {
	g, m := newGate(), newMeters()
	kapi := newUpstream(t, g.handler(reply(200, `{"text":"a"}`)))
	client := kapi.policied(t, kakao.Policy{Concurrency: 1}, m.configure)
	holder := make(chan error, 1)
	go func() { holder <- second(ask(t, client, writeRPC, 20*time.Second)) }()
	until(t, "the slot is taken", func() bool { return kapi.requests.Load() == 1 })

	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	if _, err := client.Call(ctx, writeRPC, kakao.Caller{}, requestOf[writeRPC]); reason(t, err) != "CALL_CANCELLED" || time.Since(began) > time.Second {
		t.Errorf("who left: %v", err)
	}
	_, err := ask(t, client, writeRPC, 50*time.Millisecond)
	if reason(t, err) != "CALL_DEADLINE_EXCEEDED" || failure(t, err).Kakao().GetOutcomeUnknown() {
		t.Errorf("whose time ran out: %v", err)
	}
	waiting := make(chan error, 2)
	for range 2 { // as many as may wait
		go func() { waiting <- second(ask(t, client, writeRPC, 20*time.Second)) }()
	}
	until(t, "both wait", func() bool { return m.read(t)["kakaorpc.limiter.queued{host=kapi.kakao.com}"] == 2 })
	if got := reason(t, second(ask(t, client, writeRPC, 20*time.Second))); got != "SERVER_OVERLOADED" {
		t.Errorf("one more: %q", got)
	}
	if kapi.requests.Load() != 1 {
		t.Errorf("%d requests, want the one that has the slot", kapi.requests.Load())
	}
	close(g.open)
	for _, ended := range []chan error{holder, waiting, waiting} {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// overHTTP2 reaches an upstream's handler over TLS and HTTP/2, as Kakao is.
func overHTTP2(t *testing.T, u *upstream, policy kakao.Policy) *kakao.Client {
	t.Helper()
	secure := httptest.NewUnstartedServer(u.Config.Handler)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	client := secure.Client()
	t.Cleanup(client.CloseIdleConnections)
	return (&upstream{Server: secure}).policied(t, policy, func(c *kakao.Config) { c.Transport = client.Transport })
}
