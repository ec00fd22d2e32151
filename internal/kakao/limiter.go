package kakao

import (
	"context"

	"github.com/failsafe-go/failsafe-go/adaptivelimiter"
)

const (
	// startConcurrency is what a host may have in flight until more is known.
	// Less traffic than that never lowers the limit, so that a burst after a
	// quiet night is let through.
	startConcurrency = 64
	// leastConcurrency is what is left of it under the heaviest load.
	leastConcurrency = 4
	// limitGrowth is how far the limit may be above what is in flight.
	limitGrowth = 5
	// queueFactor is how many calls may wait for a slot, as a multiple of the
	// limit: a wait of about so many calls' time.
	queueFactor = 2
)

// A limiter bounds what a host has in flight, by how long its answers take: the
// limit falls while they take longer than usual and rises again after that. A
// bounded queue takes short bursts; beyond it calls are refused at once. A nil
// limiter has no bound.
type limiter struct {
	adaptive adaptivelimiter.AdaptiveLimiter[any]
}

func newLimiter(most int) *limiter {
	start := min(startConcurrency, most)
	return &limiter{adaptivelimiter.NewBuilder[any]().
		WithLimits(uint(min(leastConcurrency, most)), uint(most), uint(start)). // #nosec G115 -- positive
		WithMaxLimitFunc(func(inFlight int) float64 { return float64(max(start, limitGrowth*inFlight)) }).
		WithQueueing(queueFactor, queueFactor).
		Build()}
}

// A slot is the right to have a request in flight. It is given back by Record,
// if the time that it was held says how loaded Kakao is, and else by Drop.
type slot = adaptivelimiter.Permit

// acquire waits for a slot, or refuses with adaptivelimiter.ErrExceeded where
// too many wait already. Other errors are those of ctx.
func (l *limiter) acquire(ctx context.Context) (slot, error) {
	if l == nil {
		return unlimited{}, nil
	}
	return l.adaptive.AcquirePermit(ctx)
}

// unlimited is the slot of no limiter.
type unlimited struct{}

// Record implements slot.
func (unlimited) Record() {}

// Drop implements slot.
func (unlimited) Drop() {}
