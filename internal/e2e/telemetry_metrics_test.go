package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	metricsv1 "go.opentelemetry.io/proto/otlp/metrics/v1"
)

// TestMetrics holds every metric that a server has to the table in
// docs/telemetry.md, which is its golden: name, Prometheus' name, type, unit,
// labels and description. It finds a metric that was renamed, that got or lost a
// label, that nobody documented, or that is documented and gone.
func TestMetrics(t *testing.T) {
	b := startBusy(t, map[string]string{
		"OTEL_METRICS_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_METRIC_EXPORT_INTERVAL": "100",
	})
	b.live(t)
	scraped := prometheusTypes(b.get(t, b.ops+"/metrics"))
	var exported map[string]*metricsv1.Metric
	until(t, "all metrics are exported", func() bool {
		b.collector.mutex.Lock()
		defer b.collector.mutex.Unlock()
		exported = maps.Clone(b.collector.metrics)
		return len(exported) >= len(scraped)
	})
	var table strings.Builder
	table.WriteString("| Metric | In Prometheus | Type | Unit | Labels | What it says |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, name := range slices.Sorted(maps.Keys(exported)) {
		metric := exported[name]
		kind, labels := shapeOf(metric)
		inPrometheus := prometheusName(name, kind, metric.GetUnit())
		if scraped[inPrometheus] != strings.Fields(kind)[0] {
			t.Errorf("%s is a %s and not on /metrics as %s, where it is %q", name, kind, inPrometheus, scraped[inPrometheus])
		}
		delete(scraped, inPrometheus)
		_, _ = fmt.Fprintf(&table, "| `%s` | `%s` | %s | %s | %s | %s |\n", name, inPrometheus, kind, metric.GetUnit(), labels, metric.GetDescription())
	}
	for name := range scraped {
		t.Errorf("%s is on /metrics and not exported", name)
	}
	holdBlock(t, filepath.Join("..", "..", "docs", "telemetry.md"), "metrics", table.String())
}

// holdBlock compares a text with what stands between <!-- name --> and
// <!-- /name --> in a document.
func holdBlock(t *testing.T, path, name, text string) {
	t.Helper()
	document, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, found := strings.Cut(string(document), begin)
	block, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place between %s and %s", path, begin, end)
	}
	if block == text {
		return
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+text+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s, %s:\n--- is\n%s--- should be\n%srun go test ./internal/e2e -run %s -update if that is right", path, name, block, text, t.Name())
}

// shapeOf tells the type of a metric and the keys of its labels.
func shapeOf(metric *metricsv1.Metric) (kind, labels string) {
	keys := map[string]bool{}
	see := func(attributes []*commonv1.KeyValue) {
		for _, attribute := range attributes {
			keys["`"+attribute.GetKey()+"`"] = true
		}
	}
	switch data := metric.GetData().(type) {
	case *metricsv1.Metric_Sum:
		kind = "gauge"
		if data.Sum.GetIsMonotonic() {
			kind = "counter"
		}
		for _, point := range data.Sum.GetDataPoints() {
			see(point.GetAttributes())
		}
	case *metricsv1.Metric_Gauge:
		kind = "gauge"
		for _, point := range data.Gauge.GetDataPoints() {
			see(point.GetAttributes())
		}
	case *metricsv1.Metric_Histogram:
		kind = "histogram"
		for _, point := range data.Histogram.GetDataPoints() {
			see(point.GetAttributes())
		}
	}
	return kind, strings.Join(slices.Sorted(maps.Keys(keys)), ", ")
}

// prometheusName is how the exporter writes a name.
func prometheusName(name, kind, unit string) string {
	name = strings.ReplaceAll(name, ".", "_")
	if unit == "s" {
		name += "_seconds"
	}
	if kind == "counter" {
		name += "_total"
	}
	return name
}

var typeLine = regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`)

// prometheusTypes are the metrics of a page with their types, without those of
// the runtime.
func prometheusTypes(page string) map[string]string {
	types := map[string]string{}
	for _, match := range typeLine.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(match[1], "go_") && !strings.HasPrefix(match[1], "process_") && match[1] != "target_info" {
			types[match[1]] = match[2]
		}
	}
	return types
}

// TestOneNameForEachMetric: a Prometheus that can take names with dots gets the
// same names as one that cannot, or no dashboard would fit both.
func TestOneNameForEachMetric(t *testing.T) {
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	for _, accept := range []string{
		"", "application/openmetrics-text;version=1.0.0", "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8",
		"text/plain;version=1.0.0;escaping=allow-utf-8",
	} {
		page := server.scrape(t, accept)
		if !strings.Contains(page, "\nkakaorpc_breaker_state{") && !strings.Contains(page, "\nkakaorpc_limiter_limit{") || strings.Contains(page, "kakaorpc.") {
			t.Errorf("with Accept: %s, /metrics has other names", accept)
		}
	}
}

// scrape reads /metrics as a Prometheus with an Accept header does.
func (s *runningServer) scrape(t *testing.T, accept string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.ops+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", accept)
	return s.text(t, request)
}
