package kakao

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// maxUnknownPaths bounds what is remembered of members that the contract does
// not have: their names are Kakao's to choose.
const maxUnknownPaths = 1000

// maxPathLength bounds the name of one such member in a log line.
const maxPathLength = 200

// observer counts and logs what the operator should see of calls to Kakao.
// Labels are endpoints, hosts, codes and apps, never a user id, token or URL.
type observer struct {
	logger        *slog.Logger
	duration      metric.Float64Histogram
	unknownFields metric.Int64Counter
	policies      policyMetrics

	mutex sync.Mutex
	seen  map[string]struct{} // endpoint and path of unknown members
}

func newObserver(config Config) (*observer, error) {
	provider := config.MeterProvider
	if provider == nil {
		provider = noop.NewMeterProvider()
	}
	logger := config.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	meter := provider.Meter("github.com/kakaorpc/kakaorpc/internal/kakao")
	duration, err := meter.Float64Histogram("kakaorpc.upstream.duration",
		metric.WithUnit("s"), metric.WithDescription("Time from sending a request to Kakao until its answer is read."))
	if err != nil {
		return nil, fmt.Errorf("metric kakaorpc.upstream.duration: %w", err)
	}
	unknown, err := meter.Int64Counter("kakaorpc.response.unknown_fields",
		metric.WithUnit("{field}"), metric.WithDescription("Members of Kakao's answers that the contract does not have."))
	if err != nil {
		return nil, fmt.Errorf("metric kakaorpc.response.unknown_fields: %w", err)
	}
	policies, err := newPolicyMetrics(meter)
	if err != nil {
		return nil, err
	}
	return &observer{logger: logger, duration: duration, unknownFields: unknown, policies: policies, seen: map[string]struct{}{}}, nil
}

// answered records one request to Kakao and how it ended.
func (o *observer) answered(ctx context.Context, e *endpoint, app string, err error, since time.Time) {
	code := "" // also where Kakao said nothing
	var failure *errorsx.Error
	if errors.As(err, &failure) {
		code = failure.Kakao().GetKakaoCode()
	}
	o.duration.Record(ctx, time.Since(since).Seconds(), metric.WithAttributes(
		attribute.String("host", e.row.Host),
		attribute.String("endpoint", e.name),
		attribute.String("kakao_code", code),
		attribute.String("app", app),
	))
}

// unknownField counts a member that the contract does not have and logs each
// path once: an operator sees a change of Kakao's API before a user does.
func (o *observer) unknownField(ctx context.Context, e *endpoint, path string) {
	o.unknownFields.Add(ctx, 1, metric.WithAttributes(attribute.String("endpoint", e.name)))
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
