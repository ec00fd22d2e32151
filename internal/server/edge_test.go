package server

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionv1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

// edge is a server with TLS under test, whose rpcs all succeed.
type edge struct {
	*running
	authority *tlstest.Authority
	folder    string
	reached   chan string // the rpcs whose handler ran, as many as fit
}

const frontCaller = "front.shop.example"

// startEdge runs a server with TLS that knows callers, and with a policy if
// there is a text.
func startEdge(t *testing.T, policy string, flags ...string) *edge {
	t.Helper()
	e := &edge{authority: tlstest.NewAuthority(t, "callers"), folder: t.TempDir(), reached: make(chan string, 1000)}
	own := e.authority.Issue(t, tlstest.Leaf{DNS: []string{"localhost"}}).Write(t, e.folder, "server")
	flags = append(flags, "--tls.cert_file="+own.Cert, "--tls.key_file="+own.Key, "--tls.client_ca_file="+e.authority.WriteCA(t, e.folder, "ca.pem"))
	if policy != "" {
		e.write(t, "policy.yaml", policy)
		flags = append(flags, "--authz.policy_file="+filepath.Join(e.folder, "policy.yaml"))
	}
	e.running = startScripted(t, func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		select {
		case e.reached <- rpc:
		default:
		}
		return nil, nil
	}, flags...)
	e.http = strings.Replace(e.http, "http://", "https://", 1)
	return e
}

func (e *edge) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(e.folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tls is a client's side; no names: no certificate.
func (e *edge) tls(t *testing.T, names ...string) *tls.Config {
	t.Helper()
	config := &tls.Config{RootCAs: e.authority.Pool(), MinVersion: tls.VersionTLS12, ServerName: "localhost"}
	if len(names) > 0 {
		config.Certificates = []tls.Certificate{e.authority.Issue(t, tlstest.Leaf{DNS: names}).TLS(t)}
	}
	return config
}

func (e *edge) dial(t *testing.T, names ...string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(e.conn.Target(), grpc.WithTransportCredentials(credentials.NewTLS(e.tls(t, names...))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (e *edge) httpClient(t *testing.T, names ...string) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: e.tls(t, names...), ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within 10 s: %s", what)
}

func TestHealthIsOpenToAllAndNothingElse(t *testing.T) {
	e := startEdge(t, "")
	conn := e.dial(t)
	if answer, err := healthv1.NewHealthClient(conn).Check(t.Context(), &healthv1.HealthCheckRequest{}); err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_SERVING {
		t.Errorf("health: %v, %v", answer, err)
	}
	_, err := userv1.NewUserServiceClient(conn).GetMe(t.Context(), &userv1.GetMeRequest{})
	if status.Code(err) != codes.Unauthenticated || grpcReason(err) != "CALLER_UNAUTHENTICATED" {
		t.Errorf("a call without certificate: %v", err)
	}
	if _, err := userv1.NewUserServiceClient(e.dial(t, frontCaller)).GetMe(t.Context(), &userv1.GetMeRequest{}); err != nil {
		t.Errorf("a call with a certificate: %v", err)
	}
	lines := e.log.lines(t, "call")
	if last := lines[len(lines)-1]; last["caller"] != frontCaller {
		t.Errorf("the line names the caller %v", last["caller"])
	}
}

// TestAStrangerIsRefusedBeforeItsMessage: the headers alone are answered; a
// server that read the message first would wait for one that never comes.
func TestAStrangerIsRefusedBeforeItsMessage(t *testing.T) {
	e := startEdge(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "x-request-id", "checkout-81")
	stream, err := e.dial(t).NewStream(ctx, &grpc.StreamDesc{ClientStreams: true}, "/kakao.user.v1.UserService/GetMe")
	if err != nil {
		t.Fatal(err)
	}
	err = stream.RecvMsg(&userv1.GetMeResponse{})
	if status.Code(err) != codes.Unauthenticated || grpcReason(err) != "CALLER_UNAUTHENTICATED" {
		t.Errorf("%v", err)
	}
	if lines := e.log.lines(t, "call refused"); len(lines) != 1 || lines[0]["rpc"] != "kakao.user.v1.UserService/GetMe" || lines[0]["request_id"] != "checkout-81" {
		t.Errorf("the log has %v", lines)
	}
}

// TestAStrangersBodyIsNotRead is the same over JSON, for a body that would be
// refused and for one that never comes.
func TestAStrangersBodyIsNotRead(t *testing.T) {
	e := startEdge(t, "", "--karlo.enabled=true")
	client := e.httpClient(t)
	for about, body := range map[string]io.Reader{"wrong": strings.NewReader(`{"nonsense":1}`), "not coming": silentBody(t)} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.http+"/karlo/v1/images:enlarge", body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(request)
		if err != nil {
			t.Fatalf("%s: %v", about, err)
		}
		text, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusUnauthorized || parseFailure(t, string(text)).reason() != "CALLER_UNAUTHENTICATED" {
			t.Errorf("%s: %s %s", about, answer.Status, text)
		}
	}
	if len(e.reached) > 0 {
		t.Errorf("%s ran", <-e.reached)
	}
}

// silentBody is a body of which nothing comes.
func silentBody(t *testing.T) io.Reader {
	t.Helper()
	reader, writer := io.Pipe()
	t.Cleanup(func() { _ = writer.Close() })
	return reader
}

// TestReflectionIsForIdentifiedCallersWhoAskForIt: where client certificates are
// on, a stranger does not learn what there is; both versions of reflection.
func TestReflectionIsForIdentifiedCallersWhoAskForIt(t *testing.T) {
	for _, row := range []struct {
		flag             string
		caller, stranger codes.Code
	}{
		{"--grpc.reflection=true", codes.OK, codes.Unauthenticated},
		{"--grpc.reflection=false", codes.Unimplemented, codes.Unauthenticated},
	} {
		e := startEdge(t, "", row.flag)
		for who, conn := range map[string]*grpc.ClientConn{"caller": e.dial(t, frontCaller), "stranger": e.dial(t)} {
			want := map[string]codes.Code{"caller": row.caller, "stranger": row.stranger}[who]
			for version, list := range reflections {
				if err := list(t.Context(), conn); status.Code(err) != want || (want == codes.Unauthenticated && grpcReason(err) != "CALLER_UNAUTHENTICATED") {
					t.Errorf("%s, %s of %s: %v, want %s", row.flag, version, who, err, want)
				}
			}
		}
	}
}

// reflections ask for the list of services.
var reflections = map[string]func(context.Context, *grpc.ClientConn) error{
	"v1": func(ctx context.Context, conn *grpc.ClientConn) error {
		stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
		if err != nil {
			return err
		}
		_ = stream.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}})
		_, err = stream.Recv()
		_ = stream.CloseSend()
		return err
	},
	"v1alpha": func(ctx context.Context, conn *grpc.ClientConn) error {
		stream, err := reflectionv1alpha.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
		if err != nil {
			return err
		}
		//nolint:staticcheck // deprecated, and served
		_ = stream.Send(&reflectionv1alpha.ServerReflectionRequest{MessageRequest: &reflectionv1alpha.ServerReflectionRequest_ListServices{}})
		_, err = stream.Recv()
		_ = stream.CloseSend()
		return err
	},
}

// TestTheAdminKeyIsKept goes through who may use the admin key: by an rpc that
// always does, and by naming a user where a token would do.
func TestTheAdminKeyIsKept(t *testing.T) {
	list := func(conn *grpc.ClientConn, app string) error {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-kakao-app", app)
		_, err := userv1.NewUserAdminServiceClient(conn).ListUserIds(ctx, &userv1.ListUserIdsRequest{})
		return err
	}
	me := func(conn *grpc.ClientConn, target *int64) error {
		_, err := userv1.NewUserServiceClient(conn).GetMe(t.Context(), &userv1.GetMeRequest{TargetId: target})
		return err
	}
	someone := proto.Int64(3177000099)
	const exact = "callers:\n  front.shop.example:\n    rpcs: [kakao.user.v1.UserService/GetMe, kakao.user.v1.UserAdminService/ListUserIds]\n"
	for _, row := range []struct {
		title, policy, flag      string
		list, own, other, second string // the reason, "" for success
	}{
		{"no policy", "", "--allow-admin-without-policy=false", "CALLER_NOT_PERMITTED", "", "CALLER_NOT_PERMITTED", "CALLER_NOT_PERMITTED"},
		{"no policy, open", "", "--allow-admin-without-policy", "", "", "", ""},
		{"policy", exact, "--allow-admin-without-policy=false", "", "", "CALLER_NOT_PERMITTED", "CALLER_NOT_PERMITTED"},
		{"policy, any user", exact + "    any_user: true\n", "--allow-admin-without-policy=false", "", "", "", "CALLER_NOT_PERMITTED"},
		{"a policy is not opened by the flag", strings.Replace(exact, ", kakao.user.v1.UserAdminService/ListUserIds", "", 1), "--allow-admin-without-policy",
			"CALLER_NOT_PERMITTED", "", "CALLER_NOT_PERMITTED", "CALLER_NOT_PERMITTED"},
	} {
		e := startEdge(t, row.policy, row.flag)
		conn := e.dial(t, frontCaller)
		for _, call := range []struct {
			what, want string
			err        error
		}{
			{"an rpc of the admin key", row.list, list(conn, "")}, {"one's own user", row.own, me(conn, nil)},
			{"any user", row.other, me(conn, someone)}, {"another app", row.second, list(conn, "second")},
		} {
			if grpcReason(call.err) != call.want || (call.want != "" && status.Code(call.err) != codes.PermissionDenied) {
				t.Errorf("%s: %s: %v, want %q", row.title, call.what, call.err, call.want)
			}
		}
		answer, err := e.httpClient(t, frontCaller).Get(e.http + "/user/v1/me?target_id=3177000099")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if refused := answer.StatusCode == http.StatusForbidden; refused != (row.other != "") {
			t.Errorf("%s: any user over the facade: %s", row.title, answer.Status)
		}
	}
}

func TestAChangedPolicyIsInForceAndABrokenOneIsNot(t *testing.T) {
	e := startEdge(t, "callers:\n  front.shop.example:\n    rpcs: [kakao.user.v1.UserService/GetMe]\n")
	users := userv1.NewUserServiceClient(e.dial(t, frontCaller))
	me := func() error { _, err := users.GetMe(t.Context(), &userv1.GetMeRequest{}); return err }
	tokenInfo := func() error {
		_, err := users.GetAccessTokenInfo(t.Context(), &userv1.GetAccessTokenInfoRequest{})
		return err
	}
	if err := me(); err != nil {
		t.Fatal(err)
	}
	if err := tokenInfo(); grpcReason(err) != "CALLER_NOT_PERMITTED" {
		t.Fatal(err)
	}
	e.write(t, "policy.yaml", "callers:\n  front.shop.example:\n    rpcs: [kakao.user.v1.UserService/GetAccessTokenInfo]\n")
	eventually(t, "the new right", func() bool { return tokenInfo() == nil })
	if err := me(); grpcReason(err) != "CALLER_NOT_PERMITTED" {
		t.Errorf("the right that is gone: %v", err)
	}
	e.write(t, "policy.yaml", "callers:\n  front.shop.example:\n    rpcs: [kakao.user.v1.UserService/Nothing]\n  Other: {}\n")
	eventually(t, "the error in the log", func() bool { return strings.Contains(e.log.String(), `"level":"ERROR"`) })
	lines := e.log.lines(t, "changed files cannot be used: the version before them stays in force until they are corrected")
	if len(lines) != 1 || strings.Count(lines[0]["error"].(string), "line ") != 2 {
		t.Errorf("log: %v", lines)
	}
	if err := tokenInfo(); err != nil {
		t.Errorf("the policy of before: %v", err)
	}
	if _, _, metrics := e.do(http.MethodGet, e.ops+"/metrics", "", nil); !strings.Contains(metrics, `kakaorpc_reload_stale{`) {
		t.Error("no metric tells of it")
	}
}

func TestFilesThatCannotBeUsedFailTheStart(t *testing.T) {
	folder := t.TempDir()
	authority := tlstest.NewAuthority(t, "callers")
	own := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "server")
	ca := authority.WriteCA(t, folder, "ca.pem")
	other := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "other")
	policy := filepath.Join(folder, "policy.yaml")
	if err := os.WriteFile(policy, []byte("callers: {a: {rpcs: [x/*]}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		title string
		flags []string
		want  string
	}{
		{"no such file", []string{"--tls.cert_file=" + folder + "/none", "--tls.key_file=" + own.Key}, "none"},
		{"key of another", []string{"--tls.cert_file=" + own.Cert, "--tls.key_file=" + other.Key}, "TLS certificates"},
		{"broken policy", []string{"--tls.cert_file=" + own.Cert, "--tls.key_file=" + own.Key, "--tls.client_ca_file=" + ca, "--authz.policy_file=" + policy},
			"caller policy: " + policy + ": line 1: x/*"},
	} {
		server, err := Build(testConfig(t, "http://127.0.0.1:1", row.flags...), &lockedBuffer{})
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.title, err, row.want)
		}
		if server != nil {
			t.Errorf("%s: there is a server all the same", row.title)
		}
	}
}

func TestThePolicyOfTheReadmeIsOne(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```yaml\n")
	policy, _, _ := strings.Cut(rest, "```")
	g := newGate(testConfig(t, "http://127.0.0.1:1"), service.Descriptors())
	if err := g.load([]byte(policy)); err != nil || !found || g.policy.Load().Callers() != 2 {
		t.Errorf("%v\n%s", err, policy)
	}
}
