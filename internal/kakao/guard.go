package kakao

import (
	"context"
	"errors"
	"time"

	"github.com/failsafe-go/failsafe-go/adaptivelimiter"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// guard is what stands between an endpoint and Kakao. Endpoints of one host
// share the limiter and the budget, those of one host and product the breaker.
type guard struct {
	limiter *limiter // nil: no limit
	budget  *budget
	breaker *breaker // nil: none
}

// group is what a breaker stands for: a product of Kakao's on one host.
//
// The product is the proto package, of which Kakao announces maintenance (-7,
// -9798) and which fails as one. A service would be too narrow: three of them
// stand on Kakao's user API, and each would have to fail for itself. A host would
// be too wide: kapi.kakao.com carries sign-in and a dozen products, and the
// maintenance of the calendar must not close the others. And a product alone
// would not do: auth has rpcs on two hosts.
type group struct{ host, product string }

// guards are all the guards of a client.
type guards struct {
	policy   Policy
	observer *observer
	limiters map[string]*limiter
	budgets  map[string]*budget
	breakers map[group]*breaker
}

func newGuards(policy Policy, observer *observer) *guards {
	return &guards{
		policy: policy, observer: observer,
		limiters: map[string]*limiter{}, budgets: map[string]*budget{}, breakers: map[group]*breaker{},
	}
}

// of returns the guard of an endpoint. It is for start-up only.
func (g *guards) of(endpoint *endpoint) guard {
	host, at := endpoint.row.Host, endpoint.group()
	if g.budgets[host] == nil {
		g.budgets[host] = &budget{perCall: g.policy.RetryBudget}
	}
	if g.limiters[host] == nil && g.policy.Concurrency > 0 {
		g.limiters[host] = newLimiter(g.policy.Concurrency)
	}
	if g.breakers[at] == nil && g.policy.BreakerFailures > 0 {
		g.breakers[at] = newBreaker(g.policy, at, g.observer)
	}
	return guard{limiter: g.limiters[host], budget: g.budgets[host], breaker: g.breakers[at]}
}

// guarding lets an attempt pass if its host has a slot free and the breaker is
// closed.
type guarding struct {
	next     sender
	observer *observer
}

// send implements sender. The breaker is asked twice: first, so that a call that
// would be held back does not stand in the queue for that, and again after the
// queue, where the breaker may have opened meanwhile.
func (g guarding) send(ctx context.Context, endpoint *endpoint, call *preparedCall) (response proto.Message, err error) {
	guard := endpoint.guard
	if guard.breaker.holdsBack() {
		g.observer.heldBack(ctx, endpoint)
		return nil, circuitOpen(call, guard.breaker)
	}
	slot, err := guard.limiter.acquire(ctx)
	if err != nil {
		if errors.Is(err, adaptivelimiter.ErrExceeded) {
			g.observer.crowded(ctx, endpoint)
		}
		return nil, noSlot(call, err)
	}
	pass, ok := guard.breaker.admit()
	if !ok {
		slot.Drop()
		g.observer.heldBack(ctx, endpoint)
		return nil, circuitOpen(call, guard.breaker)
	}
	began := time.Now()
	said := nothing // stays so if what follows panics
	defer func() {
		guard.breaker.settle(pass, said)
		if said == answered || said == failed && time.Since(began) >= patience {
			slot.Record()
		} else {
			slot.Drop() // how long a refused connection takes says nothing about capacity
		}
	}()
	response, err = g.next.send(ctx, endpoint, call)
	said = judge(err, silenceBefore(ctx)+time.Since(began))
	return response, err
}

func circuitOpen(call *preparedCall, breaker *breaker) error {
	return errorsx.New(errorv1.Reason_REASON_KAKAO_CIRCUIT_OPEN, "",
		errorsx.WithCall(call.errors), errorsx.WithRetryAfter(breaker.wait()))
}

// overloadWait is what a call that found no slot is told to wait: a queue of
// usual calls is gone by then.
const overloadWait = time.Second

// noSlot says why a call did not get a slot. Nothing of it was sent.
func noSlot(call *preparedCall, err error) error {
	reason := errorv1.Reason_REASON_SERVER_OVERLOADED
	switch {
	case errors.Is(err, context.Canceled):
		reason = errorv1.Reason_REASON_CALL_CANCELLED
	case errors.Is(err, context.DeadlineExceeded):
		reason = errorv1.Reason_REASON_CALL_DEADLINE_EXCEEDED
	default:
		return errorsx.New(reason, "", errorsx.WithCall(call.errors), errorsx.WithRetryAfter(overloadWait))
	}
	return errorsx.New(reason, "", errorsx.WithCall(call.errors), errorsx.WithCause(err))
}

// verdict is what an attempt says about Kakao.
type verdict int

const (
	// nothing: the caller left, or what answered may not be Kakao.
	nothing verdict = iota
	// answered: Kakao is there, whatever it thought of the request.
	answered
	// failed: Kakao is not there, or not well.
	failed
)

// patience is the time that Kakao has to have had before its silence counts
// against it: a caller in a hurry must not close the way for the others. The
// attempts of a read that were given up for another count together.
const patience = time.Second

// judge reads the verdict from how an attempt ended after a time.
func judge(err error, took time.Duration) verdict {
	var failure *errorsx.Error
	if err == nil {
		return answered
	}
	if !errors.As(err, &failure) {
		return nothing
	}
	about := failure.Kakao()
	switch {
	case failure.Code() == codes.Unavailable:
		return failed // also where Kakao says so itself, by a code with 4xx
	case failure.Reason() == errorv1.Reason_REASON_KAKAO_UPSTREAM_TIMEOUT && about.GetKakaoCode() == "":
		// With a code it is -603, an answer: Kakao also gives it when a web page that
		// the caller named is slow (scrap messages), and a caller with slow pages must
		// not close messages for all. Where a whole product is that slow, the limit
		// of its host falls and the budget keeps reads from being repeated.
		if about.GetHttpStatus() != 0 || took >= patience {
			return failed
		}
		return nothing
	case about.GetKakaoCode() != "", about.GetHttpStatus() >= 400:
		return answered
	}
	return nothing
}
