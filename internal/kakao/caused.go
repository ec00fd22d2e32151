package kakao

import (
	"context"
	"errors"
)

// causedContext is a context that was cancelled for a cause and says so: that
// time ran out is another thing than that somebody left.
type causedContext struct{ context.Context }

// Err implements context.Context.
func (c causedContext) Err() error {
	if c.Context.Err() != nil && errors.Is(context.Cause(c.Context), context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return c.Context.Err()
}
