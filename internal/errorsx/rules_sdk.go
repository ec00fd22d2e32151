package errorsx

import (
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// sdkRules are the codes that Kakao's SDKs and the web pages behind them use. They
// have no HTTP status of their own; a service gets to see them when an app passes
// them on.
var sdkRules = []rule{
	{code: "KAE001", reason: errorv1.Reason_REASON_KAKAO_INTERNAL},
	{code: "KAE002", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "Kakao found the request invalid"},
	{code: "KAE003", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "Kakao found a parameter wrong"},
	{code: "KAE004", reason: errorv1.Reason_REASON_KAKAO_INTERACTION_EXPIRED},
	{code: "KAE005", reason: errorv1.Reason_REASON_KAKAO_CHANNEL_NOT_FOUND},
	{code: "KAE006", reason: errorv1.Reason_REASON_KAKAO_CHANNEL_BLOCKED, what: "the Kakao Talk Channel cannot be added"},
	{code: "KAE007", reason: errorv1.Reason_REASON_KAKAO_ENVIRONMENT_UNSUPPORTED},
	{code: "KAE101", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the app is of the wrong type", do: "ask the operator to check it in Kakao's console"},
	{code: "KAE102", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the app has not set up the consent items that are needed", do: "ask the operator to set them up in Kakao's console"},
	{code: "KAE103", reason: errorv1.Reason_REASON_KAKAO_APP_NOT_PERMITTED},
	{code: "KAE104", reason: errorv1.Reason_REASON_KAKAO_APP_KEY_INVALID, what: "the app key is of the wrong kind"},
	{code: "KAE105", reason: errorv1.Reason_REASON_KAKAO_CHANNEL_NOT_CONNECTED},
	{code: "KAE108", reason: errorv1.Reason_REASON_KAKAO_APP_SUSPENDED},
	{code: "KAE201", reason: errorv1.Reason_REASON_KAKAO_USER_TOKEN_INVALID},
	{code: "KAE202", reason: errorv1.Reason_REASON_KAKAO_USER_NOT_LINKED},
	{code: "KAE203", reason: errorv1.Reason_REASON_KAKAO_SCOPE_REQUIRED},
	{code: "KAE204", reason: errorv1.Reason_REASON_KAKAO_CONSENT_REQUIRED, what: "the user has not agreed to the service terms"},
	{code: "KAE205", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED},
	{code: "KAE206", reason: errorv1.Reason_REASON_KAKAO_SHIPPING_ADDRESS_NOT_FOUND},

	// The friend picker.
	{code: "-204", reason: errorv1.Reason_REASON_KAKAO_FRIEND_NOT_FOUND},
	{code: "-400", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "the friend picker found a parameter wrong"},
	{code: "-403", reason: errorv1.Reason_REASON_KAKAO_ENVIRONMENT_UNSUPPORTED, what: "the browser does not support the friend picker", do: "use another one"},

	// Login with certificate.
	{code: "-421", reason: errorv1.Reason_REASON_KAKAO_SIGNING_INCOMPLETE},
	{code: "-422", reason: errorv1.Reason_REASON_KAKAO_INTERACTION_EXPIRED, what: "the user did not sign in time"},
	{code: "-423", reason: errorv1.Reason_REASON_KAKAO_SIGNING_CERTIFICATE_EXPIRED},
}
