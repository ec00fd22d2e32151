package server

import (
	"context"
	"errors"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// meterName is the scope of this package's metrics.
const meterName = "github.com/kakaorpc/kakaorpc/internal/server"

// Attributes of our own on the spans of calls.
const (
	spanApp    = attribute.Key("kakaorpc.app")
	spanReason = attribute.Key("kakaorpc.reason")
)

// serverFaults are the codes that are an error of a server span; of the others
// the caller is the cause.
// https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
var serverFaults = map[codes.Code]bool{
	codes.Unknown: true, codes.DeadlineExceeded: true, codes.Unimplemented: true,
	codes.Internal: true, codes.Unavailable: true, codes.DataLoss: true,
}

// measuring counts what otelgrpc does not: the calls under way, and why calls
// failed. The span of the call says the same.
func measuring(meters metric.MeterProvider, cfg *config.Config, services []protoreflect.ServiceDescriptor) (grpc.UnaryServerInterceptor, error) {
	meter := meters.Meter(meterName)
	inFlight, inFlightFault := meter.Int64UpDownCounter("kakaorpc.inflight", metric.WithUnit("{call}"),
		metric.WithDescription("Calls under way."))
	failures, failuresFault := meter.Int64Counter("kakaorpc.call.errors", metric.WithUnit("{call}"),
		metric.WithDescription("Calls that failed, by the reason that their callers were given."))
	if err := errors.Join(inFlightFault, failuresFault); err != nil {
		return nil, err
	}
	ways := map[string]metric.MeasurementOption{}
	for _, transport := range []string{overGRPC, overJSON} {
		ways[transport] = metric.WithAttributes(attribute.String("transport", transport))
		inFlight.Add(context.Background(), 0, ways[transport]) // there from the start
	}
	contract := contractMethods(services)
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if contract[info.FullMethod] == nil {
			return handler(ctx, request)
		}
		way := ways[transportOf(ctx)]
		inFlight.Add(ctx, 1, way)
		defer inFlight.Add(ctx, -1, way)
		app := appOf(ctx, cfg)
		span := trace.SpanFromContext(ctx)
		span.SetAttributes(spanApp.String(app))
		response, err := handler(ctx, request)
		if err != nil {
			e := errorsx.From(err)
			reason := reasonOf(e)
			span.SetAttributes(spanReason.String(reason))
			if serverFaults[e.Code()] {
				span.SetAttributes(semconv.ErrorTypeKey.String(codeName(e.Code())))
			}
			failures.Add(ctx, 1, metric.WithAttributes(
				attribute.String("rpc.method", strings.TrimPrefix(info.FullMethod, "/")), attribute.String("reason", reason), attribute.String("app", app)))
		}
		return response, err
	}, nil
}

// The ways that a call can come.
const (
	overGRPC = "grpc"
	overJSON = "json"
)

// transportOf is the way that a call came.
func transportOf(ctx context.Context) string {
	if _, facade := grpc.ServerTransportStreamFromContext(ctx).(*localStream); facade {
		return overJSON
	}
	return overGRPC
}
