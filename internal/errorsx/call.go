package errorsx

import (
	"fmt"
	"strings"
	"time"
)

// Credential is what a call to Kakao was signed with. The same code means
// different things by it: -401 is the user's fault with a user token and the
// operator's with a key.
type Credential int

// The kinds of credential, as sent and not as allowed.
const (
	// CredentialNone is a call without credential.
	CredentialNone Credential = iota
	// CredentialClient is client_id and client_secret as parameters.
	CredentialClient
	// CredentialUserToken is a user's access token, or an advertiser's business
	// token, as Authorization: Bearer.
	CredentialUserToken
	// CredentialAppKey is an app's REST or admin key, as Authorization: KakaoAK.
	CredentialAppKey
)

// Call says which call to Kakao failed. What is not known stays empty.
type Call struct {
	// Host is Kakao's own name of the host, such as "kapi.kakao.com", also when
	// the traffic goes through a proxy or to a sandbox.
	Host string
	// Endpoint is method and path as Kakao's documentation writes them, with
	// variables in braces: "GET /v2/user/me". Never a URL with values in it.
	Endpoint string
	// App is the configured name of the app.
	App string
	// Credential is what the call was signed with.
	Credential Credential
	// Write is true if the call changes something at Kakao, so that a lost answer
	// leaves the outcome unknown.
	Write bool
	// Fields gives the name in the contract of a parameter that Kakao calls
	// otherwise; parameters of one name are left out.
	Fields map[string]string
	// Secrets are the values that must not appear in any text: keys, tokens and
	// authorization codes of this call. Values shorter than 8 bytes are ignored.
	Secrets Secrets
}

// Secrets are texts that must not be printed, and are not: with every verb they
// are only counted.
type Secrets []string

// Format implements fmt.Formatter.
func (s Secrets) Format(state fmt.State, _ rune) { _, _ = fmt.Fprintf(state, "[%d secrets]", len(s)) }

// Response is an answer of Kakao, or of what stands in its place.
type Response struct {
	// HTTPStatus is the status code.
	HTTPStatus int
	// ContentType is the Content-Type header.
	ContentType string
	// RetryAfter is the wait of the Retry-After header, zero if there was none.
	RetryAfter time.Duration
	// RequestID is the x-request-id header.
	RequestID string
	// Body is as much of the body as was read. More than 64 KiB is not looked at:
	// Kakao's error bodies are under 1 KiB.
	Body []byte
}

// family is the part of Kakao that a host belongs to. A rule may be limited to
// one, since the parts disagree on the meaning of some codes.
type family string

const (
	familyAny       family = ""
	familyPlatform  family = "kapi"
	familyOAuth     family = "kauth"
	familySearch    family = "dapi"
	familyMoment    family = "moment"
	familyKeywordAd family = "keywordad"
	familyAI        family = "ai"
)

// families are the hosts of
// https://developers.kakao.com/docs/latest/en/rest-api/reference.
var families = map[string]family{
	"kapi.kakao.com":          familyPlatform,
	"kauth.kakao.com":         familyOAuth,
	"dapi.kakao.com":          familySearch,
	"apis.moment.kakao.com":   familyMoment,
	"api.keywordad.kakao.com": familyKeywordAd,
	"api.kakaobrain.com":      familyAI,
}

func (c Call) family() family { return families[strings.ToLower(c.Host)] }
