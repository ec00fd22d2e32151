package errorsx

import (
	"time"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// paceRules are HTTP 429 with whatever body. The waits are the longest that
// Kakao documents per family: the advertising APIs count one call per 1 or 5
// seconds and user account, the user list 100 calls per minute and app; of
// dapi it is only known that seconds are enough.
var paceRules = []rule{
	{on: familyMoment, status: 429, reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: 5 * time.Second},
	{on: familyKeywordAd, status: 429, reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: 5 * time.Second},
	{code: "-813", status: 429, reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: 5 * time.Second},
	{on: familyPlatform, status: 429, reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: time.Minute},
	{status: 429, reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: 2 * time.Second},
}
