package kakao

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// Policy says how calls are kept from doing harm when Kakao or this server has
// a bad day. The zero value does nothing: every call is exactly one request.
type Policy struct {
	// Attempts is how often a read is sent at most; up to 1: once. A write is
	// sent once whatever this says.
	Attempts int
	// AttemptTimeout is how long an attempt is waited for that is not the last.
	AttemptTimeout AttemptTimeout
	// RetryBudget is how many reads may be repeated per 1000 reads of a host,
	// so that an outage is not answered with a multiple of the load; or
	// UnlimitedRetries.
	RetryBudget int
	// BreakerFailures is how many failures in a row open the breaker of a host
	// and product; zero: there is no breaker.
	BreakerFailures int
	// BreakerDelay is how long an open breaker holds calls back before it lets
	// one through to look; zero: a second.
	BreakerDelay time.Duration
	// Concurrency is how many requests a host may have in flight at most. How
	// many it really may is found out while running. Zero: no limit.
	Concurrency int
	// ShareReads lets identical reads that are in flight at the same time share
	// one request.
	ShareReads bool
	// CacheLife is how long an answer of a cacheable service is repeated; zero:
	// never.
	CacheLife time.Duration
	// CacheBytes bounds the answers that are kept, by their size as protobuf;
	// zero: 16 MiB.
	CacheBytes int64
	// Cacheable names the services whose answers may be kept. All their rpcs
	// must be reads that carry no user's credential.
	Cacheable []protoreflect.FullName
}

// UnlimitedRetries is a Policy.RetryBudget without bound, to see what the bound
// is good for.
const UnlimitedRetries = -1

// A sender brings a prepared call to Kakao. The policies are senders around a
// sender, as interceptors are handlers around a handler; this is the only
// thing that the rest of the engine knows of them.
type sender interface {
	send(ctx context.Context, endpoint *endpoint, call *preparedCall) (proto.Message, error)
}

// newSender puts the policies around the wire. The way of a call through them:
//
//	caching   an answer that is still fresh needs no call
//	sharing   one that is under way already is waited for
//	retrying  a read that failed is sent again, within the budget
//	guarding  each attempt needs a slot of its host and a closed breaker
//	bounding  one that hangs is given up while there is time for another
//
// and wire exchanges request and response, once.
func (c *Client) newSender(policy Policy) (sender, error) {
	guards := newGuards(policy, c.observer)
	for _, endpoint := range c.endpoints {
		endpoint.guard = guards.of(endpoint)
	}
	if err := c.observer.watch(guards); err != nil {
		return nil, err
	}
	var chain sender = wire{c}
	chain = guarding{bounding{chain}, c.observer}
	chain = newRetrying(policy, c.observer, chain)
	if policy.ShareReads {
		chain = newSharing(c.observer, chain)
	}
	if policy.CacheLife > 0 {
		if err := c.markCacheable(policy.Cacheable); err != nil {
			return nil, err
		}
		return newCaching(policy, c.observer, chain)
	}
	return chain, nil
}

// markCacheable marks the endpoints of the services. A user's data is never
// kept, so a service with an rpc that could return some is refused whole.
func (c *Client) markCacheable(services []protoreflect.FullName) error {
	for _, service := range services {
		found := false
		for method, endpoint := range c.byMethod {
			if method.Parent() != service {
				continue
			}
			found = true
			if endpoint.write() || !endpoint.impersonal() {
				return fmt.Errorf("service %s cannot be cached: %s is a write or may carry a user's credential", service, method.Name())
			}
			endpoint.cacheable = true
		}
		if !found {
			return fmt.Errorf("service %s cannot be cached: there is no such service", service)
		}
	}
	return nil
}

// identity tells calls apart: equal for those that get the same answer from
// Kakao if their credentials are equal too. It is false for a request that
// cannot be told from others.
func (c *preparedCall) identity(endpoint *endpoint) (string, bool) {
	key := append([]byte(endpoint.row.RPC), 0)
	key = append(append(key, c.errors.App...), 0)
	key, err := proto.MarshalOptions{Deterministic: true}.MarshalAppend(key, c.message)
	return string(key), err == nil
}

// wire sends a request once and reads the answer.
type wire struct{ client *Client }

// errUnfinished is how an attempt ended that panicked.
var errUnfinished = errorsx.New(errorv1.Reason_REASON_INTERNAL, "")

// send implements sender.
func (w wire) send(ctx context.Context, endpoint *endpoint, call *preparedCall) (response proto.Message, err error) {
	ctx, attempt := w.client.observer.begin(ctx, endpoint, call.errors.App)
	err = errUnfinished
	defer func() { attempt.end(ctx, err) }()
	response, err = w.client.exchange(ctx, endpoint, call)
	return response, err
}
