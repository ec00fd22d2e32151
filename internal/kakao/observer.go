package kakao

import (
	"context"
	"log/slog"
	"sync"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// maxUnknownPaths bounds what is remembered of members that the contract does
// not have: their names are Kakao's to choose.
const maxUnknownPaths = 1000

// maxPathLength bounds the name of one such member in a log line.
const maxPathLength = 200

// observer traces, counts and logs what the operator should see of calls to
// Kakao, and never a user id, token or URL with values in it.
type observer struct {
	logger      *slog.Logger
	tracer      trace.Tracer
	meter       metric.Meter
	instruments instruments

	mutex sync.Mutex
	seen  map[string]struct{} // endpoint and path of unknown members
}

func newObserver(config Config) (*observer, error) {
	meters, tracers, logger := config.MeterProvider, config.TracerProvider, config.Logger
	if meters == nil {
		meters = metricnoop.NewMeterProvider()
	}
	if tracers == nil {
		tracers = tracenoop.NewTracerProvider()
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	o := &observer{logger: logger, tracer: tracers.Tracer(meterName), meter: meters.Meter(meterName), seen: map[string]struct{}{}}
	var err error
	o.instruments, err = newInstruments(o.meter)
	return o, err
}

// unknownField counts a member that the contract does not have and logs each
// path once: an operator sees a change of Kakao's API before a user does.
func (o *observer) unknownField(ctx context.Context, e *endpoint, path string) {
	o.instruments.unknownFields.Add(ctx, 1, e.label())
	if len(path) > maxPathLength {
		path = path[:maxPathLength]
	}
	key := e.name + " " + path
	o.mutex.Lock()
	_, known := o.seen[key]
	full := len(o.seen) >= maxUnknownPaths
	if !known && !full {
		o.seen[key] = struct{}{}
	}
	o.mutex.Unlock()
	if !known && !full {
		o.logger.WarnContext(ctx, "Kakao's answer has a member that the contract does not know",
			"endpoint", e.name, "member", path)
	}
}

// turned logs a breaker's change of state: an operator reads it beside the first
// failures.
func (o *observer) turned(at group, from, to circuitbreaker.State) {
	level := slog.LevelInfo
	if to == circuitbreaker.OpenState && from == circuitbreaker.ClosedState {
		level = slog.LevelWarn
	}
	o.logger.Log(context.Background(), level, "breaker", "host", at.host, "product", at.product, "from", from.String(), "to", to.String())
}

// notRetried counts a retry that was wanted and not made; want says what it was
// short of: time or budget.
func (o *observer) notRetried(ctx context.Context, e *endpoint, want string) {
	o.instruments.retryRefused.Add(ctx, 1, metric.WithAttributes(labelEndpoint.String(e.name), labelWant.String(want)))
}

// heldBack counts a call that an open breaker refused.
func (o *observer) heldBack(ctx context.Context, e *endpoint) {
	o.instruments.breakerRefused.Add(ctx, 1, e.group().labels())
}

// crowded counts a call that found no slot and no place in the queue.
func (o *observer) crowded(ctx context.Context, e *endpoint) {
	o.instruments.limiterRefused.Add(ctx, 1, metric.WithAttributes(labelHost.String(e.row.Host)))
}

// shared marks the caller's span, which has no request below it.
func (o *observer) shared(ctx context.Context, e *endpoint) {
	trace.SpanFromContext(ctx).SetAttributes(attribute.Bool("kakaorpc.shared", true))
	o.instruments.shared.Add(ctx, 1, e.label())
}

// cached marks the caller's span, which has no request below it.
func (o *observer) cached(ctx context.Context, e *endpoint) {
	trace.SpanFromContext(ctx).SetAttributes(attribute.Bool("kakaorpc.cached", true))
	o.instruments.cached.Add(ctx, 1, e.label())
}

func (e *endpoint) label() metric.MeasurementOption {
	return metric.WithAttributes(labelEndpoint.String(e.name))
}
