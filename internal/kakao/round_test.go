package kakao_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// restless gives up an attempt as the server does.
var restless = kakao.Policy{
	Attempts: 3, RetryBudget: kakao.UnlimitedRetries, AttemptTimeout: kakao.AttemptTimeout{Percent: 40},
	BreakerFailures: 5, Concurrency: 64, ShareReads: true,
}

// TestAReadWhoseFirstAttemptHangsIsSentAgain in time, over both versions of
// HTTP and with the headers already there; its span says that it failed.
func TestAReadWhoseFirstAttemptHangsIsSentAgain(t *testing.T) {
	t.Parallel()
	half := func(w http.ResponseWriter, _ *http.Request) { // the answer begins and does not go on
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"te`))
		_ = http.NewResponseController(w).Flush()
		time.Sleep(3 * time.Second) // whoever leaves
	}
	for name, test := range map[string]struct {
		first http.HandlerFunc
		http2 bool
	}{
		"no answer, HTTP/1.1": {hang, false}, "half an answer, HTTP/1.1": {half, false},
		"no answer, HTTP/2": {hang, true}, "half an answer, HTTP/2": {half, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			handler := once(test.first)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				handler(w, r)
			}))
			server.EnableHTTP2 = test.http2
			server.StartTLS()
			t.Cleanup(server.Close)
			address, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			recorder := tracetest.NewSpanRecorder()
			unused := newUpstream(t, reply(500, ""))
			client := unused.policied(t, restless, func(c *kakao.Config) {
				transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}, ForceAttemptHTTP2: test.http2}
				t.Cleanup(transport.CloseIdleConnections)
				c.Transport = transport
				for host := range c.Hosts {
					c.Hosts[host] = address
				}
				c.Hosts[apiv1.Host_HOST_KAPI] = address
				c.TracerProvider = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
			})
			began := time.Now()
			if _, err := ask(t, client, readRPC, 2*time.Second); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took < 700*time.Millisecond || took > 1800*time.Millisecond || requests.Load() != 2 {
				t.Errorf("%d requests in %v, want 2 and the second after 40 %% of 2 s", requests.Load(), took)
			}
			var failed []string
			for _, span := range recorder.Ended() {
				kind := "well"
				for _, a := range span.Attributes() {
					if a.Key == attribute.Key("error.type") {
						kind = a.Value.AsString()
					}
				}
				failed = append(failed, kind+" "+span.Status().Code.String())
			}
			if got := fmt.Sprint(failed); got != "[KAKAO_UPSTREAM_TIMEOUT Error well Unset]" {
				t.Errorf("spans: %s", got)
			}
		})
	}
}

// goodbye is a connection whose other side, on hearing that the caller leaves,
// ends its half answer in due form.
type goodbye struct{ ctx context.Context }

// RoundTrip implements http.RoundTripper.
func (goodbye) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: goodbye{r.Context()}, Request: r}, nil
}

// Read implements io.Reader.
func (g goodbye) Read([]byte) (int, error) {
	<-g.ctx.Done()
	return 0, io.EOF
}

// Close implements io.Closer.
func (goodbye) Close() error { return nil }

// TestAnAnswerCutOffIsNotAnUnreadableOne: it would be Kakao's fault, and not
// repeated.
func TestAnAnswerCutOffIsNotAnUnreadableOne(t *testing.T) {
	t.Parallel()
	client := newUpstream(t, hang).policied(t, kakao.Policy{}, func(c *kakao.Config) { c.Transport = goodbye{} })
	if _, err := ask(t, client, readRPC, 100*time.Millisecond); reason(t, err) != "KAKAO_UPSTREAM_TIMEOUT" {
		t.Error(err)
	}
}

// TestWhenAllAttemptsHang the caller's time is used up and the reason is what it
// would be without a time-out. A second attempt has all that is left: the first
// took two fifths of it, and a third would have less than that.
func TestWhenAllAttemptsHang(t *testing.T) {
	t.Parallel()
	dead := newUpstream(t, hang)
	began := time.Now()
	_, err := ask(t, dead.policied(t, restless), readRPC, 1500*time.Millisecond)
	if took := time.Since(began); reason(t, err) != "KAKAO_UPSTREAM_TIMEOUT" || dead.requests.Load() != 2 || took < 1400*time.Millisecond {
		t.Errorf("%v after %d requests in %v", err, dead.requests.Load(), took)
	}
}

// TestWhatIsNotGivenUp: a write, the last attempt, one for which no other is to
// be had, and one that would leave the next less time than itself.
func TestWhatIsNotGivenUp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		write  bool
		policy func(*kakao.Policy)
	}{
		"write":            {write: true},
		"one attempt":      {policy: func(p *kakao.Policy) { p.Attempts = 1 }},
		"empty budget":     {policy: func(p *kakao.Policy) { p.RetryBudget = 0 }},
		"no time-out":      {policy: func(p *kakao.Policy) { p.AttemptTimeout = kakao.AttemptTimeout{} }},
		"too long a share": {policy: func(p *kakao.Policy) { p.AttemptTimeout.Percent = 60 }},
		"too long a time":  {policy: func(p *kakao.Policy) { p.AttemptTimeout = kakao.AttemptTimeout{Duration: 1100 * time.Millisecond} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slow := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(1200 * time.Millisecond)
				reply(http.StatusOK, `{"text":"a"}`)(w, r)
			})
			policy, rpc := restless, readRPC
			if test.policy != nil {
				test.policy(&policy)
			}
			if test.write {
				rpc = writeRPC
			}
			if _, err := ask(t, slow.policied(t, policy), rpc, 2*time.Second); err != nil || slow.requests.Load() != 1 {
				t.Errorf("%v after %d requests, want success after one", err, slow.requests.Load())
			}
		})
	}
}

// TestAFixedTimeOutCountsForEachAttempt: with a second of patience and much
// time, a read that hangs twice is answered by the third attempt.
func TestAFixedTimeOutCountsForEachAttempt(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	moody := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) < 3 {
			hang(w, r)
			return
		}
		reply(http.StatusOK, `{"text":"a"}`)(w, r)
	})
	policy := restless
	policy.AttemptTimeout = kakao.AttemptTimeout{Duration: 200 * time.Millisecond}
	began := time.Now()
	if _, err := ask(t, moody.policied(t, policy), readRPC, 10*time.Second); err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

// TestGivingUpKeepsTheBudget: a hanging Kakao is not asked more often than the
// budget allows, and what was given up counts as a repetition.
func TestGivingUpKeepsTheBudget(t *testing.T) {
	t.Parallel()
	dead, meters := newUpstream(t, hang), newMeters()
	policy := restless
	policy.RetryBudget, policy.BreakerFailures = 500, 0
	client := dead.policied(t, policy, meters.configure)
	for range 4 { // the budget has half an attempt after the first, a whole one after the second
		_, _ = ask(t, client, readRPC, 1500*time.Millisecond)
	}
	if got := dead.requests.Load(); got != 6 {
		t.Errorf("%d requests for 4 reads, want 6 with a budget of a half", got)
	}
	repeated, refused := int64(0), int64(0)
	for name, value := range meters.read(t) {
		switch {
		case strings.HasPrefix(name, "kakaorpc.upstream.attempts") && strings.Contains(name, "retry=true"):
			repeated += value
		case strings.HasPrefix(name, "kakaorpc.retry.refused"):
			refused += value
		}
	}
	if repeated != 2 || refused == 0 {
		t.Errorf("%d repeated, %d refused", repeated, refused)
	}
}

// TestGivingUpDoesNotHideAHangingHost from the breaker: no attempt of these
// reads has a second, and each read has had one and a half.
func TestGivingUpDoesNotHideAHangingHost(t *testing.T) {
	t.Parallel()
	policy := restless
	policy.ShareReads = false
	client := newUpstream(t, hang).policied(t, policy)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if got := reason(t, second(ask(t, client, readRPC, 1500*time.Millisecond))); got != "KAKAO_UPSTREAM_TIMEOUT" {
				t.Errorf("a read that hung: %s", got)
			}
		})
	}
	group.Wait()
	if got := reason(t, second(ask(t, client, readRPC, 1500*time.Millisecond))); got != openReason {
		t.Errorf("after five reads that hung: %s, want %s", got, openReason)
	}
}
