package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCallsToKakaoAreGuardedByDefault(t *testing.T) {
	c, err := load(t, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(c.Upstream), "{3 {40 0s} 20 5 1s 256 true 0s 16777216}"; got != want {
		t.Errorf("defaults %s, want %s", got, want)
	}
}

func TestCountsAreBounded(t *testing.T) {
	for _, arg := range []string{
		"--retry.attempts=0", "--retry.attempts=4", "--retry.attempts=two", "--retry.attempt_timeout=51%", "--retry.attempt_timeout=-1s", "--retry.attempt_timeout=99ms", "--retry.attempt_timeout=40", "--retry.budget_percent=101",
		"--breaker.failures=-1", "--breaker.delay=999ms", "--concurrency.limit=1e9", "--cache.life=-1s", "--cache.bytes=1GiB",
	} {
		_, err := load(t, nil, nil, arg)
		var refused *Error
		flag, _, _ := strings.Cut(arg, "=")
		if !errors.As(err, &refused) || len(refused.Faults) != 1 || refused.Faults[0].Where != flag || !strings.HasPrefix(refused.Faults[0].What, "want a ") {
			t.Errorf("%s: %v", arg, err)
		}
	}
}
