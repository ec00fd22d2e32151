package kakao

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

const (
	// maxAttempts bounds Policy.Attempts: what fails three times within one
	// call's deadline will not work the fourth time.
	maxAttempts = 3
	// firstBackoff is the upper end of the wait before the second attempt; that
	// before the third is twice as long. The wait is drawn evenly from zero up,
	// so that callers who failed together do not come back together.
	firstBackoff = 100 * time.Millisecond
	// maxRetryWait is the longest that a call is held for a Retry-After; one
	// that is asked to wait longer is given back to its caller with RetryInfo.
	maxRetryWait = 5 * time.Second
	// leastAttempt is the time that an attempt needs at the least. A retry that
	// would have less is not begun.
	leastAttempt = 100 * time.Millisecond
)

// transientCodes are codes of Kakao's that may be gone a moment later though
// their reason, maintenance, as a rule is not: -7 is also what a product answers
// that failed inside. https://developers.kakao.com/docs/latest/en/rest-api/error-code
var transientCodes = map[string]bool{"-7": true}

// retrying repeats reads that failed. failsafe-go runs the loop; whether and
// when there is another round is decided here, because two of its own answers
// do not fit: its budget counts what is in flight at the moment (calls that come
// one by one may all be repeated), and its jitter is also applied to the wait
// that a server asked for.
type retrying struct {
	next     sender
	attempts int
	timeout  AttemptTimeout
	observer *observer
	loop     failsafe.Executor[*outcome]
}

// outcome is how an attempt ended and what follows from that.
type outcome struct {
	response proto.Message
	err      error
	again    bool
	wait     time.Duration
	waited   time.Duration // how long the attempt was given; zero: to the end
	silence  time.Duration // how long Kakao was silent, in the attempts up to it
}

func newRetrying(policy Policy, observer *observer, next sender) sender {
	attempts := min(policy.Attempts, maxAttempts)
	if attempts <= 1 {
		return next
	}
	loop := retrypolicy.NewBuilder[*outcome]().
		HandleIf(func(o *outcome, _ error) bool { return o.again }).
		WithMaxAttempts(attempts).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[*outcome]) time.Duration { return e.LastResult().wait }).
		ReturnLastFailure().
		Build()
	return &retrying{next: next, attempts: attempts, timeout: policy.AttemptTimeout, observer: observer, loop: failsafe.With(loop)}
}

// send implements sender.
func (r *retrying) send(ctx context.Context, endpoint *endpoint, call *preparedCall) (proto.Message, error) {
	if endpoint.write() {
		return r.next.send(ctx, endpoint, call)
	}
	endpoint.guard.budget.deposit()
	last := &outcome{}
	_, _ = r.loop.WithContext(ctx).GetWithExecution(func(e failsafe.Execution[*outcome]) (*outcome, error) {
		last = r.attempt(ctx, endpoint, call, e.Attempts(), last)
		return last, nil
	})
	if last.again { // the caller's time was over before the repetition that was paid for
		endpoint.guard.budget.refund()
	}
	// What the loop returns when ctx ends is the context's error alone; what the
	// last attempt met says more.
	if last.again && errors.Is(ctx.Err(), context.Canceled) {
		return nil, errorsx.FromTransport(call.errors, context.Canceled) // while waiting for the next
	}
	return last.response, last.err
}

// attempt sends the request for the number-th time.
func (r *retrying) attempt(ctx context.Context, endpoint *endpoint, call *preparedCall, number int, before *outcome) *outcome {
	this := &round{number: number, timeout: r.timeout, least: before.waited, silence: before.silence}
	if number < r.attempts {
		this.pay = func() bool { return r.pay(ctx, endpoint) }
	}
	began := time.Now()
	response, err := r.next.send(context.WithValue(ctx, attemptKey{}, this), endpoint, call)
	paid := this.end()
	if number > 1 && refusedHere(err) {
		endpoint.guard.budget.refund()
		return before.final() // what Kakao said tells the caller more than that we stopped asking
	}
	o := &outcome{response: response, err: err, waited: this.waited}
	switch {
	case paid && timedOut(err) && ctx.Err() == nil:
		o.wait, o.again, o.silence = backoff(number), true, before.silence+this.waited
	case paid:
		endpoint.guard.budget.refund() // it ended by itself at the last moment, or the caller left
		fallthrough
	default:
		o.wait, o.again = r.again(ctx, endpoint, err, number, time.Since(began))
	}
	return o
}

// pay takes a repetition out of the budget while the attempt before it still
// hangs, if it would be let through.
func (r *retrying) pay(ctx context.Context, endpoint *endpoint) bool {
	if ctx.Err() != nil || endpoint.guard.breaker.holdsBack() {
		return false
	}
	if !endpoint.guard.budget.withdraw() {
		r.observer.notRetried(ctx, endpoint, "budget")
		return false
	}
	return true
}

// timedOut reports whether Kakao was waited for in vain.
func timedOut(err error) bool {
	var failure *errorsx.Error
	return errors.As(err, &failure) && failure.Reason() == errorv1.Reason_REASON_KAKAO_UPSTREAM_TIMEOUT
}

// backoff is the wait after the number-th attempt.
func backoff(number int) time.Duration {
	return rand.N(firstBackoff << (number - 1)) // #nosec G404 -- spreads load, hides nothing
}

// final is the outcome as the last word.
func (o *outcome) final() *outcome { return &outcome{response: o.response, err: o.err} }

// again decides whether there is another attempt, and after what wait. took is
// how long the last one took: another that takes as long has to fit.
func (r *retrying) again(ctx context.Context, endpoint *endpoint, err error, number int, took time.Duration) (time.Duration, bool) {
	var failure *errorsx.Error
	if !errors.As(err, &failure) || !mendable(failure) || number >= r.attempts || ctx.Err() != nil || endpoint.guard.breaker.holdsBack() {
		return 0, false
	}
	wait := failure.RetryAfter() + backoff(number)
	deadline, set := ctx.Deadline()
	switch {
	case wait > maxRetryWait, set && time.Until(deadline)-wait < max(leastAttempt, took):
		r.observer.notRetried(ctx, endpoint, "time")
		return 0, false
	case !endpoint.guard.budget.withdraw():
		r.observer.notRetried(ctx, endpoint, "budget")
		return 0, false
	}
	return wait, true
}

// mendable reports whether a read may work a moment later: Kakao was not
// reached, failed inside, or ran out of time. A quota or pace is the caller's
// to keep, and is not spent on repeating; so are its mistakes.
func mendable(failure *errorsx.Error) bool {
	if transientCodes[failure.Kakao().GetKakaoCode()] {
		return true
	}
	return failure.Retryable() && (failure.Code() == codes.Unavailable || failure.Code() == codes.DeadlineExceeded)
}

// refusedHere reports whether an attempt did not leave this server.
func refusedHere(err error) bool {
	var failure *errorsx.Error
	return errors.As(err, &failure) && refusals[failure.Reason()]
}

// refusals are the reasons that the guards give.
var refusals = map[errorv1.Reason]bool{
	errorv1.Reason_REASON_KAKAO_CIRCUIT_OPEN:     true,
	errorv1.Reason_REASON_SERVER_OVERLOADED:      true,
	errorv1.Reason_REASON_CALL_DEADLINE_EXCEEDED: true,
}
