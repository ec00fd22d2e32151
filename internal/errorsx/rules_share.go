package errorsx

import (
	"time"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// shareRules are the codes of Kakao Talk Share.
var shareRules = []rule{
	{code: "4002", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "Kakao found the share request wrong"},
	{code: "4003", reason: errorv1.Reason_REASON_KAKAO_APP_KEY_INVALID, what: "Kakao refused the app's key or failed for the moment"},
	{code: "4005", reason: errorv1.Reason_REASON_KAKAO_ENVIRONMENT_UNSUPPORTED, what: "the browser does not support sharing", do: "use another one"},
	{code: "4006", reason: errorv1.Reason_REASON_KAKAO_QUOTA_EXCEEDED, what: "the free quota for sharing is used up"},
	{code: "4007", reason: errorv1.Reason_REASON_KAKAO_RATE_LIMITED, wait: time.Minute, what: "sharing was used too often in a short time"},
	{code: "4008", reason: errorv1.Reason_REASON_KAKAO_ACCOUNT_RESTRICTED},
	{code: "4009", reason: errorv1.Reason_REASON_KAKAO_ACTION_NOT_ALLOWED, what: "the open chat takes messages of its admin only", do: "share somewhere else"},
	{code: "4011", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "the login failed"},
	{code: "4012", reason: errorv1.Reason_REASON_KAKAO_NOT_TALK_USER},
	{code: "4013", reason: errorv1.Reason_REASON_KAKAO_ACCOUNT_RESTRICTED},
	{code: "4015", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "the registration failed"},
	{code: "4016", reason: errorv1.Reason_REASON_KAKAO_ACTION_NOT_ALLOWED},
	{code: "4017", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "the account could not be authenticated"},
	{code: "4018", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "another account is logged in", do: "log in with the right account"},
	{code: "4019", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "the authentication request was wrong"},
	{code: "4020", reason: errorv1.Reason_REASON_KAKAO_APP_SUSPENDED},
	{code: "4041", reason: errorv1.Reason_REASON_KAKAO_ENDPOINT_NOT_FOUND},
	{code: "5001", reason: errorv1.Reason_REASON_KAKAO_INTERNAL},
	{code: "5005", reason: errorv1.Reason_REASON_KAKAO_INTERNAL},
}
