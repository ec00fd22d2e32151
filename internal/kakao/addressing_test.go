package kakao_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/protobuf/proto"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
)

// TestSpansAndErrorsSeeTemplates: the values of a call are in the address that
// Kakao gets, and neither in what the instrumentation records nor in the error of a
// host that cannot be reached.
func TestSpansAndErrorsSeeTemplates(t *testing.T) {
	t.Parallel()
	const item, user = "private-item-7e57", "3141590007"
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	var asked atomic.Value
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) { asked.Store(r.URL.String()) })
	client := u.policied(t, kakao.Policy{}, func(c *kakao.Config) { c.TracerProvider = provider })
	request := &enginetestv1.DeleteRequest{TargetId: proto.Int64(3141590007), Item: item}

	if _, err := client.Call(t.Context(), engineService+"Delete", kakao.Caller{}, request); err != nil {
		t.Fatal(err)
	}
	if address, _ := asked.Load().(string); !strings.Contains(address, item) || !strings.Contains(address, user) {
		t.Fatalf("the upstream was asked for %q", address)
	}
	u.Close()
	_, err := client.Call(t.Context(), engineService+"Delete", kakao.Caller{}, request)
	e := failure(t, err)
	texts := []string{fmt.Sprint(e.Error(), e.GRPCStatus().Proto(), e.Unwrap())}
	for _, span := range recorder.Ended() {
		texts = append(texts, fmt.Sprint(span.Name(), span.Attributes(), span.Events(), span.Status()))
	}
	if len(texts) != 3 {
		t.Fatalf("%d texts, want an error and two spans", len(texts))
	}
	for _, text := range texts {
		if strings.Contains(text, item) || strings.Contains(text, user) {
			t.Errorf("a value of the call is in %s", text)
		}
	}
}
