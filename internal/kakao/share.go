package kakao

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// sharing lets identical reads that are in flight at the same time share one
// call. golang.org/x/sync/singleflight does not do: it runs the call with the
// context of whoever came first, so that all fail when that one gives up.
type sharing struct {
	next     sender
	observer *observer

	mutex   sync.Mutex
	flights map[flightKey]*flight
}

// flightKey tells flights apart. The credential is in it as it is sent, so that
// no caller ever gets what another's credential was given.
type flightKey struct{ identity, authorization, clientID, clientSecret string }

// A flight is one call and those who wait for it.
type flight struct {
	ctx    *flightContext
	cancel context.CancelCauseFunc
	ended  chan struct{}

	// The sharing's mutex guards these.
	waiting int // who wait still
	joined  int // who have ever

	// Set before ended is closed.
	response proto.Message
	err      error
}

func newSharing(observer *observer, next sender) *sharing {
	return &sharing{next: next, observer: observer, flights: map[flightKey]*flight{}}
}

// send implements sender.
func (s *sharing) send(ctx context.Context, endpoint *endpoint, call *preparedCall) (proto.Message, error) {
	if endpoint.write() {
		defer s.depart() // also after a failure: it may have happened
		return s.next.send(ctx, endpoint, call)
	}
	identity, ok := call.identity(endpoint)
	if !ok {
		return s.next.send(ctx, endpoint, call)
	}
	with := call.credential
	key := flightKey{identity, with.authorization.Reveal(), with.clientID.Reveal(), with.clientSecret.Reveal()}
	f, began := s.join(ctx, key)
	if began {
		go s.fly(f, key, endpoint, call) //nolint:contextcheck // a flight has a context of its own
	} else {
		s.observer.shared(ctx, endpoint)
	}
	select {
	case <-f.ended:
		return f.result()
	case <-ctx.Done():
	}
	if s.leave(f, key, ctx.Err()) {
		// Nobody else waits, so the call ends at once, and with it everything it
		// holds; how it ended says best what the time went into.
		<-f.ended
		return f.result()
	}
	return nil, errorsx.FromTransport(call.errors, ctx.Err())
}

// join finds the flight or begins one.
func (s *sharing) join(ctx context.Context, key flightKey) (f *flight, began bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	f = s.flights[key]
	if f == nil {
		f = &flight{ended: make(chan struct{})}
		f.ctx, f.cancel = newFlightContext(ctx)
		s.flights[key], began = f, true
	}
	f.ctx.extend(ctx)
	f.waiting++
	f.joined++
	return f, began
}

// leave gives up waiting, and reports whether that ended the flight.
func (s *sharing) leave(f *flight, key flightKey, why error) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return false
	}
	s.forget(f, key) // whoever comes now must not join a call that is being cancelled
	f.cancel(why)
	return true
}

// depart has whoever comes from now on begin a call of their own: who has written
// must not read an answer from before that. Those who wait already get theirs.
// What a write changes for which reads is Kakao's to know, so all flights count.
func (s *sharing) depart() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	clear(s.flights)
}

// forget needs the mutex.
func (s *sharing) forget(f *flight, key flightKey) {
	if s.flights[key] == f {
		delete(s.flights, key)
	}
}

// fly makes the call. It runs in a goroutine of its own, where nobody else
// would recover from a panic.
func (s *sharing) fly(f *flight, key flightKey, endpoint *endpoint, call *preparedCall) {
	defer func() {
		if value := recover(); value != nil {
			f.response, f.err = nil, errorsx.New(errorv1.Reason_REASON_INTERNAL, "", errorsx.WithCause(panicked(value)))
		}
		s.mutex.Lock()
		s.forget(f, key)
		s.mutex.Unlock()
		close(f.ended)
		f.cancel(nil)
	}()
	f.response, f.err = s.next.send(f.ctx, endpoint, call)
}

// panicked is a panic for the operator's log. Only the runtime's own errors are
// put in words: any other value may hold what the call was about.
func panicked(value any) error {
	what := fmt.Sprintf("a panic with a value of type %T", value)
	if fault, ok := value.(runtime.Error); ok {
		what = fault.Error()
	}
	return fmt.Errorf("%s\n%s", what, debug.Stack())
}

// result is a caller's own copy of the answer: messages change hands without a
// copy from here on (the in-process connection of the JSON facade moves lists
// and sub-messages over), so that two callers must not hold the same one. Who
// was alone gets the original. Nobody joins after ended is closed.
func (f *flight) result() (proto.Message, error) {
	if f.err != nil || f.joined == 1 {
		return f.response, f.err
	}
	return proto.Clone(f.response), nil
}

// flightContext is the context of a flight. It has the values of the first
// caller's, which are its trace, ends when nobody waits any more, and its
// deadline is the latest of those who came. That the last caller ran out of
// time is another thing than that it left.
type flightContext struct {
	context.Context

	mutex    sync.Mutex
	deadline time.Time
	endless  bool // somebody has no deadline
}

func newFlightContext(first context.Context) (*flightContext, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(first))
	return &flightContext{Context: causedContext{ctx}}, cancel
}

// extend takes another caller's deadline into account.
func (c *flightContext) extend(caller context.Context) {
	deadline, set := caller.Deadline()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !set {
		c.endless = true
	} else if deadline.After(c.deadline) {
		c.deadline = deadline
	}
}

// Deadline implements context.Context. It is never later than the time at which
// the last caller gives up; there is no timer of its own behind it.
func (c *flightContext) Deadline() (time.Time, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.deadline, !c.endless && !c.deadline.IsZero()
}
