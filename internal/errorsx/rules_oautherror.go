package errorsx

import (
	"regexp"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// oauthErrorRules are the OAuth error values of the authorization server. They
// count when a body has no KOE code, or one that is in no chapter.
var oauthErrorRules = []rule{
	// What the user or the browser did, as error in the query of the redirect.
	{code: "access_denied", says: regexp.MustCompile(`(?i)under age`), reason: errorv1.Reason_REASON_KAKAO_USER_UNDER_AGE},
	{code: "access_denied", reason: errorv1.Reason_REASON_KAKAO_LOGIN_DENIED},
	{code: "login_required", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "the user has no session with Kakao"},
	{code: "consent_required", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "the user has not linked the app or not consented"},
	{code: "interaction_required", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "Kakao needs the user to do something"},
	{code: "auto_login", reason: errorv1.Reason_REASON_KAKAO_LOGIN_REQUIRED, what: "automatic login inside Kakao Talk was not possible"},
	{code: "unauthorized_client", shape: shapeOAuth, reason: errorv1.Reason_REASON_KAKAO_APP_SUSPENDED},

	// What the token endpoint answers.
	{code: "invalid_request", shape: shapeOAuth, reason: errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID, what: "Kakao found the OAuth request invalid"},
	{code: "invalid_client", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "Kakao refused the app's REST API key or client secret", do: "ask the operator to check both"},
	{code: "invalid_grant", says: regexp.MustCompile(`(?i)refresh_token|refresh token (is|has|not)`), reason: errorv1.Reason_REASON_KAKAO_REFRESH_TOKEN_INVALID},
	{code: "invalid_grant", says: regexp.MustCompile(`(?i)authorization code not found`), reason: errorv1.Reason_REASON_KAKAO_CODE_USED_OR_EXPIRED},
	{code: "invalid_grant", says: regexp.MustCompile(`(?i)redirect.uri mismatch`), reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the redirect URI differs from the one that the code was requested with", do: "send the same redirect URI in both steps"},
	{code: "invalid_grant", reason: errorv1.Reason_REASON_KAKAO_GRANT_INVALID},
	{code: "invalid_scope", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "scope names a consent item that the app has not set up", do: "set it up in Kakao's console, or leave it out"},
	{code: "misconfigured", reason: errorv1.Reason_REASON_KAKAO_CLIENT_MISCONFIGURED, what: "the platform that the key belongs to is not registered for the app", do: "ask the operator to register it in Kakao's console"},
	{code: "unauthorized", reason: errorv1.Reason_REASON_KAKAO_APP_NOT_PERMITTED},
	{code: "invalid_token", user: true, reason: errorv1.Reason_REASON_KAKAO_USER_TOKEN_INVALID},
	{code: "invalid_token", reason: errorv1.Reason_REASON_KAKAO_ID_TOKEN_INVALID},
	{code: "server_error", reason: errorv1.Reason_REASON_KAKAO_INTERNAL, what: "Kakao's authorization server failed inside"},
}
