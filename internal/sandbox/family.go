package sandbox

import "net/http"

// family is what the routes of one host have in common: in which order a
// request is checked, how faults in its parameters read, and which headers
// answers carry.
type family struct {
	// checks run in this order; the first failure answers.
	checks []check
	// parameterFailure puts a fault in the request into the family's words.
	parameterFailure func(problem) *kakaoError
	// throttled is the answer to a call beyond a quota.
	throttled func() *kakaoError
	// answerHeaders are set on every answer.
	answerHeaders http.Header
	// requestID says that answers carry a fresh x-request-id.
	requestID bool
}

// families by host. The orders of checks are inferred from which error Kakao
// prefers when several things are wrong.
var families = map[string]*family{
	kapiHost: {
		checks:           []check{checkCredential, checkCategory, checkParameters, checkFeature, checkLinked, checkConsent, checkQuota},
		parameterFailure: kapiParameterFailure,
		throttled:        func() *kakaoError { return newFailure("-10", "") },
	},
	kauthHost: {
		checks:           []check{checkNoCredential, checkParameters, checkQuota},
		parameterFailure: kauthParameterFailure,
		throttled:        func() *kakaoError { return newFailure("KOE237", "") },
	},
	dapiHost: {
		checks:           []check{checkCredential, checkService, checkQuota, checkParameters},
		parameterFailure: dapiParameterFailure,
		throttled:        func() *kakaoError { return newFailure("RequestThrottled", "") },
		answerHeaders: http.Header{
			"Access-Control-Allow-Origin":  {"*"},
			"Access-Control-Allow-Methods": {"GET, OPTIONS"},
			"Access-Control-Allow-Headers": {"Authorization, KA, Origin, X-Requested-With, Content-Type, Accept"},
			"Vary":                         {"Accept-Encoding"},
		},
		requestID: true,
	},
	statusHost: {
		checks:           []check{checkOpenRead},
		parameterFailure: kapiParameterFailure,
		throttled:        func() *kakaoError { return newFailure("-10", "") },
	},
	karloHost: {
		// Karlo counts images and not calls, so there is no checkQuota.
		checks:           []check{checkCredential, checkParameters},
		parameterFailure: kapiParameterFailure,
		throttled:        func() *kakaoError { return newFailure("-10", "") },
	},
	contentHost: {}, // anybody with a URL may read, and nothing else is checked
}

// unsatisfied is kapi's sentence for a value it does not like.
func unsatisfied(name, detail string) string {
	return "Constraints on the parameter [" + name + "] are unsatisfied. " + detail
}

// kapiParameterFailure uses the texts that kapi.kakao.com has been seen to
// answer; where none is known, the text says what the sandbox expects.
func kapiParameterFailure(p problem) *kakaoError {
	switch p.reason {
	case isBadMedia:
		return newFailure("-8", p.detail)
	case isMissing:
		return newFailure("-2", "The Parameter ["+p.name+"] cannot be null.")
	case isEmpty:
		return newFailure("-2", "The Parameter ["+p.name+"] cannot be empty.")
	case isUnknown:
		return newFailure("-2", "The Parameter ["+p.name+"] is unknown.")
	case isRepeated:
		return newFailure("-2", "The Parameter ["+p.name+"] is repeated.")
	case isTooSmall:
		return newFailure("-2", unsatisfied(p.name, "must be at least "+p.bound))
	case isTooLarge:
		return newFailure("-2", unsatisfied(p.name, "must be at most "+p.bound))
	case isBadBody, isBadEncoding:
		return newFailure("-2", p.detail)
	}
	return newFailure("-2", unsatisfied(p.name, p.detail))
}

// kauthParameterFailure: KOE207 for what is missing, KOE001 for requests that
// cannot be read at all, KOE204 for the rest.
func kauthParameterFailure(p problem) *kakaoError {
	switch p.reason {
	case isMissing, isEmpty:
		return newFailure("KOE207", "parameter is missing or empty: "+p.name)
	case isBadMedia, isBadBody, isBadEncoding:
		return newFailure("KOE001", p.detail)
	case isUnknown:
		return newFailure("KOE204", "unknown parameter: "+p.name)
	case isRepeated:
		return newFailure("KOE204", "repeated parameter: "+p.name)
	}
	return newFailure("KOE204", "invalid parameter: "+p.name+" "+p.detail)
}

// dapiParameterFailure uses the texts that have been seen for a missing query, for
// page and size, and for a radius too large. The rest is made after their pattern:
// what dapi.kakao.com answers there is not documented.
// https://developers.kakao.com/docs/latest/en/local/dev-guide
func dapiParameterFailure(p problem) *kakaoError {
	paging := p.name == "page" || p.name == "size"
	switch {
	case p.reason == isEmpty && p.optional:
		return newFailure("ValidationError", "query."+p.name+" should be left out or have a value")
	case p.reason == isMissing, p.reason == isEmpty:
		return newFailure("MissingParameter", p.name+" parameter required")
	case p.reason == isTooLarge && paging:
		return newFailure("InvalidArgument", p.name+" is more than max")
	case p.reason == isTooSmall && paging:
		return newFailure("InvalidArgument", p.name+" is less than min")
	case p.reason == isTooLarge:
		return newFailure("ValidationError", "query."+p.name+" should be at most "+p.bound)
	case p.reason == isTooSmall:
		return newFailure("ValidationError", "query."+p.name+" should be at least "+p.bound)
	case p.name == "":
		return newFailure("InvalidArgument", p.detail)
	case p.reason == isUnknown:
		return newFailure("InvalidArgument", p.name+" is not a parameter")
	case p.reason == isRepeated:
		return newFailure("InvalidArgument", p.name+" is repeated")
	}
	return newFailure("ValidationError", "query."+p.name+" should be "+p.detail)
}
