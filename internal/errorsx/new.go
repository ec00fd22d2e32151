package errorsx

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// New makes one of this server's own refusals. The gRPC code follows from the
// reason. The message is one sentence, what happened and what to do, and must
// hold no secret; empty stands for the reason's own sentence, which of
// REASON_REQUEST_INVALID names the first field.
func New(reason errorv1.Reason, message string, options ...Option) *Error {
	d := draft{reason: reason, message: message}
	for _, option := range options {
		option(&d)
	}
	if len(d.violations) > 0 {
		d.what = violated(d.violations)
		d.do = "correct the request"
	}
	return d.build()
}

// Option adds to an error what the reason does not say.
type Option func(*draft)

// WithViolation names a request field that breaks a rule: field is its path as in
// the proto ("target_ids[3]"), description the rule it breaks ("must be at most
// 15"), rule the id of that rule in any notation ("int32.lte"). At most 32 and
// 2 KiB are kept.
func WithViolation(field, description, rule string) Option {
	return func(d *draft) {
		violations := append(slices.Clip(d.violations), &errdetails.BadRequest_FieldViolation{
			Field:       cut(printable(field), maxName),
			Description: cut(printable(description), maxMessage),
			Reason:      upperSnake(rule),
		})
		if len(violations) > maxEntries || proto.Size(&errdetails.BadRequest{FieldViolations: violations}) > maxViolations {
			return
		}
		d.violations = violations
	}
}

// WithRetryAfter says when to come back. Zero and less say nothing.
func WithRetryAfter(wait time.Duration) Option {
	return func(d *draft) { d.wait = wait }
}

// WithCall says which call to Kakao was refused before it was made.
func WithCall(c Call) Option {
	return func(d *draft) { d.kakao = c.kakaoError() }
}

// WithCause keeps the error behind this one for the operator's log. The caller
// does not see it.
func WithCause(err error) Option {
	return func(d *draft) { d.cause = err }
}

// violated is the first violation in words, with the number of the others.
func violated(violations []*errdetails.BadRequest_FieldViolation) string {
	v := violations[0]
	text := v.GetDescription()
	if v.GetField() != "" && !strings.HasPrefix(text, v.GetField()+" ") { // rules on several fields name theirs
		text = v.GetField() + ": " + text
	}
	text = cut(text, maxMessage/2)
	if others := len(violations) - 1; others > 0 {
		text += fmt.Sprintf(" (and %d more)", others)
	}
	return text
}

// upperSnake makes of any rule id what google.rpc.BadRequest wants as reason:
// "string.max_len" becomes "STRING_MAX_LEN".
func upperSnake(id string) string {
	words := strings.FieldsFunc(strings.ToUpper(id), func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	name := strings.Join(words, "_")
	return strings.TrimRight(name[:min(len(name), 63)], "_")
}
