package e2e

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

// Callers of the matrix. Each half may call every other rpc of the contract, by
// its exact name; all may call everything, by Service/*.
const (
	everyCaller = "spiffe://shop.example/ns/shop/sa/everything"
	evenCaller  = "even.shop.example"
	oddCaller   = "odd.shop.example"
	noCaller    = "stranger.shop.example"
)

// matrixPolicy grants as the names of the callers say.
func matrixPolicy(t *testing.T, rpcs []string) string {
	t.Helper()
	var policy strings.Builder
	policy.WriteString("callers:\n  " + everyCaller + ":\n    apps: &apps [default, second]\n    any_user: true\n    rpcs:\n")
	for _, service := range service.Descriptors() {
		policy.WriteString("      - " + string(service.FullName()) + "/*\n")
	}
	for half, caller := range []string{evenCaller, oddCaller} {
		policy.WriteString("  " + caller + ":\n    apps: *apps\n    any_user: true\n    rpcs:\n")
		for i := half; i < len(rpcs); i += 2 {
			policy.WriteString("      - " + rpcs[i] + "\n")
		}
	}
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, []byte(policy.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// as returns the server as a client with the certificate sees it; nil: without.
func (s *runningServer) as(t *testing.T, authority *tlstest.Authority, certificate *tls.Certificate) *runningServer {
	t.Helper()
	config := &tls.Config{RootCAs: authority.Pool(), MinVersion: tls.VersionTLS12}
	if certificate != nil {
		// Sent even where the server's list of authorities does not have its own.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	}
	conn, err := grpc.NewClient(s.conn.Target(), grpc.WithTransportCredentials(credentials.NewTLS(config.Clone())))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	t.Cleanup(func() { _ = conn.Close(); transport.CloseIdleConnections() })
	return &runningServer{
		conn: conn, facade: strings.Replace(s.facade, "http://", "https://", 1), client: &http.Client{Transport: transport}, watch: s.watch,
	}
}

// goodCase is a case of an rpc that succeeds.
func goodCase(t *testing.T, file *caseFile) testCase {
	t.Helper()
	at := slices.IndexFunc(file.Cases, func(c testCase) bool { return c.Error == nil })
	if at < 0 {
		t.Fatalf("%s has no case that succeeds", file.RPC)
	}
	return file.Cases[at]
}

// TestCallersMatrix calls every rpc as every kind of caller, over gRPC and over
// JSON.
func TestCallersMatrix(t *testing.T) {
	files := loadCaseFiles(t)
	rpcs := make([]string, 0, len(files))
	for _, file := range files {
		rpcs = append(rpcs, file.RPC)
	}
	folder := t.TempDir()
	authority, foreign := tlstest.NewAuthority(t, "callers"), tlstest.NewAuthority(t, "foreign")
	own := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "server")
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, map[string]string{
		"KAKAORPC_TLS_CERT_FILE": own.Cert, "KAKAORPC_TLS_KEY_FILE": own.Key, "KAKAORPC_TLS_CLIENT_CA_FILE": authority.WriteCA(t, folder, "ca.pem"),
		"KAKAORPC_AUTHZ_POLICY_FILE": matrixPolicy(t, rpcs), "KAKAORPC_ALLOW_ADMIN_WITHOUT_POLICY": "false",
	})
	issue := func(from *tlstest.Authority, leaf tlstest.Leaf) *runningServer {
		certificate := from.Issue(t, leaf).TLS(t)
		return server.as(t, authority, &certificate)
	}
	halves := []*runningServer{
		issue(authority, tlstest.Leaf{DNS: []string{evenCaller}}), issue(authority, tlstest.Leaf{DNS: []string{oddCaller}}),
	}
	always := func(s *runningServer) func(int) *runningServer { return func(int) *runningServer { return s } }
	everything := tlstest.Leaf{URIs: []string{everyCaller}}
	expired := everything
	expired.Expired = true

	kinds := []struct {
		name   string
		as     func(rpc int) *runningServer
		code   codes.Code // OK: the call succeeds
		reason string     // "": refused in the handshake
	}{
		{"no certificate", always(server.as(t, authority, nil)), codes.Unauthenticated, "CALLER_UNAUTHENTICATED"},
		{"wrong CA", always(issue(foreign, everything)), codes.Unavailable, ""},
		{"expired", always(issue(authority, expired)), codes.Unavailable, ""},
		{"wrong SAN", always(issue(authority, tlstest.Leaf{DNS: []string{noCaller}})), codes.PermissionDenied, "CALLER_NOT_PERMITTED"},
		{"right SAN without the right", func(rpc int) *runningServer { return halves[(rpc+1)%2] }, codes.PermissionDenied, "CALLER_NOT_PERMITTED"},
		{"right, by name", func(rpc int) *runningServer { return halves[rpc%2] }, codes.OK, ""},
		{"right, by service", always(issue(authority, everything)), codes.OK, ""},
	}
	cells := 0
	for rpc, file := range files {
		c := goodCase(t, file)
		for _, kind := range kinds {
			client := kind.as(rpc)
			for name, call := range client.transports() {
				cells++
				t.Run(fmt.Sprintf("%s, %s over %s", file.RPC, kind.name, name), func(t *testing.T) {
					switch {
					case kind.code == codes.OK:
						runCase(t, kakao, call, file, c)
					case kind.reason != "":
						refused := testCase{Name: c.Name, Caller: c.Caller, Request: c.Request, Error: &wantedError{Code: codeName(kind.code), Reason: kind.reason}}
						runCase(t, kakao, call, file, refused)
					default:
						client.mustNotConnect(t, kakao, file)
					}
				})
			}
		}
	}
	t.Logf("callers: %d rpcs x %d kinds of caller x 2 transports: %d calls", len(files), len(kinds), cells)
}

// codeName is a code as the case files write it.
func codeName(code codes.Code) string {
	return map[codes.Code]string{codes.Unauthenticated: "UNAUTHENTICATED", codes.PermissionDenied: "PERMISSION_DENIED"}[code]
}

// mustNotConnect calls an rpc both ways and wants no connection.
func (s *runningServer) mustNotConnect(t *testing.T, kakao *fakeKakao, file *caseFile) {
	t.Helper()
	kakao.takeReceived()
	ctx, cancel := context.WithTimeout(t.Context(), callTimeout)
	defer cancel()
	request := newMessage(t, file.method.Input())
	err := s.conn.Invoke(ctx, "/"+file.RPC, request, newMessage(t, file.method.Output()))
	if status.Code(err) != codes.Unavailable || len(status.Convert(err).Details()) != 0 {
		t.Errorf("gRPC: %v", err)
	}
	if outgoing, routed := facadeRequest(t, s.facade, file.method, request); routed {
		answer, err := s.client.Do(outgoing.WithContext(ctx))
		if err == nil {
			_ = answer.Body.Close()
			t.Errorf("the facade answered with %s", answer.Status)
		}
	}
	checkSent(t, kakao.takeReceived(), nil)
}
