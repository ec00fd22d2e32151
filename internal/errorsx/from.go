package errorsx

import (
	"context"
	"errors"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// From makes an *Error of any error, nil of nil. An *Error inside err comes out
// as it is, without what was wrapped around it; a status gets the details it
// lacks; context errors become CALL_CANCELLED and CALL_DEADLINE_EXCEEDED.
// Everything else is a fault of this server: REASON_INTERNAL, whose message says
// nothing of the error, which Unwrap gives for the log.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var carrier interface{ GRPCStatus() *status.Status }
	if errors.As(err, &carrier) {
		return fromStatus(carrier.GRPCStatus(), err)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return New(errorv1.Reason_REASON_CALL_CANCELLED, "", WithCause(err))
	case errors.Is(err, context.DeadlineExceeded):
		return New(errorv1.Reason_REASON_CALL_DEADLINE_EXCEEDED, "", WithCause(err))
	}
	return New(errorv1.Reason_REASON_INTERNAL, "", WithCause(err))
}

// bareReasons are the reasons for statuses that come without one, which gRPC
// itself and foreign interceptors make.
var bareReasons = map[codes.Code]errorv1.Reason{
	codes.Canceled:           errorv1.Reason_REASON_CALL_CANCELLED,
	codes.DeadlineExceeded:   errorv1.Reason_REASON_CALL_DEADLINE_EXCEEDED,
	codes.InvalidArgument:    errorv1.Reason_REASON_REQUEST_INVALID,
	codes.OutOfRange:         errorv1.Reason_REASON_REQUEST_INVALID,
	codes.Unimplemented:      errorv1.Reason_REASON_RPC_UNKNOWN,
	codes.Unavailable:        errorv1.Reason_REASON_SERVER_UNAVAILABLE,
	codes.ResourceExhausted:  errorv1.Reason_REASON_UNCLASSIFIED, // a quota or a large message
	codes.OK:                 errorv1.Reason_REASON_INTERNAL,     // an error that says it is none
	codes.Unknown:            errorv1.Reason_REASON_INTERNAL,
	codes.Internal:           errorv1.Reason_REASON_INTERNAL,
	codes.DataLoss:           errorv1.Reason_REASON_INTERNAL,
	codes.NotFound:           errorv1.Reason_REASON_UNCLASSIFIED,
	codes.AlreadyExists:      errorv1.Reason_REASON_UNCLASSIFIED,
	codes.PermissionDenied:   errorv1.Reason_REASON_UNCLASSIFIED,
	codes.FailedPrecondition: errorv1.Reason_REASON_UNCLASSIFIED,
	codes.Aborted:            errorv1.Reason_REASON_UNCLASSIFIED,
	codes.Unauthenticated:    errorv1.Reason_REASON_UNCLASSIFIED,
}

// fromStatus completes a status. One that this package made, possibly in another
// process, is taken over whole.
func fromStatus(s *status.Status, err error) *Error {
	var (
		info  *errdetails.ErrorInfo
		kakao *errorv1.KakaoError
		retry *errdetails.RetryInfo
		field []*errdetails.BadRequest_FieldViolation
		// ours is false if the status holds what this package never puts in.
		infos, kakaos, ours = 0, 0, true
	)
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			info, infos = d, infos+1
		case *errorv1.KakaoError:
			kakao, kakaos = d, kakaos+1
		case *errdetails.RetryInfo:
			retry = d
		case *errdetails.BadRequest:
			field = d.GetFieldViolations()
		case *errdetails.QuotaFailure, *errdetails.PreconditionFailure, *errdetails.Help, *errdetails.RequestInfo:
		default:
			ours = false
		}
	}
	if ours && s.Code() != codes.OK && infos == 1 && kakaos == 1 && info.GetDomain() == domain {
		if reason := reasonOf(info.GetReason()); reason != errorv1.Reason_REASON_UNSPECIFIED {
			return &Error{status: s, reason: reason, kakao: kakao, retry: retry, cause: err}
		}
	}
	return bare(s, field, retry.GetRetryDelay().AsDuration(), err)
}

// bare gives a foreign status a reason. Its message is kept, scrubbed, unless it
// tells of this server's inside.
func bare(s *status.Status, violations []*errdetails.BadRequest_FieldViolation, wait time.Duration, err error) *Error {
	code := s.Code()
	reason, known := bareReasons[code]
	if !known { // no code of gRPC
		reason, code = errorv1.Reason_REASON_UNCLASSIFIED, codes.Unknown
	}
	options := []Option{WithCause(err), WithRetryAfter(wait)}
	for _, v := range violations {
		options = append(options, WithViolation(v.GetField(), v.GetDescription(), v.GetReason()))
	}
	if reason == errorv1.Reason_REASON_INTERNAL {
		return New(reason, "", options...)
	}
	options = append(options, func(d *draft) { d.code = code })
	return New(reason, newScrubber(nil).text(s.Message(), maxMessage), options...)
}
