package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	calendarv1 "github.com/kakaorpc/kakaorpc/gen/kakao/calendar/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	talkv1 "github.com/kakaorpc/kakaorpc/gen/kakao/talk/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

func TestWhatTheFacadeRefuses(t *testing.T) {
	var reached atomic.Int32
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) {
		reached.Add(1)
		return nil, nil
	})
	over := strings.Repeat(" ", 1<<20) + "{}"
	for _, row := range []struct {
		title, method, path, body string
		chunked                   bool
		header                    http.Header
		code                      int
		reason, fields            string
		allow                     string
	}{
		{title: "no such path", method: "GET", path: "/nope", code: 404, reason: "ROUTE_NOT_FOUND"},
		{title: "a path below", method: "GET", path: "/user/v1/me/x", code: 404, reason: "ROUTE_NOT_FOUND"},
		{title: "a trailing slash", method: "GET", path: "/user/v1/me/", code: 404, reason: "ROUTE_NOT_FOUND"},
		{title: "no such verb", method: "POST", path: "/user/v1/me:nope", code: 404, reason: "ROUTE_NOT_FOUND"},
		{title: "an escaped path", method: "GET", path: "/user/v1/m%65", code: 404, reason: "ROUTE_NOT_FOUND"},
		{title: "another method", method: "DELETE", path: "/user/v1/me", code: 405, reason: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, PATCH, OPTIONS"},
		{title: "GET of a verb", method: "GET", path: "/user/v1/me:logout", code: 405, reason: "METHOD_NOT_ALLOWED", allow: "POST, OPTIONS"},
		{title: "POST to a page", method: "POST", path: "/openapi.json", code: 405, reason: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, OPTIONS"},
		{title: "an odd method", method: "BREW", path: "/user/v1/me", code: 405, reason: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, PATCH, OPTIONS"},
		{title: "a form that means GET", method: "POST", path: "/user/v1/access_token_info", body: "a=b", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, code: 405, reason: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, OPTIONS"},
		{title: "method override", method: "POST", path: "/user/v1/access_token_info", body: "a=b", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Http-Method-Override": {"GET"}}, code: 405, reason: "METHOD_NOT_ALLOWED", allow: "GET, HEAD, OPTIONS"},
		{title: "declared too large", method: "POST", path: "/user/v1/me:logout", body: over, code: 413, reason: "BODY_TOO_LARGE"},
		{title: "chunked and too large", method: "POST", path: "/user/v1/me:logout", body: over, chunked: true, code: 413, reason: "BODY_TOO_LARGE"},
		{title: "a form", method: "POST", path: "/user/v1/me:logout", body: "a=b", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, code: 415, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{title: "text", method: "POST", path: "/user/v1/me:logout", body: "{}", header: http.Header{"Content-Type": {"text/plain"}}, code: 415, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{title: "another charset", method: "POST", path: "/user/v1/me:logout", body: "{}", header: http.Header{"Content-Type": {"application/json; charset=euc-kr"}}, code: 415, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{title: "compressed", method: "POST", path: "/user/v1/me:logout", body: "{}", header: http.Header{"Content-Encoding": {"gzip"}}, code: 415, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{title: "malformed", method: "POST", path: "/user/v1/me:logout", body: `{"target_id":`, code: 400, reason: "JSON_MALFORMED"},
		{title: "more than one value", method: "POST", path: "/user/v1/me:logout", body: `{} {}`, code: 400, reason: "JSON_MALFORMED"},
		{title: "not an object", method: "POST", path: "/user/v1/me:logout", body: `[]`, code: 400, reason: "JSON_MALFORMED"},
		{title: "unknown member", method: "POST", path: "/user/v1/me:logout", body: `{"nope":1}`, code: 400, reason: "JSON_MALFORMED", fields: "nope"},
		{title: "a member twice", method: "POST", path: "/user/v1/me:logout", body: `{"target_id":"1","target_id":"2"}`, code: 400, reason: "JSON_MALFORMED", fields: "target_id"},
		{title: "a body against its path", method: "PUT", path: "/calendar/v1/tasks/aaaaaaaaaaaaaaaaaaaaaaaa", body: `{"task_id":"bbbbbbbbbbbbbbbbbbbbbbbb","task":{"content":"x"}}`, code: 400, reason: "REQUEST_INVALID", fields: "task_id"},
		{title: "not a number", method: "POST", path: "/user/v1/me:logout", body: `{"target_id":"me"}`, code: 400, reason: "JSON_MALFORMED", fields: "target_id"},
		{title: "a huge number", method: "POST", path: "/user/v1/me:logout", body: `{"target_id":1e400}`, code: 400, reason: "JSON_MALFORMED", fields: "target_id"},
		{title: "text in place of a list", method: "POST", path: "/user/v1/me/scopes:revoke", body: `{"scopes":"a"}`, code: 400, reason: "JSON_MALFORMED", fields: "scopes"},
		{title: "deep", method: "POST", path: "/user/v1/me:signup", body: `{"properties":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, code: 400, reason: "JSON_MALFORMED"},
		{title: "a body where none belongs", method: "GET", path: "/user/v1/me", body: `{}`, code: 400, reason: "REQUEST_INVALID"},
		{title: "a chunked body where none belongs", method: "GET", path: "/user/v1/me", body: `{}`, chunked: true, code: 400, reason: "REQUEST_INVALID"},
		{title: "unknown query parameters", method: "GET", path: "/user/v1/me?b=1&a=2&target_id=3", code: 400, reason: "REQUEST_INVALID", fields: "a b"},
		{title: "a query beside a body", method: "POST", path: "/user/v1/me:logout?target_id=1", body: `{}`, code: 400, reason: "REQUEST_INVALID", fields: "target_id"},
		{title: "a bad query", method: "GET", path: "/user/v1/me?a=%zz", code: 400, reason: "REQUEST_INVALID"},
		{title: "not a number in the query", method: "GET", path: "/user/v1/me?target_id=7e577e57bbbb0003-user-token", code: 400, reason: "REQUEST_INVALID", fields: "target_id"},
		{title: "a huge number in the query", method: "GET", path: "/local/v1/places:searchKeyword?query=a&page=99999999999", code: 400, reason: "REQUEST_INVALID", fields: "page"},
		{title: "a bad enum", method: "GET", path: "/local/v1/places:searchKeyword?query=a&sort=NEAREST", code: 400, reason: "REQUEST_INVALID", fields: "sort"},
		{title: "a bad enum in a list", method: "GET", path: "/local/v1/places:searchKeyword?query=a&category_group_code=CATEGORY_GROUP_CODE_CE7&category_group_code=XX", code: 400, reason: "REQUEST_INVALID", fields: "category_group_code[1]"},
		{title: "one value twice", method: "GET", path: "/local/v1/places:searchKeyword?query=a&query=b", code: 400, reason: "REQUEST_INVALID", fields: "query"},
		{title: "a query in EUC-KR", method: "GET", path: "/local/v1/places:searchKeyword?query=%BB%EA%C3%A5", code: 400, reason: "REQUEST_INVALID", fields: "query"},
		{title: "a path that is no text", method: "DELETE", path: "/calendar/v1/tasks/%ff", code: 400, reason: "REQUEST_INVALID", fields: "task_id"},
		{title: "a bad timeout", method: "GET", path: "/user/v1/me", header: http.Header{"Grpc-Timeout": {"5 s"}}, code: 400, reason: "REQUEST_INVALID", fields: "grpc-timeout"},
		{title: "no timeout at all", method: "GET", path: "/user/v1/me", header: http.Header{"Grpc-Timeout": {"0S"}}, code: 400, reason: "REQUEST_INVALID", fields: "grpc-timeout"},
		{title: "a token that is not ASCII", method: "GET", path: "/user/v1/me", header: http.Header{"Authorization": {"Bearer 토큰"}}, code: 400, reason: "REQUEST_INVALID", fields: "authorization"},
	} {
		t.Run(row.title, func(t *testing.T) {
			var body io.Reader
			if row.body != "" {
				body = strings.NewReader(row.body)
			}
			if row.chunked {
				body = io.MultiReader(body) // hides the length
			}
			code, header, text := r.send(row.method, row.path, body, row.header)
			f := parseFailure(t, text)
			if code != row.code || f.reason() != row.reason || f.fields() != row.fields {
				t.Errorf("%d %s [%s], want %d %s [%s]\n%s", code, f.reason(), f.fields(), row.code, row.reason, row.fields, text)
			}
			if header.Get("Content-Type") != "application/json" || header.Get("X-Request-Id") == "" || f.Message == "" {
				t.Errorf("header %v, message %q", header, f.Message)
			}
			if id := `"request_id":"` + header.Get("X-Request-Id") + `"`; !strings.Contains(text, id) {
				t.Errorf("the details lack %s:\n%s", id, text)
			}
			if header.Get("Allow") != row.allow || !strings.Contains(f.Message, row.allow) {
				t.Errorf("Allow: %q, want %q", header.Get("Allow"), row.allow)
			}
			if strings.Contains(text, testToken) {
				t.Errorf("the answer holds the token:\n%s", text)
			}
		})
	}
	if reached.Load() != 0 {
		t.Errorf("%d refused requests reached a handler", reached.Load())
	}
	if lines := r.log.lines(t, "request refused"); len(lines) == 0 || lines[0]["reason"] != "ROUTE_NOT_FOUND" {
		t.Errorf("refusals are not in the log:\n%s", r.log.String())
	}
}

func TestWhatTheFacadeTakes(t *testing.T) {
	var request atomic.Pointer[proto.Message]
	r := startScripted(t, func(_ context.Context, _ string, message proto.Message) (proto.Message, error) {
		message = proto.Clone(message)
		request.Store(&message)
		return nil, nil
	})
	for _, row := range []struct {
		title, method, path, body string
		chunked                   bool
		header                    http.Header
		want                      proto.Message
	}{
		{title: "query", method: "GET", path: "/user/v1/me?target_id=7", want: &userv1.GetMeRequest{TargetId: proto.Int64(7)}},
		{title: "query in JSON's names", method: "GET", path: "/user/v1/me?targetId=7", want: &userv1.GetMeRequest{TargetId: proto.Int64(7)}},
		{title: "Korean in the query", method: "GET", path: "/local/v1/addresses:search?query=%EC%84%B8%EC%A2%85%EB%8C%80%EB%A1%9C+1", want: &localv1.SearchAddressRequest{Query: "세종대로 1"}},
		{title: "an enum in the query", method: "GET", path: "/local/v1/places:searchKeyword?query=a&sort=PLACE_SORT_ACCURACY", want: &localv1.SearchKeywordRequest{Query: "a", Sort: localv1.PlaceSort_PLACE_SORT_ACCURACY}},
		{title: "body", method: "POST", path: "/user/v1/me:logout", body: `{"target_id":"9007199254740993"}`, want: &userv1.LogoutRequest{TargetId: proto.Int64(9007199254740993)}},
		{title: "a body that repeats its path", method: "POST", path: "/calendar/v1/public_events/5eed%2D1:follow", body: `{"event_id":"5eed-1"}`, want: &calendarv1.FollowPublicEventRequest{EventId: "5eed-1"}},
		{title: "chunked body", method: "POST", path: "/user/v1/me:logout", body: `{"target_id":7}`, chunked: true, want: &userv1.LogoutRequest{TargetId: proto.Int64(7)}},
		{title: "no body", method: "POST", path: "/user/v1/me:logout", want: &userv1.LogoutRequest{}},
		{title: "charset", method: "POST", path: "/user/v1/me:logout", body: `{}`, header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, want: &userv1.LogoutRequest{}},
		{title: "HEAD", method: "HEAD", path: "/user/v1/me?target_id=8", want: &userv1.GetMeRequest{TargetId: proto.Int64(8)}},
		{title: "just under the cap", method: "POST", path: "/user/v1/me:logout", body: strings.Repeat(" ", 1<<20-2) + "{}", want: &userv1.LogoutRequest{}},
	} {
		t.Run(row.title, func(t *testing.T) {
			var body io.Reader
			if row.body != "" {
				body = strings.NewReader(row.body)
			}
			if row.chunked {
				body = io.MultiReader(body)
			}
			code, _, text := r.send(row.method, row.path, body, row.header)
			var got proto.Message
			if reached := request.Swap(nil); reached != nil {
				got = *reached
			}
			if code != http.StatusOK || !proto.Equal(got, row.want) {
				t.Errorf("%d, request %v, want %v\n%s", code, got, row.want, text)
			}
			if row.method == "HEAD" && text != "" {
				t.Errorf("HEAD has a body: %s", text)
			}
		})
	}
}

func TestOnlyTheHeadersOnTheListPass(t *testing.T) {
	var seen metadata.MD
	r := startScripted(t, func(ctx context.Context, _ string, _ proto.Message) (proto.Message, error) {
		seen, _ = metadata.FromIncomingContext(ctx)
		return nil, nil
	})
	_, header, _ := r.do(http.MethodGet, "/user/v1/me", "", http.Header{
		"X-Kakao-App": {"default"}, "X-Request-Id": {"abc"},
		"Grpc-Metadata-X-Kakao-App": {"other"}, "Grpc-Metadata-Secret": {"x"}, "Cookie": {"a=b"}, "X-Other": {"y"},
		"X-Forwarded-For": {"10.0.0.1"}, "Te": {"trailers"}, "Grpc-Trailer-X": {"z"},
	})
	delete(seen, "traceparent")
	delete(seen, "x-forwarded-for") // the gateway's own word of the connection
	want := metadata.MD{"authorization": {"Bearer " + testToken}, "x-kakao-app": {"default"}, "x-request-id": {"abc"}}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("metadata %v, want %v", seen, want)
	}
	for name := range header {
		switch name {
		case "X-Request-Id", "Content-Type", "Content-Length", "Date", "Cache-Control", "X-Content-Type-Options":
		default:
			t.Errorf("the answer has a header %s", name)
		}
	}
}

func TestAnswersAreSnakeCaseWithoutWhatIsUnset(t *testing.T) {
	r := startScripted(t, func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		if strings.HasSuffix(rpc, "SearchAddress") {
			return &localv1.SearchAddressResponse{Meta: &localv1.AddressSearchMeta{}}, nil
		}
		return &userv1.GetAccessTokenInfoResponse{Id: 9007199254740993}, nil
	})
	_, _, body := r.do(http.MethodGet, "/user/v1/access_token_info", "", nil)
	var answer map[string]any
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	if answer["id"] != "9007199254740993" {
		t.Errorf("a 64-bit number is not text: %s", body)
	}
	_, _, body = r.do(http.MethodGet, "/local/v1/addresses:search?query=a", "", nil)
	if strings.Contains(body, "isEnd") || !regexp.MustCompile(`"documents":\s?\[\]`).MatchString(body) {
		t.Errorf("want snake_case, and empty lists as lists: %s", body)
	}
}

func TestAFailureIsTheSameOverBothTransports(t *testing.T) {
	r := start(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"msg":"this access token does not exist","code":-401}`)
	})
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+testToken, "x-request-id", "checkout-81")
	_, err := userv1.NewUserServiceClient(r.conn).GetMe(ctx, &userv1.GetMeRequest{})
	wantCode, wantHeader, wantBody := errorsx.HTTP(status.Convert(err))
	if !strings.Contains(string(wantBody), `"request_id":"checkout-81"`) {
		t.Errorf("no request id: %s", wantBody)
	}
	code, header, body := r.do(http.MethodGet, "/user/v1/me", "", http.Header{"X-Request-Id": {"checkout-81"}})
	if code != wantCode || body != string(wantBody) || grpcReason(err) != "KAKAO_USER_TOKEN_INVALID" {
		t.Errorf("facade %d %s\ngRPC   %d %s", code, body, wantCode, wantBody)
	}
	for name, values := range wantHeader {
		if !reflect.DeepEqual(header[name], values) {
			t.Errorf("%s: %q, want %q", name, header[name], values)
		}
	}
}

func TestRetryAfterIsAHeader(t *testing.T) {
	r := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	code, header, body := r.do(http.MethodGet, "/user/v1/me", "", nil)
	if code != http.StatusTooManyRequests || header.Get("Retry-After") != "7" {
		t.Errorf("%d, Retry-After %q\n%s", code, header.Get("Retry-After"), body)
	}
}

// TestEveryRouteLeadsToItsRPC asks for every binding of the contract, with the
// gateway's own routing behind ours.
func TestEveryRouteLeadsToItsRPC(t *testing.T) {
	var reached atomic.Value
	r := startScripted(t, func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		reached.Store(rpc)
		return nil, nil
	}, "--karlo.enabled")
	table, err := newRoutes(service.Descriptors())
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range table {
		path := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(route.template, "7")
		// A request that breaks a rule is refused by the chain, which it has
		// then reached: the log says for which rpc.
		reached.Store("")
		_, header, body := r.do(route.method, path, "", nil)
		got := reached.Load().(string)
		if got == "" {
			for _, line := range r.log.lines(t, "call") {
				if line["request_id"] == header.Get("X-Request-Id") {
					got = "/" + line["rpc"].(string)
				}
			}
		}
		if got != fullMethod(route.rpc) {
			t.Errorf("%s leads to %q, want %s\n%s", route.pattern(), got, fullMethod(route.rpc), body)
		}
		code, optionsHeader, _ := r.do(http.MethodOptions, path, "", nil)
		if code != http.StatusNoContent || !strings.Contains(optionsHeader.Get("Allow"), route.method) {
			t.Errorf("OPTIONS %s: %d, Allow %q", path, code, optionsHeader.Get("Allow"))
		}
	}
	t.Logf("%d routes", len(table))
}

// TestThePagesAreThere finds a page that is missing, and one that does not list
// every route.
func TestThePagesAreThere(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	table, err := newRoutes(service.Descriptors())
	if err != nil {
		t.Fatal(err)
	}
	_, _, index := r.do(http.MethodGet, "/", "", nil)
	for _, route := range table {
		if !strings.Contains(index, route.pattern()+"\t") {
			t.Errorf("/ lacks %s", route.pattern())
		}
	}
	for _, page := range []string{"/openapi.json", "/openapi.v3.json"} {
		if !strings.Contains(index, "GET "+page) {
			t.Errorf("/ lacks %s", page)
		}
	}
	if code, _, body := r.do(http.MethodHead, "/", "", nil); code != http.StatusOK || body != "" {
		t.Errorf("HEAD /: %d %q", code, body)
	}
}

// TestOpenAPIDescribesEveryRoute finds routes that one of the documents lacks,
// and operations that are no route, or that of another rpc.
func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	table, err := newRoutes(service.Descriptors())
	if err != nil {
		t.Fatal(err)
	}
	for page, version := range map[string]string{"/openapi.json": "2.0", "/openapi.v3.json": "3.1.0"} {
		code, header, body := r.do(http.MethodGet, page, "", nil)
		var document struct {
			Swagger, OpenAPI string
			Paths            map[string]map[string]struct{ OperationID string }
		}
		if err := json.Unmarshal([]byte(body), &document); err != nil || code != http.StatusOK || header.Get("Content-Type") != "application/json" {
			t.Fatalf("%s: %d %v %v", page, code, header, err)
		}
		if document.Swagger+document.OpenAPI != version {
			t.Errorf("%s is OpenAPI %q, want %s", page, document.Swagger+document.OpenAPI, version)
		}
		for _, route := range table {
			operation, described := document.Paths[route.template][strings.ToLower(route.method)]
			if want := string(route.rpc.Parent().Name() + "_" + route.rpc.Name()); operation.OperationID != want {
				t.Errorf("%s: %s is %q (there: %t), want %s", page, route.pattern(), operation.OperationID, described, want)
			}
			delete(document.Paths[route.template], strings.ToLower(route.method))
		}
		for path, item := range document.Paths {
			for method := range item {
				t.Errorf("%s: there is no route %s %s", page, method, path)
			}
		}
	}
}

// endless is a body of any length that is made as it is read.
type endless struct {
	left int64
	read atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.left)
	for i := range p[:n] {
		p[i] = ' '
	}
	e.left -= n
	e.read.Add(n)
	return int(n), nil
}

func TestAHugeBodyCostsNothing(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 4 {
		body := &endless{left: 256 << 20}
		code, _, text := r.send(http.MethodPost, "/user/v1/me:logout", body, nil)
		// The server answers and hangs up; a client that writes on regardless
		// may see the hang-up first.
		if code != http.StatusRequestEntityTooLarge && !strings.Contains(text, "connection reset") && !strings.Contains(text, "broken pipe") {
			t.Errorf("%d %s", code, text)
		}
		if taken := body.read.Load(); taken > 64<<20 {
			t.Errorf("%d MiB of the body were taken", taken>>20)
		}
	}
	runtime.ReadMemStats(&after)
	if growth := after.Sys - before.Sys; growth > 16<<20 {
		t.Errorf("the process grew by %d MiB", growth>>20)
	}
}

func TestASlowClientIsCutOff(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil }, "--http.read_timeout=1s")
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.http, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = fmt.Fprint(conn, "POST /user/v1/me:logout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	begin := time.Now()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("after %v: %v", time.Since(begin), err)
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(response.Body)
	if f := parseFailure(t, string(body)); response.StatusCode != http.StatusBadRequest || f.reason() != "JSON_MALFORMED" {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}

func TestAPanicOfTheFacadeItselfIsAnswered(t *testing.T) {
	log := &lockedBuffer{}
	f := &facade{logger: testLogger(log), traced: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("with " + testToken) })}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/user/v1/me", nil))
	if w.Code != http.StatusInternalServerError || parseFailure(t, w.Body.String()).reason() != "INTERNAL" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "panic") || strings.Contains(log.String(), testToken) {
		t.Errorf("log: %s", log)
	}
	f.traced = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	defer func() {
		if recover() == nil {
			t.Error("net/http's own panic is swallowed")
		}
	}()
	f.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
}

func TestWhatJSONWasWrongIsExplained(t *testing.T) {
	for _, row := range []struct {
		message     proto.Message
		body        string
		field, what string
	}{
		{&userv1.LogoutRequest{}, "{\n  \"target_id\": }", "", "the body is not JSON (line 2, column 16)"},
		{&userv1.LogoutRequest{}, `{"target_id":`, "", "the body ends before its JSON does"},
		{&userv1.LogoutRequest{}, `[]`, "", "the body must be a JSON object"},
		{&talkv1.SendToMeRequest{}, `{"template_object":{"text":{"text":"a"},"feed":{}}}`, "template_object.feed", "excludes text: send one of them"},
		{&userv1.LogoutRequest{}, `{"target_id":true}`, "target_id", "must be a whole number of 64 bits"},
		{&userv1.LogoutRequest{}, `{"targetId":{}}`, "target_id", "must be a whole number of 64 bits"},
		{&userv1.SignupRequest{}, `{"properties":{"a":1}}`, "properties", "must be a JSON object of text"},
		{&userv1.RevokeScopesRequest{}, `{"scopes":["a",2]}`, "scopes[1]", "must be text"},
		{&userv1.RevokeScopesRequest{}, `{"scopes":{}}`, "scopes", "must be a JSON array of text"},
		{&localv1.SearchKeywordRequest{}, `{"sort":"NEAREST"}`, "sort", "must be one of PLACE_SORT_ACCURACY, PLACE_SORT_DISTANCE"},
		{&userv1.GetMeResponse{}, `{"user":{"kakao_account":{"profile":{"nick":"x"}}}}`, "user.kakao_account.profile.nick", "unknown member (did you mean nickname?)"},
		{&talkv1.SendToMeRequest{}, `{"template_objekt":{}}`, "template_objekt", "unknown member (did you mean template_object?)"},
		{&userv1.GetMeResponse{}, `{"user":{"connected_at":"yesterday"}}`, "user.connected_at", "must be a time like 2026-01-02T15:04:05Z"},
		{&userv1.GetMeResponse{}, `{"user":[]}`, "user", "must be a JSON object"},
		{&localv1.SearchKeywordResponse{}, `{"documents":[{},{"x":"east"}]}`, "documents[1].x", "must be a number"},
		{&authv1.IssueTokenRequest{}, "{\"code\":\"\xff\"}", "code", "must be UTF-8"},
	} {
		field, what := explainJSON([]byte(row.body), row.message.ProtoReflect())
		if field != row.field || what != row.what {
			t.Errorf("%s: %q %q, want %q %q", row.body, field, what, row.field, row.what)
		}
	}
}

// TestAMisspeltParameterIsTold: the query is as strict as the body, and as helpful.
func TestAMisspeltParameterIsTold(t *testing.T) {
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil })
	for parameter, want := range map[string]string{
		"propertykeys": "propertykeys: unknown query parameter (did you mean property_keys?): correct the request",
		"zzz":          "zzz: unknown query parameter: correct the request",
	} {
		_, _, text := r.do(http.MethodGet, "/user/v1/me?"+parameter+"=1", "", nil)
		if message := parseFailure(t, text).Message; message != want {
			t.Errorf("%q, want %q", message, want)
		}
	}
}

// TestALongListIsExplainedByItsBeginning: an explanation costs no more than a
// thousand tries, however many elements there are.
func TestALongListIsExplainedByItsBeginning(t *testing.T) {
	scopes := func(n int) []byte { return []byte(`{"scopes":[` + strings.Repeat(`"a",`, n) + `2]}`) }
	for n, want := range map[int]string{100: "scopes[100]", 1_000_000: "scopes"} {
		field, what := explainJSON(scopes(n), (&userv1.RevokeScopesRequest{}).ProtoReflect())
		if field != want || what == "" {
			t.Errorf("%d elements: %q %q, want %q", n, field, what, want)
		}
	}
}

// FuzzExplainJSON holds that the explanation of any body ends, does not panic
// and is never empty.
func FuzzExplainJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"user":{"id":1}}`, `{"user":[{}]}`, `{"user":null,"user":null}`, `{"a":`, "\xff", `{"user":{"properties":{"a":{}}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, what := explainJSON(body, (&userv1.GetMeResponse{}).ProtoReflect()); what == "" {
			t.Error("no explanation")
		}
	})
}

func TestRoutesAreMatchedBySegmentsAndVerbs(t *testing.T) {
	var table routes
	for _, row := range [][2]string{{"GET", "/a/{id}"}, {"POST", "/a/{id}:cancel"}, {"GET", "/a/b"}, {"DELETE", "/a/{id}/c/{other.name}"}} {
		segments, err := parseTemplate(row[1])
		if err != nil {
			t.Fatal(err)
		}
		table = append(table, &route{method: row[0], template: row[1], segments: segments, rpc: service.Descriptors()[0].Methods().Get(0)})
	}
	for _, row := range []struct{ method, path, want, allowed string }{
		{"GET", "/a/1", "/a/{id}", "GET"},
		{"POST", "/a/1:cancel", "/a/{id}:cancel", "GET POST"},
		{"POST", "/a/:cancel", "", "GET"},
		{"GET", "/a/", "", ""},
		{"GET", "/a", "", ""},
		{"DELETE", "/a/1/c/2", "/a/{id}/c/{other.name}", "DELETE"},
		{"DELETE", "/a/1/d/2", "", ""},
		{"GET", "", "", ""},
		{"GET", "*", "", ""},
	} {
		found, allowed := table.find(row.method, row.path)
		got := ""
		if found != nil {
			got = found.template
		}
		if got != row.want || strings.Join(allowed, " ") != row.allowed {
			t.Errorf("%s %s: %q %v, want %q [%s]", row.method, row.path, got, allowed, row.want, row.allowed)
		}
	}
	for _, template := range []string{"a", "/a/{b=**}", "/a/{b=c/*}", "/a:b/c", "/a//b", "/a/*"} {
		if _, err := parseTemplate(template); err == nil {
			t.Errorf("template %q is taken", template)
		}
	}
}
