package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
)

var update = flag.Bool("update", false, "rewrite the golden files of telemetry")

// golden compares a text with a file of testdata/telemetry.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "telemetry", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := "(nothing)", "(nothing)"
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Fatalf("%s:%d:\n got %s\nwant %s\nrun go test ./internal/e2e -run %s -update if the new one is right", path, i+1, g, w, t.Name())
		}
	}
}

// The trace that callers of these tests are in.
const callerSpan = "b7ad6b7169203331"

// scene is a call and how Kakao takes it.
type scene struct {
	title string
	// path is the facade's; rpc and request are the same over gRPC. Without an
	// rpc the scene is the facade's alone.
	path    string
	rpc     string
	request proto.Message
	// answers are Kakao's, one after the other; the last stays.
	answers []kakaoAnswer
	want    int // HTTP status
}

type kakaoAnswer struct {
	status int
	body   string
}

var (
	placesFound = kakaoAnswer{200, `{"meta":{"total_count":0,"pageable_count":0,"is_end":true},"documents":[]}`}
	unavailable = kakaoAnswer{503, ""}
	someone     = kakaoAnswer{200, `{"id":3177000099}`}
)

const (
	getMe  = "/kakao.user.v1.UserService/GetMe"
	search = "/kakao.local.v1.LocalService/SearchKeyword"
)

// scenes are played in order in front of one server whose breakers open after
// two failures.
var scenes = []scene{
	{"success", "/user/v1/me?target_id=3177000099", getMe, &userv1.GetMeRequest{TargetId: proto.Int64(3177000099)}, []kakaoAnswer{someone}, 200},
	{"a repeated read", "/local/v1/places:searchKeyword?query=coffee", search, &localv1.SearchKeywordRequest{Query: "coffee"}, []kakaoAnswer{unavailable, placesFound}, 200},
	{"Kakao refuses", "/local/v1/places:searchKeyword?query=coffee", search, &localv1.SearchKeywordRequest{Query: "coffee"},
		[]kakaoAnswer{{401, `{"errorType":"AccessDeniedError","message":"wrong appKey"}`}}, 400},
	{"Kakao answers 200 and means an error", "/user/v1/me?target_id=3177000099", getMe, &userv1.GetMeRequest{TargetId: proto.Int64(3177000099)},
		[]kakaoAnswer{{200, `{"code":-777777,"msg":"a code that nobody knows"}`}}, 400},
	{"validation failure", "/local/v1/places:searchKeyword", search, &localv1.SearchKeywordRequest{}, nil, 400},
	{"an unknown query parameter", "/user/v1/me?target=3177000099", "", nil, nil, 400},
	{"an unknown path", "/user/v1/3177000099", "", nil, nil, 404},
	{"the breaker opens", "/user/v1/me?target_id=3177000099", getMe, &userv1.GetMeRequest{TargetId: proto.Int64(3177000099)}, []kakaoAnswer{unavailable}, 503},
	{"the breaker is open", "/user/v1/me?target_id=3177000099", getMe, &userv1.GetMeRequest{TargetId: proto.Int64(3177000099)}, nil, 503},
}

// TestSpans holds the spans of calls to the golden trees: the facade's, the
// rpc's and one for each request to Kakao, in the trace of the caller. It finds
// a span too many or too few, a broken parent, an attribute that came, went or
// has a value of a user in it.
func TestSpans(t *testing.T) {
	for _, transport := range []string{"JSON", "gRPC"} {
		t.Run(transport, func(t *testing.T) {
			kakao := startKakao(t)
			server := startServer(t, kakao.URL, map[string]string{
				"KAKAORPC_RETRY_ATTEMPTS": "3", "KAKAORPC_RETRY_BUDGET_PERCENT": "100", "KAKAORPC_BREAKER_FAILURES": "2", "KAKAORPC_BREAKER_DELAY": "1h",
				"OTEL_BSP_SCHEDULE_DELAY": "20",
			})
			var text strings.Builder
			for number, scene := range scenes {
				if transport == "gRPC" && scene.rpc == "" {
					continue
				}
				id := fmt.Sprintf("0af7651916cd43dd8448eb21%08x", number+1)
				kakao.playAnswers(t, scene.answers)
				if transport == "JSON" {
					server.overFacade(t, scene, id)
				} else {
					ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
					_ = server.conn.Invoke(metadata.AppendToOutgoingContext(ctx, "traceparent", traceparent(id)), scene.rpc, scene.request,
						responseOf(scene.rpc))
					cancel()
				}
				_, _ = fmt.Fprintf(&text, "# %s\n\n%s\n", scene.title, server.tree(t, id))
			}
			golden(t, "spans_"+strings.ToLower(transport)+".txt", text.String())
		})
	}
}

func traceparent(id string) string { return "00-" + id + "-" + callerSpan + "-01" }

func responseOf(rpc string) proto.Message {
	if rpc == getMe {
		return &userv1.GetMeResponse{}
	}
	return &localv1.SearchKeywordResponse{}
}

// overFacade makes the call of a scene over JSON.
func (s *runningServer) overFacade(t *testing.T, scene scene, id string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.facade+scene.path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Traceparent", traceparent(id))
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if response.StatusCode != scene.want {
		t.Errorf("%s: HTTP %d, want %d", scene.title, response.StatusCode, scene.want)
	}
}

// playAnswers has Kakao answer in turn, and not hear of the caller's trace: what
// we do inside is none of its business.
func (k *fakeKakao) playAnswers(t *testing.T, answers []kakaoAnswer) {
	t.Helper()
	next := 0
	k.answerWith(func(w http.ResponseWriter, r *http.Request) {
		if len(answers) == 0 {
			t.Errorf("Kakao was asked: %s", r.URL)
			return
		}
		for name := range r.Header {
			if strings.HasPrefix(strings.ToLower(name), "trace") || name == "Baggage" {
				t.Errorf("Kakao gets %s", name)
			}
		}
		answer := answers[min(next, len(answers)-1)]
		next++
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.body)
	})
}

// tree writes the spans of a trace as an indented text.
func (s *runningServer) tree(t *testing.T, id string) string {
	t.Helper()
	traceID, err := hex.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	parent, err := hex.DecodeString(callerSpan)
	if err != nil {
		t.Fatal(err)
	}
	// The outermost span ends last.
	until(t, "the span below the caller's is exported", func() bool {
		return slices.ContainsFunc(s.collector.trace(traceID), func(span *tracev1.Span) bool { return bytes.Equal(span.GetParentSpanId(), parent) })
	})
	var text strings.Builder
	spans := s.collector.trace(traceID)
	slices.SortFunc(spans, func(a, b *tracev1.Span) int { return cmp.Compare(a.GetStartTimeUnixNano(), b.GetStartTimeUnixNano()) })
	if written := writeTree(&text, spans, parent, ""); written != len(spans) {
		t.Errorf("%d of %d spans hang below the caller's", written, len(spans))
	}
	return text.String()
}

func writeTree(text *strings.Builder, spans []*tracev1.Span, parent []byte, indent string) (written int) {
	for _, span := range spans {
		if !bytes.Equal(span.GetParentSpanId(), parent) {
			continue
		}
		written++
		kind := strings.ToLower(strings.TrimPrefix(span.GetKind().String(), "SPAN_KIND_"))
		state := strings.ToLower(strings.TrimPrefix(span.GetStatus().GetCode().String(), "STATUS_CODE_"))
		_, _ = fmt.Fprintf(text, "%s%s [%s, %s]\n", indent, span.GetName(), kind, strings.TrimSuffix(state+" "+span.GetStatus().GetMessage(), " "))
		attributes := slices.SortedFunc(slices.Values(span.GetAttributes()), func(a, b *commonv1.KeyValue) int { return strings.Compare(a.GetKey(), b.GetKey()) })
		for _, attribute := range attributes {
			_, _ = fmt.Fprintf(text, "%s    %s = %s\n", indent, attribute.GetKey(), shown(attribute))
		}
		for _, event := range span.GetEvents() {
			_, _ = fmt.Fprintf(text, "%s    event %s\n", indent, event.GetName())
		}
		written += writeTree(text, spans, span.GetSpanId(), indent+"  ")
	}
	return written
}

// portPattern is the address of a server of these tests.
var portPattern = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)

// volatile are attributes whose values differ from run to run.
var volatile = map[string]string{
	"server.port": "(port)", "network.peer.port": "(port)", "http.response.body.size": "(bytes)",
}

func shown(attribute *commonv1.KeyValue) string {
	if word, changes := volatile[attribute.GetKey()]; changes {
		return word
	}
	switch value := attribute.GetValue().GetValue().(type) {
	case *commonv1.AnyValue_StringValue:
		return portPattern.ReplaceAllString(value.StringValue, "127.0.0.1:(port)")
	case *commonv1.AnyValue_IntValue:
		return strconv.FormatInt(value.IntValue, 10)
	case *commonv1.AnyValue_BoolValue:
		return strconv.FormatBool(value.BoolValue)
	}
	return attribute.GetValue().String()
}
