package e2e

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// TestCases runs every case file over gRPC and over the JSON facade.
func TestCases(t *testing.T) {
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	cases := 0
	files := loadCaseFiles(t)
	for _, file := range files {
		t.Run(file.RPC, func(t *testing.T) {
			for _, c := range file.Cases {
				cases++
				for name, transport := range server.transports() {
					t.Run(c.Name+" over "+name, func(t *testing.T) { runCase(t, kakao, transport, file, c) })
				}
			}
		})
	}
	t.Logf("case files: %d rpcs, %d cases, each over gRPC and JSON", len(files), cases)
}

func runCase(t *testing.T, kakao *fakeKakao, call transport, file *caseFile, c testCase) {
	t.Helper()
	if c.Answer != nil {
		kakao.answerWith(c.Answer.serve)
	}
	kakao.takeReceived()
	request := message(t, file.method.Input(), c.Request, kakao.URL)
	response := newMessage(t, file.method.Output())
	err := call(t, file.method, c.Caller, request, response)
	checkSent(t, kakao.takeReceived(), c.Sent)
	if errors.Is(err, errNoRoute) && c.Error != nil && c.Sent == nil {
		return // refused before it could be asked
	}
	if c.Error != nil {
		checkError(t, err, c.Error)
		return
	}
	if err != nil {
		t.Fatalf("failed: %v", err)
	}
	if want := message(t, file.method.Output(), c.Want, kakao.URL); !proto.Equal(response, want) {
		t.Errorf("response\n%s\nwant\n%s", protojson.Format(response), protojson.Format(want))
	}
}

func (a *answer) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	for name, value := range a.Headers {
		w.Header().Set(name, value)
	}
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	_, _ = io.WriteString(w, a.Body)
}

// checkSent compares what Kakao got with what it must get, to the last
// parameter.
func checkSent(t *testing.T, received []receivedRequest, want *sent) {
	t.Helper()
	if want == nil {
		if len(received) != 0 {
			t.Errorf("%s %s reached Kakao; nothing may", received[0].Method, received[0].Path)
		}
		return
	}
	if len(received) != 1 {
		t.Fatalf("%d requests reached Kakao, want 1", len(received))
	}
	got := received[0]
	if got.Method != want.Method || got.Path != want.Path {
		t.Errorf("Kakao got %s %s, want %s %s", got.Method, got.Path, want.Method, want.Path)
	}
	if got.Authorization != want.Authorization {
		t.Errorf("Kakao got authorization %q, want %q", got.Authorization, want.Authorization)
	}
	if parameters := single(want.Query); !reflect.DeepEqual(got.Query, parameters) {
		t.Errorf("Kakao got the query\n%s\nwant\n%s", got.Query.Encode(), parameters.Encode())
	}
	if want.JSON != nil {
		var body any
		if err := json.Unmarshal([]byte(got.Body), &body); err != nil {
			t.Fatalf("Kakao got the body %q: %v", got.Body, err)
		}
		if !reflect.DeepEqual(body, asJSON(t, want.JSON)) {
			t.Errorf("Kakao got the body %s, want %v", got.Body, want.JSON)
		}
		return
	}
	if parameters := single(want.Form); !reflect.DeepEqual(got.Form, parameters) {
		t.Errorf("Kakao got the form\n%s\nwant\n%s", got.Form.Encode(), parameters.Encode())
	}
	if form := got.ContentType == "application/x-www-form-urlencoded;charset=utf-8"; form != (got.Method == http.MethodPost) {
		t.Errorf("Kakao got a %s of content type %q", got.Method, got.ContentType)
	}
}

func single(parameters map[string]string) url.Values {
	values := url.Values{}
	for name, value := range parameters {
		values.Set(name, value)
	}
	return values
}

func asJSON(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// checkError compares the status, the one ErrorInfo and KakaoError in it, and
// the named field.
func checkError(t *testing.T, err error, want *wantedError) {
	t.Helper()
	got, ok := status.FromError(err)
	if err == nil || !ok {
		t.Fatalf("error is %v, want %s %s", err, want.Code, want.Reason)
	}
	var code codes.Code
	if err := code.UnmarshalJSON([]byte(`"` + want.Code + `"`)); err != nil {
		t.Fatalf("the case's code: %v", err)
	}
	details := detailsOf(t, got)
	if got.Code() != code || details.info.GetReason() != want.Reason {
		t.Errorf("got %s %s (%s), want %s %s", got.Code(), details.info.GetReason(), got.Message(), want.Code, want.Reason)
	}
	if want.KakaoCode != "" && details.kakao.GetKakaoCode() != want.KakaoCode {
		t.Errorf("kakao_code %q, want %q", details.kakao.GetKakaoCode(), want.KakaoCode)
	}
	if want.RequiredScopes != nil && !reflect.DeepEqual(details.kakao.GetRequiredScopes(), want.RequiredScopes) {
		t.Errorf("required_scopes %q, want %q", details.kakao.GetRequiredScopes(), want.RequiredScopes)
	}
	if got := failedReceivers(details.kakao); want.FailedReceivers != nil && !reflect.DeepEqual(got, want.FailedReceivers) {
		t.Errorf("failed_receivers %q, want %q", got, want.FailedReceivers)
	}
	if want.Field != "" && !details.names(want.Field) {
		t.Errorf("the error names %v, want the field %s", details.fields, want.Field)
	}
}

// catalogueSection is where the sections of docs/errors.md are.
const catalogueSection = "https://github.com/kakaorpc/kakaorpc/blob/main/docs/errors.md#"

// failedReceivers are the failed_receivers of an error, by kakao_code.
func failedReceivers(e *errorv1.KakaoError) map[string][]string {
	failed := map[string][]string{}
	for _, f := range e.GetFailedReceivers() {
		failed[f.GetKakaoCode()] = append(failed[f.GetKakaoCode()], f.GetReceivers()...)
	}
	return failed
}

// statusDetails are the details that every status carries, and the fields that
// a BadRequest names.
type statusDetails struct {
	info   *errdetails.ErrorInfo
	kakao  *errorv1.KakaoError
	fields []string
}

func (s statusDetails) names(field string) bool {
	for _, name := range s.fields {
		if name == field {
			return true
		}
	}
	return false
}

// detailsOf reads a status and holds it to the doctrine: exactly one ErrorInfo
// and one KakaoError, and a link to the reason's section in the catalogue, so
// that no case file has to repeat it.
func detailsOf(t *testing.T, got *status.Status) statusDetails {
	t.Helper()
	var details statusDetails
	var help []string
	infos, kakaos := 0, 0
	for _, detail := range got.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			details.info = detail
			infos++
		case *errorv1.KakaoError:
			details.kakao = detail
			kakaos++
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				details.fields = append(details.fields, violation.GetField())
			}
		case *errdetails.Help:
			for _, link := range detail.GetLinks() {
				help = append(help, link.GetUrl())
			}
		case error:
			t.Errorf("a detail cannot be read: %v", detail)
		}
	}
	if section := catalogueSection + strings.ToLower(details.info.GetReason()); !slices.Contains(help, section) {
		t.Errorf("%s links to %q, want %s among them", details.info.GetReason(), help, section)
	}
	if infos != 1 || kakaos != 1 {
		t.Errorf("%s %q has %d ErrorInfo and %d KakaoError, want one of each", got.Code(), got.Message(), infos, kakaos)
	}
	return details
}
