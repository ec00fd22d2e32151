package errorsx

import (
	"cmp"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// FromResponse tells what an answer of Kakao means that is not a success: any
// status outside 2xx, or a 2xx whose body IsErrorBody. Whatever the body is, an
// error comes back.
func FromResponse(c Call, r Response) *Error {
	b, ok := parseBody(r.Body)
	if !ok || b.code == "" && b.status == 0 {
		return codeless(c, r, b, ok)
	}
	clean := newScrubber(c.Secrets)
	status := r.effectiveStatus(b)
	rule, help, known := lookup(c, status, b)
	d := draft{reason: rule.reason, code: rule.grpc, what: rule.what, do: rule.do, help: help, wait: rule.wait}
	if !known {
		d.reason = errorv1.Reason_REASON_KAKAO_ERROR_UNKNOWN
	}
	if b.code == "" {
		d.what = cmp.Or(d.what, "Kakao refused the call without a code")
	}
	if d.code == codes.OK && meanings[d.reason].code == codes.OK {
		d.code = codeOfStatus(status, c.Credential)
	}
	d.kakao = answered(c, r, b, clean)
	// 403 is a refusal, also where the code is one for faults.
	d.kakao.OutcomeUnknown = c.Write && status != 403 &&
		(meanings[d.reason].doubtful || rule.doubtful || !known && status >= 500)
	if r.RetryAfter > 0 {
		d.wait = r.RetryAfter
	}
	d.missing()
	d.field(clean.text(b.message, maxMessage), c.Fields)
	return d.build()
}

// effectiveStatus is the status that the code table is asked with. An error
// inside a 2xx may name its own; 400 is what the same error has otherwise.
func (r Response) effectiveStatus(b body) int {
	if r.HTTPStatus/100 != 2 {
		return r.HTTPStatus
	}
	if b.status != 0 {
		return b.status
	}
	return 400
}

// codeless tells by the status what an answer without one of Kakao's codes
// means.
func codeless(c Call, r Response, b body, isObject bool) *Error {
	d := draft{reason: errorv1.Reason_REASON_KAKAO_RESPONSE_UNREADABLE, wait: r.RetryAfter}
	switch {
	case r.HTTPStatus/100 == 3:
		d.reason = errorv1.Reason_REASON_KAKAO_REDIRECT_REFUSED
	case r.HTTPStatus == 429:
		rule, help, _ := lookup(c, r.HTTPStatus, b)
		d.reason, d.help = rule.reason, help
		if d.wait == 0 {
			d.wait = rule.wait
		}
	case r.HTTPStatus >= 502 && r.HTTPStatus <= 504:
		d.reason = errorv1.Reason_REASON_KAKAO_UNREACHABLE
		d.what = fmt.Sprintf("Kakao's gateway answered HTTP %d", r.HTTPStatus)
	default:
		return unreadable(c, r, b, notKakaos(r, isObject))
	}
	d.kakao = answered(c, r, b, newScrubber(c.Secrets))
	d.kakao.OutcomeUnknown = c.Write && d.reason == errorv1.Reason_REASON_KAKAO_UNREACHABLE
	return d.build()
}

// notKakaos says what was wrong with an error body.
func notKakaos(r Response, isObject bool) string {
	text := strings.TrimSpace(string(r.Body[:min(len(r.Body), 512)]))
	switch {
	case text == "":
		return "it has no body"
	case isObject:
		return "it is JSON without any of Kakao's error codes"
	case strings.HasPrefix(text, "<") || strings.Contains(strings.ToLower(r.ContentType), "html"):
		return "it is markup and not JSON"
	default:
		return "it is not JSON, or cut off"
	}
}

// Unreadable is for an answer that cannot be decoded, a 2xx most of the time. why
// says what is wrong with it ("it is cut off after 512 bytes") and must hold
// nothing of the body but names and offsets. Of a write the outcome is unknown
// unless Kakao answered 3xx or 4xx.
func Unreadable(c Call, r Response, why string) *Error {
	return unreadable(c, r, body{}, why)
}

func unreadable(c Call, r Response, b body, why string) *Error {
	clean := newScrubber(c.Secrets)
	d := draft{
		reason: errorv1.Reason_REASON_KAKAO_RESPONSE_UNREADABLE,
		code:   foreign(r),
		what:   fmt.Sprintf("Kakao's answer with HTTP %d is not readable (%s)", r.HTTPStatus, clean.text(why, maxMessage/2)),
		kakao:  answered(c, r, b, clean),
		wait:   r.RetryAfter,
	}
	d.kakao.OutcomeUnknown = c.Write && r.doubtful()
	return d.build()
}

// TooLarge is for an answer of more than limit bytes. Of a write the outcome is
// unknown as with Unreadable.
func TooLarge(c Call, r Response, limit int64) *Error {
	d := draft{
		reason: errorv1.Reason_REASON_KAKAO_RESPONSE_TOO_LARGE,
		code:   foreign(r),
		what:   fmt.Sprintf("Kakao's answer with HTTP %d is larger than the %d bytes that are read", r.HTTPStatus, limit),
		kakao:  answered(c, r, body{}, newScrubber(c.Secrets)),
	}
	d.kakao.OutcomeUnknown = c.Write && r.doubtful()
	return d.build()
}

// foreign is the code for what is not an answer of Kakao's: behind a 5xx stands a
// gateway that will recover, behind the others something nobody knows.
func foreign(r Response) codes.Code {
	if r.HTTPStatus >= 500 {
		return codes.Unavailable
	}
	return codes.Unknown
}

// doubtful reports whether a write may have taken effect behind an answer that
// says nothing.
func (r Response) doubtful() bool { return r.HTTPStatus < 300 || r.HTTPStatus >= 500 }
