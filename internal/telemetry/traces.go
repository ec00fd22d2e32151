package telemetry

import (
	"context"
	"fmt"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// newTracers makes spans that go where OTEL_TRACES_EXPORTER and its family
// say, sampled as OTEL_TRACES_SAMPLER says; without an exporter nothing is
// recorded.
func newTracers(ctx context.Context, about *resource.Resource) (*sdktrace.TracerProvider, error) {
	exporter, err := newSpanExporter(ctx)
	switch {
	case err != nil:
		return nil, err
	case exporter == nil:
		return sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithSampler(sdktrace.NeverSample())), nil
	}
	return sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithBatcher(exporter)), nil
}

// newSpanExporter brings spans to where they go; nil: they go nowhere.
func newSpanExporter(ctx context.Context) (sdktrace.SpanExporter, error) {
	if !wanted("TRACES") || exporterOf("TRACES") == "none" {
		return nil, nil
	}
	exporter, err := autoexport.NewSpanExporter(ctx)
	if err != nil {
		return nil, fmt.Errorf("OTEL_TRACES_EXPORTER and OTEL_EXPORTER_OTLP_*: %w", err)
	}
	return exporter, nil
}
