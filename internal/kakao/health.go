package kakao

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// State is what is known of a product of Kakao's on one host.
type State string

// The states of a product on a host.
const (
	// StateUnknown: no call has told anything since the start, or since it came
	// back; or there are no breakers.
	StateUnknown State = "unknown"
	// StateAnswering: calls go out and are answered, if not all of them.
	StateAnswering State = "answering"
	// StateFailing: it did not answer the last calls, and calls are held back.
	StateFailing State = "failing"
	// StateLooking: one call is let through to see whether it is back.
	StateLooking State = "looking"
)

// Health is how a product of Kakao's does on one host, as its breaker sees it.
type Health struct {
	// Host is Kakao's, kapi.kakao.com.
	Host string
	// Product is the last but one part of the proto package: user.
	Product string
	// State is what the last calls said.
	State State
	// LookIn is when the next call is let through; zero unless it is failing.
	LookIn time.Duration
}

// stateOf names the states of a breaker that has seen something.
var stateOf = map[circuitbreaker.State]State{
	circuitbreaker.ClosedState:   StateAnswering,
	circuitbreaker.OpenState:     StateFailing,
	circuitbreaker.HalfOpenState: StateLooking,
}

// Health returns every host and product that the contract calls and Kakao has
// not closed, ordered by host. It only looks: nothing is sent, and no breaker
// changes.
func (c *Client) Health() []Health {
	seen := map[group]bool{}
	var all []Health
	for _, endpoint := range c.endpoints {
		at := group{endpoint.row.Host, endpoint.product}
		if seen[at] || endpoint.terminated {
			continue
		}
		seen[at] = true
		state, wait := endpoint.guard.breaker.health()
		all = append(all, Health{Host: at.host, Product: productName(at.product), State: state, LookIn: wait})
	}
	slices.SortFunc(all, func(a, b Health) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Product, b.Product))
	})
	return all
}

// health is what the breaker knows.
func (b *breaker) health() (State, time.Duration) {
	if b == nil {
		return StateUnknown, 0
	}
	state := b.circuit.State()
	if state == circuitbreaker.ClosedState && b.circuit.Metrics().Executions() == 0 {
		return StateUnknown, 0
	}
	return stateOf[state], b.circuit.RemainingDelay()
}

// productName is the product in the name of its package: kakao.user.v1 is user.
func productName(protoPackage string) string {
	parts := strings.Split(protoPackage, ".")
	return parts[max(0, len(parts)-2)]
}
