package errorsx

import (
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// domain is the google.rpc.ErrorInfo.domain of every status.
const domain = "kakaorpc"

// Error is a failure as the caller gets to see it. It is immutable, and no text
// of it holds a secret. The functions of this package make it; errors.As finds
// it.
type Error struct {
	status *status.Status
	reason errorv1.Reason
	kakao  *errorv1.KakaoError
	retry  *errdetails.RetryInfo
	cause  error
}

// Error gives the message of the status: one sentence, what happened and what to
// do.
func (e *Error) Error() string { return e.status.Message() }

// GRPCStatus gives the status with its details; gRPC looks for this method.
func (e *Error) GRPCStatus() *status.Status { return e.status }

// Identified returns the error with the id by which the log knows the call, as
// google.rpc.RequestInfo: a caller who reports a failure has it at hand.
func (e *Error) Identified(requestID string) *Error {
	for _, detail := range e.status.Details() {
		if _, identified := detail.(*errdetails.RequestInfo); identified {
			return e
		}
	}
	whole, err := e.status.WithDetails(&errdetails.RequestInfo{RequestId: requestID})
	if err != nil {
		return e // it is OK, or cannot be encoded: neither is a failure of ours
	}
	identified := *e
	identified.status = whole
	return &identified
}

// Unwrap gives what led to the error, if it was not Kakao's answer: a transport
// error without URL and secrets, or an error of this server's own code. It is for
// the operator's log and for errors.Is, never for the caller.
func (e *Error) Unwrap() error { return e.cause }

// Code is the gRPC code.
func (e *Error) Code() codes.Code { return e.status.Code() }

// Reason is the reason, as in google.rpc.ErrorInfo.
func (e *Error) Reason() errorv1.Reason { return e.reason }

// Kakao is the KakaoError detail. It is shared: read it, do not change it.
func (e *Error) Kakao() *errorv1.KakaoError { return e.kakao }

// RetryAfter is how long to wait before repeating the call, as in
// google.rpc.RetryInfo; zero if nobody knows.
func (e *Error) RetryAfter() time.Duration { return e.retry.GetRetryDelay().AsDuration() }

// Retryable reports whether a read that failed so may work when repeated at once
// or after RetryAfter. Of a write with unknown outcome it is false.
func (e *Error) Retryable() bool {
	if e.kakao.GetOutcomeUnknown() {
		return false
	}
	switch e.reason {
	case errorv1.Reason_REASON_KAKAO_ERROR_UNKNOWN, errorv1.Reason_REASON_KAKAO_RESPONSE_UNREADABLE:
		return e.Code() == codes.Unavailable // by the HTTP status
	default:
		return meanings[e.reason].retry
	}
}

// hopeless reports whether a gRPC client must not repeat the call by itself: a
// quota that resets at midnight, or a write that may have happened.
func (e *Error) hopeless() bool {
	return meanings[e.reason].hopeless || e.kakao.GetOutcomeUnknown()
}
