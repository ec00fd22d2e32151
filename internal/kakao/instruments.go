package kakao

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// meterName is the scope of this package's spans and metrics.
const meterName = "github.com/kakaorpc/kakaorpc/internal/kakao"

// Labels of the metrics. Their values are the contract's, the configuration's
// or of a closed set: hosts, products, endpoints, apps, reasons, known codes.
const (
	labelHost     = attribute.Key("host")
	labelProduct  = attribute.Key("product")
	labelEndpoint = attribute.Key("endpoint")
	labelApp      = attribute.Key("app")
	labelRetry    = attribute.Key("retry")
	labelReason   = attribute.Key("reason")
	labelCode     = attribute.Key("kakao_code")
	labelWant     = attribute.Key("want")
)

// instruments are the metrics of calls to Kakao. docs/telemetry.md has a
// paragraph on each, which a test holds to this list.
type instruments struct {
	duration                       metric.Float64Histogram
	attempts, errors               metric.Int64Counter
	unknownFields                  metric.Int64Counter
	retryRefused                   metric.Int64Counter
	limiterRefused, breakerRefused metric.Int64Counter
	shared, cached                 metric.Int64Counter
	breakerState                   metric.Int64ObservableGauge
	limit, inFlight, queued        metric.Int64ObservableGauge
}

func newInstruments(meter metric.Meter) (instruments, error) {
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
	duration, err := meter.Float64Histogram("kakaorpc.upstream.duration", metric.WithUnit("s"),
		metric.WithDescription("Time from sending a request to Kakao until its answer is read, or has failed."))
	faults = append(faults, err)
	m := instruments{
		duration:       duration,
		attempts:       counter("kakaorpc.upstream.attempts", "{attempt}", "Requests sent to Kakao, the first of a call and its repetitions."),
		errors:         counter("kakaorpc.upstream.errors", "{attempt}", "Requests to Kakao that failed."),
		unknownFields:  counter("kakaorpc.response.unknown_fields", "{field}", "Members of Kakao's answers that the contract does not have."),
		retryRefused:   counter("kakaorpc.retry.refused", "{attempt}", "Failed reads that a repetition might have mended but for want of time or budget."),
		limiterRefused: counter("kakaorpc.limiter.refused", "{call}", "Calls refused because too many wait for a slot of their host already."),
		breakerRefused: counter("kakaorpc.breaker.refused", "{call}", "Calls refused because the breaker of their product is open."),
		shared:         counter("kakaorpc.read.shared", "{call}", "Reads that were answered by another's request."),
		cached:         counter("kakaorpc.read.cached", "{call}", "Reads that were answered from the cache."),
		breakerState:   gauge("kakaorpc.breaker.state", "{state}", "The breaker of a host and product: 0 closed, 1 open, 2 half-open."),
		limit:          gauge("kakaorpc.limiter.limit", "{request}", "How many requests a host may have in flight."),
		inFlight:       gauge("kakaorpc.limiter.inflight", "{request}", "How many requests a host has in flight."),
		queued:         gauge("kakaorpc.limiter.queued", "{call}", "How many calls wait for a slot of a host."),
	}
	return m, errors.Join(faults...)
}

// watch lets the gauges read the guards.
func (o *observer) watch(g *guards) error {
	m := o.instruments
	_, err := o.meter.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		for at, breaker := range g.breakers {
			to.ObserveInt64(m.breakerState, int64(breaker.circuit.State()), at.labels())
		}
		for host, limiter := range g.limiters {
			labels := metric.WithAttributes(labelHost.String(host))
			to.ObserveInt64(m.limit, int64(limiter.adaptive.Limit()), labels)
			to.ObserveInt64(m.inFlight, int64(limiter.adaptive.Inflight()), labels)
			to.ObserveInt64(m.queued, int64(limiter.adaptive.Queued()), labels)
		}
		return nil
	}, m.breakerState, m.limit, m.inFlight, m.queued)
	return err
}

func (g group) labels() metric.MeasurementOption {
	return metric.WithAttributes(labelHost.String(g.host), labelProduct.String(g.product))
}
