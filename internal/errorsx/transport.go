package errorsx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// FromTransport tells what it means that no answer of Kakao came: err is what
// http.Client or the reading of the body gave. Of a write the outcome is unknown
// unless the request cannot have left.
func FromTransport(c Call, err error) *Error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the URL may carry keys
	}
	d := draft{
		reason: errorv1.Reason_REASON_KAKAO_UNREACHABLE,
		what:   "the connection to Kakao broke",
		kakao:  c.kakaoError(),
	}
	sent := !connecting(err)
	for _, fault := range faults {
		if fault.is(err) {
			d.reason, d.what = fault.reason, fault.what
			sent = sent && !fault.unsent
			break
		}
	}
	d.kakao.OutcomeUnknown = c.Write && sent
	if err != nil {
		d.cause = &transportError{newScrubber(c.Secrets).text(err.Error(), maxMessage), err}
	}
	return d.build()
}

// A fault is a way in which transport fails.
type fault struct {
	is     func(error) bool
	reason errorv1.Reason
	what   string
	unsent bool // the request cannot have left
}

// faults are looked through in order; what is none of them is a connection that
// broke.
var faults = []fault{
	{is: isErr(context.Canceled), reason: errorv1.Reason_REASON_CALL_CANCELLED,
		what: "the caller cancelled the call before Kakao answered"},
	{is: isTimeout, reason: errorv1.Reason_REASON_KAKAO_UPSTREAM_TIMEOUT},
	{is: as[*tls.CertificateVerificationError], unsent: true, reason: errorv1.Reason_REASON_KAKAO_TLS_UNTRUSTED},
	{is: as[x509.UnknownAuthorityError], unsent: true, reason: errorv1.Reason_REASON_KAKAO_TLS_UNTRUSTED},
	{is: as[x509.CertificateInvalidError], unsent: true, reason: errorv1.Reason_REASON_KAKAO_TLS_UNTRUSTED},
	{is: as[x509.HostnameError], unsent: true, reason: errorv1.Reason_REASON_KAKAO_TLS_UNTRUSTED},
	{is: isSchemeMismatch, unsent: true, reason: errorv1.Reason_REASON_KAKAO_UNREACHABLE,
		what: "what answers on Kakao's address does not speak TLS"},
	{is: as[tls.RecordHeaderError], unsent: true, reason: errorv1.Reason_REASON_KAKAO_UNREACHABLE,
		what: "what answers on Kakao's address does not speak TLS"},
	{is: as[*net.DNSError], unsent: true, reason: errorv1.Reason_REASON_KAKAO_UNREACHABLE,
		what: "the name of Kakao's host could not be resolved"},
	{is: isErr(syscall.ECONNREFUSED), unsent: true, reason: errorv1.Reason_REASON_KAKAO_UNREACHABLE,
		what: "Kakao's host refused the connection"},
	{is: connecting, unsent: true, reason: errorv1.Reason_REASON_KAKAO_UNREACHABLE,
		what: "no connection to Kakao could be made"},
}

// connecting reports whether a connection was still being made, so that nothing of
// the request can have left.
func connecting(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

// isSchemeMismatch finds http.ErrSchemeMismatch without net/http.
func isSchemeMismatch(err error) bool {
	return err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

func isErr(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// A transportError is a transport failure for the operator's log: its text is
// scrubbed, and errors.Is still finds what was behind it.
type transportError struct {
	text string
	err  error
}

func (t *transportError) Error() string { return t.text }

// Is makes errors.Is look behind the text.
func (t *transportError) Is(target error) bool { return errors.Is(t.err, target) }
