// Package telemetry owns what the process says about itself: traces, metrics
// and the log. The OTEL_* environment variables decide whether and where traces
// and metrics are exported; nothing is unless one of them asks for it.
// Prometheus can always read the metrics on the ops port.
//
// It imports nothing of this project, and nothing in it is global except where
// libraries report trouble, which has no other place: OpenTelemetry's error
// handler and logger, and gRPC's logger.
package telemetry

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/trace"
)

// ServiceName is service.name unless OTEL_SERVICE_NAME or
// OTEL_RESOURCE_ATTRIBUTES says otherwise.
const ServiceName = "kakaorpc"

// Options say how to set up.
type Options struct {
	// Version is service.version.
	Version string
	// Log takes the log lines.
	Log io.Writer
	// Level is the least level that is logged: debug, info, warn or error.
	Level string
	// Format is json or text.
	Format string
	// Apps is how many of Kakao's apps the process calls for; it bounds the time
	// series. Zero counts as one.
	Apps int
}

// Telemetry is the set-up of one process.
type Telemetry struct {
	// Logger writes one line a record, with trace_id and span_id where the
	// context has a span.
	Logger *slog.Logger
	// Tracers makes spans. Without an exporter they are not recorded, but have
	// ids, so that log lines of one call can still be found together.
	Tracers trace.TracerProvider
	// Meters makes instruments.
	Meters metric.MeterProvider
	// Propagator carries trace context in and out: W3C trace context. Baggage
	// is left out: callers' values have no business in calls to Kakao.
	Propagator propagation.TextMapPropagator
	// Metrics serves the metrics in Prometheus' notations.
	Metrics http.Handler

	shutdown []func(context.Context) error
}

// New sets up. What it started ends with Shutdown.
func New(ctx context.Context, o Options) (*Telemetry, error) {
	logger, err := newLogger(o)
	if err != nil {
		return nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		logger.Warn("telemetry could not be exported", "error", err.Error())
	}))
	otel.SetLogger(logr.FromSlogHandler(logger.Handler()))
	grpcLogger.Store(logger)
	if faults := checkEnvironment(); len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	about, err := newResource(ctx, o.Version)
	if err != nil {
		return nil, err
	}
	t := &Telemetry{Logger: logger, Propagator: propagation.TraceContext{}}
	tracers, err := newTracers(ctx, about)
	if err != nil {
		return nil, err
	}
	t.Tracers, t.shutdown = tracers, append(t.shutdown, tracers.Shutdown)
	meters, registry, err := newMeters(ctx, about, max(1, o.Apps))
	if err != nil {
		return nil, errors.Join(err, t.Shutdown(ctx))
	}
	t.Meters, t.shutdown = meters, append(t.shutdown, meters.Shutdown)
	t.Metrics = promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
	return t, nil
}

// newResource says who it is that traces and metrics are of.
func newResource(ctx context.Context, version string) (*resource.Resource, error) {
	about, err := resource.New(ctx,
		resource.WithService(), // service.instance.id: a new one for each start
		resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", ServiceName), attribute.String("service.version", version)),
		resource.WithFromEnv(), // the last wins
	)
	if err != nil {
		return nil, &VariableError{Variable: "OTEL_RESOURCE_ATTRIBUTES", What: err.Error()}
	}
	return about, nil
}

// Shutdown flushes what is not exported yet and stops, within the time of ctx.
// Traces and metrics do so side by side: a collector of one that hangs takes no
// time from the other.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	faults := make([]error, len(t.shutdown))
	var group sync.WaitGroup
	for i, stop := range t.shutdown {
		group.Go(func() { faults[i] = stop(ctx) })
	}
	group.Wait()
	return errors.Join(faults...)
}
