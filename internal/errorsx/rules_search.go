package errorsx

import (
	"time"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// searchRules are the error types of dapi: Local and Daum search. Its
// AccessDeniedError is among the credentialRules.
var searchRules = []rule{
	{code: "NotAuthorizedError", reason: errorv1.Reason_REASON_KAKAO_API_NOT_ENABLED, what: "the app has not switched on the service that the call needs"},
	{code: "MissingParameter", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "a required parameter is missing", do: "send it"},
	{code: "InvalidArgument", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "a parameter is out of range"},
	{code: "ValidationError", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "a parameter is out of range"},
	{code: "RequestThrottled", reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: 2 * time.Second},
}
