package kakao_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// issue makes a certificate that signs for itself.
func issue(t *testing.T, host string, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// TestUntrustedTLS: to whom the certificate does not belong gets no token, and
// the reason says that it is about trust. None is repeated.
func TestUntrustedTLS(t *testing.T) {
	tomorrow, yesterday := time.Now().Add(24*time.Hour), time.Now().Add(-24*time.Hour)
	tests := map[string]struct {
		certificate tls.Certificate
		trusted     bool // by the client, as an authority
		speaks      func(*httptest.Server)
		reason      string
	}{
		"right":          {issue(t, "127.0.0.1", tomorrow), true, (*httptest.Server).StartTLS, ""},
		"another's name": {issue(t, "kapi.example.com", tomorrow), true, (*httptest.Server).StartTLS, "KAKAO_TLS_UNTRUSTED"},
		"expired":        {issue(t, "127.0.0.1", yesterday), true, (*httptest.Server).StartTLS, "KAKAO_TLS_UNTRUSTED"},
		"self-signed":    {issue(t, "127.0.0.1", tomorrow), false, (*httptest.Server).StartTLS, "KAKAO_TLS_UNTRUSTED"},
		"no TLS at all":  {issue(t, "127.0.0.1", tomorrow), true, (*httptest.Server).Start, "KAKAO_UNREACHABLE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			u := &upstream{}
			u.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				u.requests.Add(1)
				reply(200, `{"id":1}`)(w, r)
			}))
			u.Config.ErrorLog = log.New(io.Discard, "", 0)
			u.TLS = &tls.Config{Certificates: []tls.Certificate{test.certificate}, MinVersion: tls.VersionTLS12}
			test.speaks(u.Server)
			t.Cleanup(u.Close)
			pool := x509.NewCertPool()
			if test.trusted {
				pool.AddCert(test.certificate.Leaf)
			}
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
			t.Cleanup(transport.CloseIdleConnections)
			client := u.policied(t, kakao.Policy{Attempts: 3, RetryBudget: 200, BreakerFailures: 5}, func(c *kakao.Config) {
				c.Transport = transport
				for _, base := range c.Hosts {
					base.Scheme = "https"
				}
			})
			began := time.Now()
			_, err := ask(t, client, meRPC, 20*time.Second)
			if got := reason(t, err); got != test.reason {
				t.Errorf("%q (%v), want %q", got, err, test.reason)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
			if reached := u.requests.Load() > 0; reached != (test.reason == "") {
				t.Errorf("%d requests, and with them the token, got through", u.requests.Load())
			}
		})
	}
}
