package errorsx

import (
	"regexp"
	"time"

	"google.golang.org/grpc/codes"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// A rule says what one of Kakao's error codes means. Empty fields match
// anything; among the rules of the book the first that matches counts, so the
// narrower stands above the wider.
type rule struct {
	code   string         // Kakao's code as text
	shape  shape          // the shape of the body, where two use the same code
	on     family         // the host family
	status int            // Kakao's HTTP status
	says   *regexp.Regexp // a pattern in Kakao's text
	detail string         // extras.detailCode; anyDetail for whatever it is
	user   bool           // only calls with a user's token

	reason errorv1.Reason
	// What differs from the reason's own meaning.
	grpc     codes.Code
	what, do string
	doubtful bool
	// wait is how long to wait before repeating, if Kakao sends no Retry-After
	// (it never has been seen to).
	wait time.Duration
}

// anyDetail in a rule matches every extras.detailCode, but not its absence.
const anyDetail = "*"

func (r rule) matches(c Call, status int, b body) bool {
	return (r.code == "" || r.code == b.code || r.code == b.oauthError) &&
		(r.shape == shapeForeign || r.shape == b.shape) &&
		(r.on == familyAny || r.on == c.family()) &&
		(r.status == 0 || r.status == status) &&
		(r.detail == "" || r.detail == b.detail || r.detail == anyDetail && b.detail != "") &&
		(!r.user || c.Credential == CredentialUserToken) &&
		(r.says == nil || r.says.MatchString(b.message))
}

// A chapter is the rules of one family of codes, by a short name for it, and the
// page of Kakao's documentation that lists them.
type chapter struct {
	name  string
	help  link
	rules []rule
}

// book is all that is known of Kakao's codes. All KOE codes come before the OAuth
// error values that stand beside them, because they are more precise; both come
// before pace because the token endpoint has a limit of its own (KOE237); pace
// comes before the rest because HTTP 429 means the same with any code.
var book = []chapter{
	{"login", link{"Error codes of Kakao Login", documentation + "kakaologin/trouble-shooting"}, oauthRules},
	{"business", link{"Error codes of business authentication", documentation + "business-auth/trouble-shooting"}, businessRules},
	{"oauth", link{"Error codes of Kakao Login", documentation + "kakaologin/trouble-shooting"}, oauthErrorRules},
	{"webhook", link{}, webhookRules},
	{"platform", helpQuota, paceRules},
	{"platform", link{"Error codes", documentation + "rest-api/error-code"}, credentialRules},
	{"search", link{"Error codes", documentation + "rest-api/error-code"}, searchCredentialRules},
	{"platform", link{"Error codes", documentation + "rest-api/error-code"}, platformRules},
	{"login", link{"Error codes of Kakao Login", documentation + "kakaologin/trouble-shooting"}, loginRules},
	{"product", link{"Error codes", documentation + "rest-api/error-code"}, productRules},
	{"moment", link{"Error codes of Kakao Moment", documentation + "kakaomoment/reference"}, momentRules},
	{"keywordad", link{"Error codes of Kakao Keyword Ad", documentation + "keyword-ad/reference"}, keywordAdRules},
	{"search", link{"Kakao Map and Local", documentation + "local/dev-guide"}, searchRules},
	{"share", link{}, shareRules},
	{"sdk", link{}, sdkRules},
	{"certification", link{}, certificationRules},
}

// lookup finds the rule for an answer; false if Kakao's code is in no chapter.
func lookup(c Call, status int, b body) (rule, link, bool) {
	for _, chapter := range book {
		for _, r := range chapter.rules {
			if r.matches(c, status, b) {
				return r, chapter.help, true
			}
		}
	}
	return rule{}, link{}, false
}
