package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionv1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

func TestOneCallOverBothTransportsThroughTheRealEngine(t *testing.T) {
	r := start(t, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != "/v2/user/me" || q.Header.Get("Authorization") != "Bearer "+testToken {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"id":3177000099}`)
	})
	code, _, body := r.do(http.MethodGet, "/user/v1/me", "", nil)
	if code != http.StatusOK || !strings.Contains(body, `"3177000099"`) {
		t.Errorf("facade: %d %s", code, body)
	}
	_, _, metrics := r.do(http.MethodGet, r.ops+"/metrics", "", nil)
	for _, name := range []string{`rpc_server_call_duration_seconds_count{rpc_method="kakao.user.v1.UserService/GetMe"`, `http_route="/user/v1/me"`, "go_goroutines"} {
		if !strings.Contains(metrics, name) {
			t.Errorf("metrics lack %s", name)
		}
	}
	if strings.Contains(metrics, "3177000099") || strings.Contains(metrics, testToken) {
		t.Error("metrics hold a user or a token")
	}
}

func TestHealthSpeaksForEveryService(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	client := healthv1.NewHealthClient(r.conn)
	for _, name := range append(scripted(nil).Names(), "") {
		answer, err := client.Check(t.Context(), &healthv1.HealthCheckRequest{Service: name})
		if err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_SERVING {
			t.Errorf("%q: %v, %v", name, answer, err)
		}
	}
	if _, err := client.Check(t.Context(), &healthv1.HealthCheckRequest{Service: "nope"}); status.Code(err) != codes.NotFound || grpcReason(err) != "UNCLASSIFIED" {
		t.Errorf("unknown service: %v %s", err, grpcReason(err))
	}
}

//nolint:staticcheck // v1alpha is deprecated, and what old clients speak
func TestReflectionListsEveryServiceInBothVersions(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	listed := map[string]string{}
	v1, err := reflectionv1.NewServerReflectionClient(r.conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := v1.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}); err != nil {
		t.Fatal(err)
	}
	answer, err := v1.Recv()
	if err != nil {
		t.Fatal(err)
	}
	listed["v1"] = fmt.Sprint(answer.GetListServicesResponse().GetService())
	alpha, err := reflectionv1alpha.NewServerReflectionClient(r.conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := alpha.Send(&reflectionv1alpha.ServerReflectionRequest{MessageRequest: &reflectionv1alpha.ServerReflectionRequest_ListServices{}}); err != nil {
		t.Fatal(err)
	}
	older, err := alpha.Recv()
	if err != nil {
		t.Fatal(err)
	}
	listed["v1alpha"] = fmt.Sprint(older.GetListServicesResponse().GetService())
	for version, names := range listed {
		for _, name := range scripted(nil).Names() {
			if !strings.Contains(names, name) {
				t.Errorf("reflection %s lacks %s: %s", version, name, names)
			}
		}
	}
	_ = v1.CloseSend()
	_ = alpha.CloseSend()
}

func TestAnUnknownRPCHasAReasonToo(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	for _, name := range []string{"/kakao.user.v1.UserService/Nothing", "/nothing.v1.Service/Call"} {
		err := r.conn.Invoke(t.Context(), name, &userv1.GetMeRequest{}, &userv1.GetMeResponse{})
		if status.Code(err) != codes.Unimplemented || grpcReason(err) != "RPC_UNKNOWN" || !strings.Contains(err.Error(), name[1:]) {
			t.Errorf("%s: %v %s", name, err, grpcReason(err))
		}
		if lines := r.log.lines(t, "call refused"); len(lines) == 0 || lines[len(lines)-1]["rpc"] != name[1:] || lines[len(lines)-1]["reason"] != "RPC_UNKNOWN" {
			t.Errorf("%s: the log has %v", name, lines)
		}
	}
	if _, _, metrics := r.do(http.MethodGet, r.ops+"/metrics", "", nil); strings.Contains(metrics, "othing") {
		t.Error("a name that a client made up is in the metrics")
	}
}

func TestTheOpsPortTellsAboutTheProcess(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ok\n", "/": opsPaths + "\n"} {
		if code, _, body := r.do(http.MethodGet, r.ops+path, "", nil); code != http.StatusOK || body != want {
			t.Errorf("%s: %d %q", path, code, body)
		}
	}
	var about Version
	_, header, body := r.do(http.MethodGet, r.ops+"/version", "", nil)
	if err := json.Unmarshal([]byte(body), &about); err != nil || about.Version == "" || !strings.HasPrefix(about.Go, "go1.") || header.Get("Content-Type") != "application/json" {
		t.Errorf("/version: %s (%v)", body, err)
	}
	if code, _, _ := r.do(http.MethodPost, r.ops+"/readyz", "", nil); code != http.StatusMethodNotAllowed {
		t.Errorf("POST /readyz: %d", code)
	}
}

// TestShutdownGoesInOrder watches a server end: health first, then new calls
// for the grace, then the call under way, then nothing.
func TestShutdownGoesInOrder(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	r := startScripted(t, func(ctx context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		if strings.HasSuffix(rpc, "GetMe") {
			close(entered)
			<-release
		}
		return nil, nil
	}, "--shutdown.grace=400ms")
	watching, stopWatching := context.WithCancel(t.Context())
	defer stopWatching()
	watch, err := healthv1.NewHealthClient(r.conn).Watch(watching, &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if first, err := watch.Recv(); err != nil || first.GetStatus() != healthv1.HealthCheckResponse_SERVING {
		t.Fatalf("health at first: %v, %v", first, err)
	}
	users := userv1.NewUserServiceClient(r.conn)
	longCall := make(chan error, 1)
	go func() {
		_, err := users.GetMe(t.Context(), &userv1.GetMeRequest{})
		longCall <- err
	}()
	<-entered

	ended := make(chan error, 1)
	go func() { ended <- r.stop() }()
	if second, err := watch.Recv(); err != nil || second.GetStatus() != healthv1.HealthCheckResponse_NOT_SERVING {
		t.Fatalf("health on shutdown: %v, %v", second, err)
	}
	if code, _, _ := r.do(http.MethodGet, r.ops+"/readyz", "", nil); code != http.StatusServiceUnavailable {
		t.Errorf("/readyz in the grace: %d", code)
	}
	if code, _, _ := r.do(http.MethodGet, r.ops+"/healthz", "", nil); code != http.StatusOK {
		t.Errorf("/healthz in the grace: %d", code)
	}
	if code, _, body := r.do(http.MethodGet, "/user/v1/access_token_info", "", nil); code != http.StatusOK {
		t.Errorf("a new call in the grace over the facade: %d %s", code, body)
	}
	if _, err := users.GetAccessTokenInfo(t.Context(), &userv1.GetAccessTokenInfoRequest{}); err != nil {
		t.Errorf("a new call in the grace over gRPC: %v", err)
	}
	time.Sleep(600 * time.Millisecond) // past the grace
	select {
	case err := <-ended:
		t.Fatalf("the server ended under a call: %v", err)
	default:
	}
	if connection, err := net.Dial("tcp", strings.TrimPrefix(r.http, "http://")); err == nil {
		_ = connection.Close()
		t.Error("the facade still takes connections after the grace")
	}
	if _, err := watch.Recv(); status.Code(err) != codes.Unavailable || grpcReason(err) != "SERVER_UNAVAILABLE" {
		t.Errorf("the health watch ends with %v", err) // it must not hold up the end
	}
	begin := time.Now()
	close(release)
	if err := <-longCall; err != nil {
		t.Errorf("the call under way: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("the end took %v after the last call", took)
	}
}

func TestACallThatDoesNotEndIsCutOff(t *testing.T) {
	entered := make(chan struct{})
	r := startScripted(t, func(ctx context.Context, _ string, _ proto.Message) (proto.Message, error) {
		close(entered)
		<-ctx.Done()
		return nil, ctx.Err()
	}, "--shutdown.timeout=100ms")
	call := make(chan error, 1)
	go func() {
		_, err := userv1.NewUserServiceClient(r.conn).GetMe(t.Context(), &userv1.GetMeRequest{})
		call <- err
	}()
	<-entered
	begin := time.Now()
	if err := r.stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("shutdown took %v", took)
	}
	if err := <-call; status.Code(err) != codes.Unavailable && status.Code(err) != codes.Canceled {
		t.Errorf("the call: %v", err)
	}
}

func TestAnAddressInUseNamesTheFlag(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	for _, key := range []string{"grpc.addr", "http.addr", "ops.addr"} {
		_, err := Build(testConfig(t, "http://127.0.0.1:1", "--"+key+"="+taken.Addr().String()), &lockedBuffer{})
		if err == nil || !strings.Contains(err.Error(), "--"+key) || !strings.Contains(err.Error(), "already in use") ||
			!strings.Contains(err.Error(), config.Variable(key)) {
			t.Errorf("%s: %v", key, err)
		}
	}
	_, err = Build(testConfig(t, "http://127.0.0.1:1", "--grpc.addr="+taken.Addr().String(), "--ops.addr="+other.Addr().String()), &lockedBuffer{})
	if err == nil || strings.Count(err.Error(), "already in use") != 2 || !strings.Contains(err.Error(), "as 127.0.0.1:0 for any free port") {
		t.Errorf("two addresses in use: %v", err)
	}
	_, err = Build(testConfig(t, "http://127.0.0.1:1", "--ops.addr=192.0.2.1:1", "--insecure"), &lockedBuffer{})
	if err == nil || !strings.Contains(err.Error(), "--ops.addr") {
		t.Errorf("foreign address: %v", err)
	}
}

// TestAServerWhoseListenerFailsIsNotReady: the calls that are under way may take
// long to end, and nobody should send more meanwhile.
func TestAServerWhoseListenerFailsIsNotReady(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	kakao := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-leave
	}))
	defer kakao.Close()
	server, err := Build(testConfig(t, kakao.URL), &lockedBuffer{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Run(t.Context()) }()
	at := server.Addresses()
	called := make(chan struct{})
	go func() {
		defer close(called)
		request, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+at.HTTP.String()+"/user/v1/me", nil)
		request.Header.Set("Authorization", "Bearer "+testToken)
		if answer, err := http.DefaultClient.Do(request); err == nil {
			_ = answer.Body.Close()
		}
	}()
	<-entered
	_ = server.listeners.grpc.Close()
	eventually(t, "not ready", func() bool {
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+at.Ops.String()+"/readyz", nil)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusServiceUnavailable
	})
	close(leave)
	<-called
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "gRPC listener") {
		t.Errorf("Run: %v", err)
	}
}

func TestAServerThatIsNotRunCanBeClosed(t *testing.T) {
	server, err := Build(testConfig(t, "http://127.0.0.1:1"), &lockedBuffer{})
	if err != nil {
		t.Fatal(err)
	}
	addr := server.Addresses().GRPC.String()
	if err := server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatalf("the port is not free: %v", err)
	}
	_ = again.Close()
}

func TestAServerCanEndBeforeItBegins(t *testing.T) {
	for range 10 { // Serve and Stop race for the first word
		server, err := Build(testConfig(t, "http://127.0.0.1:1"), &lockedBuffer{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := server.Run(ctx); err != nil {
			t.Fatalf("Run: %v", err)
		}
	}
}

func TestAListenerThatFailsEndsTheServer(t *testing.T) {
	log := &lockedBuffer{}
	server, err := Build(testConfig(t, "http://127.0.0.1:1"), log)
	if err != nil {
		t.Fatal(err)
	}
	_ = server.listeners.http.Close()
	if err := server.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "facade listener") {
		t.Errorf("Run: %v", err)
	}
}

func TestTheStartUpLineShowsTheConfigurationMasked(t *testing.T) {
	r := start(t, func(http.ResponseWriter, *http.Request) {})
	lines := r.log.lines(t, "configuration")
	if len(lines) != 1 {
		t.Fatalf("%d configuration lines", len(lines))
	}
	shown, _ := lines[0]["config"].(map[string]any)
	if shown["apps.default.rest_api_key"] != "[redacted]" || shown["log.level"] != "debug" {
		t.Errorf("configuration line: %v", shown)
	}
	missing := r.log.lines(t, "not configured")
	if len(missing) != 1 || !strings.Contains(missing[0]["what"].(string), "KAKAORPC_APPS_DEFAULT_CLIENT_SECRET") {
		t.Errorf("what is not configured: %v", missing)
	}
}

func TestEndpointsAreTheWholeContract(t *testing.T) {
	table, err := Endpoints()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for range methodsOf(service.Descriptors()) {
		count++
	}
	if len(table) != count || count == 0 {
		t.Errorf("%d endpoints for %d rpcs", len(table), count)
	}
}

var (
	_ grpc.ClientConnInterface = (*inProcess)(nil)
	_ grpc.ServiceRegistrar    = (*inProcess)(nil)
	_ services                 = (*service.Services)(nil)
)

// TestFormsOfTheOpsPortHaveTheTimeOfACall: the port's own is short, and a call that
// grpcui makes may take as long as any.
func TestFormsOfTheOpsPortHaveTheTimeOfACall(t *testing.T) {
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(600 * time.Millisecond)
		plainAnswer(w, http.StatusOK, "done")
	})
	for about, row := range map[string]struct {
		handler http.Handler
		want    bool
	}{"with time": {withTime(slow, 10*time.Second), true}, "without": {slow, false}} {
		server := httptest.NewUnstartedServer(row.handler)
		server.Config.WriteTimeout = 200 * time.Millisecond
		server.Start()
		answer, err := server.Client().Get(server.URL) //nolint:noctx // it ends with the server
		if err == nil {
			_ = answer.Body.Close()
		}
		if (err == nil) != row.want {
			t.Errorf("%s: %v", about, err)
		}
		server.Close()
	}
}
