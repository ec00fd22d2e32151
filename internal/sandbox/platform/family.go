package platform

import "net/http"

// Family is what the routes of one host have in common: in which order a
// request is checked, how faults in its parameters read, and which headers
// answers carry.
type Family struct {
	// Checks run in this order; the first failure answers.
	Checks []Check
	// ParameterFailure puts a fault in the request into the family's words.
	ParameterFailure func(Problem) *Failure
	// Throttled is the answer to a call beyond a quota.
	Throttled func() *Failure
	// AnswerHeaders are set on every answer.
	AnswerHeaders http.Header
	// RequestID says that answers carry a fresh x-request-id.
	RequestID bool
}

// families by host. The orders of checks are inferred from which error Kakao
// prefers when several things are wrong.
var families = map[string]*Family{
	KapiHost: {
		Checks:           []Check{CheckCredential, CheckCategory, CheckParameters, CheckFeature, CheckLinked, CheckConsent, CheckQuota},
		ParameterFailure: kapiParameterFailure,
		Throttled:        func() *Failure { return NewFailure("-10", "") },
	},
	KauthHost: {
		Checks:           []Check{checkNoCredential, CheckParameters, CheckQuota},
		ParameterFailure: kauthParameterFailure,
		Throttled:        func() *Failure { return NewFailure("KOE237", "") },
	},
	DapiHost: {
		Checks:           []Check{CheckCredential, checkService, CheckQuota, CheckParameters},
		ParameterFailure: dapiParameterFailure,
		Throttled:        func() *Failure { return NewFailure("RequestThrottled", "") },
		AnswerHeaders: http.Header{
			"Access-Control-Allow-Origin":  {"*"},
			"Access-Control-Allow-Methods": {"GET, OPTIONS"},
			"Access-Control-Allow-Headers": {"Authorization, KA, Origin, X-Requested-With, Content-Type, Accept"},
			"Vary":                         {"Accept-Encoding"},
		},
		RequestID: true,
	},
	StatusHost: {
		Checks:           []Check{checkOpenRead},
		ParameterFailure: kapiParameterFailure,
		Throttled:        func() *Failure { return NewFailure("-10", "") },
	},
	KarloHost: {
		// Karlo counts images and not calls, so there is no CheckQuota.
		Checks:           []Check{CheckCredential, CheckParameters},
		ParameterFailure: kapiParameterFailure,
		Throttled:        func() *Failure { return NewFailure("-10", "") },
	},
	ContentHost: {}, // anybody with a URL may read, and nothing else is checked
}

// FamilyOf is the family of a host; nil if it is none of Kakao's.
func FamilyOf(host string) *Family { return families[host] }

// Unsatisfied is kapi's sentence for a value it does not like.
func Unsatisfied(name, detail string) string {
	return "Constraints on the parameter [" + name + "] are unsatisfied. " + detail
}

// kapiParameterFailure uses the texts that kapi.kakao.com has been seen to
// answer; where none is known, the text says what the sandbox expects.
func kapiParameterFailure(p Problem) *Failure {
	switch p.Reason {
	case isBadMedia:
		return NewFailure("-8", p.Detail)
	case isMissing:
		return NewFailure("-2", "The Parameter ["+p.Name+"] cannot be null.")
	case isEmpty:
		return NewFailure("-2", "The Parameter ["+p.Name+"] cannot be empty.")
	case isUnknown:
		return NewFailure("-2", "The Parameter ["+p.Name+"] is unknown.")
	case isRepeated:
		return NewFailure("-2", "The Parameter ["+p.Name+"] is repeated.")
	case isTooSmall:
		return NewFailure("-2", Unsatisfied(p.Name, "must be at least "+p.Bound))
	case isTooLarge:
		return NewFailure("-2", Unsatisfied(p.Name, "must be at most "+p.Bound))
	case isBadBody, isBadEncoding:
		return NewFailure("-2", p.Detail)
	}
	return NewFailure("-2", Unsatisfied(p.Name, p.Detail))
}

// kauthParameterFailure: KOE207 for what is missing, KOE001 for requests that
// cannot be read at all, KOE204 for the rest.
func kauthParameterFailure(p Problem) *Failure {
	switch p.Reason {
	case isMissing, isEmpty:
		return NewFailure("KOE207", "parameter is missing or empty: "+p.Name)
	case isBadMedia, isBadBody, isBadEncoding:
		return NewFailure("KOE001", p.Detail)
	case isUnknown:
		return NewFailure("KOE204", "unknown parameter: "+p.Name)
	case isRepeated:
		return NewFailure("KOE204", "repeated parameter: "+p.Name)
	}
	return NewFailure("KOE204", "invalid parameter: "+p.Name+" "+p.Detail)
}

// dapiParameterFailure uses the texts that have been seen for a missing query, for
// page and size, and for a radius too large. The rest is made after their pattern:
// what dapi.kakao.com answers there is not documented.
// https://developers.kakao.com/docs/latest/en/local/dev-guide
func dapiParameterFailure(p Problem) *Failure {
	paging := p.Name == "page" || p.Name == "size"
	switch {
	case p.Reason == isEmpty && p.Optional:
		return NewFailure("ValidationError", "query."+p.Name+" should be left out or have a value")
	case p.Reason == isMissing, p.Reason == isEmpty:
		return NewFailure("MissingParameter", p.Name+" parameter required")
	case p.Reason == isTooLarge && paging:
		return NewFailure("InvalidArgument", p.Name+" is more than max")
	case p.Reason == isTooSmall && paging:
		return NewFailure("InvalidArgument", p.Name+" is less than min")
	case p.Reason == isTooLarge:
		return NewFailure("ValidationError", "query."+p.Name+" should be at most "+p.Bound)
	case p.Reason == isTooSmall:
		return NewFailure("ValidationError", "query."+p.Name+" should be at least "+p.Bound)
	case p.Name == "":
		return NewFailure("InvalidArgument", p.Detail)
	case p.Reason == isUnknown:
		return NewFailure("InvalidArgument", p.Name+" is not a parameter")
	case p.Reason == isRepeated:
		return NewFailure("InvalidArgument", p.Name+" is repeated")
	}
	return NewFailure("ValidationError", "query."+p.Name+" should be "+p.Detail)
}
