package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
)

func TestARequestIDIsTakenOrMadeAndSentBack(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	for _, row := range []struct {
		title string
		sent  []string
		keep  bool
	}{
		{"none", nil, false},
		{"usable", []string{"order-7_a.b"}, true},
		{"too long", []string{strings.Repeat("a", 65)}, false},
		{"with a space", []string{"a b"}, false},
		{"two", []string{"one", "two"}, false},
	} {
		ctx := metadata.NewOutgoingContext(t.Context(), metadata.MD{"x-request-id": row.sent})
		var back metadata.MD
		if _, err := userv1.NewUserServiceClient(r.conn).GetMe(ctx, &userv1.GetMeRequest{}, grpc.Header(&back)); err != nil {
			t.Fatal(err)
		}
		_, header, _ := r.do(http.MethodGet, "/user/v1/me", "", http.Header{"X-Request-Id": row.sent})
		for transport, ids := range map[string][]string{"gRPC": back.Get("x-request-id"), "facade": header["X-Request-Id"]} {
			if len(ids) != 1 || !requestIDPattern.MatchString(ids[0]) || (row.keep != (len(row.sent) > 0 && ids[0] == row.sent[0])) {
				t.Errorf("%s over %s: sent %q, got %q", row.title, transport, row.sent, ids)
			}
			if !strings.Contains(r.log.String(), `"request_id":"`+ids[0]+`"`) {
				t.Errorf("%s over %s: the id is not in the log", row.title, transport)
			}
		}
	}
}

func TestEveryCallIsOneLineWithoutTokenOrUser(t *testing.T) {
	const userID = 3177000099
	r := startScripted(t, func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		if strings.HasSuffix(rpc, "Logout") {
			return nil, status.Error(codes.PermissionDenied, "no")
		}
		return nil, nil
	})
	users := userv1.NewUserServiceClient(r.conn)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+testToken)
	_, _ = users.GetMe(ctx, &userv1.GetMeRequest{TargetId: proto.Int64(userID)})
	_, _ = users.Logout(metadata.AppendToOutgoingContext(ctx, "x-kakao-app", "made\"up"), &userv1.LogoutRequest{})
	lines := r.log.lines(t, "call")
	if len(lines) != 2 {
		t.Fatalf("%d lines for 2 calls:\n%s", len(lines), r.log.String())
	}
	for i, want := range []map[string]any{
		{"level": "INFO", "rpc": "kakao.user.v1.UserService/GetMe", "code": "OK", "app": "default"},
		{"level": "INFO", "rpc": "kakao.user.v1.UserService/Logout", "code": "PERMISSION_DENIED", "app": "(unknown)", "reason": "UNCLASSIFIED"},
	} {
		for key, value := range want {
			if lines[i][key] != value {
				t.Errorf("line %d: %s = %v, want %v", i, key, lines[i][key], value)
			}
		}
		if d, ok := lines[i]["latency_ms"].(float64); !ok || d < 0 || d > 5000 {
			t.Errorf("line %d: latency_ms = %v", i, lines[i]["latency_ms"])
		}
		if lines[i]["trace_id"] == nil {
			t.Errorf("line %d has no trace", i)
		}
	}
	for _, private := range []string{testToken, "3177000099", `made\"up`} {
		if strings.Contains(r.log.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, r.log.String())
		}
	}
}

func TestDeadlinesAreBoundedShavedAndRefused(t *testing.T) {
	d := config.Deadline{
		Read:  config.Bound{Default: 5 * time.Second, Max: 15 * time.Second},
		Write: config.Bound{Default: 10 * time.Second, Max: 30 * time.Second},
		Shave: 20 * time.Millisecond, Floor: 100 * time.Millisecond,
	}
	const read, write, foreign = "/kakao.user.v1.UserService/GetMe", "/kakao.user.v1.UserService/Logout", "/grpc.health.v1.Health/Check"
	for _, row := range []struct {
		title  string
		rpc    string
		caller time.Duration // 0: none
		want   time.Duration // 0: none; -1: refused
	}{
		{"read without a deadline", read, 0, 5 * time.Second},
		{"write without a deadline", write, 0, 10 * time.Second},
		{"read within the bound", read, time.Second, 980 * time.Millisecond},
		{"read over the cap", read, time.Hour, 15 * time.Second},
		{"write over the cap", write, time.Hour, 30 * time.Second},
		{"at the floor", read, 100 * time.Millisecond, 80 * time.Millisecond},
		{"under the floor", read, 99 * time.Millisecond, -1},
		{"not of the contract", foreign, time.Millisecond, time.Millisecond},
		{"not of the contract, no deadline", foreign, 0, 0},
	} {
		t.Run(row.title, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := t.Context(), context.CancelFunc(func() {})
				if row.caller > 0 {
					ctx, cancel = context.WithTimeout(ctx, row.caller)
				}
				defer cancel()
				got := time.Duration(-1)
				_, err := deadlines(d, service.Descriptors())(ctx, nil, &grpc.UnaryServerInfo{FullMethod: row.rpc}, func(ctx context.Context, _ any) (any, error) {
					got = 0
					if deadline, set := ctx.Deadline(); set {
						got = time.Until(deadline)
					}
					return nil, nil
				})
				if got != row.want {
					t.Errorf("the handler has %v, want %v", got, row.want)
				}
				if refused := status.Code(err) == codes.DeadlineExceeded && grpcReason(err) == "DEADLINE_TOO_SHORT"; refused != (row.want < 0) {
					t.Errorf("error %v, reason %s", err, grpcReason(err))
				}
			})
		})
	}
}

func TestASlowCallEndsWithAReasonBeforeTheCallerGivesUp(t *testing.T) {
	r := startScripted(t, func(ctx context.Context, _ string, _ proto.Message) (proto.Message, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}, "--deadline.shave=1500ms", "--deadline.floor=1500ms") // far more than a loaded machine needs to answer
	ctx, cancel := context.WithTimeout(t.Context(), 1700*time.Millisecond)
	defer cancel()
	_, err := userv1.NewUserServiceClient(r.conn).GetMe(ctx, &userv1.GetMeRequest{})
	if status.Code(err) != codes.DeadlineExceeded || grpcReason(err) != "CALL_DEADLINE_EXCEEDED" {
		t.Errorf("gRPC: %v, reason %q", err, grpcReason(err))
	}
	code, _, body := r.do(http.MethodGet, "/user/v1/me", "", http.Header{"Grpc-Timeout": {"1700m"}})
	if f := parseFailure(t, body); code != http.StatusGatewayTimeout || f.reason() != "CALL_DEADLINE_EXCEEDED" {
		t.Errorf("facade: %d %s", code, body)
	}
	code, _, body = r.do(http.MethodGet, "/user/v1/me", "", http.Header{"Grpc-Timeout": {"50m"}})
	if f := parseFailure(t, body); code != http.StatusGatewayTimeout || f.reason() != "DEADLINE_TOO_SHORT" {
		t.Errorf("facade under the floor: %d %s", code, body)
	}
}

func TestAPanicIsAFailedCallAndNoMore(t *testing.T) {
	r := startScripted(t, func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		if strings.HasSuffix(rpc, "GetMe") {
			panic("with " + testToken)
		}
		var none *userv1.GetMeResponse
		return nil, errors.New(none.User.String()) // a nil dereference
	})
	_, err := userv1.NewUserServiceClient(r.conn).GetMe(t.Context(), &userv1.GetMeRequest{})
	if status.Code(err) != codes.Internal || grpcReason(err) != "INTERNAL" {
		t.Errorf("gRPC: %v", err)
	}
	code, header, body := r.do(http.MethodGet, "/user/v1/access_token_info", "", nil)
	if code != http.StatusInternalServerError || parseFailure(t, body).reason() != "INTERNAL" || strings.Contains(body, "nil pointer") {
		t.Errorf("facade: %d %s", code, body)
	}
	lines := r.log.lines(t, "panic")
	if len(lines) != 2 {
		t.Fatalf("%d panics in the log, want 2:\n%s", len(lines), r.log.String())
	}
	if what, _ := lines[0]["what"].(string); !strings.Contains(what, "string") {
		t.Errorf("first panic: %q", what)
	}
	if what, _ := lines[1]["what"].(string); !strings.Contains(what, "nil pointer") || lines[1]["request_id"] != header.Get("X-Request-Id") {
		t.Errorf("second panic: %v", lines[1])
	}
	if stack, _ := lines[1]["stack"].(string); !strings.Contains(stack, "chain_test.go") {
		t.Errorf("the stack does not lead to the panic:\n%s", stack)
	}
}

func TestARequestOverALimitNamesTheFieldAndNeverLeaves(t *testing.T) {
	var asked atomic.Int32
	r := start(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	for _, row := range []struct {
		title, url string
		call       func(context.Context) error
		fields     string
	}{
		{
			"a field's own rule", "/local/v1/places:searchKeyword?query=a&size=99&page=46",
			func(ctx context.Context) error {
				_, err := localv1.NewLocalServiceClient(r.conn).SearchKeyword(ctx, &localv1.SearchKeywordRequest{Query: "a", Size: proto.Int32(99), Page: proto.Int32(46)})
				return err
			}, "page size",
		},
		{
			"a rule of the message", "/local/v1/places:searchKeyword?query=a&radius=100",
			func(ctx context.Context) error {
				_, err := localv1.NewLocalServiceClient(r.conn).SearchKeyword(ctx, &localv1.SearchKeywordRequest{Query: "a", Radius: proto.Int32(100)})
				return err
			}, "radius",
		},
	} {
		code, _, body := r.do(http.MethodGet, row.url, "", nil)
		f := parseFailure(t, body)
		if code != http.StatusBadRequest || f.reason() != "REQUEST_INVALID" || !sameWords(f.fields(), row.fields) {
			t.Errorf("%s over the facade: %d %s", row.title, code, body)
		}
		err := row.call(t.Context())
		if status.Code(err) != codes.InvalidArgument || grpcReason(err) != "REQUEST_INVALID" || status.Convert(err).Message() != f.Message {
			t.Errorf("%s over gRPC: %v; over the facade: %s", row.title, err, f.Message)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("Kakao was asked %d times", asked.Load())
	}
}

func sameWords(a, b string) bool {
	count := map[string]int{}
	for _, word := range strings.Fields(a) {
		count[word]++
	}
	for _, word := range strings.Fields(b) {
		count[word]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// TestAPanicOfAnInterceptorIsAFailedCall: recovery right around the service would
// not see it, and gRPC ends the process.
func TestAPanicOfAnInterceptorIsAFailedCall(t *testing.T) {
	log := &lockedBuffer{}
	tel, err := telemetry.New(t.Context(), telemetry.Options{Log: log, Level: "info", Format: "json"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := testConfig(t, "http://127.0.0.1:1")
	interceptors, err := newChain(cfg, tel, newGate(cfg, service.Descriptors()), service.Descriptors())
	if err != nil {
		t.Fatal(err)
	}
	handler := func(context.Context, any) (any, error) { return nil, nil }
	broken := struct{ proto.Message }{} // whoever looks at it panics
	_, err = interceptors(t.Context(), broken, &grpc.UnaryServerInfo{FullMethod: "/kakao.user.v1.UserService/GetMe"}, handler)
	if status.Code(err) != codes.Internal || len(log.lines(t, "panic")) != 1 {
		t.Errorf("%v; %s", err, log.String())
	}
	err = streamRecovery(tel.Logger)(nil, panicStream{}, &grpc.StreamServerInfo{FullMethod: "/a.v1.B/C"}, func(any, grpc.ServerStream) error { panic("a fault of the handler") })
	if status.Code(err) != codes.Internal || len(log.lines(t, "panic")) != 2 {
		t.Errorf("a stream: %v; %s", err, log.String())
	}
}

type panicStream struct{ grpc.ServerStream }

// Context implements grpc.ServerStream.
func (panicStream) Context() context.Context { return context.Background() }
