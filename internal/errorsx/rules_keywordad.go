package errorsx

import (
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// keywordAdRules are -820, behind which Keyword Ad hides the cause as
// extras.detailCode. Its HTTP status is 400 whatever the cause.
var keywordAdRules = []rule{
	{code: "-820", detail: "400", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID},
	{code: "-820", detail: "403", reason: errorv1.Reason_REASON_KAKAO_AD_NOT_PERMITTED},
	{code: "-820", detail: "404", reason: errorv1.Reason_REASON_KAKAO_AD_NOT_FOUND},
	{code: "-820", detail: "409", reason: errorv1.Reason_REASON_KAKAO_AD_STATE},
	{code: "-820", detail: "100000", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID, what: "the URL is malformed"},
	{code: "-820", detail: "100001", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID, what: "the landing URL is not below the URL of the biz channel"},
	{code: "-820", detail: "101001", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID, what: "the business category is missing"},
	{code: "-820", detail: "101002", reason: errorv1.Reason_REASON_KAKAO_AD_NAME_TAKEN, what: "the name of the biz channel is taken"},
	{code: "-820", detail: "101003", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID, what: "the name of the biz channel has characters that are not allowed"},
	{code: "-820", detail: "101004", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID, what: "the name of a biz channel has 1 to 12 characters"},
	{code: "-820", detail: "101010", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID, what: "the account for the review of the biz channel is missing"},
	{code: "-820", detail: "101012", reason: errorv1.Reason_REASON_KAKAO_AD_NOT_FOUND, what: "there is no such biz channel"},
	{code: "-820", detail: "101014", reason: errorv1.Reason_REASON_KAKAO_AD_STATE, what: "the biz channel still has campaigns"},
	{code: "-820", detail: "101015", reason: errorv1.Reason_REASON_KAKAO_AD_COUNT_LIMIT, what: "too many Kakao Talk Channels are linked"},
	{code: "-820", detail: "101016", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID, what: "the id of a document for the review is not valid"},
	{code: "-820", detail: "103005", reason: errorv1.Reason_REASON_KAKAO_AD_NOT_FOUND, what: "there is no such biz channel"},
	{code: "-820", status: 400, detail: "*", reason: errorv1.Reason_REASON_KAKAO_AD_REQUEST_INVALID},
	{code: "-820", status: 403, detail: "*", reason: errorv1.Reason_REASON_KAKAO_AD_NOT_PERMITTED},
	{code: "-820", status: 404, detail: "*", reason: errorv1.Reason_REASON_KAKAO_AD_NOT_FOUND},
	{code: "-820", status: 409, detail: "*", reason: errorv1.Reason_REASON_KAKAO_AD_STATE},
	{code: "-820", reason: errorv1.Reason_REASON_KAKAO_KEYWORD_AD_ERROR},
}
