package server

import (
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// upstreamPolicy is how the engine treats calls to Kakao.
func upstreamPolicy(u config.Upstream) kakao.Policy {
	return kakao.Policy{
		Attempts:        u.Attempts,
		AttemptTimeout:  kakao.AttemptTimeout{Percent: u.AttemptTimeout.Percent, Duration: u.AttemptTimeout.Duration},
		RetryBudget:     u.RetryPercent * 10,
		BreakerFailures: u.BreakerFailures,
		BreakerDelay:    u.BreakerDelay,
		Concurrency:     u.Concurrency,
		ShareReads:      u.ShareReads,
		CacheLife:       u.CacheLife,
		CacheBytes:      u.CacheBytes,
		Cacheable:       service.Cacheable(),
	}
}
