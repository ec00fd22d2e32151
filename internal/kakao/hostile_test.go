package kakao_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// flood writes a body without end, up to 10 GB, until the reader has had enough,
// and counts what it wrote.
func flood(w io.Writer, written *atomic.Int64) {
	const most = 10 << 30
	_, _ = io.WriteString(w, `{"text":"`)
	chunk := []byte(strings.Repeat("a", 1<<20))
	for written.Load() < most {
		n, err := w.Write(chunk)
		written.Add(int64(n))
		if err != nil {
			return
		}
	}
}

// TestAnswersWithoutEnd: time and memory stay bounded whatever comes, and the
// sender is cut off.
func TestAnswersWithoutEnd(t *testing.T) {
	var written atomic.Int64
	stopped := make(chan struct{}, 1)
	tests := map[string]struct {
		answer http.HandlerFunc
		within time.Duration
		reason string
	}{
		"10 GB": {func(w http.ResponseWriter, _ *http.Request) {
			flood(w, &written)
			stopped <- struct{}{}
		}, 20 * time.Second, "KAKAO_RESPONSE_TOO_LARGE"},
		"10 GB of zip": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			flood(gzip.NewWriter(w), &written)
			stopped <- struct{}{}
		}, 20 * time.Second, "KAKAO_RESPONSE_TOO_LARGE"},
		"10 GB of error": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			flood(w, &written)
			stopped <- struct{}{}
		}, 20 * time.Second, "KAKAO_RESPONSE_UNREADABLE"},
		"a byte a second": {func(w http.ResponseWriter, r *http.Request) {
			defer func() { stopped <- struct{}{} }()
			for _, b := range []byte(`{"text":"` + strings.Repeat("a", 60)) {
				if _, err := w.Write([]byte{b}); err != nil {
					return
				}
				_ = http.NewResponseController(w).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-time.After(time.Second):
				}
			}
		}, 1500 * time.Millisecond, "KAKAO_UPSTREAM_TIMEOUT"},
		"headers without end": {func(w http.ResponseWriter, r *http.Request) {
			defer func() { stopped <- struct{}{} }()
			conn, buffer, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = buffer.WriteString("HTTP/1.1 200 OK\r\n")
			for {
				_, _ = buffer.WriteString("X-Endless: " + strings.Repeat("a", 1000) + "\r\n")
				if buffer.Flush() != nil {
					return
				}
			}
		}, 5 * time.Second, "KAKAO_UNREACHABLE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			written.Store(0)
			kapi := newUpstream(t, test.answer)
			// The engine's own transport, whose limits are meant.
			client := kapi.policied(t, kakao.Policy{}, func(c *kakao.Config) { c.Transport = nil })
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			_, err := ask(t, client, readRPC, test.within)
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			select {
			case <-stopped:
			case <-time.After(5 * time.Second):
				t.Error("the sender still sends 5 s later")
			}
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%s: %s after %v; %d MiB were sent, %d MiB allocated", name, reason(t, err), took.Round(time.Millisecond), written.Load()>>20, allocated>>20)
			if got := reason(t, err); got != test.reason {
				t.Errorf("%q, want %q", got, test.reason)
			}
			if took > test.within+time.Second {
				t.Errorf("took %v", took)
			}
			if limit := uint64(12 * kakao.DefaultMaxResponseBytes); allocated > limit {
				t.Errorf("%d bytes allocated, want at most %d", allocated, limit)
			}
		})
	}
}
