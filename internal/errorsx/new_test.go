package errorsx

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// detail finds the one detail of a type.
func detail[T any](t *testing.T, s *status.Status) T {
	t.Helper()
	for _, d := range s.Details() {
		if found, ok := d.(T); ok {
			return found
		}
	}
	var none T
	t.Fatalf("no %T in %v", none, s)
	return none
}

func TestNewNamesTheField(t *testing.T) {
	e := New(errorv1.Reason_REASON_REQUEST_INVALID, "",
		WithViolation("radius", "must be at most 20000", "int32.lte"),
		WithViolation("page", "must be at least 1", "int32.gte"))
	checkInvariants(t, e, nil)
	if want := "radius: must be at most 20000 (and 1 more): correct the request"; e.Error() != want {
		t.Errorf("message %q, want %q", e.Error(), want)
	}
	pair := New(errorv1.Reason_REASON_REQUEST_INVALID, "", WithViolation("y", "y is required with x", "y.with_x"))
	if want := "y is required with x: correct the request"; pair.Error() != want {
		t.Errorf("message %q, want %q", pair.Error(), want)
	}
	violations := detail[*errdetails.BadRequest](t, e.GRPCStatus()).GetFieldViolations()
	if len(violations) != 2 || violations[0].GetField() != "radius" || violations[0].GetReason() != "INT32_LTE" {
		t.Errorf("violations: %v", violations)
	}
}

func TestNewStaysSmall(t *testing.T) {
	var options []Option
	for range 1000 {
		options = append(options, WithViolation(strings.Repeat("f", 1000), strings.Repeat("긴 설명 ", 1000), strings.Repeat("rule.", 100)))
	}
	e := New(errorv1.Reason_REASON_REQUEST_INVALID, "", options...)
	checkInvariants(t, e, nil)
	if len(detail[*errdetails.BadRequest](t, e.GRPCStatus()).GetFieldViolations()) == 0 {
		t.Error("no violation is left")
	}
}

func TestNewWithCallAndWait(t *testing.T) {
	cause := errors.New("breaker is open")
	e := New(errorv1.Reason_REASON_KAKAO_CIRCUIT_OPEN, "",
		WithCall(Call{Host: "kapi.kakao.com", Endpoint: "GET /v2/user/me", App: "default"}),
		WithRetryAfter(3*time.Second), WithCause(cause))
	checkInvariants(t, e, nil)
	if e.RetryAfter() != 3*time.Second || e.Kakao().GetHost() != "kapi.kakao.com" || e.Code() != codes.Unavailable {
		t.Errorf("got %v", e.GRPCStatus())
	}
	if got := detail[*errdetails.ErrorInfo](t, e.GRPCStatus()).GetMetadata()["endpoint"]; got != "GET /v2/user/me" {
		t.Errorf("endpoint is %q", got)
	}
	if !errors.Is(e, cause) || strings.Contains(fmt.Sprint(e), "breaker") {
		t.Errorf("the cause is for the log, not for the caller: %v", e)
	}
	if New(errorv1.Reason_REASON_INTERNAL, "", WithRetryAfter(-1)).RetryAfter() != 0 {
		t.Error("a negative wait is kept")
	}
}

func TestNewWithoutReasonIsInternal(t *testing.T) {
	e := New(errorv1.Reason_REASON_UNSPECIFIED, "")
	checkInvariants(t, e, nil)
	if e.Reason() != errorv1.Reason_REASON_INTERNAL {
		t.Errorf("reason %s", e.Reason())
	}
}

func TestUpperSnake(t *testing.T) {
	for in, want := range map[string]string{
		"string.max_len": "STRING_MAX_LEN", "required": "REQUIRED", "": "", "..": "", "가.나": "",
		strings.Repeat("a", 62) + ".b": strings.Repeat("A", 62),
	} {
		if got := upperSnake(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestRetryable(t *testing.T) {
	read, write := Call{Host: "kapi.kakao.com"}, Call{Host: "kapi.kakao.com", Write: true}
	tests := []struct {
		name string
		e    *Error
		want bool
	}{
		{"internal, read", FromResponse(read, Response{HTTPStatus: 400, Body: []byte(`{"code":-1,"msg":"x"}`)}), true},
		{"internal, write", FromResponse(write, Response{HTTPStatus: 400, Body: []byte(`{"code":-1,"msg":"x"}`)}), false},
		{"pace", FromResponse(read, Response{HTTPStatus: 429}), true},
		{"pace, write", FromResponse(write, Response{HTTPStatus: 429}), true},
		{"quota", FromResponse(read, Response{HTTPStatus: 400, Body: []byte(`{"code":-10,"msg":"x"}`)}), false},
		{"unknown code, 500", FromResponse(read, Response{HTTPStatus: 500, Body: []byte(`{"code":-98765,"msg":"x"}`)}), true},
		{"unknown code, 400", FromResponse(read, Response{HTTPStatus: 400, Body: []byte(`{"code":-98765,"msg":"x"}`)}), false},
		{"markup, 500", FromResponse(read, Response{HTTPStatus: 500, Body: []byte(`<`)}), true},
		{"markup, 404", FromResponse(read, Response{HTTPStatus: 404, Body: []byte(`<`)}), false},
		{"gateway", FromResponse(read, Response{HTTPStatus: 502}), true},
		{"gateway, write", FromResponse(write, Response{HTTPStatus: 502}), false},
		{"own refusal", New(errorv1.Reason_REASON_REQUEST_INVALID, ""), false},
	}
	for _, test := range tests {
		if got := test.e.Retryable(); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestUnreadableAndTooLarge(t *testing.T) {
	tests := []struct {
		status  int
		write   bool
		code    codes.Code
		unknown bool
	}{
		{200, false, codes.Unknown, false},
		{200, true, codes.Unknown, true},
		{400, true, codes.Unknown, false},
		{500, true, codes.Unavailable, true},
	}
	for _, test := range tests {
		c := Call{Host: "kapi.kakao.com", Write: test.write, Secrets: []string{testKey}}
		r := Response{HTTPStatus: test.status, RequestID: testKey}
		for _, e := range []*Error{Unreadable(c, r, "it is cut off behind "+testKey), TooLarge(c, r, 1<<20)} {
			checkInvariants(t, e, c.Secrets)
			if e.Code() != test.code || e.Kakao().GetOutcomeUnknown() != test.unknown {
				t.Errorf("HTTP %d, write %v: %v", test.status, test.write, e.GRPCStatus())
			}
		}
	}
}
