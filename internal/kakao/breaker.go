package kakao

import (
	"cmp"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// defaultBreakerDelay is the time between two looks at a host that is down.
const defaultBreakerDelay = time.Second

// A breaker holds calls back from a part of Kakao that has been failing. It
// opens after some failures in a row, lets one call through each time the delay
// has passed, and closes when one was answered. A nil breaker is always closed.
//
// The state machine is failsafe-go's. Its executor is not used, because it knows
// only success and failure: a caller who left while looking would close the
// breaker or keep the one permit for good, and an answer that was on its way when
// the breaker opened would count for the look.
type breaker struct {
	circuit circuitbreaker.CircuitBreaker[any]
	delay   time.Duration

	// mutex makes a permit and the turn it was given in one step. failsafe-go
	// tells of a change of state after it has let its own lock go: a look that
	// took the permit in between would belong to the turn before, and the permit
	// would never come back.
	mutex sync.Mutex
	turns int64 // changes of state
}

// A pass lets one attempt through.
type pass struct {
	turn int64 // the breaker's when it was given
	look bool  // the one attempt of a half-open breaker
}

func newBreaker(policy Policy, at group, observer *observer) *breaker {
	b := &breaker{delay: cmp.Or(policy.BreakerDelay, defaultBreakerDelay)}
	b.circuit = circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(uint(policy.BreakerFailures)). // #nosec G115 -- positive
		WithSuccessThreshold(1).
		WithDelay(b.delay).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			b.turns++ // admit or settle made the change and has the mutex
			observer.turned(at, e.OldState, e.NewState)
		}).
		Build()
	return b
}

// holdsBack reports whether a call would be refused now. Unlike admit it takes
// nothing.
func (b *breaker) holdsBack() bool {
	return b != nil && b.circuit.IsOpen() && b.circuit.RemainingDelay() > 0
}

// admit lets an attempt pass, which must then be settled, or refuses it.
func (b *breaker) admit() (pass, bool) {
	if b == nil {
		return pass{}, true
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if !b.circuit.TryAcquirePermit() {
		return pass{}, false
	}
	return pass{turn: b.turns, look: b.circuit.IsHalfOpen()}, true
}

// settle takes what an attempt said. An attempt from before the last change of
// state says nothing about now. A look that saw nothing is followed by another
// after the delay.
func (b *breaker) settle(p pass, said verdict) {
	if b == nil {
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch {
	case p.turn != b.turns:
	case said == answered:
		b.circuit.RecordSuccess()
	case said == failed:
		b.circuit.RecordFailure()
	case p.look:
		b.circuit.Open()
	}
}

// wait is when to come back.
func (b *breaker) wait() time.Duration {
	return cmp.Or(b.circuit.RemainingDelay(), b.delay)
}
