package spelling

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"debug", "info", "warn", "error", "grpc.addr", "http.addr"}
	for given, want := range map[string]string{
		"dbug": "debug", "debgu": "debug", "wran": "warn", "warning": "warn", "eror": "error", "tarp": "", "gprc.addr": "grpc.addr", "htpp.addr": "http.addr",
		"completely-different": "", "7e577e57aaaa0001": "", "": "", strings.Repeat("debug", 21): "",
	} {
		if got := Nearest(given, names); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
	for _, row := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"abc", "cab", 2}, {"kitten", "sitting", 3}, {"gprc", "grpc", 1}} {
		if got, back := Edits(row.a, row.b), Edits(row.b, row.a); got != row.want || back != row.want {
			t.Errorf("%q to %q: %d and %d, want %d", row.a, row.b, got, back, row.want)
		}
	}
}
