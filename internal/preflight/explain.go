package preflight

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// A cause is a way in which a host is not reached.
type cause struct {
	is   func(error) bool
	what string
}

// causes are looked through in order.
var causes = []cause{
	{isExpired, "its certificate is not good at this time: look at the clock of this machine, and at who answers in Kakao's place"},
	{as[x509.HostnameError], "its certificate is for another name: something else answers in its place, as a proxy or a wrong override does"},
	{as[x509.UnknownAuthorityError], "its certificate is of an authority that this machine does not trust: where a proxy opens TLS, " +
		"install its authority and name the file in SSL_CERT_FILE; in a bare image install ca-certificates"},
	{as[*tls.CertificateVerificationError], "its certificate is not good"},
	{isPlain, "what answers does not speak TLS: is the port right, or should the override begin with http://?"},
	{isProxy, "the proxy refuses the connection: look at HTTPS_PROXY and NO_PROXY, and at what the proxy lets through"},
	{isNoSuchName, "the name does not resolve: look at the DNS of this machine or the network policy"},
	{as[*net.DNSError], "the name server did not answer: look at the DNS of this machine or the network policy"},
	{isErr(syscall.ECONNREFUSED), "the connection is refused: nothing listens there, or a firewall says no"},
	{isErr(syscall.ENETUNREACH), "there is no way to the network from here"},
	{isErr(syscall.EHOSTUNREACH), "there is no way to the host from here"},
	{isDialTimeout, "nobody answers the connection in time: a firewall or network policy may swallow it"},
	{isTimeout, "it is connected, but there is no answer in time"},
	{isErr(syscall.ECONNRESET), "the connection was cut off: something on the way may not let it through"},
}

// explain says why a host was not reached, and what to look at. The text of the
// error follows what it means; nothing secret was sent.
func explain(err error, host string) string {
	for _, c := range causes {
		if c.is(err) {
			return c.what + " (" + err.Error() + ")"
		}
	}
	return host + " was not reached (" + err.Error() + ")"
}

func isExpired(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

func isPlain(err error) bool {
	return as[tls.RecordHeaderError](err) || errors.Is(err, http.ErrSchemeMismatch)
}

func isProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect" || strings.HasPrefix(err.Error(), "proxyconnect")
}

func isNoSuchName(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func isDialTimeout(err error) bool {
	var op *net.OpError
	return isTimeout(err) && errors.As(err, &op) && op.Op == "dial"
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func isErr(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}
