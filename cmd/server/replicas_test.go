package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/grpc/status"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/server"
)

// asServer is the variable that makes the test binary the command: replicas are
// processes of their own, which can be killed.
const asServer = "RUN_AS_THE_SERVER"

// replica is a process of the server on a port that stays its own.
type replica struct {
	binary, addr string
	environ      []string
	command      *exec.Cmd
	output       *buffer
}

// cluster is two replicas on one sandbox.
type cluster struct {
	replicas [2]*replica
	token    string // of a user of the sandbox
}

// startCluster starts a sandbox and two replicas of the binary; "" is the test
// binary itself.
func startCluster(t *testing.T, binary string) *cluster {
	t.Helper()
	if binary == "" {
		var err error
		if binary, err = os.Executable(); err != nil {
			t.Fatal(err)
		}
	}
	c := &cluster{}
	alone := &replica{binary: binary}
	alone.start(t, "sandbox", "--addr", "127.0.0.1:0")
	eventually(t, "the sandbox says how to use it", func() bool { return strings.Contains(alone.output.String(), "go run ./cmd/server") })
	var environ []string
	for _, word := range strings.Fields(alone.output.String()) {
		switch {
		case strings.HasPrefix(word, "KAKAORPC_"):
			environ = append(environ, word)
		case c.token == "" && strings.HasPrefix(word, "test-access-token-"):
			c.token = word
		}
	}
	slow(t, environ)
	for i := range c.replicas {
		c.replicas[i] = &replica{binary: binary, addr: freeAddress(t), environ: environ}
		c.replicas[i].serve(t)
	}
	for _, r := range c.replicas {
		r.mustServe(t)
	}
	return c
}

// slow has the sandbox take a while for every answer, so that there are always
// calls under way.
func slow(t *testing.T, environ []string) {
	t.Helper()
	for _, variable := range environ {
		address, ok := strings.CutPrefix(variable, "KAKAORPC_KAKAO_BASE_URL=")
		if !ok {
			continue
		}
		answer, err := http.Post(address+"/__sandbox__/faults", "application/json", strings.NewReader(`{"route":"*","times":0,"delay_before_headers_ms":40}`))
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode >= http.StatusBadRequest {
			t.Fatalf("the sandbox takes no fault: %s", answer.Status)
		}
		http.DefaultClient.CloseIdleConnections()
	}
}

// freeAddress is an address that nobody has, and that nobody takes before it is
// used: it is on a loopback address of this process's own, while the connections of
// other tests go out from 127.0.0.1.
func freeAddress(t *testing.T) string {
	t.Helper()
	own := os.Getpid()
	for _, host := range []string{fmt.Sprintf("127.%d.%d.%d", 64+own>>16&63, own>>8&255, own&255), "127.0.0.1"} { // not every system has more than the latter
		listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			continue
		}
		defer func() { _ = listener.Close() }()
		return listener.Addr().String()
	}
	t.Fatal("no loopback address can be listened on")
	return ""
}

// serve starts the server as an orchestrator would, which has it leave slowly
// enough to be noticed.
func (r *replica) serve(t *testing.T) {
	t.Helper()
	r.start(t, "serve", "--grpc.addr="+r.addr, "--http.addr=127.0.0.1:0", "--ops.addr=127.0.0.1:0", "--shutdown.grace=300ms", "--log.level=warn")
}

func (r *replica) start(t *testing.T, args ...string) {
	t.Helper()
	r.output = &buffer{}
	command := exec.CommandContext(context.Background(), r.binary, args...)
	command.Env = append(append(os.Environ(), asServer+"=1"), r.environ...)
	command.Stdout, command.Stderr = r.output, r.output
	// The replicas end with the test, however that ends.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	r.command = command
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
}

// end sends a signal and returns when the process is gone.
func (r *replica) end(t *testing.T, signal os.Signal) error {
	t.Helper()
	if err := r.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	return r.command.Wait()
}

// mustServe waits until the replica's health says so and returns how long that
// took.
func (r *replica) mustServe(t *testing.T) time.Duration {
	t.Helper()
	begin := time.Now()
	conn, err := grpc.NewClient(r.addr, grpc.WithTransportCredentials(insecure.NewCredentials()), quickBackoff)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	answer, err := healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{}, grpc.WaitForReady(true))
	if err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_SERVING {
		t.Fatalf("%s: %v, %v\n%s", r.addr, answer, err, r.output.String())
	}
	return time.Since(begin)
}

// quickBackoff has clients look for a replica that is back several times a
// second; by default they wait for a second and more.
var quickBackoff = grpc.WithConnectParams(grpc.ConnectParams{
	Backoff: backoff.Config{BaseDelay: 20 * time.Millisecond, Multiplier: 1.5, Jitter: 0.2, MaxDelay: 200 * time.Millisecond}, MinConnectTimeout: time.Second,
})

// client is a connection to both replicas in turn. With the service config of
// the repository it repeats reads, without it nothing.
func (c *cluster) client(t *testing.T, repeats bool) *grpc.ClientConn {
	t.Helper()
	config := `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}}`
	if repeats {
		full, err := server.ServiceConfig()
		if err != nil {
			t.Fatal(err)
		}
		config = string(full)
	}
	both := manual.NewBuilderWithScheme("replicas")
	both.InitialState(resolver.State{Addresses: []resolver.Address{{Addr: c.replicas[0].addr}, {Addr: c.replicas[1].addr}}})
	conn, err := grpc.NewClient("replicas:///both", grpc.WithResolvers(both), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(config), quickBackoff)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// failure is a read that its caller saw fail.
type failure struct {
	at  time.Time
	err error
}

// load makes reads at an even rate until it is stopped.
type load struct {
	cancel context.CancelFunc
	ended  chan struct{}

	mutex    sync.Mutex
	calls    int
	failures []failure
}

// callsEvery is the time between two calls of a load: 100 a second.
const callsEvery = 10 * time.Millisecond

func (c *cluster) load(t *testing.T, conn *grpc.ClientConn) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l := &load{cancel: cancel, ended: make(chan struct{})}
	users, places := userv1.NewUserServiceClient(conn), localv1.NewLocalServiceClient(conn)
	read := func(i int) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if i%2 == 0 {
			_, err := users.GetMe(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+c.token), &userv1.GetMeRequest{})
			return err
		}
		_, err := places.SearchKeyword(ctx, &localv1.SearchKeywordRequest{Query: "커피"})
		return err
	}
	go func() {
		defer close(l.ended)
		ticker := time.NewTicker(callsEvery)
		defer ticker.Stop()
		var group sync.WaitGroup
		defer group.Wait()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			group.Go(func() {
				err := read(i)
				l.mutex.Lock()
				defer l.mutex.Unlock()
				if l.calls++; err != nil {
					l.failures = append(l.failures, failure{time.Now(), err})
				}
			})
		}
	}()
	return l
}

// stop ends the load and returns what its callers saw.
func (l *load) stop() (calls int, failures []failure) {
	l.cancel()
	<-l.ended
	return l.calls, l.failures
}

func (l *load) made() int {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.calls
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within 20 s: %s", what)
}

// onlyUnavailable reports the failures of other kinds.
func onlyUnavailable(t *testing.T, failures []failure) {
	t.Helper()
	for _, f := range failures {
		if status.Code(f.err) != codes.Unavailable {
			t.Errorf("a read failed with %v", f.err)
		}
	}
}

// exitCode is the code of a process that ended by itself; -1: a signal ended it.
func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}
