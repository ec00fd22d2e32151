package errorsx

import (
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// webhookRules are the err values with which a service answers a security event
// token of Kakao that it does not accept; an account-state webhook passed on by a
// proxy comes back so.
var webhookRules = []rule{
	{code: "invalid_request", shape: shapeWebhook, reason: errorv1.Reason_REASON_KAKAO_EVENT_TOKEN_INVALID, what: "the posted text is not a security event token"},
	{code: "invalid_key", shape: shapeWebhook, reason: errorv1.Reason_REASON_KAKAO_EVENT_TOKEN_INVALID, what: "the signing key of the security event token is unknown or its signature is wrong"},
	{code: "invalid_issuer", shape: shapeWebhook, reason: errorv1.Reason_REASON_KAKAO_EVENT_TOKEN_INVALID, what: "the security event token is of another issuer"},
	{code: "invalid_audience", shape: shapeWebhook, reason: errorv1.Reason_REASON_KAKAO_EVENT_TOKEN_INVALID, what: "the security event token is for another app"},
}
