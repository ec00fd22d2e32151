package errorsx

import (
	"regexp"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// credentialRules are -401 of kapi, which like AccessDeniedError of dapi stands for
// many things: a token, a key, an address, a domain. Only a bad user token is the
// caller's business, so what the text names counts first and what the call was
// signed with second.
var credentialRules = append(refusals("-401"),
	// A token that is too long for Kakao to look at comes back as a bad parameter.
	rule{code: "-2", says: regexp.MustCompile(`(?i)too long for access token`), user: true,
		reason: errorv1.Reason_REASON_KAKAO_USER_TOKEN_INVALID, what: "the user's access token is too long to be one"})

// searchCredentialRules are AccessDeniedError of dapi.
var searchCredentialRules = refusals("AccessDeniedError")

// refusals are the rules that both codes have in common; the texts are the same
// on both hosts.
func refusals(code string) []rule {
	return []rule{
		{code: code, says: regexp.MustCompile(`(?i)ip mismatched`), reason: errorv1.Reason_REASON_KAKAO_EGRESS_IP_NOT_ALLOWED},
		{code: code, says: regexp.MustCompile(`(?i)(domain|key ?hash|bundle id) mismatched`), reason: errorv1.Reason_REASON_KAKAO_CALLER_MISMATCH},
		{code: code, says: regexp.MustCompile(`(?i)appkey|invalid app key`), reason: errorv1.Reason_REASON_KAKAO_APP_KEY_INVALID},
		{code: code, says: regexp.MustCompile(`(?i)biz token`), reason: errorv1.Reason_REASON_KAKAO_BUSINESS_TOKEN_REQUIRED},
		{code: code, says: regexp.MustCompile(`(?i)already expired|token (is|has) expired`), user: true, reason: errorv1.Reason_REASON_KAKAO_USER_TOKEN_EXPIRED},
		{code: code, user: true, reason: errorv1.Reason_REASON_KAKAO_USER_TOKEN_INVALID},
		{code: code, reason: errorv1.Reason_REASON_KAKAO_APP_KEY_INVALID},
	}
}
