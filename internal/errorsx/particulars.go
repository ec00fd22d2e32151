package errorsx

import (
	"cmp"
	"regexp"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// missing names the scopes to ask for, where Kakao did.
func (d *draft) missing() {
	if d.reason != errorv1.Reason_REASON_KAKAO_SCOPE_REQUIRED {
		return
	}
	var names []string
	for _, violation := range d.preconditions(meanings[d.reason]) {
		names = append(names, violation.GetSubject())
	}
	if len(names) > 0 {
		d.what = "the user has not consented to " + cut(strings.Join(names, ", "), maxMessage/4)
		d.do = "request additional consent with these scopes, then repeat the call"
	}
}

// named are the texts in which Kakao names the parameter it minds.
var named = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\bparameter \[([\w.]{1,64})\]`), // The Parameter [x] cannot be null.
	regexp.MustCompile(`\bname=([\w.]{1,64})\b`),            // failed to parse parameter. name=from, ...
	regexp.MustCompile(`^query\.([\w.]{1,64}) `),            // query.radius should be at most 20000
	regexp.MustCompile(`^(\w{1,64}) parameter (?:required|one of)`),
	regexp.MustCompile(`^(\w{1,64}) is (?:more|less) than`), // page is more than max
}

// field names the parameter in BadRequest, where Kakao did: by the name that it
// has in the contract.
func (d *draft) field(text string, names map[string]string) {
	if d.reason != errorv1.Reason_REASON_KAKAO_PARAMETER_INVALID {
		return
	}
	for _, pattern := range named {
		if match := pattern.FindStringSubmatch(text); match != nil {
			name := cmp.Or(names[match[1]], match[1])
			d.violations = []*errdetails.BadRequest_FieldViolation{{
				Field: name, Description: text, Reason: reasonName(d.reason),
			}}
			d.what = "Kakao found the parameter " + name + " missing, malformed or out of range"
			return
		}
	}
}
