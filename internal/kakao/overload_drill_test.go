//go:build drill

package kakao_test

import (
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// TestDrillOverload holds three times the capacity for a minute; ten seconds
// after it everything has to be as before.
func TestDrillOverload(t *testing.T) { overload(t, 10*time.Second, time.Minute, 10*time.Second, 0.9) }

// TestDrillOverloadWithoutLimit shows what the limit is good for: the same crowd
// without it gets next to nothing, because Kakao works on calls whose callers have
// left.
func TestDrillOverloadWithoutLimit(t *testing.T) {
	client := narrow(t).policied(t, kakao.Policy{})
	full := offer(t, client, capacity, 10*time.Second)
	crowd := offer(t, client, 3*capacity, 10*time.Second)
	t.Logf("without a limit, the capacity:             %v", full)
	t.Logf("without a limit, three times the capacity: %v", crowd)
	if crowd.goodput > 0.5*full.goodput {
		t.Errorf("goodput is %.2f of the peak: this load does not show what the limit is good for", crowd.goodput/full.goodput)
	}
}
