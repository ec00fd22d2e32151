package preflight

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// trusting makes transports that trust the authorities.
func trusting(pool *x509.CertPool) func() *http.Transport {
	return func() *http.Transport {
		transport := kakao.NewTransport()
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
		return transport
	}
}

// startTLS runs a server with the certificate.
func startTLS(t *testing.T, certificate tls.Certificate, handler http.Handler) *url.URL {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.EnableHTTP2 = true
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(server.Close)
	return parsed(t, server.URL)
}

func parsed(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestReach goes through what can be the matter with a host, against real ones.
func TestReach(t *testing.T) {
	authority, stranger := tlstest.NewAuthority(t, "trusted"), tlstest.NewAuthority(t, "not trusted")
	teapot := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header.Get("Authorization")) > 0 || r.URL.Path != "/" || r.URL.RawQuery != "" {
			t.Errorf("asked for %s with %v", r.URL, r.Header)
		}
		w.WriteHeader(http.StatusTeapot)
	})
	good := startTLS(t, authority.Issue(t, tlstest.Leaf{}).TLS(t), teapot)
	expired := startTLS(t, authority.Issue(t, tlstest.Leaf{Expired: true}).TLS(t), teapot)
	unknown := startTLS(t, stranger.Issue(t, tlstest.Leaf{}).TLS(t), teapot)
	redirecting := startTLS(t, authority.Issue(t, tlstest.Leaf{}).TLS(t), http.RedirectHandler("https://elsewhere.invalid/", http.StatusFound))
	slow := startTLS(t, authority.Issue(t, tlstest.Leaf{}).TLS(t), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	plain := httptest.NewServer(teapot)
	defer plain.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // connects, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()

	rows := []struct {
		title  string
		url    string
		status int
		fault  string
		until  bool // the certificate's end is known
	}{
		{"good", good.String(), http.StatusTeapot, "", true},
		{"expired", expired.String(), 0, "its certificate is not good at this time", true},
		{"wrong name", "https://localhost:" + good.Port(), 0, "its certificate is for another name", true},
		{"authority that nobody trusts", unknown.String(), 0, "an authority that this machine does not trust", true},
		{"redirect, which is an answer", redirecting.String(), http.StatusFound, "", true},
		{"refused", "https://" + closed.Addr().String(), 0, "the connection is refused", false},
		{"not resolving", "https://kapi.kakao.invalid", 0, "does not resolve", false},
		{"slow", slow.String(), 0, "it is connected, but there is no answer in time", true},
		{"silent", "https://" + silent.Addr().String(), 0, "it is connected, but there is no answer in time", false},
		{"no TLS there", strings.Replace(plain.URL, "http:", "https:", 1), 0, "does not speak TLS", false},
		{"no TLS wanted", plain.URL, http.StatusTeapot, "", false},
	}
	targets := make([]Target, 0, len(rows))
	for _, row := range rows {
		targets = append(targets, Target{URL: parsed(t, row.url), Hosts: []string{row.title}})
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	began := time.Now()
	answers := Reach(ctx, targets, trusting(authority.Pool()))
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("all together took %v, with a bound of 1s", took)
	}
	for i, row := range rows {
		got := answers[i]
		if got.HTTPStatus != row.status || !strings.Contains(got.Fault, row.fault) || (got.Fault == "") != (row.fault == "") ||
			got.Hosts[0] != row.title || (got.CertificateUntil != nil) != row.until {
			t.Errorf("%s: %+v", row.title, got)
		}
		if row.fault == "" && got.Address != targets[i].URL.Host {
			t.Errorf("%s: address %s", row.title, got.Address)
		}
	}
	if first := answers[0]; first.TLS != "TLS 1.3" || first.Proxy != "" {
		t.Errorf("%+v", first)
	}
	if until := answers[1].CertificateUntil; until == nil || time.Until(*until) > 0 {
		t.Errorf("the end of the expired certificate: %v", until)
	}
}

// TestReachByAProxy: the way that calls would go, and no password of it.
func TestReachByAProxy(t *testing.T) {
	authority := tlstest.NewAuthority(t, "trusted")
	good := startTLS(t, authority.Issue(t, tlstest.Leaf{}).TLS(t), http.NotFoundHandler())
	open := true
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || !open {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		tunnel(t, w, r.Host)
	}))
	defer proxy.Close()
	address := parsed(t, proxy.URL)
	address.User = url.UserPassword("me", "7e577e57dddd0001")
	dial := func() *http.Transport {
		transport := trusting(authority.Pool())()
		transport.Proxy = http.ProxyURL(address)
		return transport
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if got := Reach(ctx, []Target{{URL: good}}, dial)[0]; got.HTTPStatus != http.StatusNotFound || got.Proxy != address.Host || got.Address != address.Host || got.TLS == "" {
		t.Errorf("%+v", got)
	}
	open = false
	if got := Reach(ctx, []Target{{URL: good}}, dial)[0]; got.Proxy != address.Host || !strings.Contains(got.Fault, "Forbidden") || strings.Contains(got.Fault, "7e577e57") {
		t.Errorf("%+v", got)
	}
	proxy.Close()
	if got := Reach(ctx, []Target{{URL: good}}, dial)[0]; !strings.Contains(got.Fault, "the proxy") || strings.Contains(got.Fault, "7e577e57") {
		t.Errorf("%+v", got)
	}
}

// tunnel connects a client to a host until one of them has enough.
func tunnel(t *testing.T, w http.ResponseWriter, host string) {
	t.Helper()
	to, err := net.Dial("tcp", host)
	if err != nil {
		t.Error(err)
		return
	}
	from, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
	_, _ = io.Copy(from, to)
	_ = from.Close()
}
