package errorsx

import (
	"regexp"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// platformRules are the codes that every API may answer with.
var platformRules = []rule{
	{code: "-1", reason: errorv1.Reason_REASON_KAKAO_INTERNAL},
	// Of push: the parameters it names are right, and the app is not ready for them.
	{code: "-2", says: regexp.MustCompile(`(?i)invalid kpusher param`), reason: errorv1.Reason_REASON_KAKAO_API_NOT_ENABLED,
		what: "the app has push notifications off, or no credentials for the provider of the push token",
		do:   "ask the operator to set both up in Kakao's console"},
	{code: "-2", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID},
	{code: "-3", says: regexp.MustCompile(`(?i)not revocable`), reason: errorv1.Reason_REASON_KAKAO_SCOPE_NOT_REVOCABLE},
	{code: "-3", reason: errorv1.Reason_REASON_KAKAO_API_NOT_ENABLED},
	{code: "-4", reason: errorv1.Reason_REASON_KAKAO_ACCOUNT_RESTRICTED},
	{code: "-5", reason: errorv1.Reason_REASON_KAKAO_APP_NOT_PERMITTED},
	{code: "-6", reason: errorv1.Reason_REASON_KAKAO_ACTION_NOT_ALLOWED},
	{code: "-7", reason: errorv1.Reason_REASON_KAKAO_MAINTENANCE, doubtful: true, what: "the product is in maintenance or failed inside"},
	{code: "-8", reason: errorv1.Reason_REASON_KAKAO_HEADER_INVALID},
	{code: "-9", reason: errorv1.Reason_REASON_KAKAO_API_TERMINATED},
	{code: "-10", reason: errorv1.Reason_REASON_KAKAO_QUOTA_EXCEEDED},
	{code: "-11", reason: errorv1.Reason_REASON_KAKAO_SPEND_LIMIT},
	{code: "-12", reason: errorv1.Reason_REASON_KAKAO_APP_SUSPENDED},
	{code: "-13", reason: errorv1.Reason_REASON_KAKAO_APP_DORMANT},
	{code: "-602", reason: errorv1.Reason_REASON_KAKAO_IMAGE_TOO_LARGE},
	{code: "-603", reason: errorv1.Reason_REASON_KAKAO_UPSTREAM_TIMEOUT, what: "a back end of Kakao's timed out"},
	{code: "-606", reason: errorv1.Reason_REASON_KAKAO_IMAGE_COUNT_EXCEEDED},
	{code: "-903", reason: errorv1.Reason_REASON_KAKAO_APP_UNREGISTERED},
	{code: "-911", reason: errorv1.Reason_REASON_KAKAO_IMAGE_FORMAT_UNSUPPORTED},
	{code: "-9798", reason: errorv1.Reason_REASON_KAKAO_MAINTENANCE},
}
