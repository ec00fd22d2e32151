package telemetry

import (
	"context"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
)

// VariableError is a variable of the environment that is refused.
type VariableError struct {
	// Variable is its name.
	Variable string
	// What says what is wrong, and what would be right.
	What string
}

// Error is the refusal as a line.
func (e *VariableError) Error() string { return e.Variable + ": " + e.What }

// Check makes everything that New makes of the environment, and ends it without
// having sent anything. The errors are those that New would refuse to start
// with.
func Check(ctx context.Context) []error {
	if faults := checkEnvironment(); len(faults) > 0 {
		return faults
	}
	// The libraries tell this logger of what they pass over. New gives them the
	// log, which has its notation; until then nobody is there to tell.
	otel.SetLogger(logr.Discard())
	var faults []error
	_, err := newResource(ctx, "")
	faults = append(faults, err)
	spans, err := newSpanExporter(ctx)
	faults = append(faults, err)
	if spans != nil {
		_ = spans.Shutdown(ctx) // it has nothing to send
	}
	// A reader that belongs to no provider has nothing to send, either.
	reader, err := newMetricReader(ctx)
	faults = append(faults, err)
	if reader != nil {
		_ = reader.Shutdown(ctx)
	}
	return slices.DeleteFunc(faults, func(err error) bool { return err == nil })
}

// signals are what can be exported, by their part in the names of variables,
// with the exporters that there are: those of autoexport.
// https://pkg.go.dev/go.opentelemetry.io/contrib/exporters/autoexport
var signals = []struct {
	name      string
	exporters []string
}{
	{"TRACES", []string{otlp, "console", "none"}},
	{"METRICS", []string{otlp, prometheusAlone, "console", "none"}},
}

const (
	otlp            = "otlp"
	prometheusAlone = "prometheus"
)

// protocols are those of OTLP.
var protocols = []string{"grpc", "http/protobuf"}

// producers are what OTEL_METRICS_PRODUCERS lists.
var producers = []string{"prometheus", "none"}

// checkEnvironment looks at the variables of the signals that are wanted. The
// libraries refuse a wrong name without saying which variable has it, and take an
// endpoint without scheme for a path on localhost.
func checkEnvironment() []error {
	var faults []error
	refused := map[string]bool{}
	refuse := func(variable, what string) {
		if !refused[variable] { // both signals may have it
			faults = append(faults, &VariableError{Variable: variable, What: what})
		}
		refused[variable] = true
	}
	for _, signal := range signals {
		if !wanted(signal.name) {
			continue
		}
		variable, exporter := "OTEL_"+signal.name+"_EXPORTER", exporterOf(signal.name)
		if !slices.Contains(signal.exporters, exporter) {
			refuse(variable, unknown(exporter, signal.exporters))
			continue
		}
		if variable := "OTEL_METRICS_PRODUCERS"; signal.name == "METRICS" && os.Getenv(variable) != "" && (exporter == otlp || exporter == "console") {
			for producer := range strings.SplitSeq(os.Getenv(variable), ",") {
				if !slices.Contains(producers, producer) {
					refuse(variable, unknown(producer, producers))
				}
			}
		}
		if exporter != otlp {
			continue
		}
		if variable, protocol := ofSignal(signal.name, "PROTOCOL"); protocol != "" && !slices.Contains(protocols, protocol) {
			refuse(variable, unknown(protocol, protocols))
		}
		if variable, endpoint := ofSignal(signal.name, "ENDPOINT"); endpoint != "" && !isEndpoint(endpoint) {
			// It is not repeated: there may be a password in it.
			refuse(variable, "want a URL with a host that begins with http:// or https://, like http://localhost:4318")
		}
	}
	return faults
}

func unknown(given string, allowed []string) string {
	return strconv.Quote(given) + " is unknown; want one of " + strings.Join(allowed, ", ")
}

// exporterOf is the name of the exporter of a signal that is wanted.
func exporterOf(signal string) string {
	if name := os.Getenv("OTEL_" + signal + "_EXPORTER"); name != "" {
		return name
	}
	return otlp
}

// ofSignal is the setting of OTLP for a signal, and the variable that has it: its
// own, or that of all.
func ofSignal(signal, setting string) (variable, value string) {
	for _, variable = range []string{"OTEL_EXPORTER_OTLP_" + signal + "_" + setting, "OTEL_EXPORTER_OTLP_" + setting} {
		if value = os.Getenv(variable); value != "" {
			break
		}
	}
	return variable, value
}

func isEndpoint(text string) bool {
	u, err := url.Parse(strings.TrimSpace(text))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
