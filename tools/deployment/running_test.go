package deployment

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
)

// TestTheServerStartsAsTheChartSays starts the server with exactly the variables
// and files that each set of values comes to, the root of the files and the
// addresses aside, and asks it what the probes ask. It would catch a value that
// the server refuses, a file in another place, and a probe that a healthy server
// fails.
func TestTheServerStartsAsTheChartSays(t *testing.T) {
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			t.Parallel()
			root := t.TempDir()
			trusted := writeFiles(t, r, root)
			at := map[string]string{"grpc": freeAddress(t), "http": freeAddress(t), "ops": freeAddress(t)}
			var environ []string
			for _, variable := range r.server().Env {
				value := variable.Value
				if variable.ValueFrom != nil {
					value = releaseName + "-pod"
				}
				value = strings.ReplaceAll(value, "$(POD_NAME)", releaseName+"-pod")
				value = strings.ReplaceAll(value, "/etc/kakaorpc/", root+"/etc/kakaorpc/")
				if strings.HasPrefix(value, "http://") {
					value = "http://" + freeAddress(t) // no collector: the server has to live with that
				}
				environ = append(environ, variable.Name+"="+value)
			}
			for port, address := range at {
				environ = append(environ, "KAKAORPC_"+strings.ToUpper(port)+"_ADDR="+address)
			}
			said := begin(t, environ, r.server().Args...)
			eventually(t, "the server is ready", func() bool { return ready(at["ops"]) }, said)
			if code, out := finish(environ, "healthcheck"); code != 0 {
				t.Errorf("healthcheck: %d: %s", code, out)
			}

			transport := insecure.NewCredentials()
			if values["transport"] == "tls" {
				transport = credentials.NewTLS(&tls.Config{RootCAs: trusted, ServerName: serverName, MinVersion: tls.VersionTLS12})
			}
			conn, err := grpc.NewClient(at["grpc"], grpc.WithTransportCredentials(transport))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			answer, err := healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{}, grpc.WaitForReady(true))
			if err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_SERVING {
				t.Errorf("the gRPC health service answers %v, %v\n%s", answer.GetStatus(), err, said)
			}
		})
	}
}

// writeFiles puts what is mounted where the container would see it, with
// certificates and keys of the test's own, and returns whom to trust.
func writeFiles(t *testing.T, r *release, root string) *x509.CertPool {
	t.Helper()
	certificate, key := selfSigned(t)
	for path, from := range mounted(t, r) {
		var content []byte
		switch {
		case from.configMap != "":
			content = []byte(r.configMaps[from.configMap].Data[from.key])
		case from.key == "tls.key":
			content = key
		case strings.HasSuffix(path, ".crt"):
			content = certificate
		default:
			content = []byte("7e577e577e577e577e577e577e57000f\n")
		}
		file := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(certificate)
	return trusted
}

const serverName = "kakaorpc.test"

// selfSigned makes a certificate that vouches for itself, in PEM.
func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: serverName}, DNSNames: []string{serverName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}

// TestTheServersSawEveryKindOfFile is about this test itself: the sets of values
// must between them mount each kind of file.
func TestTheServersSawEveryKindOfFile(t *testing.T) {
	seen := map[string]bool{}
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			for path := range mounted(t, r) {
				seen[strings.Split(path, "/")[3]] = true
			}
		})
	}
	if got, want := slices.Sorted(maps.Keys(seen)), []string{"apps", "client-ca", "config", "policy", "tls", "trust"}; !slices.Equal(got, want) {
		t.Errorf("mounted are %q, want %q", got, want)
	}
}
