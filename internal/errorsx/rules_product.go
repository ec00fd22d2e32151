package errorsx

import (
	"regexp"

	"google.golang.org/grpc/codes"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// productRules are the codes of Kakao Talk, its calendar and channels, of push and
// of the AI APIs.
var productRules = []rule{
	{code: "-501", reason: errorv1.Reason_REASON_KAKAO_NOT_TALK_USER},
	{code: "-502", reason: errorv1.Reason_REASON_KAKAO_NOT_FRIENDS},
	{code: "-504", reason: errorv1.Reason_REASON_KAKAO_MESSAGE_UNSUPPORTED},
	{code: "-520", reason: errorv1.Reason_REASON_KAKAO_CALENDAR_NOT_FOUND},
	{code: "-521", reason: errorv1.Reason_REASON_KAKAO_TASK_READ_ONLY},
	{code: "-530", reason: errorv1.Reason_REASON_KAKAO_MESSAGE_RECEPTION_OFF},
	{code: "-531", reason: errorv1.Reason_REASON_KAKAO_SENDER_MONTHLY_LIMIT},
	{code: "-532", reason: errorv1.Reason_REASON_KAKAO_SENDER_DAILY_LIMIT},
	{code: "-533", reason: errorv1.Reason_REASON_KAKAO_RECIPIENT_DAILY_LIMIT},
	{code: "-536", reason: errorv1.Reason_REASON_KAKAO_PAIR_DAILY_LIMIT},
	{code: "-541", reason: errorv1.Reason_REASON_KAKAO_CHANNEL_NOT_FOUND},
	{code: "-544", reason: errorv1.Reason_REASON_KAKAO_CHANNEL_BLOCKED},
	{code: "-815", reason: errorv1.Reason_REASON_KAKAO_CHANNEL_ERROR},
	{code: "-816", reason: errorv1.Reason_REASON_KAKAO_CUSTOMER_FILE_NOT_FOUND},
	// INVALID_FILE_NAME is the text for a name that is taken.
	{code: "-817", says: regexp.MustCompile(`(?i)already|taken|in use|duplicat|exist`), reason: errorv1.Reason_REASON_KAKAO_CUSTOMER_FILE_NAME},
	{code: "-817", says: regexp.MustCompile(`(?i)not allowed|not permitted|too long|length|character|cannot be|허용`), reason: errorv1.Reason_REASON_KAKAO_CUSTOMER_FILE_NAME, grpc: codes.InvalidArgument, what: "Kakao does not allow the customer file name"},
	{code: "-817", reason: errorv1.Reason_REASON_KAKAO_CUSTOMER_FILE_NAME},
	{code: "-818", reason: errorv1.Reason_REASON_KAKAO_CUSTOMER_FILE_LIMIT},
	{code: "-819", reason: errorv1.Reason_REASON_KAKAO_CHANNEL_NOT_CONNECTED},
	{code: "-830", reason: errorv1.Reason_REASON_KAKAO_AI_ERROR},
	{code: "-831", reason: errorv1.Reason_REASON_KAKAO_OVERLOADED, what: "Kakao's AI service is over capacity"},
	{code: "-901", reason: errorv1.Reason_REASON_KAKAO_PUSH_TOKEN_NOT_FOUND},
}
