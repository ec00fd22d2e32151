package errorsx

import (
	"time"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// oauthRules are the KOE codes of the authorization server.
var oauthRules = []rule{
	{code: "KOE001", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "Kakao found the OAuth request malformed"},
	{code: "KOE002", reason: errorv1.Reason_REASON_KAKAO_ENDPOINT_NOT_FOUND},
	{code: "KOE003", reason: errorv1.Reason_REASON_KAKAO_INTERNAL, what: "Kakao's authorization server failed inside"},
	{code: "KOE004", reason: errorv1.Reason_REASON_KAKAO_API_NOT_ENABLED, what: "Kakao Login is not activated for the app"},
	{code: "KOE005", reason: errorv1.Reason_REASON_KAKAO_TEST_APP_MEMBER_REQUIRED},
	{code: "KOE006", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the redirect URI is not registered for the app", do: "register it in Kakao's console, or send one that is registered to the letter"},
	{code: "KOE007", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the logout redirect URI is not registered for the app", do: "register it in Kakao's console, or send one that is registered to the letter"},
	{code: "KOE008", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the app key is of the wrong kind for an authorization code", do: "ask the operator to configure the REST API key"},
	{code: "KOE009", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the platform that the key belongs to is not registered for the app", do: "ask the operator to register it in Kakao's console"},
	{code: "KOE010", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the client secret is missing or wrong", do: "ask the operator to configure the one that Kakao's console shows"},
	{code: "KOE023", reason: errorv1.Reason_REASON_KAKAO_ENVIRONMENT_UNSUPPORTED, what: "the browser cannot do pop-up login", do: "use the redirect flow"},
	{code: "KOE101", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "Kakao does not know the REST API key, or it is of the wrong kind", do: "ask the operator to check the app's keys"},
	{code: "KOE102", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "channel_public_id was sent, but the app has no such channel or permission", do: "connect the channel in Kakao's console, or leave the parameter out"},
	{code: "KOE201", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "response_type is missing or not supported", do: "send response_type=code"},
	{code: "KOE202", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "the implicit grant is not supported", do: "send response_type=code"},
	{code: "KOE203", reason: errorv1.Reason_REASON_KAKAO_CONSENT_REQUIRED},
	{code: "KOE204", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "the OAuth request holds an invalid parameter"},
	{code: "KOE205", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "scope names a consent item that the app has not set up", do: "set it up in Kakao's console, or leave it out"},
	{code: "KOE207", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "the OAuth request lacks a required parameter"},
	{code: "KOE237", reason: errorv1.Reason_REASON_KAKAO_TOKEN_ISSUE_LIMIT, wait: 10 * time.Minute},
	{code: "KOE303", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the redirect URI differs from the one that the code was requested with", do: "send the same redirect URI in both steps"},
	{code: "KOE310", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "grant_type is missing or not supported"},
	{code: "KOE319", reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "the refresh token is missing", do: "send it"},
	{code: "KOE320", reason: errorv1.Reason_REASON_KAKAO_CODE_USED_OR_EXPIRED},
	{code: "KOE322", reason: errorv1.Reason_REASON_KAKAO_REFRESH_TOKEN_INVALID},
	{code: "KOE400", reason: errorv1.Reason_REASON_KAKAO_ID_TOKEN_INVALID, what: "the ID token is missing or malformed"},
	{code: "KOE401", reason: errorv1.Reason_REASON_KAKAO_ID_TOKEN_INVALID, what: "the ID token was not issued by Kakao"},
	{code: "KOE402", reason: errorv1.Reason_REASON_KAKAO_ID_TOKEN_INVALID, what: "the signature of the ID token is wrong"},
	{code: "KOE403", reason: errorv1.Reason_REASON_KAKAO_ID_TOKEN_EXPIRED},
}
