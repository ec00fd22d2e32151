package config

import "testing"

// TestShareOfLoggedSuccesses: with a sandbox somebody is trying things out and
// wants to see every call, unless they say otherwise.
func TestShareOfLoggedSuccesses(t *testing.T) {
	for _, row := range []struct {
		args []string
		want int // -1: refused
	}{
		{nil, 10},
		{[]string{"--sandbox"}, 100},
		{[]string{"--sandbox", "--log.success_percent=10"}, 10},
		{[]string{"--log.success_percent=0"}, 0},
		{[]string{"--log.success_percent=101"}, -1},
		{[]string{"--log.success_percent=1.5"}, -1},
	} {
		cfg, err := Load(Input{Args: row.args})
		switch {
		case err != nil && row.want >= 0:
			t.Errorf("%v: %v", row.args, err)
		case err == nil && cfg.Log.SuccessPercent != row.want:
			t.Errorf("%v: %d, want %d", row.args, cfg.Log.SuccessPercent, row.want)
		}
	}
}
