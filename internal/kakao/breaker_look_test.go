package kakao

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestNoLookIsLost: whoever takes the one permit of a half-open breaker gives it
// back, however close together the callers come. A lost one would keep a product
// closed until the restart. With a delay of next to nothing every call tries to
// look, which provokes in a second what an outage does in weeks.
func TestNoLookIsLost(t *testing.T) {
	observer, err := newObserver(Config{})
	if err != nil {
		t.Fatal(err)
	}
	b := newBreaker(Policy{BreakerFailures: 1, BreakerDelay: time.Nanosecond}, group{"kapi.kakao.com", "user"}, observer)
	const enough = 20_000
	var looks atomic.Int64
	given := time.Now().Add(30 * time.Second)
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for looks.Load() < enough && time.Now().Before(given) {
				if p, ok := b.admit(); ok {
					looks.Add(1)
					b.settle(p, failed)
				}
			}
		})
	}
	callers.Wait()
	if n := looks.Load(); n < enough {
		t.Fatalf("after %d looks nobody may look any more", n)
	}
}
