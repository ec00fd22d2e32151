package errorsx

import (
	"strings"

	"google.golang.org/grpc/codes"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// A meaning is what follows from a reason alone. The table is in reasons.go.
type meaning struct {
	code codes.Code // codes.OK: by the HTTP status of Kakao's answer
	also codes.Code // the other code that goes with the reason, if there is one
	http int        // the facade's HTTP status, where code does not give it
	what string     // what happened
	do   string     // what to do about it
	who  actor      // who has to act, of FAILED_PRECONDITION
	// quota is whose quota is used up, of RESOURCE_EXHAUSTED.
	quota quota
	help  link
	// retry is true if a read that failed so may work when repeated at once or
	// after RetryInfo.
	retry bool
	// hopeless is true if gRPC clients are to be told not to repeat the call by
	// themselves, though its code is one that they may have a retry policy for.
	hopeless bool
	// doubtful is true if a write that failed so may have taken effect.
	doubtful bool
}

// An actor is who can lift a precondition: google.rpc.PreconditionFailure's type.
type actor string

const (
	operator actor = "OPERATOR" // of this server, in its configuration or Kakao's console
	user     actor = "USER"     // the person behind the token
	object   actor = "OBJECT"   // nobody: the state of what the call is about forbids it
	scope    actor = "SCOPE"    // the person, by consenting to the scope in subject
)

// A quota is google.rpc.QuotaFailure's subject.
type quota string

const (
	quotaApp       quota = "app"
	quotaUser      quota = "user"
	quotaSender    quota = "sender"
	quotaRecipient quota = "recipient"
	quotaPair      quota = "sender and recipient"
	quotaChannel   quota = "channel"
	quotaAdAccount quota = "ad account"
	quotaServer    quota = "kakaorpc"
)

// A link is a page that says more.
type link struct{ title, url string }

const documentation = "https://developers.kakao.com/docs/latest/en/"

var (
	helpConsent  = link{"How to request additional consent", documentation + "kakaologin/rest-api#additional-consent"}
	helpTokens   = link{"How to get and refresh tokens", documentation + "kakaologin/rest-api"}
	helpBusiness = link{"How to get a business token", documentation + "business-auth/common"}
	helpQuota    = link{"Quotas", documentation + "getting-started/quota"}
)

// Catalogue is the page that has a section for every reason.
const Catalogue = "https://github.com/kakaorpc/kakaorpc/blob/main/docs/errors.md"

// Anchor is the fragment of a reason's section in Catalogue; reason is the text in
// google.rpc.ErrorInfo.
func Anchor(reason string) string { return strings.ToLower(reason) }

// section is where Catalogue speaks of the reason. Its title is short, because it
// travels with every failure.
func section(r errorv1.Reason) link {
	return link{"Cause and fix", Catalogue + "#" + Anchor(reasonName(r))}
}

// reasonPrefix is what enum values carry and google.rpc.ErrorInfo.reason does
// not.
const reasonPrefix = "REASON_"

// reasonName is the text for google.rpc.ErrorInfo.reason.
func reasonName(r errorv1.Reason) string {
	return strings.TrimPrefix(r.String(), reasonPrefix)
}

// reasonOf is the way back; zero for a text that is no reason of ours.
func reasonOf(name string) errorv1.Reason {
	return errorv1.Reason(errorv1.Reason_value[reasonPrefix+name])
}

// statusCodes is the gRPC code for an HTTP status of Kakao when nothing better
// is known. 401 depends on the credential and is not here.
var statusCodes = map[int]codes.Code{
	400: codes.InvalidArgument,
	403: codes.PermissionDenied,
	404: codes.NotFound,
	405: codes.Unimplemented,
	408: codes.DeadlineExceeded,
	409: codes.Aborted,
	410: codes.Unimplemented,
	413: codes.InvalidArgument,
	415: codes.InvalidArgument,
	429: codes.ResourceExhausted,
	500: codes.Unavailable,
	501: codes.Unimplemented,
	502: codes.Unavailable,
	503: codes.Unavailable,
	504: codes.Unavailable,
}

// codeOfStatus is statusCodes with an answer for every number.
func codeOfStatus(status int, credential Credential) codes.Code {
	if status == 401 {
		if credential == CredentialUserToken {
			return codes.Unauthenticated
		}
		return codes.FailedPrecondition // a key is the operator's matter
	}
	if code, ok := statusCodes[status]; ok {
		return code
	}
	if status >= 500 {
		return codes.Unavailable
	}
	return codes.Unknown
}
