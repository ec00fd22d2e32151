package config

import (
	"fmt"
	"strconv"
	"time"
)

// Upstream says how calls to Kakao are repeated, held back, shared and kept.
type Upstream struct {
	// Attempts is how often a read is sent at most.
	Attempts int
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

// upstreamKeys say how calls go to Kakao.
var upstreamKeys = []key{
	bind("retry.attempts", "3", countKind(1, 3), "how often an rpc without side effects is sent to Kakao at most; any other is sent once",
		func(c *Config) *int { return &c.Upstream.Attempts }),
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
	bind("cache.life", "0s", durationKind(0), "time that answers of Local and search are repeated; 0s: never, as is always so for what a user's credential was sent with",
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
	}
}
