package server

import (
	"context"
	"net"
	"net/http"
	"net/textproto"
	"regexp"
	"strings"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
)

// headers are the request headers that mean something here, and whether they
// become metadata of the call. No other reaches the gateway: not
// Grpc-Metadata-*, not X-HTTP-Method-Override, no cookie, no forwarded address.
var headers = map[string]bool{
	"X-Kakao-App":  true,
	"X-Request-Id": true,
	// The gateway adds it by itself.
	"Authorization": false,
	// otelhttp reads them; the call gets the span that comes of it.
	"Traceparent": false,
	"Tracestate":  false,
	// The gateway makes the deadline of it.
	"Grpc-Timeout": false,
	// About the body.
	"Content-Type": false,
}

// allowed returns the headers on the list.
func allowed(sent http.Header) http.Header {
	kept := http.Header{}
	for name := range headers {
		if values := sent[name]; len(values) > 0 {
			kept[name] = values
		}
	}
	return kept
}

// intoMetadata is the gateway's incoming header matcher.
func intoMetadata(name string) (string, bool) {
	return strings.ToLower(name), headers[textproto.CanonicalMIMEHeaderKey(name)]
}

// nothing is a header matcher that lets nothing through.
func nothing(string) (string, bool) { return "", false }

// timeoutPattern is a positive gRPC timeout.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
var timeoutPattern = regexp.MustCompile(`^0{0,7}[1-9][0-9]{0,7}[HMSmun]$`)

// badHeader returns a header on the list that cannot be metadata: the gateway
// would leave it out without a word, and a call would run without its token.
func badHeader(sent http.Header) (name, what string) {
	for name := range headers {
		for _, value := range sent[name] {
			if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
				return strings.ToLower(name), "must be visible ASCII"
			}
		}
	}
	if values := sent["Grpc-Timeout"]; len(values) > 1 || len(values) == 1 && (len(values[0]) > 9 || !timeoutPattern.MatchString(values[0])) {
		return "grpc-timeout", "must be 1 to 8 digits, not zero, and a unit of H, M, S, m, u or n, like 5S or 250m"
	}
	return "", ""
}

// withPeer says who calls, as a gRPC connection would.
func withPeer(ctx context.Context, r *http.Request) context.Context {
	caller := &peer.Peer{}
	if addr, err := net.ResolveTCPAddr("tcp", r.RemoteAddr); err == nil {
		caller.Addr = addr
	}
	if r.TLS != nil {
		caller.AuthInfo = credentials.TLSInfo{State: *r.TLS}
	}
	return peer.NewContext(ctx, caller)
}
