package e2e

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/server"
)

// Keys of the server's apps. Apps "default" has all of them, "second" no client
// secret.
const (
	restKey       = "7e577e577e577e577e577e577e570001"
	adminKey      = "7e577e577e577e577e577e577e570002"
	clientSecret  = "test-client-secret-000000000000000"
	secondRestKey = "7e577e577e577e577e577e577e570011"
	secondAdmin   = "7e577e577e577e577e577e577e570012"
)

// runningServer is the whole server on loopback ports, logging at debug level
// and tracing every call, with the clients that talk to it.
type runningServer struct {
	conn        *grpc.ClientConn
	facade, ops string
	client      *http.Client // of the facade
	watch       *leakWatch
	collector   *collector
	log         *lockedBuffer
}

// startServer runs a server in front of one base URL that stands for every
// Kakao host, with variables over those of the tests. When the test ends, nothing that the server printed, traced or
// counted may hold a key or token.
func startServer(t *testing.T, kakaoBaseURL string, environment map[string]string, options ...server.Option) *runningServer {
	t.Helper()
	watch := newLeakWatch(t)
	watch.secret(restKey, adminKey, clientSecret, secondRestKey, secondAdmin)
	collector := startCollector(t)
	// The exporters read these from the process, as OTEL_* is defined to work.
	for name, value := range collector.variables(environment) {
		t.Setenv(name, value)
	}

	variables := map[string]string{
		"KAKAORPC_GRPC_ADDR": "127.0.0.1:0", "KAKAORPC_HTTP_ADDR": "127.0.0.1:0", "KAKAORPC_OPS_ADDR": "127.0.0.1:0",
		"KAKAORPC_KAKAO_BASE_URL":             kakaoBaseURL,
		"KAKAORPC_ALLOW_ADMIN_WITHOUT_POLICY": "true",
		"KAKAORPC_LOG_LEVEL":                  "debug", "KAKAORPC_SHUTDOWN_GRACE": "0s", "KAKAORPC_KARLO_ENABLED": "true",
		// One call is one request, whatever came before, unless a test is about that.
		"KAKAORPC_RETRY_ATTEMPTS": "1", "KAKAORPC_BREAKER_FAILURES": "0",
		"KAKAORPC_APPS_DEFAULT_REST_API_KEY":  restKey,
		"KAKAORPC_APPS_DEFAULT_ADMIN_KEY":     adminKey,
		"KAKAORPC_APPS_DEFAULT_CLIENT_SECRET": clientSecret,
		"KAKAORPC_APPS_SECOND_REST_API_KEY":   secondRestKey,
		"KAKAORPC_APPS_SECOND_ADMIN_KEY":      secondAdmin,
	}
	maps.Copy(variables, environment)
	var environ []string
	for name, value := range variables {
		environ = append(environ, name+"="+value)
	}
	cfg, err := config.Load(config.Input{Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	var log lockedBuffer
	built, err := server.Build(cfg, io.MultiWriter(&log, watch.channel("log")), options...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- built.Run(ctx) }()
	at := built.Addresses()
	running := &runningServer{facade: "http://" + at.HTTP.String(), ops: "http://" + at.Ops.String(), client: http.DefaultClient, watch: watch, collector: collector, log: &log}
	if running.conn, err = grpc.NewClient(at.GRPC.String(), grpc.WithTransportCredentials(insecure.NewCredentials())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = watch.channel("metrics").Write([]byte(running.get(t, running.ops+"/metrics")))
		_ = running.conn.Close()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		_, _ = watch.channel("traces").Write(collector.received())
		watch.check(t)
		if t.Failed() && os.Getenv("KAKAORPC_TEST_LOG") != "" {
			t.Log(log.String())
		}
	})
	return running
}

// get reads a page of the server.
func (s *runningServer) get(t *testing.T, address string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.text(t, request)
}

// text is the body of the answer to a request.
func (s *runningServer) text(t *testing.T, request *http.Request) string {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// metric is the sum of a counter over all its labels.
func (s *runningServer) metric(t *testing.T, name string) float64 {
	t.Helper()
	sum := 0.0
	for _, line := range strings.Split(s.get(t, s.ops+"/metrics"), "\n") {
		if !strings.HasPrefix(line, name+"{") && !strings.HasPrefix(line, name+" ") {
			continue
		}
		value, err := strconv.ParseFloat(line[strings.LastIndex(line, " ")+1:], 64)
		if err != nil {
			t.Fatalf("metric line %q: %v", line, err)
		}
		sum += value
	}
	return sum
}

// lockedBuffer may be written to by many.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}
