package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Upstream says how calls to Kakao are repeated, held back, shared and kept.
type Upstream struct {
	// Attempts is how often a read is sent at most.
	Attempts int
	// AttemptTimeout is how long a read is waited for before it is sent again.
	AttemptTimeout AttemptTimeout
	// RetryPercent is how many of 100 reads of a host may be repeated.
	RetryPercent int
	// BreakerFailures is how many failures in a row hold back the calls to a
	// product; 0: they are never held back.
	BreakerFailures int
	// BreakerDelay is the time after which one call is let through to look.
	BreakerDelay time.Duration
	// Concurrency is how many requests a host may have in flight at most; 0: any
	// number.
	Concurrency int
	// ShareReads lets identical reads that are in flight together share one
	// request.
	ShareReads bool
	// CacheLife is how long answers that hold no user data are repeated; 0: never.
	CacheLife time.Duration
	// CacheBytes bounds the answers that are kept, in bytes.
	CacheBytes int64
}

// AttemptTimeout is a share of the time that a call has left, or a duration; the
// zero value is none.
type AttemptTimeout struct {
	// Percent is the share; 0: Duration counts.
	Percent int
	// Duration is the duration; 0: an attempt is never given up.
	Duration time.Duration
}

// leastAttemptTimeout leaves Kakao time to answer at all, mostAttemptPercent the
// next attempt as much.
const (
	leastAttemptTimeout = 100 * time.Millisecond
	leastAttemptPercent = 10
	mostAttemptPercent  = 50
)

var attemptKind = kind[AttemptTimeout]{
	want: fmt.Sprintf("a share from %d%% to %d%%, a duration from %v to 24h, or 0s", leastAttemptPercent, mostAttemptPercent, leastAttemptTimeout),
	parse: func(text string) (AttemptTimeout, error) {
		if share, ok := strings.CutSuffix(text, "%"); ok {
			percent, err := strconv.Atoi(share)
			return AttemptTimeout{Percent: percent}, unless(err == nil && percent >= leastAttemptPercent && percent <= mostAttemptPercent)
		}
		d, err := durationKind(0).parse(text)
		return AttemptTimeout{Duration: d}, unless(err == nil && (d == 0 || d >= leastAttemptTimeout))
	},
	show: func(t AttemptTimeout) string {
		if t.Percent > 0 {
			return strconv.Itoa(t.Percent) + "%"
		}
		return showDuration(t.Duration)
	},
	look: look{unit: "SHARE|DURATION", limits: fmt.Sprintf("from %d%% to %d%%, or from %v to 24h, or 0s", leastAttemptPercent, mostAttemptPercent, leastAttemptTimeout)},
}

// cacheLifeKey is named because a cache is warned of.
const cacheLifeKey name = "cache.life"

// upstreamKeys say how calls go to Kakao.
var upstreamKeys = []key{
	bind("retry.attempts", "3", countKind(1, 3), "how often an rpc without side effects is sent to Kakao at most; any other is sent once",
		func(c *Config) *int { return &c.Upstream.Attempts }),
	bind("retry.attempt_timeout", "40%", attemptKind, "time after which a read that Kakao has not answered is given up and sent again: a share of the time that the call has left, or a duration; "+
		"only where retry.attempts and the budget have another attempt and as much time is left for it; 0s: never",
		func(c *Config) *AttemptTimeout { return &c.Upstream.AttemptTimeout }),
	bind("retry.budget_percent", "20", countKind(0, 100), "how many of 100 reads of a Kakao host may be repeated",
		func(c *Config) *int { return &c.Upstream.RetryPercent }),
	bind("breaker.failures", "5", countKind(0, 100), "failures in a row after which calls to a Kakao product are held back; 0: never",
		func(c *Config) *int { return &c.Upstream.BreakerFailures }),
	bind("breaker.delay", "1s", durationKind(time.Second), "time between two looks at a Kakao product that is held back",
		func(c *Config) *time.Duration { return &c.Upstream.BreakerDelay }),
	bind("concurrency.limit", "256", countKind(0, 10000), "most requests that a Kakao host has in flight; fewer while it is slow; 0: any number",
		func(c *Config) *int { return &c.Upstream.Concurrency }),
	bind("concurrency.share_reads", "true", switchKind, "answer identical reads that are in flight together with one request",
		func(c *Config) *bool { return &c.Upstream.ShareReads }),
	bind(cacheLifeKey, "0s", durationKind(0), "time that answers of Local and search are repeated; 0s: never, as is always so for what a user's credential was sent with",
		func(c *Config) *time.Duration { return &c.Upstream.CacheLife }),
	bind("cache.bytes", "16MiB", sizeKind(256<<20), "largest sum of the answers that are kept",
		func(c *Config) *int64 { return &c.Upstream.CacheBytes }),
}

// countKind takes a whole number from least to most.
func countKind(least, most int) kind[int] {
	return kind[int]{
		want: fmt.Sprintf("a whole number from %d to %d", least, most),
		parse: func(text string) (int, error) {
			n, err := strconv.Atoi(text)
			return n, unless(err == nil && n >= least && n <= most)
		},
		show: strconv.Itoa,
		look: look{unit: "NUMBER", limits: fmt.Sprintf("from %d to %d", least, most)},
	}
}
