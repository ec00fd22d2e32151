package errorsx

import (
	"maps"
	"slices"
	"strconv"

	"google.golang.org/grpc/codes"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// A Description is what a reason says before any call has failed for it: what the
// tables of this package hold of it.
type Description struct {
	Reason errorv1.Reason
	// Name is the text in google.rpc.ErrorInfo.reason.
	Name string
	// Statuses are what a call may end with, the usual first. None: the code
	// follows from the HTTP status of Kakao's answer.
	Statuses []Status
	// What happened and what to do, as in the message of the status.
	What, Do string
	// Precondition is who has to act first: google.rpc.PreconditionFailure's type
	// ("OPERATOR", "USER", "OBJECT", "SCOPE"), empty where there is none.
	Precondition string
	// Retryable: a read may be repeated at once or after RetryInfo.
	Retryable bool
	// Hopeless: gRPC clients are told not to repeat the call by themselves.
	Hopeless bool
	// Doubtful: a write that failed so may have taken effect.
	Doubtful bool
	// Kakao are the codes of Kakao that lead to the reason, in the order of the
	// rules.
	Kakao []KakaoCode
}

// A Status is how a failed call ends, over gRPC and over JSON.
type Status struct {
	Code codes.Code
	// HTTP is the status of the JSON facade's answer.
	HTTP int
}

// A KakaoCode is one of Kakao's error codes.
type KakaoCode struct {
	// Family is whose code it is: "platform", "login", "oauth", "business",
	// "webhook", "search", "product", "share", "sdk", "certification", "moment" or
	// "keywordad".
	Family string
	// Code is the code as Kakao writes it ("-402", "KOE320", "invalid_grant"); with
	// extras.detailCode behind a slash ("-813/31001"); or "HTTP 429" where the
	// status counts and not the code.
	Code string
}

// Describe gives the descriptions of all reasons, in the order of the enum.
func Describe() []Description {
	var all []Description
	for _, number := range slices.Sorted(maps.Keys(meanings)) {
		m := meanings[number]
		all = append(all, Description{
			Reason: number, Name: reasonName(number), Statuses: m.statuses(),
			What: m.what, Do: m.do, Precondition: string(m.who),
			Retryable: m.retry, Hopeless: m.hopeless, Doubtful: m.doubtful,
			Kakao: codesOf(number),
		})
	}
	return all
}

func (m meaning) statuses() []Status {
	var all []Status
	for _, code := range []codes.Code{m.code, m.also} {
		if code != codes.OK {
			all = append(all, Status{code, m.httpStatus(code)})
		}
	}
	return all
}

// codesOf collects Kakao's codes of a reason, each once.
func codesOf(reason errorv1.Reason) []KakaoCode {
	var all []KakaoCode
	for _, chapter := range book {
		for _, r := range chapter.rules {
			code := KakaoCode{chapter.name, r.label()}
			if r.reason == reason && !slices.Contains(all, code) {
				all = append(all, code)
			}
		}
	}
	return all
}

// label is how the code of a rule is written where people read it.
func (r rule) label() string {
	switch {
	case r.status == 429 || r.code == "":
		return "HTTP " + strconv.Itoa(r.status)
	case r.detail != "" && r.detail != anyDetail:
		return r.code + "/" + r.detail
	}
	return r.code
}
