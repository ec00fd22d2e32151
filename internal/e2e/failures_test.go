package e2e

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
)

// fault is a way in which Kakao can fail any call.
type fault struct {
	name   string
	handle http.HandlerFunc
	// want is the status by the credential that the call carried: "Bearer",
	// "KakaoAK" or "" for none in the header.
	want func(credential string) (codes.Code, string)
	// lost says that the request may have had its effect all the same.
	lost bool
	// timeout is the caller's own deadline.
	timeout time.Duration
}

func always(code codes.Code, reason string) func(string) (codes.Code, string) {
	return func(string) (codes.Code, string) { return code, reason }
}

func body(status int, contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// emptyBody is no fault of rpcs that have a case where it is an answer.
const emptyBody = "empty body"

// shave is what the server takes off the caller's deadline in these tests: far
// more than a loaded machine needs to answer.
const shave = 2 * time.Second

const jsonType, htmlType = "application/json;charset=UTF-8", "text/html"

var faults = []fault{
	{name: "HTML 500", handle: body(500, htmlType, "<html>SEEN-IN-BODY</html>"), lost: true,
		want: always(codes.Unavailable, "KAKAO_RESPONSE_UNREADABLE")},
	{name: "HTML 200", handle: body(200, htmlType, "<html>SEEN-IN-BODY</html>"), lost: true,
		want: always(codes.Unknown, "KAKAO_RESPONSE_UNREADABLE")},
	{name: emptyBody, handle: body(200, jsonType, ""), lost: true,
		want: always(codes.Unknown, "KAKAO_RESPONSE_UNREADABLE")},
	{name: "truncated JSON", handle: body(200, jsonType, `{"id":1,"SEEN-IN-BODY":"`), lost: true,
		want: always(codes.Unknown, "KAKAO_RESPONSE_UNREADABLE")},
	{name: "401", handle: body(401, jsonType, `{"msg":"this access token does not exist","code":-401}`),
		want: func(credential string) (codes.Code, string) {
			if credential == "Bearer" {
				return codes.Unauthenticated, "KAKAO_USER_TOKEN_INVALID"
			}
			return codes.FailedPrecondition, "KAKAO_APP_KEY_INVALID"
		}},
	{name: "429", handle: body(429, jsonType, `{"code":-10,"msg":"API limit has been exceeded."}`),
		want: always(codes.ResourceExhausted, "KAKAO_RATE_LIMITED")},
	{name: "503 maintenance", handle: body(503, jsonType, `{"code":-9798,"msg":"maintenance"}`),
		want: always(codes.Unavailable, "KAKAO_MAINTENANCE")},
	{name: "reset", handle: reset, lost: true,
		want: always(codes.Unavailable, "KAKAO_UNREACHABLE")},
	{name: "reset in the body", handle: resetInBody, lost: true,
		want: always(codes.Unavailable, "KAKAO_UNREACHABLE")},
	{name: "no answer", handle: hang, lost: true, timeout: shave + 150*time.Millisecond,
		want: always(codes.DeadlineExceeded, "KAKAO_UPSTREAM_TIMEOUT")},
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
}

func resetInBody(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"id":`)
	_ = http.NewResponseController(w).Flush()
	reset(w, r)
}

// hang answers nothing until the client goes away; the bound only matters to a
// client that never does.
func hang(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(callTimeout):
	}
}

// TestFailuresOfKakao applies every fault to every rpc that calls Kakao, with
// the request of its first successful case, over both transports.
func TestFailuresOfKakao(t *testing.T) {
	files := loadCaseFiles(t)
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			kakao := startKakao(t)
			kakao.answerWith(f.handle)
			server := startServer(t, kakao.URL, map[string]string{
				"KAKAORPC_DEADLINE_SHAVE": shave.String(), "KAKAORPC_DEADLINE_FLOOR": shave.String(),
			})
			tried := 0
			for _, file := range files {
				c, found := file.firstSuccess()
				if !found || f.name == emptyBody && file.emptyIsAnAnswer() {
					continue
				}
				tried++
				for transport, fail := range map[string]func(*testing.T, *runningServer, fault, *caseFile, testCase){"gRPC": failGRPC, "JSON": failJSON} {
					t.Run(file.RPC+" over "+transport, func(t *testing.T) {
						t.Parallel()
						fail(t, server, f, file, c)
					})
				}
			}
			t.Logf("%s: %d rpcs over gRPC and JSON", f.name, tried)
		})
	}
}

// firstSuccess is a case whose request reaches Kakao.
func (f *caseFile) firstSuccess() (testCase, bool) {
	for _, c := range f.Cases {
		if c.Want != nil && c.Sent != nil {
			return c, true
		}
	}
	return testCase{}, false
}

// emptyIsAnAnswer reports that a case of the file succeeds on an empty body.
func (f *caseFile) emptyIsAnAnswer() bool {
	return slices.ContainsFunc(f.Cases, func(c testCase) bool { return c.Want != nil && c.Answer != nil && c.Answer.Body == "" })
}

// failGRPC calls with the caller's own deadline.
func failGRPC(t *testing.T, server *runningServer, fault fault, file *caseFile, c testCase) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cmp.Or(fault.timeout, callTimeout))
	defer cancel()
	ctx = metadata.NewOutgoingContext(ctx, metadata.New(c.Caller.headers()))
	err := server.conn.Invoke(ctx, "/"+file.RPC, message(t, file.method.Input(), c.Request, ""), newMessage(t, file.method.Output()))
	checkFault(t, fault, file.method, c, err)
}

func failJSON(t *testing.T, server *runningServer, fault fault, file *caseFile, c testCase) {
	t.Helper()
	who := c.Caller
	who.timeout = fault.timeout
	err := server.overJSON(t, file.method, who, message(t, file.method.Input(), c.Request, ""), newMessage(t, file.method.Output()))
	checkFault(t, fault, file.method, c, err)
}

func checkFault(t *testing.T, fault fault, method protoreflect.MethodDescriptor, c testCase, err error) {
	t.Helper()
	credential, _, _ := strings.Cut(c.Sent.Authorization, " ")
	code, reason := fault.want(credential)
	got, ok := status.FromError(err)
	if err == nil || !ok {
		t.Fatalf("error is %v, want %s %s", err, code, reason)
	}
	details := detailsOf(t, got)
	if got.Code() != code || details.info.GetReason() != reason {
		t.Errorf("got %s %s (%s), want %s %s", got.Code(), details.info.GetReason(), got.Message(), code, reason)
	}
	write := method.Options().(*descriptorpb.MethodOptions).GetIdempotencyLevel() != descriptorpb.MethodOptions_NO_SIDE_EFFECTS
	if unknown := details.kakao.GetOutcomeUnknown(); unknown != (write && fault.lost) {
		t.Errorf("outcome_unknown = %t for a write = %t", unknown, write)
	}
	if text, err := proto.Marshal(got.Proto()); err != nil || strings.Contains(string(text), "SEEN-IN-BODY") {
		t.Errorf("the status shows the body: %s (%v)", got.Message(), err)
	}
}

// TestHugeAnswer: 100 MB where a page of places should be end in a clear status,
// in time, and are not kept.
func TestHugeAnswer(t *testing.T) {
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	filler := []byte(strings.Repeat("x", 1<<20))
	kakao.answerWith(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"documents":[],"filler":"`)
		for range 100 {
			if _, err := w.Write(filler); err != nil {
				return // the server had enough
			}
		}
		_, _ = io.WriteString(w, `"}`)
	})
	request := &localv1.SearchKeywordRequest{Query: "나래"}
	method := request.ProtoReflect().Descriptor().ParentFile().Services().ByName("LocalService").Methods().ByName("SearchKeyword")
	for name, call := range server.transports() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		err := call(t, method, caller{}, request, &localv1.SearchKeywordResponse{})
		runtime.GC()
		runtime.ReadMemStats(&after)
		got, _ := status.FromError(err)
		if err == nil || got.Code() != codes.Unknown || detailsOf(t, got).info.GetReason() != "KAKAO_RESPONSE_TOO_LARGE" {
			t.Errorf("over %s: %v", name, err)
		}
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
			t.Errorf("over %s the heap grew by %d MiB and stayed so", name, grown>>20)
		}
	}
}
