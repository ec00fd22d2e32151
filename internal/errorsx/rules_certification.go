package errorsx

import (
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// certificationRules are the codes of the separate Kakao certification product.
// What they mean is documented there; the HTTP status says enough to act on.
var certificationRules = []rule{
	{code: "E0001", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E0002", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E1001", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E1002", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E1004", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E1005", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E1006", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E1007", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E2001", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E2002", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E2003", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E2004", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
	{code: "E2005", reason: errorv1.Reason_REASON_KAKAO_CERTIFICATION_FAILED},
}
