package kakao

import (
	"context"
	"errors"
	"log/slog"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// policyMetrics are the instruments of the policies. What they are labelled with
// is the contract's: hosts, products, endpoints.
type policyMetrics struct {
	meter                      metric.Meter
	retries, refusals          metric.Int64Counter
	shared, cached             metric.Int64Counter
	state                      metric.Int64ObservableGauge
	limit, inFlight, queueSize metric.Int64ObservableGauge
}

func newPolicyMetrics(meter metric.Meter) (policyMetrics, error) {
	m := policyMetrics{meter: meter}
	var faults []error
	counter := func(name, unit, text string) metric.Int64Counter {
		c, err := meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(text))
		faults = append(faults, err)
		return c
	}
	gauge := func(name, unit, text string) metric.Int64ObservableGauge {
		g, err := meter.Int64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(text))
		faults = append(faults, err)
		return g
	}
	m.retries = counter("kakaorpc.retry.attempts", "{attempt}", "Requests to Kakao that repeated a failed read.")
	m.refusals = counter("kakaorpc.retry.refused", "{attempt}", "Failed reads that a repetition might have mended but for want of time or budget.")
	m.shared = counter("kakaorpc.read.shared", "{call}", "Reads that were answered by another's request.")
	m.cached = counter("kakaorpc.read.cached", "{call}", "Reads that were answered from the cache.")
	m.state = gauge("kakaorpc.breaker.state", "{state}", "The breaker of a host and product: 0 closed, 1 open, 2 half-open.")
	m.limit = gauge("kakaorpc.concurrency.limit", "{request}", "How many requests a host may have in flight.")
	m.inFlight = gauge("kakaorpc.concurrency.in_flight", "{request}", "How many requests a host has in flight.")
	m.queueSize = gauge("kakaorpc.concurrency.queued", "{call}", "How many calls wait for a slot of a host.")
	return m, errors.Join(faults...)
}

// watch lets the gauges read the guards.
func (o *observer) watch(g *guards) error {
	m := o.policies
	_, err := m.meter.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		for at, breaker := range g.breakers {
			to.ObserveInt64(m.state, int64(breaker.circuit.State()), metric.WithAttributes(
				attribute.String("host", at.host), attribute.String("product", at.product)))
		}
		for host, limiter := range g.limiters {
			labels := metric.WithAttributes(attribute.String("host", host))
			to.ObserveInt64(m.limit, int64(limiter.adaptive.Limit()), labels)
			to.ObserveInt64(m.inFlight, int64(limiter.adaptive.Inflight()), labels)
			to.ObserveInt64(m.queueSize, int64(limiter.adaptive.Queued()), labels)
		}
		return nil
	}, m.state, m.limit, m.inFlight, m.queueSize)
	return err
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

func (o *observer) retried(ctx context.Context, e *endpoint) {
	o.policies.retries.Add(ctx, 1, metric.WithAttributes(attribute.String("endpoint", e.name)))
}

// notRetried counts a retry that was wanted and not made; want says what it was
// short of: time or budget.
func (o *observer) notRetried(ctx context.Context, e *endpoint, want string) {
	o.policies.refusals.Add(ctx, 1, metric.WithAttributes(attribute.String("endpoint", e.name), attribute.String("want", want)))
}

// shared marks the caller's span, which has no request below it.
func (o *observer) shared(ctx context.Context, e *endpoint) {
	trace.SpanFromContext(ctx).SetAttributes(attribute.Bool("kakaorpc.shared", true))
	o.policies.shared.Add(ctx, 1, metric.WithAttributes(attribute.String("endpoint", e.name)))
}

// cached marks the caller's span, which has no request below it.
func (o *observer) cached(ctx context.Context, e *endpoint) {
	trace.SpanFromContext(ctx).SetAttributes(attribute.Bool("kakaorpc.cached", true))
	o.policies.cached.Add(ctx, 1, metric.WithAttributes(attribute.String("endpoint", e.name)))
}
