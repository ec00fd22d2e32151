package kakao

import (
	"context"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"
)

// AttemptTimeout is how long a read is waited for before it is sent again. The
// zero value waits for as long as the call has.
type AttemptTimeout struct {
	// Percent is a share of the time that the call has left; 0: Duration counts.
	Percent int
	// Duration is a time.
	Duration time.Duration
}

// of is the time-out for a call with so much time left.
func (t AttemptTimeout) of(left time.Duration) time.Duration {
	if t.Percent > 0 {
		return left * time.Duration(t.Percent) / 100
	}
	return t.Duration
}

// round is one attempt of a read that may be repeated. The senders below
// retrying find it in their context.
type round struct {
	number int // from 1
	// pay takes another attempt out of the budget, if there is one to be had;
	// nil: this is the last.
	pay func() bool
	// timeout is what the policy says, least what the attempt before was given:
	// the next is not given up sooner.
	timeout AttemptTimeout
	least   time.Duration
	// silence is how long Kakao has been silent in the attempts before.
	silence time.Duration

	mutex  sync.Mutex
	ended  bool
	paid   bool
	waited time.Duration // the time-out in force; zero: none
}

// limit is how long to wait; zero: to the end. An attempt is given up only
// where as much time is left for the next, so that a slow answer is not
// exchanged for none.
func (r *round) limit(ctx context.Context) time.Duration {
	deadline, set := ctx.Deadline()
	left := time.Until(deadline)
	if r.pay == nil || r.timeout.Percent > 0 && !set {
		return 0
	}
	limit := max(r.timeout.of(left), r.least)
	if limit <= 0 || set && left-limit-firstBackoff<<(r.number-1) < max(limit, leastAttempt) {
		return 0
	}
	return limit
}

// giveUp reports whether the attempt is to be ended for the sake of another,
// which is paid for then. What cannot be repeated is better waited for.
func (r *round) giveUp() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if !r.ended {
		r.paid = r.pay()
	}
	return r.paid
}

// end reports whether another attempt was paid for.
func (r *round) end() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ended = true
	return r.paid
}

// bounding gives up an attempt that takes too long, if there is to be another.
// Its clock begins when the request goes out: a place in the queue of a host is
// not given up. failsafe-go's timeout has one time for all, and cannot ask first
// whether another attempt is to be had.
type bounding struct{ next sender }

// send implements sender.
func (b bounding) send(ctx context.Context, endpoint *endpoint, call *preparedCall) (proto.Message, error) {
	r, ok := ctx.Value(attemptKey{}).(*round)
	if !ok {
		return b.next.send(ctx, endpoint, call) // a write
	}
	limit := r.limit(ctx)
	if limit == 0 {
		return b.next.send(ctx, endpoint, call)
	}
	r.waited = limit
	bounded, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(limit, func() {
		if r.giveUp() {
			cancel(context.DeadlineExceeded)
		}
	})
	defer timer.Stop()
	return b.next.send(causedContext{bounded}, endpoint, call) //nolint:contextcheck // it is the given one, with a cause
}

// attemptKey is where the attempt stands in its context.
type attemptKey struct{}

// silenceBefore is how long Kakao has been silent in the attempts before that of
// ctx: to whom it owes an answer, it owes it since then.
func silenceBefore(ctx context.Context) time.Duration {
	if r, ok := ctx.Value(attemptKey{}).(*round); ok {
		return r.silence
	}
	return 0
}

// attemptOf is the number of the attempt that ctx belongs to, from 1.
func attemptOf(ctx context.Context) int {
	if r, ok := ctx.Value(attemptKey{}).(*round); ok {
		return r.number
	}
	return 1
}
