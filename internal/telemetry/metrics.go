package telemetry

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel/attribute"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
	"go.opentelemetry.io/otel/sdk/resource"
)

// newMeters makes instruments that Prometheus can always read, and that are
// also exported where OTEL_METRICS_EXPORTER and its family say. The runtime's
// own figures stand beside ours.
func newMeters(ctx context.Context, about *resource.Resource, apps int) (*sdkmetric.MeterProvider, *prometheus.Registry, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	scraped, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo(),
		// One name for each metric, whatever the Prometheus: by default those
		// from version 3 on would get names with dots, and dashboards would
		// find nothing.
		otelprometheus.WithTranslationStrategy(otlptranslator.UnderscoreEscapingWithSuffixes))
	if err != nil {
		return nil, nil, fmt.Errorf("metrics for Prometheus: %w", err)
	}
	options := []sdkmetric.Option{
		sdkmetric.WithResource(about), sdkmetric.WithReader(scraped), sdkmetric.WithView(views...), sdkmetric.WithCardinalityLimit(pointsPerApp * apps),
	}
	exported, err := newMetricReader(ctx)
	if err != nil {
		return nil, nil, err
	}
	if exported != nil {
		options = append(options, sdkmetric.WithReader(exported))
	}
	return sdkmetric.NewMeterProvider(options...), registry, nil
}

// newMetricReader brings metrics to where they go besides the ops port; nil: they
// go nowhere else. autoexport's "prometheus" would open a port of its own; the ops
// port is it.
func newMetricReader(ctx context.Context) (sdkmetric.Reader, error) {
	if !wanted("METRICS") || exporterOf("METRICS") == prometheusAlone {
		return nil, nil
	}
	reader, err := autoexport.NewMetricReader(ctx)
	if err != nil {
		return nil, fmt.Errorf("OTEL_METRICS_EXPORTER and OTEL_EXPORTER_OTLP_*: %w", err)
	}
	return reader, nil
}

// pointsPerApp bounds the label sets of one metric, for each app of Kakao's. Labels
// are of closed sets, but their product is large: an app that calls every endpoint,
// each of them repeated, has 136 sets of attempts, and in an outage some reasons
// for each. What is beyond the bound is counted under otel_metric_overflow="true",
// and this process stays as it is.
const pointsPerApp = 1000

// durations are the bounds of every histogram, in seconds. They are fewer than
// OpenTelemetry suggests, because each is a time series per rpc and status, and
// lie where they decide something: 50 ms is a usual answer of Kakao, 1 s what
// the alert on latency asks, 15 s the longest that a read may take.
var durations = []float64{0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15}

// views make fewer time series of what the instrumentation libraries measure:
// their histograms of body sizes are dropped, and so are labels that say the
// same of every call.
var views = []sdkmetric.View{
	sdkmetric.NewView(sdkmetric.Instrument{Name: "http.server.*.body.size"}, sdkmetric.Stream{Aggregation: sdkmetric.AggregationDrop{}}),
	sdkmetric.NewView(sdkmetric.Instrument{Name: "*.duration", Kind: sdkmetric.InstrumentKindHistogram}, sdkmetric.Stream{
		Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: durations},
		AttributeFilter: attribute.NewDenyKeysFilter("network.protocol.name", "network.protocol.version", "server.address",
			"url.scheme", "rpc.system.name"),
		ExemplarReservoirProviderSelector: bareExemplars,
	}),
}

// bareExemplars keeps exemplars as the SDK does, without the labels that the
// view has dropped: with those they would be longer than the 128 characters
// that OpenMetrics allows, and be dropped themselves.
// https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#exemplars
func bareExemplars(aggregation sdkmetric.Aggregation) exemplar.ReservoirProvider {
	provider := sdkmetric.DefaultExemplarReservoirProviderSelector(aggregation)
	return func(kept attribute.Set) exemplar.Reservoir { return bareReservoir{provider(kept)} }
}

type bareReservoir struct{ exemplar.Reservoir }

// Offer implements exemplar.Reservoir.
func (r bareReservoir) Offer(ctx context.Context, at time.Time, value exemplar.Value, _ []attribute.KeyValue) {
	r.Reservoir.Offer(ctx, at, value, nil)
}
