package kakao_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// TestCredentials: every kind of credential, present, absent and ambiguous; a
// refusal sends nothing.
func TestCredentials(t *testing.T) {
	user := kakao.Caller{UserToken: secret.New(userToken)}
	target := &enginetestv1.DeleteRequest{TargetId: proto.Int64(1)}
	noKeys := func(config *kakao.Config) {
		config.App = func(string) (kakao.App, bool) { return kakao.App{}, true }
	}
	tests := map[string]struct {
		configure func(*kakao.Config)
		rpc       string
		caller    kakao.Caller
		request   proto.Message
		want      string // the authorization header, or
		reason    errorv1.Reason
	}{
		"none":                        {nil, "Query", user, &enginetestv1.QueryRequest{}, "", 0},
		"client":                      {nil, "Form", user, &enginetestv1.FormRequest{}, "", 0},
		"client without key":          {noKeys, "Form", user, &enginetestv1.FormRequest{}, "", errorv1.Reason_REASON_APP_KEY_NOT_CONFIGURED},
		"user":                        {nil, "Multipart", user, &enginetestv1.MultipartRequest{}, "Bearer " + userToken, 0},
		"user without token":          {nil, "Multipart", kakao.Caller{}, &enginetestv1.MultipartRequest{}, "", errorv1.Reason_REASON_USER_TOKEN_REQUIRED},
		"admin, token ignored":        {nil, "List", user, &enginetestv1.ListRequest{}, "KakaoAK " + adminKey, 0},
		"admin without key":           {noKeys, "List", user, &enginetestv1.ListRequest{}, "", errorv1.Reason_REASON_APP_KEY_NOT_CONFIGURED},
		"user or admin: user":         {nil, "Delete", user, &enginetestv1.DeleteRequest{}, "Bearer " + userToken, 0},
		"user or admin: admin":        {nil, "Delete", kakao.Caller{}, target, "KakaoAK " + adminKey, 0},
		"user or admin: neither":      {nil, "Delete", kakao.Caller{}, &enginetestv1.DeleteRequest{}, "", errorv1.Reason_REASON_USER_TOKEN_REQUIRED},
		"user or admin: both":         {nil, "Delete", user, target, "", errorv1.Reason_REASON_CREDENTIAL_AMBIGUOUS},
		"named app":                   {nil, "List", kakao.Caller{App: "default"}, &enginetestv1.ListRequest{}, "KakaoAK " + adminKey, 0},
		"unknown app":                 {nil, "List", kakao.Caller{App: "other"}, &enginetestv1.ListRequest{}, "", errorv1.Reason_REASON_APP_UNKNOWN},
		"unknown app, also for users": {nil, "Multipart", kakao.Caller{App: "other", UserToken: user.UserToken}, &enginetestv1.MultipartRequest{}, "", errorv1.Reason_REASON_APP_UNKNOWN},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bodies := map[string]string{"List": `[]`, "Multipart": `1`, "Query": `{"text":"a"}`}
			e := newEngine(t, test.configure, respond(bodies[test.rpc]))
			_, err := e.call(t, test.rpc, test.caller, test.request)
			if test.reason != 0 {
				if failed := failure(t, err); failed.Reason() != test.reason {
					t.Errorf("reason %s, want %s", failed.Reason(), test.reason)
				}
				if len(e.received) != 0 {
					t.Errorf("%d requests reached Kakao", len(e.received))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := e.last(t).authorization; got != test.want {
				t.Errorf("authorization %q, want %q", got, test.want)
			}
		})
	}
}

// TestRedirectIsNotFollowed: a credential must not travel to an address that a
// response names.
func TestRedirectIsNotFollowed(t *testing.T) {
	visited := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		e := newEngine(t, nil, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/stolen?token=1", status)
		})
		_, err := e.call(t, "Delete", kakao.Caller{UserToken: secret.New(userToken)}, &enginetestv1.DeleteRequest{})
		if failed := failure(t, err); failed.Reason() != errorv1.Reason_REASON_KAKAO_REDIRECT_REFUSED {
			t.Errorf("HTTP %d: %s %q", status, failed.Reason(), failed.Error())
		}
	}
	if visited {
		t.Error("the redirect was followed")
	}
}

// TestHugeBodyIsBounded streams up to 1 GiB and watches the memory: the server is cut off at the limit.
func TestHugeBodyIsBounded(t *testing.T) {
	chunk := bytes.Repeat([]byte("a"), 1<<20)
	e := newEngine(t, nil, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"text":"`)
		for range 1024 {
			if _, err := w.Write(chunk); err != nil {
				return // the client had enough
			}
		}
		_, _ = io.WriteString(w, `"}`)
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{})
	runtime.ReadMemStats(&after)
	if failed := failure(t, err); failed.Reason() != errorv1.Reason_REASON_KAKAO_RESPONSE_TOO_LARGE {
		t.Errorf("reason %s, %q", failed.Reason(), failed.Error())
	}
	allocated := after.TotalAlloc - before.TotalAlloc
	t.Logf("1 GiB answer: %d MiB allocated", allocated>>20)
	if limit := uint64(12 * kakao.DefaultMaxResponseBytes); allocated > limit {
		t.Errorf("%d bytes were allocated for a body over the limit (buffers double, the server of this test counts too), want at most %d", allocated, limit)
	}
}

// TestLimitOfOneEndpoint: an endpoint's own limit stands before the client's.
func TestLimitOfOneEndpoint(t *testing.T) {
	e := newEngine(t, nil, respond(strings.Repeat(" ", 100)+"1"))
	_, err := e.call(t, "Multipart", kakao.Caller{UserToken: secret.New(userToken)}, &enginetestv1.MultipartRequest{})
	if failed := failure(t, err); failed.Reason() != errorv1.Reason_REASON_KAKAO_RESPONSE_TOO_LARGE {
		t.Errorf("101 bytes against a limit of 64: %s", failed.Reason())
	}
}

// TestTerminatedHost: what Kakao has closed is not asked.
func TestTerminatedHost(t *testing.T) {
	e := newEngine(t, func(config *kakao.Config) { config.Terminated = []apiv1.Host{apiv1.Host_HOST_KAPI} }, respond(`{}`))
	_, err := e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{})
	failed := failure(t, err)
	if failed.Reason() != errorv1.Reason_REASON_KAKAO_API_TERMINATED || failed.Code() != codes.Unimplemented || len(e.received) != 0 {
		t.Errorf("%s %s, %d requests reached Kakao", failed.Code(), failed.Reason(), len(e.received))
	}
}

// TestDeadline: an answer that does not come is an error within the caller's
// time; of a write the outcome is unknown.
func TestDeadline(t *testing.T) {
	stop := make(chan struct{})
	e := newEngine(t, nil, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	defer close(stop)
	for rpc, request := range map[string]proto.Message{"Query": &enginetestv1.QueryRequest{}, "Form": &enginetestv1.FormRequest{}} {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		began := time.Now()
		_, err := e.Call(ctx, engineService+protoreflect.FullName(rpc), kakao.Caller{}, request)
		cancel()
		failed := failure(t, err)
		if failed.GRPCStatus().Code() != codes.DeadlineExceeded {
			t.Errorf("%s: %s %q", rpc, failed.Reason(), failed.Error())
		}
		if unknown := failed.Kakao().GetOutcomeUnknown(); unknown != (rpc == "Form") {
			t.Errorf("%s: outcome unknown = %t", rpc, unknown)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %s", rpc, took)
		}
	}
}

// TestUnreachable: nobody listens, the name does not resolve, the connection is
// reset.
func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "http://" + listener.Addr().String()
	_ = listener.Close()
	resetting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	}))
	defer resetting.Close()
	for name, address := range map[string]string{"refused": refused, "reset": resetting.URL, "DNS": "http://nowhere.invalid"} {
		t.Run(name, func(t *testing.T) {
			base, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			e := newEngine(t, func(config *kakao.Config) { config.Hosts[apiv1.Host_HOST_KAPI] = base }, respond(`{}`))
			_, err = e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{})
			failed := failure(t, err)
			if failed.GRPCStatus().Code() != codes.Unavailable || failed.Reason() != errorv1.Reason_REASON_KAKAO_UNREACHABLE {
				t.Errorf("%s %s %q", failed.GRPCStatus().Code(), failed.Reason(), failed.Error())
			}
			if strings.Contains(failed.Error(), base.Host) {
				t.Errorf("the error shows the address: %q", failed.Error())
			}
		})
	}
}

// TestUnknownMembersAreSeenOnce: the operator learns of a change of Kakao's API
// from one log line a path.
func TestUnknownMembersAreSeenOnce(t *testing.T) {
	var log bytes.Buffer
	e := newEngine(t, func(config *kakao.Config) { config.Logger = slog.New(slog.NewTextHandler(&log, nil)) },
		respond(`{"text":"a","fresh":1,"link":{"fresh":2},"links":[{"other":1},{"other":2}],"properties":{"own":"x"}}`))
	for range 3 {
		if _, err := e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, member := range []string{"member=fresh", "member=link.fresh", "member=links.other"} {
		if n := strings.Count(log.String(), member+"\n"); n != 1 {
			t.Errorf("%s was logged %d times, want once:\n%s", member, n, log.String())
		}
	}
	if strings.Count(log.String(), "\n") != 3 {
		t.Errorf("more was logged than the three unknown members:\n%s", log.String())
	}
}

// TestNoSecretInErrors: Kakao echoes keys and codes inside its messages.
func TestNoSecretInErrors(t *testing.T) {
	e := newEngine(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"invalid_grant","error_code":"KOE320","error_description":"authorization code not found for code=test-code-echoed-1, device test-push-token-echoed, key `+restKey+` `+clientSecret+`"}`)
	})
	_, err := e.call(t, "Form", kakao.Caller{}, &enginetestv1.FormRequest{
		Code: "test-code-echoed-1", Devices: []*enginetestv1.Device{{Token: "test-push-token-echoed"}},
	})
	failed := failure(t, err)
	status, _ := proto.Marshal(failed.GRPCStatus().Proto())
	for _, forbidden := range []string{"test-code-echoed-1", "test-push-token-echoed", restKey, clientSecret} {
		if strings.Contains(failed.Error(), forbidden) || bytes.Contains(status, []byte(forbidden)) {
			t.Errorf("%q shows in %q", forbidden, failed.Error())
		}
	}
}

// TestKakaosNameOfAParameter: where Kakao names the parameter that it minds, the
// caller reads the name of its own field.
func TestKakaosNameOfAParameter(t *testing.T) {
	e := newEngine(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":-2,"msg":"The Parameter [theId] cannot be null."}`)
	})
	_, err := e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{})
	failed := failure(t, err)
	for _, detail := range failed.GRPCStatus().Details() {
		if request, ok := detail.(*errdetails.BadRequest); ok {
			if field := request.GetFieldViolations()[0].GetField(); field != "id" {
				t.Errorf("the violation names %q, want the field id", field)
			}
			return
		}
	}
	t.Errorf("no field is named: %v", failed)
}
