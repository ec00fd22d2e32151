package kakao_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// generous lets every read be repeated as often as it may.
var generous = kakao.Policy{Attempts: 3, RetryBudget: kakao.UnlimitedRetries}

// TestRetryBudget: an outage is not answered with a multiple of the load. With
// Kakao answering only 503, 1000 reads make at most 1.2 times as many requests,
// and about 3 times without the budget.
func TestRetryBudget(t *testing.T) {
	const calls, together = 1000, 200
	for _, test := range []struct {
		name        string
		budget      int
		least, most float64
	}{
		{"with a budget of 20 %", 200, 1.15, 1.2},
		{"without", kakao.UnlimitedRetries, 2.9, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			down := newUpstream(t, reply(http.StatusServiceUnavailable, ""))
			client := down.policied(t, kakao.Policy{Attempts: 3, RetryBudget: test.budget})
			var group sync.WaitGroup
			for range together {
				group.Go(func() {
					for range calls / together {
						if _, err := ask(t, client, readRPC, 20*time.Second); err == nil {
							t.Error("a 503 was a success")
						}
					}
				})
			}
			group.Wait()
			ratio := float64(down.requests.Load()) / calls
			t.Logf("%d reads of a Kakao that answers only 503, %s: %.2f requests a read", calls, test.name, ratio)
			if ratio < test.least || ratio > test.most {
				t.Errorf("%.3f requests a read, want %.2f to %.2f", ratio, test.least, test.most)
			}
		})
	}
}

// TestARepetitionThatWasNotMadeIsGivenBack: who leaves while Kakao's Retry-After
// passes has repeated nothing, so that another read may.
func TestARepetitionThatWasNotMadeIsGivenBack(t *testing.T) {
	t.Parallel()
	kakaoDown := newUpstream(t, reply(http.StatusServiceUnavailable, ""))
	client := kakaoDown.policied(t, kakao.Policy{Attempts: 2, RetryBudget: 500})
	_, _ = ask(t, client, readRPC, 5*time.Second) // saves half a repetition
	kakaoDown.answerWith(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3")
		reply(http.StatusServiceUnavailable, "")(w, r)
	})
	ctx, leave := context.WithCancel(t.Context())
	defer time.AfterFunc(300*time.Millisecond, leave).Stop()
	// Saves the other half, takes the whole, and leaves.
	_, _ = client.Call(ctx, readRPC, kakao.Caller{UserToken: secret.New(userToken)}, requestOf[readRPC])
	kakaoDown.answerWith(reply(http.StatusServiceUnavailable, ""))
	before := kakaoDown.requests.Load()
	if before != 2 {
		t.Fatalf("%d requests for 2 reads, of which one left before its repetition", before)
	}
	_, _ = ask(t, client, readRPC, 5*time.Second)
	if n := kakaoDown.requests.Load() - before; n != 2 {
		t.Errorf("%d requests, want the read and its repetition", n)
	}
}

// once answers the first request in one way and the others well.
func once(first http.HandlerFunc) http.HandlerFunc {
	var mutex sync.Mutex
	asked := false
	return func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		begin := !asked
		asked = true
		mutex.Unlock()
		if begin {
			first(w, r)
			return
		}
		reply(http.StatusOK, `{"text":"a"}`)(w, r)
	}
}

func drop(w http.ResponseWriter, _ *http.Request) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// TestWhatIsRepeated: reads that a moment may mend, and nothing else.
func TestWhatIsRepeated(t *testing.T) {
	withRetryAfter := func(seconds string, next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", seconds)
			next(w, r)
		}
	}
	tests := map[string]struct {
		first  http.HandlerFunc
		write  bool
		reason string // "": mended by a second request
	}{
		"503 of a gateway":          {first: reply(503, "")},
		"502 in HTML":               {first: reply(502, "<html></html>")},
		"500 in HTML":               {first: reply(500, "<html></html>")},
		"connection lost":           {first: drop},
		"-1":                        {first: reply(500, `{"code":-1,"msg":"internal"}`)},
		"-1 with 400":               {first: reply(400, `{"code":-1,"msg":"internal"}`)},
		"-7":                        {first: reply(400, `{"code":-7,"msg":"maintenance"}`)},
		"-603":                      {first: reply(400, `{"code":-603,"msg":"timeout"}`)},
		"Retry-After that fits":     {first: withRetryAfter("1", reply(503, ""))},
		"Retry-After too far":       {first: withRetryAfter("60", reply(503, "")), reason: "KAKAO_UNREACHABLE"},
		"maintenance of everything": {first: reply(503, `{"code":-9798,"msg":"maintenance"}`), reason: "KAKAO_MAINTENANCE"},
		"pace":                      {first: reply(429, ""), reason: "KAKAO_RATE_LIMITED"},
		"pace with Retry-After":     {first: withRetryAfter("1", reply(429, "")), reason: "KAKAO_RATE_LIMITED"},
		"quota":                     {first: reply(400, `{"code":-10,"msg":"limit"}`), reason: "KAKAO_QUOTA_EXCEEDED"},
		"parameter":                 {first: reply(400, `{"code":-2,"msg":"bad"}`), reason: "KAKAO_PARAMETER_INVALID"},
		"unknown code":              {first: reply(400, `{"code":-12345,"msg":"new"}`), reason: "KAKAO_ERROR_UNKNOWN"},
		"200 in HTML":               {first: reply(200, "<html></html>"), reason: "KAKAO_RESPONSE_UNREADABLE"},
		"redirect":                  {first: reply(302, ""), reason: "KAKAO_REDIRECT_REFUSED"},
		"write, 503":                {first: reply(503, ""), write: true, reason: "KAKAO_UNREACHABLE"},
		"write, -1":                 {first: reply(500, `{"code":-1,"msg":"internal"}`), write: true, reason: "KAKAO_INTERNAL"},
		"write, connection lost":    {first: drop, write: true, reason: "KAKAO_UNREACHABLE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moody := newUpstream(t, once(test.first))
			client := moody.policied(t, generous)
			rpc, want := readRPC, int64(2)
			if test.write {
				rpc = writeRPC
			}
			if test.reason != "" {
				want = 1
			}
			began := time.Now()
			_, err := ask(t, client, rpc, 20*time.Second)
			if got := reason(t, err); got != test.reason || moody.requests.Load() != want {
				t.Errorf("%q after %d requests, want %q after %d", got, moody.requests.Load(), test.reason, want)
			}
			if err != nil && failure(t, err).Kakao().GetOutcomeUnknown() != test.write {
				t.Errorf("outcome_unknown = %t", !test.write)
			}
			if name == "Retry-After too far" && failure(t, err).RetryAfter() != time.Minute {
				t.Errorf("RetryInfo says %v", failure(t, err).RetryAfter())
			}
			if took := time.Since(began); name == "Retry-After that fits" && took < time.Second {
				t.Errorf("came back after %v", took)
			}
		})
	}
}

// TestRetriesEnd: after three attempts; the last answer is the caller's.
func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	down := newUpstream(t, reply(503, ""))
	_, err := ask(t, down.policied(t, generous), readRPC, 20*time.Second)
	if got := reason(t, err); got != "KAKAO_UNREACHABLE" || down.requests.Load() != 3 {
		t.Errorf("%s after %d requests", got, down.requests.Load())
	}
}

// TestNoRetryThatCannotFinish: what is left of the deadline has to suffice for
// an attempt like the last.
func TestNoRetryThatCannotFinish(t *testing.T) {
	t.Parallel()
	slow := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(400 * time.Millisecond)
		reply(503, "")(w, r)
	})
	began := time.Now()
	_, err := ask(t, slow.policied(t, generous), readRPC, 700*time.Millisecond)
	if got := reason(t, err); got != "KAKAO_UNREACHABLE" || slow.requests.Load() != 1 {
		t.Errorf("%s after %d requests in %v", got, slow.requests.Load(), time.Since(began))
	}
}

// TestLeavingWhileWaiting: a caller who leaves between two attempts does not
// wait for the next.
func TestLeavingWhileWaiting(t *testing.T) {
	t.Parallel()
	down := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(503)
	})
	client := down.policied(t, generous)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(200*time.Millisecond, cancel)
	began := time.Now()
	_, err := client.Call(ctx, readRPC, kakao.Caller{}, requestOf[readRPC])
	if took := time.Since(began); reason(t, err) != "CALL_CANCELLED" || took > time.Second || down.requests.Load() != 1 {
		t.Errorf("%v after %v and %d requests", err, took, down.requests.Load())
	}
}

// TestEveryAttemptIsASpan: with its number, as OpenTelemetry names it.
func TestEveryAttemptIsASpan(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	down := newUpstream(t, reply(503, ""))
	client := down.policied(t, generous, func(c *kakao.Config) { c.TracerProvider = provider })
	if _, err := ask(t, client, readRPC, 20*time.Second); err == nil {
		t.Fatal("a 503 was a success")
	}
	var resent []string
	for _, span := range recorder.Ended() {
		number := "first"
		for _, a := range span.Attributes() {
			if a.Key == attribute.Key("http.request.resend_count") {
				number = strconv.FormatInt(a.Value.AsInt64(), 10)
			}
		}
		resent = append(resent, span.Name()+" "+number)
	}
	if got, want := fmt.Sprint(resent), "[GET /v1/query first GET /v1/query 1 GET /v1/query 2]"; got != want {
		t.Errorf("spans %s, want %s", got, want)
	}
}
