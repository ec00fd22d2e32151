package platform

import (
	"net/http"
	"regexp"
	"strings"
)

// CredentialKind is a set of kinds of credential.
type CredentialKind uint8

// The kinds of credential, and sets of them.
const (
	UserToken CredentialKind = 1 << iota // Authorization: Bearer <access token>
	AdminKey                             // Authorization: KakaoAK <admin key>
	RESTKey                              // Authorization: KakaoAK <REST API key>
	NativeKey
	JavaScriptKey
	unknownKey // KakaoAK with a value that is no key of the app

	NoCredential CredentialKind = 0
	AnyAppKey                   = AdminKey | RESTKey | NativeKey | JavaScriptKey
)

// CredentialNames are the kinds in words, for the call list and the logs.
var CredentialNames = map[CredentialKind]string{
	NoCredential: "none", UserToken: "user_token", AdminKey: "admin_key", RESTKey: "rest_key",
	NativeKey: "native_key", JavaScriptKey: "javascript_key", unknownKey: "unknown_key",
}

// String returns the kind in words.
func (k CredentialKind) String() string { return CredentialNames[k] }

// Credential is what the Authorization header holds.
type Credential struct {
	Kind  CredentialKind
	Value string // a token or key: never logged, never listed
	Key   *AppKey
}

// readCredential classifies the Authorization header. The second result is
// false when there is no single header of a known scheme.
func readCredential(h http.Header, a *App) (Credential, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return Credential{}, false
	}
	scheme, value, _ := strings.Cut(values[0], " ")
	switch scheme {
	case "Bearer":
		return Credential{Kind: UserToken, Value: value}, true
	case "KakaoAK":
		if key := a.Key(value); key != nil {
			return Credential{Kind: key.Kind, Value: value, Key: key}, true
		}
		return Credential{Kind: unknownKey, Value: value}, true
	}
	return Credential{}, false
}

// schemeOf is the scheme of a request's Authorization header, for challenges.
func schemeOf(r *http.Request) string {
	if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		return "Bearer"
	}
	return "KakaoAK"
}

// keyForm is the form of app keys, TokenForm that of codes and tokens.
var (
	keyForm   = regexp.MustCompile(`^[0-9a-f]{32}$`)
	TokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// maxTokenLength is where Kakao answers "too long" in place of "does not
// exist". The true threshold is not documented.
const maxTokenLength = 1000

// CheckCredential holds the Authorization header against what the route takes.
func CheckCredential(r *Request) *Failure {
	c, ok := readCredential(r.HTTP.Header, r.State.App)
	r.Credential = c
	if r.Route.Host == DapiHost {
		return checkDapiKey(r, ok)
	}
	switch {
	case !ok && r.Route.Accepts&UserToken != 0:
		return NewFailure("-401", "no authentication key!").withChallenge("Bearer")
	case !ok:
		return NewFailure("-401", "no authentication key!").withChallenge("KakaoAK")
	case c.Kind == UserToken:
		return checkToken(r)
	case !keyForm.MatchString(c.Value):
		return NewFailure("-401", "wrong appKey("+c.Value+") format").withChallenge("KakaoAK")
	case c.Key != nil && c.Key.Deactivated:
		return NewFailure("-401", "appKey("+c.Value+") is already deactivated").withChallenge("KakaoAK")
	case c.Kind&r.Route.Accepts == 0:
		return NewFailure("-401", "invalid app key.").withChallenge("KakaoAK")
	}
	return nil
}

// checkToken finds the access token of a Bearer header.
func checkToken(r *Request) *Failure {
	value := r.Credential.Value
	if len(value) > maxTokenLength {
		return NewFailure("-2", "too long for access token.")
	}
	if value != "" && !TokenForm.MatchString(value) {
		return NewFailure("-2", Unsatisfied("access_token", "malformed access token"))
	}
	token := r.State.AccessTokens[value]
	switch {
	case r.Route.Accepts&UserToken == 0:
		return NewFailure("-401", "an access token is not accepted here").withChallenge("Bearer")
	case token == nil:
		return NewFailure("-401", "this access token does not exist").withChallenge("Bearer")
	case !r.Now.Before(token.Expires):
		return NewFailure("-401", "this access token is already expired").withChallenge("Bearer")
	}
	r.Token = token
	return nil
}

// checkDapiKey is CheckCredential in the words of dapi.kakao.com.
func checkDapiKey(r *Request, ok bool) *Failure {
	c := r.Credential
	var message string
	switch {
	case !ok || c.Kind == UserToken:
		message = "cannot find Authorization : KakaoAK header"
	case !keyForm.MatchString(c.Value):
		message = "wrong appKey(" + c.Value + ") format"
	case c.Key != nil && c.Key.Deactivated:
		message = "appKey is already deactivated"
	case c.Kind&r.Route.Accepts == 0 && c.Kind&(NativeKey|JavaScriptKey) != 0:
		// These keys are for Kakao's SDKs, which send a KA header.
		message = "KA Header is required but neither os nor origin field is given"
	case c.Kind&r.Route.Accepts == 0:
		message = "appKey(" + c.Value + ") does not exist"
	default:
		return nil
	}
	return NewFailure("AccessDeniedError", message).withChallenge("KakaoAK")
}

// checkNoCredential is for kauth.kakao.com, where the client identifies itself
// in the form. A key or token sent there all the same has leaked.
func checkNoCredential(r *Request) *Failure {
	if len(r.HTTP.Header.Values("Authorization")) > 0 {
		r.Credential, _ = readCredential(r.HTTP.Header, r.State.App)
		return NewFailure("KOE001", "the Authorization header is not used here")
	}
	return nil
}
