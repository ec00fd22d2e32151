package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// TestTheShareOfLoggedCalls: the right number of traces is chosen, the same ones
// as by OpenTelemetry's sampler of that ratio, so that a sampled trace has its
// lines; a greater share has all that a smaller one has.
func TestTheShareOfLoggedCalls(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	const calls = 20_000
	chosenOf := map[int]int{}
	for range calls {
		var id trace.TraceID
		for i := range id {
			id[i] = byte(random.Uint32())
		}
		ctx := trace.ContextWithSpanContext(context.Background(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: id, SpanID: trace.SpanID{1}}))
		before := false
		for _, percent := range []int{0, 1, 10, 50, 99, 100} {
			is := chosen(ctx, percent)
			if is {
				chosenOf[percent]++
			}
			if before && !is {
				t.Fatalf("seed %d: %s is chosen at a share below %d %% and not there", seed, id, percent)
			}
			before = is
			sampler := sdktrace.TraceIDRatioBased(float64(percent) / 100)
			if sampled := sampler.ShouldSample(sdktrace.SamplingParameters{TraceID: id}).Decision == sdktrace.RecordAndSample; sampled != is {
				t.Fatalf("seed %d: %s at %d %%: logged %t, sampled %t", seed, id, percent, is, sampled)
			}
		}
	}
	for percent, number := range chosenOf {
		if want := calls * percent / 100; number < want*8/10-10 || number > want*12/10+10 {
			t.Errorf("seed %d: of %d calls %d are chosen, want about %d", seed, calls, number, want)
		}
	}
	if chosenOf[0] != 0 || chosenOf[100] != calls {
		t.Errorf("0 %% chose %d and 100 %% %d of %d", chosenOf[0], chosenOf[100], calls)
	}
	if !chosen(context.Background(), 0) {
		t.Error("a call without a trace has no line: nobody could say whether it was to have one")
	}
}

// TestTheAccessLogIsSampled: failures always have their line, successes by their
// trace, each time alike.
func TestTheAccessLogIsSampled(t *testing.T) {
	r := startScripted(t, func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		if strings.HasSuffix(rpc, "ListScopes") {
			return nil, status.Error(codes.NotFound, "no")
		}
		return nil, nil
	}, "--log.level=info", "--log.success_percent=30")
	const calls = 100
	trace := func(i int) http.Header {
		return http.Header{"Traceparent": {fmt.Sprintf("00-0af7651916cd43dd%016x-b7ad6b7169203331-01", uint64(i)*(1<<64/calls))}} //nolint:gosec // positive
	}
	for range 2 {
		for i := range calls {
			r.do(http.MethodGet, "/user/v1/me", "", trace(i))
			r.do(http.MethodGet, "/user/v1/me/scopes", "", trace(i))
		}
	}
	lines := map[string]map[any]int{}
	for _, line := range r.log.lines(t, "call") {
		code := line["code"].(string)
		if lines[code] == nil {
			lines[code] = map[any]int{}
		}
		lines[code][line["trace_id"]]++
	}
	if len(lines["NOT_FOUND"]) != calls {
		t.Errorf("%d of %d failing calls have lines", len(lines["NOT_FOUND"]), calls)
	}
	if number := len(lines["OK"]); number < 25 || number > 35 {
		t.Errorf("%d of %d successful calls have lines, want about 30", number, calls)
	}
	for id, number := range lines["OK"] {
		if number != 2 {
			t.Errorf("the trace %s has a line for %d of its 2 calls", id, number)
		}
	}
}
