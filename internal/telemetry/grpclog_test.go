package telemetry

import (
	"strings"
	"testing"

	"google.golang.org/grpc/grpclog"
)

// TestWhatGRPCSaysIsInTheLog: as lines of the log's notation; a warning that
// went to the standard error as it is would break whatever parses the log.
func TestWhatGRPCSaysIsInTheLog(t *testing.T) {
	var log strings.Builder
	start(t, Options{Log: &log, Level: "info", Format: "json"})
	transport := grpclog.Component("transport")
	transport.Infof("%d connections", 7) // below the level
	transport.Warningf("a frame of %d bytes", 17)
	grpclog.Errorln("no", "listener")
	if transport.V(2) {
		t.Error("gRPC is talkative")
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 ||
		!strings.Contains(lines[0], `"level":"WARN","msg":"gRPC","what":"[transport] a frame of 17 bytes"`) ||
		!strings.Contains(lines[1], `"level":"ERROR","msg":"gRPC","what":"no listener"`) {
		t.Errorf("the log holds\n%s", log.String())
	}
}
