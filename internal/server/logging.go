package server

import (
	"context"
	"encoding/binary"
	"log/slog"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// maxLoggedNames bounds how many names of a certificate are logged.
const maxLoggedNames = 4

// ourFaults are the codes that an operator should look at; all others are the
// caller's or Kakao's word.
var ourFaults = map[codes.Code]slog.Level{
	codes.Internal:    slog.LevelError,
	codes.DataLoss:    slog.LevelError,
	codes.Unknown:     slog.LevelWarn,
	codes.Unavailable: slog.LevelWarn,
}

// logging writes one line a call: what was called, how it ended, how long it
// took, for which app and caller. Nothing of the request or the response is in
// it, and no user. Failures always have their line. Of the successes, a share
// has one, and the others, like health checks, are lines of level debug.
func logging(logger *slog.Logger, cfg *config.Config, services []protoreflect.ServiceDescriptor) grpc.UnaryServerInterceptor {
	contract := contractMethods(services)
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		begin := time.Now()
		response, err := handler(ctx, request)
		if contract[info.FullMethod] == nil && !logger.Enabled(ctx, slog.LevelDebug) {
			return response, err
		}
		level, attrs := outcome(err)
		if contract[info.FullMethod] == nil || err == nil && !chosen(ctx, cfg.Log.SuccessPercent) {
			level = slog.LevelDebug
		}
		attrs = append(attrs,
			slog.String("rpc", strings.TrimPrefix(info.FullMethod, "/")),
			latency(begin),
			slog.String("app", appOf(ctx, cfg)),
			slog.String("request_id", requestIDOf(ctx)))
		if identities, verified := identitiesOf(ctx); verified {
			attrs = append(attrs, slog.String("caller", strings.Join(identities[:min(len(identities), maxLoggedNames)], " ")))
		}
		logger.LogAttrs(ctx, level, "call", attrs...)
		return response, err
	}
}

// outcome says how a call ended and how much that matters. The cause of a
// failure of ours is for the log alone.
func outcome(err error) (slog.Level, []slog.Attr) {
	if err == nil {
		return slog.LevelInfo, []slog.Attr{slog.String("code", codeName(codes.OK))}
	}
	e := errorsx.From(err)
	attrs := []slog.Attr{slog.String("code", codeName(e.Code())), slog.String("reason", reasonOf(e))}
	level, ours := ourFaults[e.Code()]
	if cause := e.Unwrap(); ours && cause != nil {
		attrs = append(attrs, slog.String("cause", cause.Error()))
	}
	return level, attrs // the zero level is info
}

// codeName is the code as metrics and spans write it: NOT_FOUND.
func codeName(c codes.Code) string { return code.Code(c).String() } // #nosec G115 -- gRPC has 17

// chosen reports whether a call is among the share of successes that are
// logged. The trace id decides, as it does for OTEL_TRACES_SAMPLER's
// traceidratio: all replicas and repetitions of one trace agree, and a trace
// that is sampled at the same share has its lines.
func chosen(ctx context.Context, percent int) bool {
	span := trace.SpanContextFromContext(ctx)
	if percent >= 100 || !span.HasTraceID() {
		return true
	}
	id := span.TraceID()
	return binary.BigEndian.Uint64(id[8:])>>1 < uint64(percent)*(1<<63/100) // #nosec G115 -- positive
}

func reasonOf(e *errorsx.Error) string {
	return strings.TrimPrefix(e.Reason().String(), "REASON_")
}

// appOf names the app of a call. A name that is not configured is not repeated:
// it is whatever the caller sent.
func appOf(ctx context.Context, cfg *config.Config) string {
	names := metadata.ValueFromIncomingContext(ctx, service.AppKey)
	if len(names) == 0 || names[0] == "" || names[0] == config.DefaultApp {
		return config.DefaultApp
	}
	if _, known := cfg.Apps[names[0]]; known {
		return names[0]
	}
	return "(unknown)"
}

// latency is the time since begin, in the unit that people compare.
func latency(begin time.Time) slog.Attr {
	return slog.Float64("latency_ms", float64(time.Since(begin).Microseconds())/1000)
}

// logRefusal writes the line of a call that is refused before it reaches an
// interceptor. What a caller has made up is not written whole.
func logRefusal(ctx context.Context, logger *slog.Logger, method, reason, requestID string) {
	name := strings.TrimPrefix(method, "/")
	logger.InfoContext(ctx, "call refused", "rpc", name[:min(len(name), maxLoggedName)], "reason", reason, "request_id", requestID)
}

const maxLoggedName = 100 // bytes
