package telemetry

import (
	"os"
	"strings"
)

// wanted reports whether the environment asks for the export of a signal
// (TRACES, METRICS). autoexport alone would export to localhost:4318 when
// nothing is set; a process that nobody told where to send its traces should
// send none. An endpoint without an exporter's name does ask for OTLP.
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
func wanted(signal string) bool {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") {
		return false
	}
	for _, variable := range []string{"OTEL_" + signal + "_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_" + signal + "_ENDPOINT"} {
		if os.Getenv(variable) != "" {
			return true
		}
	}
	return false
}
