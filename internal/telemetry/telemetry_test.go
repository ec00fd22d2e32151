package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o Options) *Telemetry {
	t.Helper()
	if o.Log == nil {
		o.Log = t.Output()
	}
	if o.Level == "" {
		o.Level, o.Format = "info", "json"
	}
	tel, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := tel.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	})
	return tel
}

func TestNothingIsExportedUnlessTheEnvironmentAsks(t *testing.T) {
	tel := start(t, Options{})
	_, span := tel.Tracers.Tracer("test").Start(t.Context(), "call")
	defer span.End()
	if span.IsRecording() {
		t.Error("a span is recorded although there is nowhere to send it")
	}
	if !span.SpanContext().IsValid() {
		t.Error("a span without exporter has no ids for the log")
	}
}

func TestTracesGoWhereTheEnvironmentSays(t *testing.T) {
	const here = "(the collector)"
	for _, row := range []struct {
		title     string
		variables map[string]string
		calls     bool
	}{
		{"endpoint alone", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here}, true},
		{"traces endpoint", map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": here + "/v1/traces"}, true},
		{"none", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"}, false},
		{"disabled", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_SDK_DISABLED": "true"}, false},
	} {
		t.Run(row.title, func(t *testing.T) {
			var traces atomic.Int32
			collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/v1/traces" {
					traces.Add(1)
				}
			}))
			defer collector.Close()
			for name, value := range row.variables {
				t.Setenv(name, strings.Replace(value, here, collector.URL, 1))
			}
			tel, err := New(t.Context(), Options{Log: t.Output(), Level: "info", Format: "json"})
			if err != nil {
				t.Fatal(err)
			}
			_, span := tel.Tracers.Tracer("test").Start(t.Context(), "call")
			span.End()
			// Shutdown flushes; that is what brings the span to the collector.
			if err := tel.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := traces.Load() > 0; got != row.calls {
				t.Errorf("collector asked: %t, want %t", got, row.calls)
			}
		})
	}
}

func TestShutdownIsBoundedWhenTheCollectorHangs(t *testing.T) {
	release := make(chan struct{})
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer collector.Close()
	defer close(release)
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.URL)
	tel, err := New(t.Context(), Options{Log: t.Output(), Level: "error", Format: "text"})
	if err != nil {
		t.Fatal(err)
	}
	_, span := tel.Tracers.Tracer("test").Start(t.Context(), "call")
	span.End()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	err = tel.Shutdown(ctx)
	if took := time.Since(begin); err == nil || took > 2*time.Second {
		t.Errorf("shutdown took %v and says %v; want an error after 100ms", took, err)
	}
}

// TestACollectorThatHangsTakesNoTimeFromTheOther: the last metrics leave although
// nobody takes the traces.
func TestACollectorThatHangsTakesNoTimeFromTheOther(t *testing.T) {
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	var asked atomic.Int32
	good := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer good.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", hanging.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", good.URL)
	tel, err := New(t.Context(), Options{Log: t.Output(), Level: "error", Format: "text"})
	if err != nil {
		t.Fatal(err)
	}
	_, span := tel.Tracers.Tracer("test").Start(t.Context(), "call")
	span.End()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := tel.Shutdown(ctx); err == nil {
		t.Error("the traces were taken")
	}
	if asked.Load() == 0 {
		t.Error("the metrics did not leave")
	}
}

// TestTheBoundOfLabelSetsGrowsWithTheApps: eight apps that call every endpoint have
// more sets than one.
func TestTheBoundOfLabelSetsGrowsWithTheApps(t *testing.T) {
	for apps, overflows := range map[int]bool{1: true, 8: false} {
		tel := start(t, Options{Apps: apps})
		counter, err := tel.Meters.Meter("test").Int64Counter("kakaorpc.test.attempts")
		if err != nil {
			t.Fatal(err)
		}
		for set := range 8 * 136 {
			counter.Add(t.Context(), 1, metric.WithAttributes(attribute.Int("endpoint", set)))
		}
		page := httptest.NewRecorder()
		tel.Metrics.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if got := strings.Contains(page.Body.String(), "otel_metric_overflow"); got != overflows {
			t.Errorf("%d apps: overflow is %t", apps, got)
		}
	}
}

func TestBadSettingsAreRefused(t *testing.T) {
	if _, err := New(t.Context(), Options{Log: t.Output(), Level: "loud", Format: "json"}); err == nil || !strings.Contains(err.Error(), "loud") {
		t.Errorf("level: %v", err)
	}
	if _, err := New(t.Context(), Options{Log: t.Output(), Level: "info", Format: "xml"}); err == nil || !strings.Contains(err.Error(), "xml") {
		t.Errorf("format: %v", err)
	}
}

// TestAVariableIsRefusedByName would catch a check that finds an environment good
// with which the server does not start, and a refusal that leaves open which of
// the variables it is about.
func TestAVariableIsRefusedByName(t *testing.T) {
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a check asks the collector") }))
	defer collector.Close()
	for _, row := range []struct {
		title     string
		variables map[string]string
		want      string // the errors, joined; "": there are none
	}{
		{"nothing", nil, ""},
		{"all of it", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL}, ""},
		{"gRPC", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, ""},
		{"console", map[string]string{"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "console"}, ""},
		{"Prometheus alone", map[string]string{"OTEL_METRICS_EXPORTER": "prometheus"}, ""},
		{"disabled", map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "pigeon"}, ""},
		{"none needs no endpoint", map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "foo"}, ""},
		{"traces", map[string]string{"OTEL_TRACES_EXPORTER": "pigeon"}, `OTEL_TRACES_EXPORTER: "pigeon" is unknown; want one of otlp, console, none`},
		{"metrics", map[string]string{"OTEL_METRICS_EXPORTER": "pigeon"}, `OTEL_METRICS_EXPORTER: "pigeon" is unknown; want one of otlp, prometheus, console, none`},
		{"traces to Prometheus", map[string]string{"OTEL_TRACES_EXPORTER": "prometheus"}, `OTEL_TRACES_EXPORTER: "prometheus" is unknown; want one of otlp, console, none`},
		{"protocol", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"},
			`OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" is unknown; want one of grpc, http/protobuf`},
		{"protocol of traces", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "udp"},
			`OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "udp" is unknown; want one of grpc, http/protobuf`},
		{"producers", map[string]string{"OTEL_METRICS_EXPORTER": "otlp", "OTEL_METRICS_PRODUCERS": "prometheus,pigeon"},
			`OTEL_METRICS_PRODUCERS: "pigeon" is unknown; want one of prometheus, none`},
		{"endpoint without scheme", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "foo"},
			"OTEL_EXPORTER_OTLP_ENDPOINT: want a URL with a host that begins with http:// or https://, like http://localhost:4318"},
		{"endpoint that is host and port", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "localhost:4317"},
			"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: want a URL with a host that begins with http:// or https://, like http://localhost:4318"},
		{"two at once", map[string]string{"OTEL_TRACES_EXPORTER": "pigeon", "OTEL_METRICS_EXPORTER": "owl"},
			`OTEL_TRACES_EXPORTER: "pigeon" is unknown; want one of otlp, console, none` + "\n" +
				`OTEL_METRICS_EXPORTER: "owl" is unknown; want one of otlp, prometheus, console, none`},
	} {
		t.Run(row.title, func(t *testing.T) {
			for name, value := range row.variables {
				t.Setenv(name, value)
			}
			text := func(err error) string {
				if err == nil {
					return ""
				}
				return err.Error()
			}
			if got := text(errors.Join(Check(t.Context())...)); got != row.want {
				t.Errorf("checked: %s\nwant: %s", got, row.want)
			}
			if row.want == "" {
				return // what New makes is sent when it ends
			}
			if _, err := New(t.Context(), Options{Log: t.Output(), Level: "info", Format: "json"}); text(err) != row.want {
				t.Errorf("started: %v\nwant: %s", err, row.want)
			}
		})
	}
}

func TestPrometheusReadsOurMetricsAndTheRuntimes(t *testing.T) {
	t.Setenv("OTEL_METRICS_EXPORTER", "prometheus") // opens no second port
	tel := start(t, Options{Version: "v0-test"})
	counter, err := tel.Meters.Meter("test").Int64Counter("kakaorpc.test.calls")
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(t.Context(), 3, metric.WithAttributes(attribute.String("host", "kapi.kakao.com")))
	page := httptest.NewRecorder()
	tel.Metrics.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, part := range []string{`kakaorpc_test_calls_total{host="kapi.kakao.com"} 3`, "go_goroutines", `service_name="kakaorpc"`, `service_version="v0-test"`} {
		if !strings.Contains(page.Body.String(), part) {
			t.Errorf("metrics lack %s", part)
		}
	}
}

func TestLogLinesCarryTheTrace(t *testing.T) {
	var log bytes.Buffer
	tel := start(t, Options{Log: &log, Level: "info", Format: "json"})
	ctx, span := tel.Tracers.Tracer("test").Start(t.Context(), "call")
	defer span.End()
	tel.Logger.With("a", 1).InfoContext(ctx, "in a span")
	tel.Logger.Debug("below the level")
	tel.Logger.Info("outside")
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2:\n%s", len(lines), log.String())
	}
	var record map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &record); err != nil {
		t.Fatal(err)
	}
	sc := trace.SpanContextFromContext(ctx)
	if record["trace_id"] != sc.TraceID().String() || record["span_id"] != sc.SpanID().String() {
		t.Errorf("line lacks the ids of its span: %s", lines[0])
	}
	if strings.Contains(lines[1], "trace_id") {
		t.Errorf("line outside of a span has a trace: %s", lines[1])
	}
}
