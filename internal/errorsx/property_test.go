package errorsx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// wellFormed is what google.rpc.ErrorInfo asks of a reason.
var wellFormed = regexp.MustCompile(`^[A-Z][A-Z0-9_]+[A-Z0-9]$`)

// checkInvariants holds an error against what is true of every error.
func checkInvariants(t *testing.T, e *Error, secrets []string) {
	t.Helper()
	s := e.GRPCStatus()
	if s.Code() == codes.OK {
		t.Error("the status is OK")
	}
	infos, kakaos := 0, 0
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			infos++
			if !wellFormed.MatchString(d.GetReason()) || len(d.GetReason()) > 63 {
				t.Errorf("reason %q is not well formed", d.GetReason())
			}
			if d.GetReason() != reasonName(e.Reason()) || d.GetDomain() != domain {
				t.Errorf("ErrorInfo is %v, want reason %s", d, e.Reason())
			}
		case *errorv1.KakaoError:
			kakaos++
			if !proto.Equal(d, e.Kakao()) {
				t.Errorf("the detail %v is not Kakao(): %v", d, e.Kakao())
			}
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				if v.GetReason() != "" && !wellFormed.MatchString(v.GetReason()) {
					t.Errorf("violation reason %q is not well formed", v.GetReason())
				}
			}
		case *errdetails.Help:
			if last := d.GetLinks()[len(d.GetLinks())-1]; last.GetUrl() != section(e.Reason()).url {
				t.Errorf("%s links to %s", reasonName(e.Reason()), last.GetUrl())
			}
		case error:
			t.Errorf("a detail cannot be read: %v", d)
		}
	}
	if infos != 1 || kakaos != 1 {
		t.Errorf("%d ErrorInfo and %d KakaoError, want one of each", infos, kakaos)
	}
	if size := proto.Size(s.Proto()); size > maxStatus {
		t.Errorf("the status has %d bytes, want at most %d", size, maxStatus)
	}
	if s.Message() == "" || strings.ContainsAny(s.Message(), "\n\r") || len(s.Message()) > maxMessage {
		t.Errorf("message %q is not one short line", s.Message())
	}

	_, header, body := HTTP(s)
	if !json.Valid(body) || !utf8.Valid(body) {
		t.Errorf("the facade's body is not JSON: %q", body)
	}
	wire, err := protojson.Marshal(s.Proto())
	if err != nil {
		t.Errorf("the status is not JSON: %v", err)
	}
	all := fmt.Sprint(e.Error(), s.Message(), s.String(), header, string(body), string(wire), e.Unwrap())
	for _, secret := range secrets {
		if strings.Contains(all, secret) {
			t.Errorf("secret %q is in %s", secret, all)
		}
	}
}

// A bodyMaker makes up error bodies: Kakao's shapes with members missing, doubled
// and of wrong types, secrets anywhere, and no JSON at all.
type bodyMaker struct {
	*rand.Rand
	secrets []string
}

func pick[T any](m bodyMaker, list ...T) T { return list[m.IntN(len(list))] }

func (m bodyMaker) text() string {
	secret := pick(m, m.secrets...)
	return pick(m,
		"", "this access token does not exist", "권한이 없습니다.", "a\x00b\nc\u2028d",
		strings.Repeat("긴 글 ", m.IntN(2000)),
		secret, "appKey("+secret+") does not exist", "code="+secret, "wrong appKey("+secret+") format",
		"Not exist client_id ["+secret+"]", "x"+secret+"y "+secret+secret,
		"callerIp=192.0.2.7. check out registered ips.", "query.radius should be at most 20000",
		"The Parameter ["+secret+"] cannot be null.", "\xff\xfe"+secret+"\xff",
	)
}

func (m bodyMaker) value(depth int) any {
	if depth == 0 {
		return m.text()
	}
	switch m.IntN(9) {
	case 0:
		return nil
	case 1:
		return m.IntN(2) == 0
	case 2:
		return -m.IntN(1000)
	case 3:
		return m.Float64() * 1e20
	case 4:
		return []any{m.value(depth - 1), m.value(depth - 1)}
	case 5:
		return map[string]any{m.text(): m.value(depth - 1), "status": m.value(depth - 1)}
	default:
		return m.text()
	}
}

func (m bodyMaker) body() []byte {
	names := []string{"code", "msg", "message", "error", "error_description", "error_code", "error_msg", "errorType",
		"err", "description", "api_type", "required_scopes", "allowed_scopes", "extras", "receiver_ids", m.text()}
	object := map[string]any{}
	for range m.IntN(8) {
		object[pick(m, names...)] = m.value(3)
	}
	switch m.IntN(4) {
	case 0:
		object["code"] = pick[any](m, -1, -2, -10, -401, -402, -603, -813, "-820", -817, -98765, 4002, 1e300)
	case 1:
		object["error_code"] = pick(m, "KOE010", "KOE237", "KOE320", "KOE999", "KAE001", m.text())
	case 2:
		object["errorType"] = pick(m, "AccessDeniedError", "ValidationError", "New", m.text())
	}
	if m.IntN(3) == 0 {
		object["extras"] = map[string]any{"detailCode": m.value(1), "detailMsg": m.text(), "status": m.IntN(600), m.text(): m.value(2)}
	}
	if m.IntN(3) == 0 {
		object["required_scopes"] = []any{m.text(), "talk_message", m.value(1)}
	}
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	switch m.IntN(10) {
	case 0:
		return text[:m.IntN(len(text)+1)]
	case 1:
		return append([]byte("\xef\xbb\xbf"), text...)
	case 2:
		return []byte("<html>" + m.text())
	case 3:
		return []byte(m.text())
	case 4:
		return bytes.Repeat([]byte(`{"code":`), m.IntN(20000))
	}
	return text
}

// Whatever Kakao answers, the error is well formed and tells no secret.
func TestAnyBody(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) // #nosec G115 -- any seed will do
	t.Logf("seed: %d", seed)
	random := rand.New(rand.NewPCG(seed, seed)) // #nosec G404 -- not for secrets
	statuses := []int{0, 200, 204, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504, 599, 1 << 40}
	hosts := []string{"", "kapi.kakao.com", "kauth.kakao.com", "dapi.kakao.com", "apis.moment.kakao.com", "api.keywordad.kakao.com"}
	for range 2000 {
		secrets := []string{
			fmt.Sprintf("7e57%016x%012x", random.Uint64(), random.Uint64N(1<<48)),
			fmt.Sprintf("7E57-%x_", random.Uint64()),
			fmt.Sprintf("7e57/%x+=", random.Uint64()),
		}
		m := bodyMaker{random, secrets}
		c := Call{Host: pick(m, hosts...), Endpoint: "GET /v2/user/me", App: "default", Secrets: secrets,
			Credential: Credential(random.IntN(4)), Write: random.IntN(2) == 0}
		r := Response{HTTPStatus: pick(m, statuses...), ContentType: m.text(), RequestID: m.text(),
			RetryAfter: time.Duration(random.Int64()), Body: m.body()}
		checkInvariants(t, FromResponse(c, r), secrets)
		IsErrorBody(r.Body)
		if t.Failed() {
			t.Fatalf("seed %d: call %+v, answer %d %q", seed, c, r.HTTPStatus, r.Body)
		}
	}
}

// FuzzFromResponse looks for a body that breaks what is true of every error.
func FuzzFromResponse(f *testing.F) {
	f.Add(401, `{"code":-401,"msg":"appKey(7e577e577e577e577e577e577e577e57) does not exist"}`)
	f.Add(400, `{"error":"invalid_grant","error_description":"code not found for code=7e57","error_code":"KOE320"}`)
	f.Add(400, `{"errorType":"ValidationError","message":"query.radius should be at most 20000"}`)
	f.Add(400, `{"error_code":"KAE001","error_msg":""}`)
	f.Add(200, `{"code":-813,"extras":{"detailCode":31001,"status":400,"x":[{"y":1e999}]}}`)
	f.Add(500, "<html>")
	f.Fuzz(func(t *testing.T, status int, text string) {
		// A secret that the fuzzer cannot find inside of our own words.
		secrets := []string{testKey, "7e57-fuzz-secret-7e57"}
		c := Call{Host: "kapi.kakao.com", Endpoint: "POST /v1/user/update_profile", App: "default",
			Credential: CredentialUserToken, Write: true, Secrets: secrets}
		for _, body := range []string{text, strings.ReplaceAll(text, "7e57", secrets[1])} {
			checkInvariants(t, FromResponse(c, Response{HTTPStatus: status, Body: []byte(body), RequestID: text}), secrets)
			if IsErrorBody([]byte(body)) && status/100 == 2 {
				if e := FromResponse(c, Response{HTTPStatus: status, Body: []byte(body)}); e.Reason() == errorv1.Reason_REASON_KAKAO_RESPONSE_UNREADABLE {
					t.Errorf("an error body is not readable: %q", body)
				}
			}
		}
	})
}
