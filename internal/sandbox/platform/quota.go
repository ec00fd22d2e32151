package platform

import (
	"slices"
	"time"
)

// Quotas counts calls: in sliding windows, and in days that turn at midnight
// in Korea. https://developers.kakao.com/docs/latest/en/getting-started/quota
type Quotas struct {
	windows map[string][]time.Time
	day     string         // that days are about
	days    map[string]int // calls by key
}

func newQuotas() *Quotas {
	return &Quotas{windows: map[string][]time.Time{}, days: map[string]int{}}
}

// Within counts one event unless limit events already lie in the window that
// ends now, and says whether it was counted. Memory per key is bounded by limit.
func (q *Quotas) Within(key string, limit int, window time.Duration, now time.Time) bool {
	start := now.Add(-window)
	q.windows[key] = slices.DeleteFunc(q.windows[key], func(t time.Time) bool { return !t.After(start) })
	if len(q.windows[key]) >= limit {
		return false
	}
	q.windows[key] = append(q.windows[key], now)
	return true
}

// KoreaZone is the zone of Kakao's days. Korea has no daylight saving time, so a fixed zone is exact.
var KoreaZone = time.FixedZone("KST", 9*60*60)

// WithinDay counts one event of the Korean day unless limit is reached.
func (q *Quotas) WithinDay(key string, limit int, now time.Time) bool {
	if !q.RoomInDay(key, limit, now) {
		return false
	}
	q.days[key]++
	return true
}

// RoomInDay says whether WithinDay would count one more event.
func (q *Quotas) RoomInDay(key string, limit int, now time.Time) bool {
	if day := now.In(KoreaZone).Format(time.DateOnly); day != q.day {
		q.day = day
		clear(q.days)
	}
	return q.days[key] < limit
}
