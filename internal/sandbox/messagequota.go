package sandbox

import (
	"cmp"
	"errors"
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
func countMessage(r *request, to *user) *kakaoError {
	own := r.state.options.MessageQuota
	from, receiver := decimalText(r.user.id), decimalText(to.id)
	counters := []struct {
		key, code string
		limit     int
	}{
		{"message sender " + from, "-532", cmp.Or(own.Sender, 100)},
		{"message pair " + from + " " + receiver, "-536", cmp.Or(own.Pair, 20)},
		{"message receiver " + receiver, "-533", cmp.Or(own.Receiver, 100)},
	}
	for _, c := range counters {
		if !r.state.quotas.roomInDay(c.key, c.limit, r.now) {
			return newFailure(c.code, "")
		}
	}
	for _, c := range counters {
		r.state.quotas.withinDay(c.key, c.limit, r.now)
	}
	return nil
}
