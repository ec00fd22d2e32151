package telemetry

import (
	"context"
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/contrib/exporters/autoexport"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
)

// newMeters makes instruments that Prometheus can always read, and that are
// also exported where OTEL_METRICS_EXPORTER and its family say. The runtime's
// own figures stand beside ours.
func newMeters(ctx context.Context, about *resource.Resource) (*sdkmetric.MeterProvider, *prometheus.Registry, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	scraped, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, nil, fmt.Errorf("metrics for Prometheus: %w", err)
	}
	options := []sdkmetric.Option{sdkmetric.WithResource(about), sdkmetric.WithReader(scraped)}
	// autoexport's "prometheus" would open a port of its own; the ops port is it.
	if wanted("METRICS") && os.Getenv("OTEL_METRICS_EXPORTER") != "prometheus" {
		exported, err := autoexport.NewMetricReader(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("OTEL_METRICS_EXPORTER and OTEL_EXPORTER_OTLP_*: %w", err)
		}
		options = append(options, sdkmetric.WithReader(exported))
	}
	return sdkmetric.NewMeterProvider(options...), registry, nil
}
