package talk

import (
	"cmp"
	"errors"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// MessageQuota is how many Kakao Talk messages people may send and get in one
// Korean day. Zero means Kakao's own number.
// https://developers.kakao.com/docs/latest/en/getting-started/quota
type MessageQuota struct {
	// Sender bounds the messages from one person; 100.
	Sender int
	// Receiver bounds the messages to one person; 100.
	Receiver int
	// Pair bounds the messages from one person to one other, or to
	// themselves; 20.
	Pair int
}

func (q MessageQuota) check() error {
	if min(q.Sender, q.Receiver, q.Pair) < 0 {
		return errors.New("a number of messages is negative; use 0 for Kakao's own")
	}
	return nil
}

// countMessage counts a message in all three quotas, or in none of them where
// one is used up.
func countMessage(r *platform.Request, to *platform.User) *platform.Failure {
	own := Of(r.State).options.Quota
	from, receiver := platform.DecimalText(r.User.ID), platform.DecimalText(to.ID)
	counters := []struct {
		key, code string
		limit     int
	}{
		{"message sender " + from, "-532", cmp.Or(own.Sender, 100)},
		{"message pair " + from + " " + receiver, "-536", cmp.Or(own.Pair, 20)},
		{"message receiver " + receiver, "-533", cmp.Or(own.Receiver, 100)},
	}
	for _, c := range counters {
		if !r.State.Quotas.RoomInDay(c.key, c.limit, r.Now) {
			return platform.NewFailure(c.code, "")
		}
	}
	for _, c := range counters {
		r.State.Quotas.WithinDay(c.key, c.limit, r.Now)
	}
	return nil
}
