package kakao_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// meters are the whole numbers that a client counts and shows, by name and
// labels.
type meters struct{ reader *sdkmetric.ManualReader }

func newMeters() *meters { return &meters{sdkmetric.NewManualReader()} }

func (m *meters) configure(config *kakao.Config) {
	config.MeterProvider = sdkmetric.NewMeterProvider(sdkmetric.WithReader(m.reader))
}

func (m *meters) read(t *testing.T) map[string]int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := m.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	values := map[string]int64{}
	for _, scope := range all.ScopeMetrics {
		for _, metric := range scope.Metrics {
			var points []metricdata.DataPoint[int64]
			switch data := metric.Data.(type) {
			case metricdata.Sum[int64]:
				points = data.DataPoints
			case metricdata.Gauge[int64]:
				points = data.DataPoints
			}
			for _, point := range points {
				var labels []string
				for _, label := range point.Attributes.ToSlice() {
					labels = append(labels, fmt.Sprintf("%s=%s", label.Key, label.Value.String()))
				}
				values[metric.Name+"{"+strings.Join(labels, ",")+"}"] = point.Value
			}
		}
	}
	return values
}

// lockedLog is a log that can be read while it is written.
type lockedLog struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *lockedLog) configure(config *kakao.Config) {
	config.Logger = slog.New(slog.NewTextHandler(l, nil))
}

// Write implements io.Writer.
func (l *lockedLog) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(text)
}

func (l *lockedLog) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}
