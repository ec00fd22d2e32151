package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc/grpclog"
)

// gRPC has one logger for the process, which must be set before anything else of
// gRPC runs; otherwise it writes lines of its own notation to the standard
// error. What it says goes to the log of the Telemetry that was made last.
func init() { grpclog.SetLoggerV2(grpcLog{}) }

var grpcLogger atomic.Pointer[slog.Logger]

// grpcLog implements grpclog.LoggerV2. gRPC's information is about every
// connection, so it is at level debug; grpclog itself ends the process after a
// fatal error.
type grpcLog struct{}

// at writes a line of a level, unless nobody wants it.
func at(level slog.Level, text func() string) {
	ctx := context.Background()
	if logger := grpcLogger.Load(); logger != nil && logger.Enabled(ctx, level) {
		logger.Log(ctx, level, "gRPC", "what", strings.TrimSuffix(text(), "\n"))
	}
}

func words(level slog.Level, args []any) {
	at(level, func() string { return fmt.Sprint(args...) })
}

func line(level slog.Level, args []any) {
	at(level, func() string { return fmt.Sprintln(args...) })
}

func format(level slog.Level, text string, args []any) {
	at(level, func() string { return fmt.Sprintf(text, args...) })
}

// Info implements grpclog.LoggerV2.
func (grpcLog) Info(args ...any) { words(slog.LevelDebug, args) }

// Infoln implements grpclog.LoggerV2.
func (grpcLog) Infoln(args ...any) { line(slog.LevelDebug, args) }

// Infof implements grpclog.LoggerV2.
func (grpcLog) Infof(text string, args ...any) { format(slog.LevelDebug, text, args) }

// Warning implements grpclog.LoggerV2.
func (grpcLog) Warning(args ...any) { words(slog.LevelWarn, args) }

// Warningln implements grpclog.LoggerV2.
func (grpcLog) Warningln(args ...any) { line(slog.LevelWarn, args) }

// Warningf implements grpclog.LoggerV2.
func (grpcLog) Warningf(text string, args ...any) { format(slog.LevelWarn, text, args) }

// Error implements grpclog.LoggerV2.
func (grpcLog) Error(args ...any) { words(slog.LevelError, args) }

// Errorln implements grpclog.LoggerV2.
func (grpcLog) Errorln(args ...any) { line(slog.LevelError, args) }

// Errorf implements grpclog.LoggerV2.
func (grpcLog) Errorf(text string, args ...any) { format(slog.LevelError, text, args) }

// Fatal implements grpclog.LoggerV2.
func (grpcLog) Fatal(args ...any) { words(slog.LevelError, args) }

// Fatalln implements grpclog.LoggerV2.
func (grpcLog) Fatalln(args ...any) { line(slog.LevelError, args) }

// Fatalf implements grpclog.LoggerV2.
func (grpcLog) Fatalf(text string, args ...any) { format(slog.LevelError, text, args) }

// V implements grpclog.LoggerV2: nothing that gRPC holds for talkative.
func (grpcLog) V(level int) bool { return level <= 0 }
