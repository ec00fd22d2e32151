package errorsx

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

var update = flag.Bool("update", false, "rewrite testdata/golden")

// The secrets of every call of the tables; bodies may echo them.
const (
	testKey   = "7e577e577e577e577e577e577e577e57"
	testToken = "7e57-access-token_7e57-access-token_7e57-access-token_7e57"
	testCode  = "made-up_authorization_code"
)

// shown is what a golden file holds of one failure: all that a gRPC caller and a
// JSON caller get. The details of the gRPC status are those of the JSON body.
type shown struct {
	Name string `json:"name"`
	GRPC struct {
		Code    string      `json:"code"`
		Message string      `json:"message"`
		Trailer metadata.MD `json:"trailer,omitempty"`
	} `json:"grpc"`
	HTTP struct {
		Status int                 `json:"status"`
		Header map[string][]string `json:"header"`
		Body   json.RawMessage     `json:"body"`
	} `json:"http"`
}

func show(name string, e *Error) shown {
	s := shown{Name: name}
	s.GRPC.Code = e.Code().String()
	s.GRPC.Message = e.GRPCStatus().Message()
	s.GRPC.Trailer = e.trailer()
	s.HTTP.Status, s.HTTP.Header, s.HTTP.Body = HTTP(e.GRPCStatus())
	return s
}

// readTable reads a tab-separated file: '#' starts a comment, the first other
// line names the columns.
func readTable(t *testing.T, name string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	var rows []map[string]string
	for number, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		cells := strings.Split(line, "\t")
		switch {
		case strings.HasPrefix(line, "#"):
		case columns == nil:
			columns = cells
		case len(cells) != len(columns):
			t.Fatalf("%s:%d: %d cells, want %d", name, number+1, len(cells), len(columns))
		default:
			row := map[string]string{}
			for i, column := range columns {
				row[column] = cells[i]
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// inputs makes of a row the call and the answer.
func inputs(t *testing.T, row map[string]string) (Call, Response) {
	t.Helper()
	c := Call{Host: row["host"], Endpoint: row["endpoint"], App: "default", Secrets: []string{testKey, testToken, testCode}}
	credentials := map[string]Credential{
		"none": CredentialNone, "client": CredentialClient, "user": CredentialUserToken, "key": CredentialAppKey,
	}
	for _, word := range strings.Fields(row["call"]) {
		if word == "write" {
			c.Write = true
			continue
		}
		credential, ok := credentials[word]
		if !ok {
			t.Fatalf("%v: call: %q is no credential", row, word)
		}
		c.Credential = credential
	}
	status := row["status"]
	if status == "-" {
		status = "400"
	}
	number, err := strconv.Atoi(status)
	if err != nil {
		t.Fatal(err)
	}
	r := Response{HTTPStatus: number, ContentType: "application/json;charset=UTF-8", Body: []byte(row["body"])}
	for _, option := range strings.Fields(row["options"]) {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "retry-after":
			if r.RetryAfter, err = time.ParseDuration(value); err != nil {
				t.Fatal(err)
			}
		case "request-id":
			r.RequestID = value
		case "content-type":
			r.ContentType = value
		default:
			t.Fatalf("%v: no such option %q", row, name)
		}
	}
	return c, r
}

// compare holds what came out against testdata/golden, or writes it there.
func compare(t *testing.T, file string, got []shown) {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "golden", file+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(text.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		var g, w string
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Fatalf("%s:%d:\n got %s\nwant %s\nrun go test -update if the new one is right", path, i+1, g, w)
		}
	}
}

// Every code that Kakao documents comes out as the golden files say.
func TestErrorRows(t *testing.T) {
	rows := readTable(t, "rows.tsv")
	families := map[string][]shown{}
	for _, row := range rows {
		c, r := inputs(t, row)
		e := FromResponse(c, r)
		checkInvariants(t, e, c.Secrets)
		if got := e.Kakao().GetKakaoCode(); got != row["code"] {
			t.Errorf("%s: kakao_code is %q", row["code"], got)
		}
		// The rule is the code's own, not a wider one that happens to match.
		b, _ := parseBody(r.Body)
		rule, _, known := lookup(c, r.effectiveStatus(b), b)
		if !known || rule.code != row["code"] && r.HTTPStatus != 429 {
			t.Errorf("%s (%s): found the rule for %q", row["code"], row["family"], rule.code)
		}
		name := row["code"] + " " + row["status"]
		families[row["family"]] = append(families[row["family"]], show(name, e))
	}
	for family, got := range families {
		t.Run(family, func(t *testing.T) { compare(t, family, got) })
	}
	t.Logf("error rows: %d", len(rows))
	if len(rows) != 180 {
		t.Errorf("%d rows, want 180", len(rows))
	}
}

// What a code means can hang on its text, on the credential, on a detail; and
// some answers are not Kakao's at all.
func TestErrorVariants(t *testing.T) {
	rows := readTable(t, "variants.tsv")
	got := make([]shown, 0, len(rows))
	for _, row := range rows {
		c, r := inputs(t, row)
		e := FromResponse(c, r)
		checkInvariants(t, e, c.Secrets)
		got = append(got, show(row["name"], e))
	}
	compare(t, "variants", got)
	t.Logf("error variants: %d", len(rows))
}

// The doctrine: which code and reason each of Kakao's codes has.
func TestDoctrine(t *testing.T) {
	const kapi, kauth = "kapi.kakao.com", "kauth.kakao.com"
	tests := []struct {
		kakao      string
		status     int
		message    string
		credential Credential
		host       string
		code       codes.Code
		reason     string
	}{
		{kakao: "-1", status: 400, code: codes.Unavailable, reason: "KAKAO_INTERNAL"},
		{kakao: "-2", status: 400, code: codes.InvalidArgument, reason: "KAKAO_PARAMETER_INVALID"},
		{kakao: "-201", status: 400, code: codes.InvalidArgument, reason: "KAKAO_USER_PROPERTY_UNKNOWN"},
		{kakao: "-3", status: 403, code: codes.FailedPrecondition, reason: "KAKAO_API_NOT_ENABLED"},
		{kakao: "-4", status: 403, code: codes.PermissionDenied, reason: "KAKAO_ACCOUNT_RESTRICTED"},
		{kakao: "-5", status: 403, code: codes.PermissionDenied, reason: "KAKAO_APP_NOT_PERMITTED"},
		{kakao: "-6", status: 403, code: codes.PermissionDenied, reason: "KAKAO_ACTION_NOT_ALLOWED"},
		{kakao: "-7", status: 400, code: codes.Unavailable, reason: "KAKAO_MAINTENANCE"},
		{kakao: "-9798", status: 503, code: codes.Unavailable, reason: "KAKAO_MAINTENANCE"},
		{kakao: "-8", status: 400, code: codes.InvalidArgument, reason: "KAKAO_HEADER_INVALID"},
		{kakao: "-9", status: 400, code: codes.Unimplemented, reason: "KAKAO_API_TERMINATED"},
		{kakao: "-10", status: 400, code: codes.ResourceExhausted, reason: "KAKAO_QUOTA_EXCEEDED"},
		{kakao: "-11", status: 400, code: codes.ResourceExhausted, reason: "KAKAO_SPEND_LIMIT"},
		{kakao: "-12", status: 403, code: codes.FailedPrecondition, reason: "KAKAO_APP_SUSPENDED"},
		{kakao: "-13", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_APP_DORMANT"},
		{kakao: "-903", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_APP_UNREGISTERED"},
		{kakao: "-401", status: 401, credential: CredentialUserToken, code: codes.Unauthenticated, reason: "KAKAO_USER_TOKEN_INVALID"},
		{kakao: "-401", status: 401, credential: CredentialUserToken, message: "this access token is already expired", code: codes.Unauthenticated, reason: "KAKAO_USER_TOKEN_EXPIRED"},
		{kakao: "-401", status: 401, credential: CredentialAppKey, code: codes.FailedPrecondition, reason: "KAKAO_APP_KEY_INVALID"},
		{kakao: "-401", status: 401, credential: CredentialNone, code: codes.FailedPrecondition, reason: "KAKAO_APP_KEY_INVALID"},
		{kakao: "-401", status: 401, credential: CredentialUserToken, message: "ip mismatched! callerIp=192.0.2.7. check out registered ips.", code: codes.FailedPrecondition, reason: "KAKAO_EGRESS_IP_NOT_ALLOWED"},
		{kakao: "-401", status: 401, credential: CredentialAppKey, message: "domain mismatched! caller=x. check out registered web domains.", code: codes.FailedPrecondition, reason: "KAKAO_CALLER_MISMATCH"},
		{kakao: "-402", status: 403, code: codes.PermissionDenied, reason: "KAKAO_SCOPE_REQUIRED"},
		{kakao: "-406", status: 401, code: codes.PermissionDenied, reason: "KAKAO_USER_UNDER_AGE"},
		{kakao: "-101", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_USER_NOT_LINKED"},
		{kakao: "-103", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_ACCOUNT_INACTIVE"},
		{kakao: "-501", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_NOT_TALK_USER"},
		{kakao: "-502", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_NOT_FRIENDS"},
		{kakao: "-530", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_MESSAGE_RECEPTION_OFF"},
		{kakao: "-544", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_CHANNEL_BLOCKED"},
		{kakao: "-819", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_CHANNEL_NOT_CONNECTED"},
		{kakao: "-521", status: 400, code: codes.FailedPrecondition, reason: "KAKAO_TASK_READ_ONLY"},
		{kakao: "-102", status: 400, code: codes.AlreadyExists, reason: "KAKAO_USER_ALREADY_LINKED"},
		{kakao: "-520", status: 400, code: codes.NotFound, reason: "KAKAO_CALENDAR_NOT_FOUND"},
		{kakao: "-541", status: 400, code: codes.NotFound, reason: "KAKAO_CHANNEL_NOT_FOUND"},
		{kakao: "-816", status: 400, code: codes.NotFound, reason: "KAKAO_CUSTOMER_FILE_NOT_FOUND"},
		{kakao: "-901", status: 400, code: codes.NotFound, reason: "KAKAO_PUSH_TOKEN_NOT_FOUND"},
		{kakao: "-532", status: 400, code: codes.ResourceExhausted, reason: "KAKAO_SENDER_DAILY_LIMIT"},
		{kakao: "-533", status: 400, code: codes.ResourceExhausted, reason: "KAKAO_RECIPIENT_DAILY_LIMIT"},
		{kakao: "-536", status: 400, code: codes.ResourceExhausted, reason: "KAKAO_PAIR_DAILY_LIMIT"},
		{kakao: "-818", status: 400, code: codes.ResourceExhausted, reason: "KAKAO_CUSTOMER_FILE_LIMIT"},
		{kakao: "-602", status: 400, code: codes.InvalidArgument, reason: "KAKAO_IMAGE_TOO_LARGE"},
		{kakao: "-606", status: 400, code: codes.InvalidArgument, reason: "KAKAO_IMAGE_COUNT_EXCEEDED"},
		{kakao: "-911", status: 400, code: codes.InvalidArgument, reason: "KAKAO_IMAGE_FORMAT_UNSUPPORTED"},
		{kakao: "-603", status: 400, code: codes.DeadlineExceeded, reason: "KAKAO_UPSTREAM_TIMEOUT"},
		{kakao: "-813", status: 400, code: codes.Internal, reason: "KAKAO_MOMENT_ERROR"},
		{kakao: "-815", status: 400, code: codes.Internal, reason: "KAKAO_CHANNEL_ERROR"},
		{kakao: "-820", status: 400, code: codes.Internal, reason: "KAKAO_KEYWORD_AD_ERROR"},
		{kakao: "-830", status: 500, code: codes.Internal, reason: "KAKAO_AI_ERROR"},
		{kakao: "-817", status: 400, message: "INVALID_FILE_NAME", code: codes.AlreadyExists, reason: "KAKAO_CUSTOMER_FILE_NAME"},
		{kakao: "-817", status: 400, message: "a character is not allowed", code: codes.InvalidArgument, reason: "KAKAO_CUSTOMER_FILE_NAME"},
		{kakao: "-831", status: 503, code: codes.Unavailable, reason: "KAKAO_OVERLOADED"},
		{kakao: "KOE320", host: kauth, status: 400, code: codes.InvalidArgument, reason: "KAKAO_CODE_USED_OR_EXPIRED"},
		{kakao: "KOE322", host: kauth, status: 400, code: codes.Unauthenticated, reason: "KAKAO_REFRESH_TOKEN_INVALID"},
		{kakao: "KOE237", host: kauth, status: 400, code: codes.ResourceExhausted, reason: "KAKAO_TOKEN_ISSUE_LIMIT"},
		{kakao: "KOE010", host: kauth, status: 401, code: codes.FailedPrecondition, reason: "KAKAO_CLIENT_MISCONFIGURED"},
		{kakao: "KOE101", host: kauth, status: 401, code: codes.FailedPrecondition, reason: "KAKAO_CLIENT_MISCONFIGURED"},
		{kakao: "KOE006", host: kauth, status: 400, code: codes.FailedPrecondition, reason: "KAKAO_CLIENT_MISCONFIGURED"},
		{kakao: "KOE205", host: kauth, status: 400, code: codes.FailedPrecondition, reason: "KAKAO_CLIENT_MISCONFIGURED"},
		{kakao: "-10", status: 429, code: codes.ResourceExhausted, reason: "KAKAO_RATE_LIMITED"},
		{kakao: "-813", status: 429, code: codes.ResourceExhausted, reason: "KAKAO_RATE_LIMITED"},
		{status: 429, code: codes.ResourceExhausted, reason: "KAKAO_RATE_LIMITED"},
		{status: 502, code: codes.Unavailable, reason: "KAKAO_UNREACHABLE"},
		{status: 503, code: codes.Unavailable, reason: "KAKAO_UNREACHABLE"},
		{status: 504, code: codes.Unavailable, reason: "KAKAO_UNREACHABLE"},
		{status: 200, code: codes.Unknown, reason: "KAKAO_RESPONSE_UNREADABLE"},
		{status: 404, code: codes.Unknown, reason: "KAKAO_RESPONSE_UNREADABLE"},
		{status: 500, code: codes.Unavailable, reason: "KAKAO_RESPONSE_UNREADABLE"},
	}
	for _, test := range tests {
		body := map[string]any{"code": test.kakao, "msg": test.message}
		if test.host == kauth {
			body = map[string]any{"error": "invalid_request", "error_description": test.message, "error_code": test.kakao}
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if test.kakao == "" {
			text = []byte("<html>")
		}
		host := test.host
		if host == "" {
			host = kapi
		}
		e := FromResponse(Call{Host: host, Credential: test.credential}, Response{HTTPStatus: test.status, Body: text})
		if e.Code() != test.code || reasonName(e.Reason()) != test.reason {
			t.Errorf("%q with HTTP %d (%s): %s %s, want %s %s", test.kakao, test.status, test.message,
				e.Code(), reasonName(e.Reason()), test.code, test.reason)
		}
	}
}
