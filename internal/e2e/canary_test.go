package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// canaries are the secrets of these calls; each stands in one kind of place.
const (
	canaryToken  = "canary-user-token-7e577e570001"
	canaryBasic  = "canary-basic-7e577e570002"
	canaryCookie = "canary-cookie-7e577e570003"
	canaryApp    = "canary-app-7e577e570004"
	canaryQuery  = "canary-query-7e577e570005"
	canaryBody   = "canary-body-7e577e570006"
	canarySecret = "canary-field-7e577e570007"
	canaryFile   = "canary0admin0key0007e577e570008"
)

// spoiltAnswers are answers of Kakao that repeat what they were asked with.
var spoiltAnswers = []struct {
	status      int
	contentType string
	body        string // with %[1]s for the secrets
}{
	{400, jsonType, `{"msg":"wrong %[1]s","code":-2,"extra":"%[1]s"}`},
	{401, jsonType, `{"msg":"this access token does not exist: %[1]s","code":-401}`},
	{403, jsonType, `{"msg":"insufficient scopes of %[1]s","code":-402,"required_scopes":["profile"],"seen":{"key":["%[1]s"]}}`},
	{400, jsonType, `{"error":"invalid_grant","error_description":"authorization code not found for code=%[1]s","error_code":"KOE320"}`},
	{400, jsonType, `{"errorType":"InvalidArgument","message":"appKey %[1]s"}`},
	{418, jsonType, `{"code":-99999,"msg":"%[1]s"}`},
	{500, htmlType, `<html>%[1]s</html>`},
	{200, jsonType, `{"id":"%[1]s","unknown":"%[1]s`},
	{302, htmlType, `%[1]s`},
}

// TestCanaries sends secrets in every place that can hold one to every rpc,
// has Kakao repeat them in its errors, and looks for them in everything that the
// server says: log at level debug, traces, metrics, answers that are errors, and
// pages. (What panics say is tested where one can be had, in internal/server.)
func TestCanaries(t *testing.T) {
	kakao := startKakao(t)
	keyFile := filepath.Join(t.TempDir(), "admin-key-2")
	if err := os.WriteFile(keyFile, []byte(canaryFile), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startServer(t, kakao.URL, map[string]string{
		"KAKAORPC_APPS_DEFAULT_ADMIN_KEY_2_FILE": keyFile, "KAKAORPC_BREAKER_FAILURES": "0", "KAKAORPC_RETRY_ATTEMPTS": "1",
	})
	server.watch.secret(canaryToken, canaryBasic, canaryCookie, canaryApp, canaryQuery, canaryBody, canarySecret, canaryFile)
	failures, calls := server.watch.channel("failures"), 0
	failed := func(err error) {
		calls++
		s := status.Convert(err)
		_, _ = fmt.Fprintf(failures, "%v\n%+v\n%s\n", err, s.Details(), protojson.Format(s.Proto()))
	}

	for _, file := range loadCaseFiles(t) {
		c := goodCase(t, file)
		request := message(t, file.method.Input(), c.Request, kakao.URL)
		// Kakao can only repeat what it gets: the call's own secrets.
		known := []string{restKey, adminKey, clientSecret}
		if withSecrets(request.ProtoReflect()) {
			known = append(known, canarySecret)
		}
		for i, spoilt := range spoiltAnswers {
			for _, caller := range []caller{{Token: canaryToken}, {}, {Token: canaryToken, App: canaryApp}} {
				said := strings.Join(append(known, caller.Token), " ")
				if i%2 == 1 {
					said = url.QueryEscape(said)
				}
				kakao.answerWith(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", spoilt.contentType)
					w.Header().Set("Location", "http://127.0.0.1:1/?key="+canaryFile)
					w.Header().Set("X-Request-Id", adminKey+caller.Token)
					w.WriteHeader(spoilt.status)
					_, _ = fmt.Fprintf(w, spoilt.body, said)
				})
				for _, call := range server.transports() {
					if err := call(t, file.method, caller, request, newMessage(t, file.method.Output())); err != nil {
						failed(err)
					}
				}
			}
		}
		kakao.answerJSON(http.StatusBadRequest, `{"msg":"bad request","code":-2}`)
		server.sendOddities(t, file, failures)
	}
	// Not the OpenAPI documents: they are files, written before any server runs,
	// and their examples show the case files' own keys.
	for _, page := range []string{server.ops + "/version", server.ops + "/healthz", server.ops + "/readyz", server.facade + "/", server.facade + "/ui/health.json", server.facade + "/ui/swagger/"} {
		_, _ = io.WriteString(server.watch.channel("pages"), server.get(t, page))
	}
	t.Logf("canaries: %d failed calls of %d rpcs, %d bytes of them; log, traces, metrics and pages hold none of %d secrets",
		calls, len(loadCaseFiles(t)), len(failures.String()), len(server.watch.secrets))
}

// withSecrets puts a secret into every field that the contract marks as one and
// whose rules allow any text.
func withSecrets(m protoreflect.Message) (found bool) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if field.Kind() == protoreflect.StringKind && !field.IsList() && field.Options().(*descriptorpb.FieldOptions).GetDebugRedact() {
			m.Set(field, protoreflect.ValueOfString(canarySecret))
			found = true
		}
	}
	return found
}

// sendOddities sends an rpc requests that are refused before they are calls,
// with secrets where each is wrong.
func (s *runningServer) sendOddities(t *testing.T, file *caseFile, failures io.Writer) {
	t.Helper()
	verb, path, _ := facadeRoute(t, file.method)
	for _, odd := range []struct {
		path, body string
		header     map[string]string
	}{
		{path: path, header: map[string]string{"Authorization": "Basic " + canaryBasic}},
		{path: path, header: map[string]string{"Authorization": "KakaoAK " + adminKey, "Cookie": "sid=" + canaryCookie, "X-Api-Key": canaryBasic}},
		{path: path, header: map[string]string{"Authorization": "Bearer " + canaryToken + " " + canaryBasic}},
		{path: path, header: map[string]string{"Authorization": "Bearer 토큰" + canaryToken, "Grpc-Metadata-Authorization": "Bearer " + canaryToken}},
		{path: path, header: map[string]string{"X-Request-Id": "id " + canaryBasic, "Grpc-Timeout": canaryBasic, "Traceparent": canaryBasic, "Baggage": "k=" + canaryCookie}},
		{path: path + "?nothing=" + canaryQuery + "&target_id=" + canaryQuery + "&page=" + canaryQuery},
		{path: path + "?access_token=%zz" + canaryQuery},
		{path: path + "/" + canaryQuery},
		{path: path, body: `{"nothing":"` + canaryBody + `"}`},
		{path: path, body: `{"target_id":"` + canaryBody + `"`},
		{path: path, body: canaryBody, header: map[string]string{"Content-Type": "text/" + canaryBody}},
	} {
		request, err := http.NewRequestWithContext(t.Context(), verb, s.facade+odd.path, strings.NewReader(odd.body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range odd.header {
			request.Header.Set(name, value)
		}
		answer, err := s.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode < http.StatusBadRequest {
			continue // Kakao was not needed, or the oddity was ignored
		}
		_, _ = fmt.Fprintf(failures, "%v\n%s\n", answer.Header, text)
	}
	for _, pair := range [][2]string{{"authorization", "Basic " + canaryBasic}, {"x-kakao-app", canaryApp}, {"x-request-id", canaryBasic + " x"}, {"cookie", canaryCookie}} {
		ctx, cancel := context.WithTimeout(metadata.AppendToOutgoingContext(t.Context(), pair[0], pair[1]), callTimeout)
		err := s.conn.Invoke(ctx, "/"+file.RPC, newMessage(t, file.method.Input()), newMessage(t, file.method.Output()))
		cancel()
		if err != nil {
			_, _ = fmt.Fprintf(failures, "%v %v\n", err, status.Convert(err).Details())
		}
	}
}
