package errorsx

import (
	"time"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// loginRules are the codes about users, consent and age.
var loginRules = []rule{
	{code: "-101", reason: errorv1.Reason_REASON_KAKAO_USER_NOT_LINKED},
	{code: "-102", reason: errorv1.Reason_REASON_KAKAO_USER_ALREADY_LINKED},
	{code: "-103", reason: errorv1.Reason_REASON_KAKAO_ACCOUNT_INACTIVE},
	{code: "-201", reason: errorv1.Reason_REASON_KAKAO_USER_PROPERTY_UNKNOWN},
	{code: "-301", reason: errorv1.Reason_REASON_KAKAO_APP_KEY_INVALID, what: "no app matches the request"},
	{code: "-402", reason: errorv1.Reason_REASON_KAKAO_SCOPE_REQUIRED},
	{code: "-405", reason: errorv1.Reason_REASON_KAKAO_AGE_VERIFICATION_REQUIRED},
	{code: "-406", reason: errorv1.Reason_REASON_KAKAO_USER_UNDER_AGE, what: "the user is under 14 and the app does not accept that"},
	{code: "-451", reason: errorv1.Reason_REASON_KAKAO_USER_UNDER_AGE},
	{code: "-452", reason: errorv1.Reason_REASON_KAKAO_AGE_ALREADY_VERIFIED},
	{code: "-453", reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: time.Minute, what: "too many age checks were requested"},
	{code: "-480", reason: errorv1.Reason_REASON_KAKAO_AGE_VERIFICATION_MISMATCH},
	{code: "-481", reason: errorv1.Reason_REASON_KAKAO_AGE_VERIFICATION_MISMATCH, what: "age verification found another person than the one stored"},
}
