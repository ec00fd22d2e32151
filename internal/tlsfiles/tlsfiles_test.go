package tlsfiles_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/tlsfiles"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

func read(t *testing.T, paths ...string) [][]byte {
	t.Helper()
	var contents [][]byte
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, content)
	}
	return contents
}

// handshake connects a client and returns what it saw of the server and the
// server of it.
func handshake(t *testing.T, store *tlsfiles.Store, client *tls.Config) (server, seen tls.ConnectionState, err error) {
	t.Helper()
	near, far := net.Pipe()
	deadline := time.Now().Add(10 * time.Second)
	_, _ = near.SetDeadline(deadline), far.SetDeadline(deadline)
	serving := tls.Server(far, store.Config("h2"))
	ended := make(chan error, 1)
	go func() {
		fault := serving.Handshake()
		if fault == nil {
			_, fault = serving.Write([]byte("."))
		}
		_ = far.Close()
		ended <- fault
	}()
	calling := tls.Client(near, client)
	err = calling.Handshake()
	if err == nil { // in TLS 1.3 the client learns of its refusal by reading
		if _, err = calling.Read(make([]byte, 1)); errors.Is(err, io.EOF) {
			err = nil
		}
	}
	_ = near.Close()
	return calling.ConnectionState(), serving.ConnectionState(), errors.Join(err, <-ended)
}

func TestAHandshakeSeesTheVersionInForce(t *testing.T) {
	folder := t.TempDir()
	authority, other := tlstest.NewAuthority(t, "one"), tlstest.NewAuthority(t, "other")
	first := authority.Issue(t, tlstest.Leaf{DNS: []string{"localhost"}}).Write(t, folder, "server")
	client := authority.Issue(t, tlstest.Leaf{DNS: []string{"front.example"}})
	files := tlsfiles.Files{Cert: first.Cert, Key: first.Key, ClientCA: authority.WriteCA(t, folder, "ca.pem")}
	store := tlsfiles.New(files)
	if !store.NotAfter().IsZero() {
		t.Errorf("nothing is loaded, and it ends at %v", store.NotAfter())
	}
	if err := store.Load(read(t, store.Paths()...)); err != nil {
		t.Fatal(err)
	}
	trusting := &tls.Config{RootCAs: authority.Pool(), ServerName: "localhost", NextProtos: []string{"h2"}}

	shown, seen, err := handshake(t, store, trusting)
	if err == nil && !store.NotAfter().Equal(shown.PeerCertificates[0].NotAfter) {
		t.Errorf("the certificate ends at %v, and the store says %v", shown.PeerCertificates[0].NotAfter, store.NotAfter())
	}
	if err != nil || len(seen.VerifiedChains) != 0 || seen.NegotiatedProtocol != "h2" {
		t.Errorf("without certificate: %v, %d chains, %q", err, len(seen.VerifiedChains), seen.NegotiatedProtocol)
	}
	with := trusting.Clone()
	with.Certificates = []tls.Certificate{client.TLS(t)}
	if _, seen, err = handshake(t, store, with); err != nil || len(seen.VerifiedChains) == 0 {
		t.Errorf("with certificate: %v, %d chains", err, len(seen.VerifiedChains))
	}
	for title, leaf := range map[string]tls.Certificate{
		"another authority": other.Issue(t, tlstest.Leaf{DNS: []string{"front.example"}}).TLS(t),
		"expired":           authority.Issue(t, tlstest.Leaf{DNS: []string{"front.example"}, Expired: true}).TLS(t),
		"not for clients":   authority.Issue(t, tlstest.Leaf{DNS: []string{"front.example"}, ServerOnly: true}).TLS(t),
	} {
		with.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &leaf, nil }
		if _, _, err := handshake(t, store, with); err == nil {
			t.Errorf("%s: was let in", title)
		}
	}
	old := trusting.Clone()
	old.MaxVersion = tls.VersionTLS11 //nolint:gosec // what must be refused
	if _, _, err := handshake(t, store, old); err == nil {
		t.Error("TLS 1.1 was let in")
	}

	next := authority.Issue(t, tlstest.Leaf{DNS: []string{"localhost"}, Serial: 77})
	if err := store.Load([][]byte{next.CertPEM, next.KeyPEM, other.PEM}); err != nil {
		t.Fatal(err)
	}
	state, _, err := handshake(t, store, trusting)
	if err != nil || state.PeerCertificates[0].SerialNumber.Int64() != 77 {
		t.Errorf("after the change: %v, serial %v", err, state.PeerCertificates)
	}
}

func half(content []byte) []byte { return content[:len(content)/2] }

func TestWhatCannotBeUsedLeavesWhatWas(t *testing.T) {
	authority := tlstest.NewAuthority(t, "one")
	right := authority.Issue(t, tlstest.Leaf{DNS: []string{"localhost"}, Serial: 5})
	another := authority.Issue(t, tlstest.Leaf{DNS: []string{"localhost"}})
	expired := authority.Issue(t, tlstest.Leaf{DNS: []string{"localhost"}, Expired: true})
	store := tlsfiles.New(tlsfiles.Files{Cert: "c.pem", Key: "k.pem", ClientCA: "ca.pem"})
	if _, _, err := handshake(t, store, &tls.Config{RootCAs: authority.Pool(), ServerName: "localhost"}); err == nil {
		t.Error("an empty store shakes hands")
	}
	chain, bundle := slices.Concat(right.CertPEM, authority.PEM), slices.Concat([]byte("# one\n"), authority.PEM, []byte("# again\n"), authority.PEM)
	if err := store.Load([][]byte{chain, right.KeyPEM, bundle}); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		title    string
		contents [][]byte
		want     string
	}{
		{"key of another", [][]byte{right.CertPEM, another.KeyPEM, authority.PEM}, "c.pem and k.pem"},
		{"half a certificate", [][]byte{half(right.CertPEM), right.KeyPEM, authority.PEM}, "c.pem and k.pem"},
		{"empty", [][]byte{nil, nil, nil}, "c.pem and k.pem"},
		{"expired", [][]byte{expired.CertPEM, expired.KeyPEM, authority.PEM}, "has expired on"},
		{"half a chain", [][]byte{slices.Concat(right.CertPEM, half(authority.PEM)), right.KeyPEM, authority.PEM}, "in c.pem only 1 of 2"},
		{"no authority", [][]byte{right.CertPEM, right.KeyPEM, right.KeyPEM}, "ca.pem holds no certificate"},
		{"half an authority beside a whole one", [][]byte{right.CertPEM, right.KeyPEM, slices.Concat(authority.PEM, half(authority.PEM))}, "in ca.pem only 1 of 2"},
		{"a whole authority behind a broken one", [][]byte{right.CertPEM, right.KeyPEM, slices.Concat(half(authority.PEM), []byte("\n"), authority.PEM)}, "in ca.pem only"},
	} {
		err := store.Load(row.contents)
		if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "PRIVATE") {
			t.Errorf("%s: %v, want %q", row.title, err, row.want)
		}
	}
	state, _, err := handshake(t, store, &tls.Config{RootCAs: authority.Pool(), ServerName: "localhost"})
	if err != nil || state.PeerCertificates[0].SerialNumber.Int64() != 5 {
		t.Errorf("%v; the certificate of before is not in force", err)
	}
}
