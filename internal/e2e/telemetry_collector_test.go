package e2e

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	collectmetricsv1 "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collecttracev1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	metricsv1 "go.opentelemetry.io/proto/otlp/metrics/v1"
	resourcev1 "go.opentelemetry.io/proto/otlp/resource/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// collector is a small OpenTelemetry collector: it takes OTLP over gRPC and over
// HTTP, as the real one does, and keeps what it got.
type collector struct {
	overHTTP, overGRPC string // addresses

	mutex     sync.Mutex
	raw       bytes.Buffer // everything, to be searched for secrets
	spans     []*tracev1.Span
	metrics   map[string]*metricsv1.Metric // the last of each name
	resources []*resourcev1.Resource
}

func startCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{metrics: map[string]*metricsv1.Metric{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(_ http.ResponseWriter, r *http.Request) { c.read(r, &collecttracev1.ExportTraceServiceRequest{}) })
	mux.HandleFunc("POST /v1/metrics", func(_ http.ResponseWriter, r *http.Request) {
		c.read(r, &collectmetricsv1.ExportMetricsServiceRequest{})
	})
	httpServer, httpListener := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}, listenLoopback(t)
	grpcServer, grpcListener := grpc.NewServer(), listenLoopback(t)
	collecttracev1.RegisterTraceServiceServer(grpcServer, traceService{c: c})
	collectmetricsv1.RegisterMetricsServiceServer(grpcServer, metricsService{c: c})
	c.overHTTP, c.overGRPC = "http://"+httpListener.Addr().String(), "http://"+grpcListener.Addr().String()
	go func() { _ = httpServer.Serve(httpListener) }()
	go func() { _ = grpcServer.Serve(grpcListener) }()
	t.Cleanup(func() { _ = httpServer.Close(); grpcServer.Stop() })
	return c
}

// variables are what a process is told to send its telemetry here; those of the
// environment win.
func (c *collector) variables(environment map[string]string) map[string]string {
	variables := map[string]string{
		"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "OTEL_EXPORTER_OTLP_ENDPOINT": c.overHTTP,
	}
	if environment["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc" {
		variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = c.overGRPC
	}
	maps.Copy(variables, environment)
	maps.DeleteFunc(variables, func(name, _ string) bool { return !strings.HasPrefix(name, "OTEL_") })
	return variables
}

type traceService struct {
	collecttracev1.UnimplementedTraceServiceServer
	c *collector
}

// Export implements the collector's service.
func (s traceService) Export(_ context.Context, request *collecttracev1.ExportTraceServiceRequest) (*collecttracev1.ExportTraceServiceResponse, error) {
	s.c.keep(request)
	return &collecttracev1.ExportTraceServiceResponse{}, nil
}

type metricsService struct {
	collectmetricsv1.UnimplementedMetricsServiceServer
	c *collector
}

// Export implements the collector's service.
func (s metricsService) Export(_ context.Context, request *collectmetricsv1.ExportMetricsServiceRequest) (*collectmetricsv1.ExportMetricsServiceResponse, error) {
	s.c.keep(request)
	return &collectmetricsv1.ExportMetricsServiceResponse{}, nil
}

func (c *collector) read(r *http.Request, into proto.Message) {
	body, err := io.ReadAll(r.Body)
	if err == nil && proto.Unmarshal(body, into) == nil {
		c.keep(into)
	}
}

func (c *collector) keep(request proto.Message) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	raw, _ := proto.Marshal(request)
	c.raw.Write(raw)
	switch r := request.(type) {
	case *collecttracev1.ExportTraceServiceRequest:
		for _, about := range r.GetResourceSpans() {
			c.resources = append(c.resources, about.GetResource())
			for _, scope := range about.GetScopeSpans() {
				c.spans = append(c.spans, scope.GetSpans()...)
			}
		}
	case *collectmetricsv1.ExportMetricsServiceRequest:
		for _, about := range r.GetResourceMetrics() {
			c.resources = append(c.resources, about.GetResource())
			for _, scope := range about.GetScopeMetrics() {
				for _, metric := range scope.GetMetrics() {
					c.metrics[metric.GetName()] = metric
				}
			}
		}
	}
}

// received is everything that came, as bytes.
func (c *collector) received() []byte {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return bytes.Clone(c.raw.Bytes())
}

// trace returns the spans of a trace.
func (c *collector) trace(id []byte) []*tracev1.Span {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var spans []*tracev1.Span
	for _, span := range c.spans {
		if bytes.Equal(span.GetTraceId(), id) {
			spans = append(spans, span)
		}
	}
	return spans
}

// until waits for something that telemetry takes a moment to show.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(callTimeout); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("after %v: still not so: %s", callTimeout, what)
}
