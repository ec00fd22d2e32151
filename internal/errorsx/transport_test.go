package errorsx

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// Every failure here is made by a real client on a real connection.
func TestFromTransport(t *testing.T) {
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(hang.Close)
	reset := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if tcp, ok := connection.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // close with RST
		}
		_ = connection.Close()
	}))
	t.Cleanup(reset.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it will log the handshakes that fail
	secure.StartTLS()
	t.Cleanup(secure.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing := "http://" + closed.Addr().String()
	_ = closed.Close()
	wrongName := secure.Client().Transport.(*http.Transport).Clone()
	wrongName.TLSClientConfig.ServerName = "other.example.test"

	get := func(ctx context.Context, transport http.RoundTripper, url string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/?client_secret="+testKey, nil)
		if err != nil {
			return err
		}
		response, err := (&http.Client{Transport: transport}).Do(request)
		if err == nil {
			_ = response.Body.Close()
			return errors.New("the call succeeded")
		}
		return err
	}
	short := func() context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	cancelled := func() context.Context {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(30*time.Millisecond, cancel)
		return ctx
	}
	patient := &http.Transport{ResponseHeaderTimeout: 30 * time.Millisecond}
	unresolved := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "kapi.kakao.com", IsNotFound: true}}
	}}

	tests := []struct {
		name   string
		err    error
		code   codes.Code
		reason string
		sent   bool // a write's outcome is unknown
	}{
		{"refused", get(t.Context(), nil, refusing), codes.Unavailable, "KAKAO_UNREACHABLE", false},
		{"reset", get(t.Context(), nil, reset.URL), codes.Unavailable, "KAKAO_UNREACHABLE", true},
		{"name unknown", get(t.Context(), unresolved, "http://kapi.example.test"), codes.Unavailable, "KAKAO_UNREACHABLE", false},
		{"deadline", get(short(), nil, hang.URL), codes.DeadlineExceeded, "KAKAO_UPSTREAM_TIMEOUT", true},
		{"client timeout", get(t.Context(), patient, hang.URL), codes.DeadlineExceeded, "KAKAO_UPSTREAM_TIMEOUT", true},
		{"cancelled", get(cancelled(), nil, hang.URL), codes.Canceled, "CALL_CANCELLED", true},
		{"certificate of nobody", get(t.Context(), &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}, secure.URL), codes.Unavailable, "KAKAO_TLS_UNTRUSTED", false},
		{"certificate of another", get(t.Context(), wrongName, secure.URL), codes.Unavailable, "KAKAO_TLS_UNTRUSTED", false},
		{"no TLS", get(t.Context(), &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}, strings.Replace(hang.URL, "http:", "https:", 1)), codes.Unavailable, "KAKAO_UNREACHABLE", false},
		{"unheard of", errors.New("odd " + testKey), codes.Unavailable, "KAKAO_UNREACHABLE", true},
		{"nothing", nil, codes.Unavailable, "KAKAO_UNREACHABLE", true},
	}
	for _, test := range tests {
		for _, write := range []bool{false, true} {
			c := Call{Host: "kapi.kakao.com", Endpoint: "POST /v1/user/update_profile", App: "default", Write: write, Secrets: []string{testKey}}
			e := FromTransport(c, test.err)
			checkInvariants(t, e, c.Secrets)
			if e.Code() != test.code || reasonName(e.Reason()) != test.reason || e.Kakao().GetOutcomeUnknown() != (write && test.sent) {
				t.Errorf("%s, write %v: %s %s, outcome unknown %v; from %v", test.name, write,
					e.Code(), reasonName(e.Reason()), e.Kakao().GetOutcomeUnknown(), test.err)
			}
			if unknown := strings.Contains(e.Error(), "unknown"); unknown != (write && test.sent) {
				t.Errorf("%s, write %v: message %q", test.name, write, e.Error())
			}
		}
	}

	e := FromTransport(Call{}, get(t.Context(), nil, refusing))
	if !errors.Is(e, syscall.ECONNREFUSED) || !strings.Contains(fmt.Sprint(errors.Unwrap(e)), "refused") {
		t.Errorf("the log does not learn the cause: %v", errors.Unwrap(e))
	}
}
