package errorsx

import (
	"cmp"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// Limits of what goes into a status, in bytes. Details travel in base64 and the
// message percent-encoded, both as headers, of which gRPC for Java takes 8 KiB by
// default.
const (
	maxMessage = 512
	maxName    = 128 // codes, field names, scopes
	maxStatus  = 4608
	maxEntries = 32 // scopes, violations
	// maxViolations leaves room for the other details.
	maxViolations = 2 << 10
)

// maxRetry bounds what a Retry-After header is believed.
const maxRetry = 24 * time.Hour

// A draft is all that a status is built of.
type draft struct {
	reason     errorv1.Reason
	code       codes.Code // codes.OK: the reason's
	message    string     // empty: made of what and do
	what, do   string     // empty: the reason's
	kakao      *errorv1.KakaoError
	help       link
	wait       time.Duration
	violations []*errdetails.BadRequest_FieldViolation
	cause      error
}

// build makes the status. Everything the caller sees passes through here.
func (d draft) build() *Error {
	m, known := meanings[d.reason]
	if !known {
		d.reason = errorv1.Reason_REASON_INTERNAL
		m = meanings[d.reason]
	}
	d.what, d.do = cmp.Or(d.what, m.what), cmp.Or(d.do, m.do)
	if d.kakao == nil {
		d.kakao = &errorv1.KakaoError{}
	}
	if d.code == codes.OK {
		d.code = cmp.Or(m.code, codes.Unknown)
	}
	e := &Error{reason: d.reason, kakao: d.kakao, cause: d.cause}
	if d.wait > 0 {
		e.retry = &errdetails.RetryInfo{RetryDelay: durationpb.New(min(d.wait, maxRetry))}
	}
	// In the order of what a caller needs most: if the status grows too large,
	// details go from the end.
	details := []proto.Message{d.info(), d.kakao}
	if len(d.violations) > 0 {
		details = append(details, &errdetails.BadRequest{FieldViolations: d.violations})
	}
	if e.retry != nil {
		details = append(details, e.retry)
	}
	if m.quota != "" {
		details = append(details, d.quotaFailure(m))
	}
	if violations := d.preconditions(m); len(violations) > 0 {
		details = append(details, &errdetails.PreconditionFailure{Violations: violations})
	}
	details = append(details, &errdetails.Help{Links: d.links(m)})
	e.status = pack(d.code, d.sentence(), details)
	return e
}

// sentence is the message: what happened, with Kakao's code, and what to do.
func (d draft) sentence() string {
	if d.message != "" {
		return cut(printable(d.message), maxMessage)
	}
	what, do := d.what, d.do
	if code := d.kakao.GetKakaoCode(); code != "" {
		what += " (Kakao " + code + ")"
	}
	if d.kakao.GetOutcomeUnknown() {
		do = "whether the write took effect is unknown, so read the state before repeating it"
	}
	return cut(what+": "+do, maxMessage)
}

// info is the one ErrorInfo.
func (d draft) info() *errdetails.ErrorInfo {
	metadata := map[string]string{}
	for key, value := range map[string]string{
		"kakao_code": d.kakao.GetKakaoCode(),
		"endpoint":   d.kakao.GetEndpoint(),
		"app":        d.kakao.GetApp(),
	} {
		if value != "" {
			metadata[key] = value
		}
	}
	if d.kakao.GetHttpStatus() != 0 {
		metadata["http_status"] = strconv.Itoa(int(d.kakao.GetHttpStatus()))
	}
	if d.kakao.GetOutcomeUnknown() {
		metadata["outcome"] = "unknown"
	}
	return &errdetails.ErrorInfo{Reason: reasonName(d.reason), Domain: domain, Metadata: metadata}
}

func (d draft) quotaFailure(m meaning) *errdetails.QuotaFailure {
	subject := string(m.quota)
	if app := d.kakao.GetApp(); m.quota == quotaApp && app != "" {
		subject += ":" + app
	}
	return &errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{
		Subject: subject, Description: d.what, ApiService: d.kakao.GetHost(),
	}}}
}

// preconditions says who has to do what first: one entry, or one for each scope
// that lacks consent.
func (d draft) preconditions(m meaning) []*errdetails.PreconditionFailure_Violation {
	switch m.who {
	case "":
		return nil
	case scope:
		granted := map[string]bool{}
		for _, name := range d.kakao.GetAllowedScopes() {
			granted[name] = true
		}
		var violations []*errdetails.PreconditionFailure_Violation
		for _, name := range d.kakao.GetRequiredScopes() {
			if !granted[name] {
				violations = append(violations, &errdetails.PreconditionFailure_Violation{
					Type: string(scope), Subject: name, Description: "the user has not consented to this scope",
				})
			}
		}
		return violations
	default:
		violation := &errdetails.PreconditionFailure_Violation{Type: string(m.who), Description: d.do}
		if app := d.kakao.GetApp(); m.who == operator && app != "" {
			violation.Subject = "app:" + app
		}
		return []*errdetails.PreconditionFailure_Violation{violation}
	}
}

// links are Kakao's pages about the matter, and behind them the reason's section
// of the catalogue, which every status has.
func (d draft) links(m meaning) []*errdetails.Help_Link {
	var links []*errdetails.Help_Link
	for _, page := range []link{m.help, d.help, section(d.reason)} {
		if page.url != "" && (len(links) == 0 || links[0].GetUrl() != page.url) {
			links = append(links, &errdetails.Help_Link{Description: page.title, Url: page.url})
		}
	}
	return links
}

// pack makes the status proto and keeps it under maxStatus: first the members of
// KakaoError.other go, then the details from the end. ErrorInfo and KakaoError
// always stay; their texts are bounded one by one.
func pack(code codes.Code, message string, details []proto.Message) *status.Status {
	s := &spb.Status{Code: int32(code), Message: message} // #nosec G115 -- codes are below 17
	wrap := func() {
		s.Details = s.Details[:0]
		for _, detail := range details {
			if packed, err := anypb.New(detail); err == nil {
				s.Details = append(s.Details, packed)
			}
		}
	}
	for wrap(); proto.Size(s) > maxStatus; wrap() {
		if k, ok := details[1].(*errorv1.KakaoError); ok && k.Other != nil {
			k.Other = nil
			continue
		}
		if len(details) <= 2 {
			break
		}
		details = details[:len(details)-1]
	}
	return status.FromProto(s)
}
