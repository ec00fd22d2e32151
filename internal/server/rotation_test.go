package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/proto"

	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

// The rotation test's figures.
const (
	rotationCalls  = 5 * time.Millisecond   // between two calls: 200 a second
	rotationEvery  = 250 * time.Millisecond // between two certificates
	rotationLength = 3 * time.Second
)

// volume is a folder of files as Kubernetes mounts them: the names lead through
// the link ..data, which is swapped in one step.
type volume struct {
	folder   string
	versions int
}

func (v *volume) path(name string) string { return filepath.Join(v.folder, name) }

// swap puts a new version of all files into force.
func (v *volume) swap(t *testing.T, files map[string][]byte) {
	t.Helper()
	v.versions++
	version := "..v" + string(rune('a'+v.versions))
	steps := []error{os.Mkdir(v.path(version), 0o700)}
	for name, content := range files {
		steps = append(steps, os.WriteFile(v.path(filepath.Join(version, name)), content, 0o600))
		if v.versions == 1 {
			steps = append(steps, os.Symlink(filepath.Join("..data", name), v.path(name)))
		}
	}
	steps = append(steps, os.Symlink(version, v.path("..data_tmp")), os.Rename(v.path("..data_tmp"), v.path("..data")))
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
}

// TestNoCallFailsWhileCertificatesAreReplaced makes 200 calls a second - over
// gRPC connections that are told to come back every second, and over HTTPS
// connections of one call each - while certificate, key and authorities change
// four times a second, by symlink swap and by writing the files over.
func TestNoCallFailsWhileCertificatesAreReplaced(t *testing.T) {
	authority, next := tlstest.NewAuthority(t, "callers"), tlstest.NewAuthority(t, "next")
	secrets := &volume{folder: t.TempDir()}
	serial := int64(1000)
	version := func() map[string][]byte {
		serial++
		issued := authority.Issue(t, tlstest.Leaf{DNS: []string{"localhost"}, Serial: serial})
		ca := authority.PEM
		if serial%2 == 0 {
			ca = append(append([]byte{}, next.PEM...), ca...)
		}
		return map[string][]byte{"tls.crt": issued.CertPEM, "tls.key": issued.KeyPEM, "ca.crt": ca}
	}
	secrets.swap(t, version())
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil },
		"--tls.cert_file="+secrets.path("tls.crt"), "--tls.key_file="+secrets.path("tls.key"), "--tls.client_ca_file="+secrets.path("ca.crt"),
		"--grpc.max_connection_age=1s", "--log.level=info")

	var mutex sync.Mutex
	seen, calls, failures := map[string]bool{}, 0, []error{}
	client := &tls.Config{
		RootCAs: authority.Pool(), ServerName: "localhost", MinVersion: tls.VersionTLS12,
		Certificates: []tls.Certificate{authority.Issue(t, tlstest.Leaf{DNS: []string{frontCaller}}).TLS(t)},
		VerifyConnection: func(state tls.ConnectionState) error {
			mutex.Lock()
			defer mutex.Unlock()
			seen[state.PeerCertificates[0].SerialNumber.String()] = true
			return nil
		},
	}
	conn, err := grpc.NewClient(r.conn.Target(), grpc.WithTransportCredentials(credentials.NewTLS(client.Clone())))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	overHTTP := &http.Client{Transport: &http.Transport{TLSClientConfig: client, DisableKeepAlives: true, ForceAttemptHTTP2: true}}
	address := strings.Replace(r.http, "http://", "https://", 1) + "/user/v1/me"
	call := func(i int) error {
		if i%4 != 0 {
			_, err := userv1.NewUserServiceClient(conn).GetMe(t.Context(), &userv1.GetMeRequest{})
			return err
		}
		answer, err := overHTTP.Get(address)
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
			return errors.New(answer.Status)
		}
		return nil
	}

	var group sync.WaitGroup
	begin := time.Now()
	ticker := time.NewTicker(rotationCalls)
	defer ticker.Stop()
	rotations, since := 0, begin
	for i := 0; time.Since(begin) < rotationLength; i++ {
		<-ticker.C
		group.Go(func() {
			err := call(i)
			mutex.Lock()
			defer mutex.Unlock()
			if calls++; err != nil {
				failures = append(failures, err)
			}
		})
		if time.Since(since) < rotationEvery {
			continue
		}
		since = time.Now()
		if rotations++; rotations%2 == 1 {
			secrets.swap(t, version())
			continue
		}
		for name, content := range version() { // one after the other, so that for a moment they do not fit
			if err := os.WriteFile(secrets.path(name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	group.Wait()
	took := time.Since(begin)
	if len(failures) > 0 {
		t.Errorf("%d of %d calls failed, the first with %v", len(failures), calls, failures[0])
	}
	if len(seen) < rotations/2 || rotations < 4 {
		t.Errorf("%d certificates were seen in %d rotations", len(seen), rotations)
	}
	t.Logf("rotation: %d calls at %.0f a second, %d rotations, %d certificates seen, %d failed calls",
		calls, float64(calls)/took.Seconds(), rotations, len(seen), len(failures))
}
