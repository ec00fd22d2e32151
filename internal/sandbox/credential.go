package sandbox

import (
	"net/http"
	"regexp"
	"strings"
)

// credentialKind is a set of kinds of credential.
type credentialKind uint8

const (
	userToken credentialKind = 1 << iota // Authorization: Bearer <access token>
	adminKey                             // Authorization: KakaoAK <admin key>
	restKey                              // Authorization: KakaoAK <REST API key>
	nativeKey
	javaScriptKey
	unknownKey // KakaoAK with a value that is no key of the app

	noCredential credentialKind = 0
	anyAppKey                   = adminKey | restKey | nativeKey | javaScriptKey
)

// credentialNames are the kinds in words, for the call list and the logs.
var credentialNames = map[credentialKind]string{
	noCredential: "none", userToken: "user_token", adminKey: "admin_key", restKey: "rest_key",
	nativeKey: "native_key", javaScriptKey: "javascript_key", unknownKey: "unknown_key",
}

// String returns the kind in words.
func (k credentialKind) String() string { return credentialNames[k] }

// credential is what the Authorization header holds.
type credential struct {
	kind  credentialKind
	value string // a token or key: never logged, never listed
	key   *appKey
}

// readCredential classifies the Authorization header. The second result is
// false when there is no single header of a known scheme.
func readCredential(h http.Header, a *app) (credential, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return credential{}, false
	}
	scheme, value, _ := strings.Cut(values[0], " ")
	switch scheme {
	case "Bearer":
		return credential{kind: userToken, value: value}, true
	case "KakaoAK":
		if key := a.key(value); key != nil {
			return credential{kind: key.kind, value: value, key: key}, true
		}
		return credential{kind: unknownKey, value: value}, true
	}
	return credential{}, false
}

// schemeOf is the scheme of a request's Authorization header, for challenges.
func schemeOf(r *http.Request) string {
	if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		return "Bearer"
	}
	return "KakaoAK"
}

var (
	keyForm   = regexp.MustCompile(`^[0-9a-f]{32}$`)
	tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// maxTokenLength is where Kakao answers "too long" in place of "does not
// exist". The true threshold is not documented.
const maxTokenLength = 1000

// checkCredential holds the Authorization header against what the route takes.
func checkCredential(r *request) *kakaoError {
	c, ok := readCredential(r.http.Header, r.state.app)
	r.credential = c
	if r.route.host == dapiHost {
		return checkDapiKey(r, ok)
	}
	switch {
	case !ok && r.route.accepts&userToken != 0:
		return newFailure("-401", "no authentication key!").withChallenge("Bearer")
	case !ok:
		return newFailure("-401", "no authentication key!").withChallenge("KakaoAK")
	case c.kind == userToken:
		return checkToken(r)
	case !keyForm.MatchString(c.value):
		return newFailure("-401", "wrong appKey("+c.value+") format").withChallenge("KakaoAK")
	case c.key != nil && c.key.deactivated:
		return newFailure("-401", "appKey("+c.value+") is already deactivated").withChallenge("KakaoAK")
	case c.kind&r.route.accepts == 0:
		return newFailure("-401", "invalid app key.").withChallenge("KakaoAK")
	}
	return nil
}

// checkToken finds the access token of a Bearer header.
func checkToken(r *request) *kakaoError {
	value := r.credential.value
	if len(value) > maxTokenLength {
		return newFailure("-2", "too long for access token.")
	}
	if value != "" && !tokenForm.MatchString(value) {
		return newFailure("-2", unsatisfied("access_token", "malformed access token"))
	}
	token := r.state.accessTokens[value]
	switch {
	case r.route.accepts&userToken == 0:
		return newFailure("-401", "an access token is not accepted here").withChallenge("Bearer")
	case token == nil:
		return newFailure("-401", "this access token does not exist").withChallenge("Bearer")
	case !r.now.Before(token.expires):
		return newFailure("-401", "this access token is already expired").withChallenge("Bearer")
	}
	r.token = token
	return nil
}

// checkDapiKey is checkCredential in the words of dapi.kakao.com.
func checkDapiKey(r *request, ok bool) *kakaoError {
	c := r.credential
	var message string
	switch {
	case !ok || c.kind == userToken:
		message = "cannot find Authorization : KakaoAK header"
	case !keyForm.MatchString(c.value):
		message = "wrong appKey(" + c.value + ") format"
	case c.key != nil && c.key.deactivated:
		message = "appKey is already deactivated"
	case c.kind&r.route.accepts == 0 && c.kind&(nativeKey|javaScriptKey) != 0:
		// These keys are for Kakao's SDKs, which send a KA header.
		message = "KA Header is required but neither os nor origin field is given"
	case c.kind&r.route.accepts == 0:
		message = "appKey(" + c.value + ") does not exist"
	default:
		return nil
	}
	return newFailure("AccessDeniedError", message).withChallenge("KakaoAK")
}

// checkNoCredential is for kauth.kakao.com, where the client identifies itself
// in the form. A key or token sent there all the same has leaked.
func checkNoCredential(r *request) *kakaoError {
	if len(r.http.Header.Values("Authorization")) > 0 {
		r.credential, _ = readCredential(r.http.Header, r.state.app)
		return newFailure("KOE001", "the Authorization header is not used here")
	}
	return nil
}
