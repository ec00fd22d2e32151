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
	silent := sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithSampler(sdktrace.NeverSample()))
	if !wanted("TRACES") {
		return silent, nil
	}
	exporter, err := autoexport.NewSpanExporter(ctx)
	if err != nil {
		return nil, fmt.Errorf("OTEL_TRACES_EXPORTER and OTEL_EXPORTER_OTLP_*: %w", err)
	}
	if autoexport.IsNoneSpanExporter(exporter) {
		return silent, nil
	}
	return sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithBatcher(exporter)), nil
}
