package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/kakaorpc/kakaorpc/internal/config"
)

func TestMain(m *testing.M) {
	// The clients' idle connections are closed by the tests themselves.
	goleak.VerifyTestMain(m)
}

// Test keys and tokens, recognisable wherever they turn up.
const (
	testRESTKey  = "7e577e57bbbb0001"
	testAdminKey = "7e577e57bbbb0002"
	testToken    = "7e577e57bbbb0003-user-token"
)

// running is a server under test, on ports of its own, in front of a Kakao
// that the test plays.
type running struct {
	t    *testing.T
	http string // base URL of the facade
	ops  string
	conn *grpc.ClientConn
	log  *lockedBuffer
	stop func() error // ends the server and returns what Run returned
}

// start runs a server in front of kakao, with more flags.
func start(t *testing.T, kakao http.HandlerFunc, flags ...string) *running {
	t.Helper()
	upstream := httptest.NewServer(kakao)
	t.Cleanup(upstream.Close)
	return startOn(t, upstream.URL, flags...)
}

func startOn(t *testing.T, kakaoURL string, flags ...string) *running {
	t.Helper()
	cfg := testConfig(t, kakaoURL, flags...)
	log := &lockedBuffer{}
	server, err := Build(cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, server, log)
}

func testConfig(tb testing.TB, kakaoURL string, flags ...string) *config.Config {
	tb.Helper()
	cfg, err := config.Load(config.Input{
		Args: append([]string{
			"--grpc.addr=127.0.0.1:0", "--http.addr=127.0.0.1:0", "--ops.addr=127.0.0.1:0",
			"--kakao.base_url=" + kakaoURL, "--log.level=debug", "--log.success_percent=100", "--grpc.reflection", "--allow-admin-without-policy", "--reload.interval=20ms",
		}, flags...),
		Environ: []string{
			"KAKAORPC_APPS_DEFAULT_REST_API_KEY=" + testRESTKey, "KAKAORPC_APPS_DEFAULT_ADMIN_KEY=" + testAdminKey,
			"KAKAORPC_SHUTDOWN_GRACE=0s", "KAKAORPC_SHUTDOWN_TIMEOUT=5s",
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return cfg
}

func serve(t *testing.T, server *Server, log *lockedBuffer) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	at := server.Addresses()
	conn, err := grpc.NewClient(at.GRPC.String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, http: "http://" + at.HTTP.String(), ops: "http://" + at.Ops.String(), conn: conn, log: log}
	r.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		_ = conn.Close()
		http.DefaultClient.CloseIdleConnections()
		if err := r.stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if strings.Contains(log.String(), testToken) || strings.Contains(log.String(), testRESTKey) || strings.Contains(log.String(), testAdminKey) {
			t.Errorf("the log holds a secret:\n%s", log.String())
		}
	})
	// Run has to get to its listeners before the server is asked anything.
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if code, _, _ := r.do(http.MethodGet, r.ops+"/readyz", "", nil); code == http.StatusOK {
			return r
		}
	}
	t.Fatalf("not ready after 5s:\n%s", log.String())
	return nil
}

// do makes an HTTP request with the test's token. The url may be a path of the
// facade.
func (r *running) do(method, url, body string, header http.Header) (int, http.Header, string) {
	r.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	return r.send(method, url, reader, header)
}

func (r *running) send(method, url string, body io.Reader, header http.Header) (int, http.Header, string) {
	r.t.Helper()
	if strings.HasPrefix(url, "/") {
		url = r.http + url
	}
	request, err := http.NewRequestWithContext(r.t.Context(), method, url, body)
	if err != nil {
		r.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+testToken)
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(data)
}

// failure is google.rpc.Status as the facade writes it.
type failure struct {
	Code    int
	Message string
	Details []struct {
		Type            string `json:"@type"`
		Reason, Domain  string
		FieldViolations []struct{ Field, Description, Reason string } `json:"field_violations"`
	}
}

func parseFailure(t *testing.T, body string) failure {
	t.Helper()
	var f failure
	if err := json.Unmarshal([]byte(body), &f); err != nil {
		t.Fatalf("not a google.rpc.Status: %v\n%s", err, body)
	}
	return f
}

// reason returns the reason of the one ErrorInfo.
func (f failure) reason() string {
	var reasons []string
	for _, detail := range f.Details {
		if detail.Type == "type.googleapis.com/google.rpc.ErrorInfo" {
			reasons = append(reasons, detail.Reason)
		}
	}
	return strings.Join(reasons, " and ")
}

// fields returns the fields that BadRequest names.
func (f failure) fields() string {
	var fields []string
	for _, detail := range f.Details {
		for _, violation := range detail.FieldViolations {
			fields = append(fields, violation.Field)
		}
	}
	return strings.Join(fields, " ")
}

// grpcReason returns the reason of a gRPC error.
func grpcReason(err error) string {
	var reasons []string
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			reasons = append(reasons, info.GetReason())
		}
	}
	return strings.Join(reasons, " and ")
}

// lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(data)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// lines returns the log's records with the message.
func (b *lockedBuffer) lines(t *testing.T, message string) []map[string]any {
	t.Helper()
	var records []map[string]any
	for line := range strings.Lines(b.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("log line is not JSON: %s", line)
		}
		if record["msg"] == message {
			records = append(records, record)
		}
	}
	return records
}

func testLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }
