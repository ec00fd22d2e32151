package server

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// ourFaults are the codes that an operator should look at; all others are the
// caller's or Kakao's word.
var ourFaults = map[codes.Code]slog.Level{
	codes.Internal:    slog.LevelError,
	codes.DataLoss:    slog.LevelError,
	codes.Unknown:     slog.LevelWarn,
	codes.Unavailable: slog.LevelWarn,
}

// logging writes one line a call: what was called, how it ended, how long it
// took and for which app. Nothing of the request or the response is in it, and
// no user.
func logging(logger *slog.Logger, cfg *config.Config) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		begin := time.Now()
		response, err := handler(ctx, request)
		level, attrs := slog.LevelInfo, []slog.Attr{
			slog.String("rpc", strings.TrimPrefix(info.FullMethod, "/")),
			slog.String("code", codes.OK.String()),
			milliseconds(begin),
			slog.String("app", appOf(ctx, cfg)),
			slog.String("request_id", requestIDOf(ctx)),
		}
		if err != nil {
			e := errorsx.From(err)
			attrs[1] = slog.String("code", e.Code().String())
			attrs = append(attrs, slog.String("reason", reasonOf(e)))
			if l, ours := ourFaults[e.Code()]; ours {
				level = l
				if cause := e.Unwrap(); cause != nil {
					attrs = append(attrs, slog.String("cause", cause.Error()))
				}
			}
		}
		logger.LogAttrs(ctx, level, "call", attrs...)
		return response, err
	}
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

// milliseconds is the time since begin, in the unit that people compare.
func milliseconds(begin time.Time) slog.Attr {
	return slog.Float64("duration_ms", float64(time.Since(begin).Microseconds())/1000)
}
