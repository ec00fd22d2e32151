package errorsx

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

func TestHTTP(t *testing.T) {
	tests := []struct {
		name       string
		status     *status.Status
		http       int
		retryAfter string
		challenge  string
	}{
		{"404", New(errorv1.Reason_REASON_ROUTE_NOT_FOUND, "").GRPCStatus(), 404, "", ""},
		{"405", New(errorv1.Reason_REASON_METHOD_NOT_ALLOWED, "").GRPCStatus(), 405, "", ""},
		{"413", New(errorv1.Reason_REASON_BODY_TOO_LARGE, "").GRPCStatus(), 413, "", ""},
		{"415", New(errorv1.Reason_REASON_MEDIA_TYPE_UNSUPPORTED, "").GRPCStatus(), 415, "", ""},
		{"400", New(errorv1.Reason_REASON_JSON_MALFORMED, "").GRPCStatus(), 400, "", ""},
		{"401", New(errorv1.Reason_REASON_USER_TOKEN_REQUIRED, "").GRPCStatus(), 401, "", "Bearer"},
		{"429", New(errorv1.Reason_REASON_SERVER_OVERLOADED, "", WithRetryAfter(1500*time.Millisecond)).GRPCStatus(), 429, "2", ""},
		{"499", New(errorv1.Reason_REASON_CALL_CANCELLED, "").GRPCStatus(), 499, "", ""},
		{"501", New(errorv1.Reason_REASON_RPC_UNKNOWN, "").GRPCStatus(), 501, "", ""},
		{"503", New(errorv1.Reason_REASON_KAKAO_CIRCUIT_OPEN, "", WithRetryAfter(30*time.Second)).GRPCStatus(), 503, "30", ""},
		{"504", New(errorv1.Reason_REASON_DEADLINE_TOO_SHORT, "").GRPCStatus(), 504, "", ""},
		{"bare", status.New(codes.NotFound, "x"), 404, "", ""},
		{"bare 500", status.New(codes.Internal, "inside"), 500, "", ""},
		{"no code of gRPC", status.New(codes.Code(99), "x"), 500, "", ""},
		{"no failure", status.New(codes.OK, ""), 500, "", ""},
		{"nothing", nil, 500, "", ""},
	}
	for _, test := range tests {
		got, values, body := HTTP(test.status)
		header := http.Header(values)
		if got != test.http || header.Get("Retry-After") != test.retryAfter || header.Get("WWW-Authenticate") != test.challenge {
			t.Errorf("%s: %d %v, want %d", test.name, got, header, test.http)
		}
		if header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v", test.name, header)
		}
		var parsed struct {
			Code    int
			Message string
			Details []map[string]any
		}
		if err := json.Unmarshal(body, &parsed); err != nil {
			t.Fatalf("%s: %v in %s", test.name, err, body)
		}
		if parsed.Code == 0 || parsed.Message == "" || len(parsed.Details) < 2 {
			t.Errorf("%s: %s", test.name, body)
		}
	}
}
