package server

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSlowClientsAreCutOff holds connections open in every way that costs a
// client nothing: no TLS handshake, no header, a header or a body of one byte
// now and then.
func TestSlowClientsAreCutOff(t *testing.T) {
	e := startEdge(t, "", "--http.read_timeout=1s")
	facade := strings.TrimPrefix(e.http, "https://")
	overTLS := func() (net.Conn, error) {
		config := e.tls(t)
		config.NextProtos = []string{"http/1.1"}
		return tls.Dial("tcp", facade, config)
	}
	bare := func() (net.Conn, error) { return net.Dial("tcp", facade) }
	const start = "POST /user/v1/me:logout HTTP/1.1\r\nHost: x\r\n"
	var group sync.WaitGroup
	for _, row := range []struct {
		title string
		dial  func() (net.Conn, error)
		begin string
		drip  string // again and again
	}{
		{"no handshake", bare, "", ""},
		{"a handshake of one byte now and then", bare, "\x16\x03\x01\x02\x00", "\x01"},
		{"no request", overTLS, "", ""},
		{"a header without end", overTLS, start, "X-A: b\r\n"},
		{"a body of one byte now and then", overTLS, start + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n", " "},
	} {
		conn, err := row.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		group.Go(func() {
			begin := time.Now()
			_ = conn.SetDeadline(begin.Add(10 * time.Second))
			_, _ = io.WriteString(conn, row.begin)
			stop := make(chan struct{})
			group.Go(func() {
				for row.drip != "" {
					select {
					case <-stop:
						return
					case <-time.After(100 * time.Millisecond):
						_, _ = io.WriteString(conn, row.drip)
					}
				}
			})
			_, err := io.Copy(io.Discard, conn)
			close(stop)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s: the connection is still open after %v", row.title, time.Since(begin))
			}
		})
	}
	begin := time.Now()
	group.Wait()
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the last slow client was cut off after %v", took)
	}
	t.Logf("slow clients: 5 kinds, the last cut off after %.1f s at a limit of 1 s", time.Since(begin).Seconds())
}

// TestAHugeBodyOfAStrangerCostsNothing sends 256 MiB over TLS without a
// certificate and without a token, its length declared and not.
func TestAHugeBodyOfAStrangerCostsNothing(t *testing.T) {
	e := startEdge(t, "")
	client := e.httpClient(t)
	client.Transport.(*http.Transport).TLSClientConfig.NextProtos = []string{"http/1.1"}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, declared := range []int64{256 << 20, -1} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.http+"/user/v1/me:logout", &endless{left: 256 << 20})
		if err != nil {
			t.Fatal(err)
		}
		request.ContentLength = declared
		request.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(request)
		if err != nil {
			// The server answers and hangs up; a client that writes on
			// regardless may see the hang-up first.
			if !strings.Contains(err.Error(), "connection reset") && !strings.Contains(err.Error(), "broken pipe") {
				t.Errorf("declared %d: %v", declared, err)
			}
			continue
		}
		text, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusUnauthorized || parseFailure(t, string(text)).reason() != "CALLER_UNAUTHENTICATED" {
			t.Errorf("declared %d: %s %s", declared, answer.Status, text)
		}
	}
	runtime.ReadMemStats(&after)
	growth := int64(after.Sys) - int64(before.Sys)
	if growth > 16<<20 {
		t.Errorf("the process grew by %d MiB", growth>>20)
	}
	t.Logf("huge body: 256 MiB twice, the process grew by %.1f MiB", float64(growth)/(1<<20))
}
