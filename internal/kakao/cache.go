package kakao

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/maypok86/otter/v2"
	"google.golang.org/protobuf/proto"
)

// defaultCacheBytes bounds the cache unless Policy.CacheBytes says otherwise.
const defaultCacheBytes = 16 << 20

// caching repeats the answers of cacheable endpoints for a short while. Only an
// operator switches it on, and only services without user data can be cached.
type caching struct {
	next     sender
	observer *observer
	life     time.Duration
	answers  *otter.Cache[string, cachedAnswer]
}

// cachedAnswer is an answer that nobody may change. The time is kept here and not
// with the cache's own expiry, which needs a goroutine that somebody has to stop:
// what is past its time is replaced at the next call, and bounded until then.
type cachedAnswer struct {
	message proto.Message
	until   time.Time
}

func newCaching(policy Policy, observer *observer, next sender) (sender, error) {
	answers, err := otter.New(&otter.Options[string, cachedAnswer]{
		MaximumWeight: uint64(cmp.Or(policy.CacheBytes, defaultCacheBytes)), // #nosec G115 -- positive
		Weigher: func(key string, answer cachedAnswer) uint32 {
			return uint32(min(len(key)+proto.Size(answer.message), math.MaxUint32)) // #nosec G115 -- bounded
		},
	})
	if err != nil {
		return nil, fmt.Errorf("response cache: %w", err)
	}
	return &caching{next: next, observer: observer, life: policy.CacheLife, answers: answers}, nil
}

// send implements sender. Every caller gets a copy of its own.
func (c *caching) send(ctx context.Context, endpoint *endpoint, call *preparedCall) (proto.Message, error) {
	if !endpoint.cacheable {
		return c.next.send(ctx, endpoint, call)
	}
	key, ok := call.identity(endpoint)
	if !ok {
		return c.next.send(ctx, endpoint, call)
	}
	if answer, found := c.answers.GetIfPresent(key); found && time.Now().Before(answer.until) {
		c.observer.cached(ctx, endpoint)
		return proto.Clone(answer.message), nil
	}
	asked := time.Now() // the answer is as old as the question
	message, err := c.next.send(ctx, endpoint, call)
	if err == nil {
		c.answers.Set(key, cachedAnswer{proto.Clone(message), asked.Add(c.life)})
	}
	return message, err
}
