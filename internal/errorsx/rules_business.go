package errorsx

import (
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// businessRules are the KOE codes of business authentication, by which an
// advertiser gets a business token.
var businessRules = []rule{
	{code: "KOE025", reason: errorv1.Reason_REASON_KAKAO_BUSINESS_ACCOUNT_UNUSABLE, what: "the person has no Kakao Business account", do: "ask the person to register one"},
	{code: "KOE026", reason: errorv1.Reason_REASON_KAKAO_BUSINESS_ACCOUNT_UNUSABLE, what: "the Kakao Business account cannot be used", do: "ask the person to check its state"},
	{code: "KOE027", reason: errorv1.Reason_REASON_KAKAO_BUSINESS_ACCOUNT_UNUSABLE, what: "the person has no business asset to consent to", do: "ask the person to create one or to get access to one"},
	{code: "KOE028", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the redirect URI for business authentication is not registered", do: "register it in Kakao's console"},
	{code: "KOE123", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the app is not a biz app", do: "ask the operator to convert it in Kakao's console"},
	{code: "KOE124", reason: errorv1.Reason_REASON_KAKAO_APP_NOT_PERMITTED, what: "the app has no permission for business authentication"},
	{code: "KOE125", reason: errorv1.Reason_REASON_KAKAO_APP_SUSPENDED},
	{code: "KOE232", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the business scope is not set up or not permitted for the app", do: "ask the operator to set it up or apply for it"},
	{code: "KOE233", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "business authentication does not take one of the parameters, or misses one"},
}
