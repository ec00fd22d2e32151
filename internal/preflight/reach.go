package preflight

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// Answer is what came of reaching a target.
type Answer struct {
	// URL is where a request was sent, Hosts the Kakao hosts that are there.
	URL   string   `json:"url"`
	Hosts []string `json:"hosts"`
	// Proxy is the host of the proxy in between; "": there is none.
	Proxy string `json:"proxy,omitempty"`
	// Address is what the connection went to: with a proxy, the proxy's.
	Address string `json:"address,omitempty"`
	// TLS is the version that was agreed on; "": none was.
	TLS string `json:"tls,omitempty"`
	// CertificateUntil is the end of the certificate, also of one that was
	// refused.
	CertificateUntil *time.Time `json:"certificate_until,omitempty"`
	// HTTPStatus is that of the answer; 0: there was none.
	HTTPStatus int `json:"http_status,omitempty"`
	// Milliseconds is how long it took until the answer, or the fault.
	Milliseconds int64 `json:"milliseconds"`
	// Fault says why there was no answer, and what to do; "": there was one.
	Fault string `json:"fault,omitempty"`
}

// Reach asks every target for its root at the same time, without any key, and
// waits until ctx ends at the most. An answer of any status will do: that the
// name resolves, the port is open, the certificate is good and somebody speaks
// HTTP is all that it is about. dial makes a transport for one request, as
// kakao.NewTransport does.
func Reach(ctx context.Context, targets []Target, dial func() *http.Transport) []Answer {
	answers := make([]Answer, len(targets))
	var group sync.WaitGroup
	for i, target := range targets {
		group.Go(func() { answers[i] = reach(ctx, target, dial()) })
	}
	group.Wait()
	return answers
}

func reach(ctx context.Context, target Target, transport *http.Transport) Answer {
	defer transport.CloseIdleConnections()
	answer := Answer{URL: target.URL.String(), Hosts: target.Hosts}
	var mutex sync.Mutex // connecting may go on after the request has ended
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			mutex.Lock()
			defer mutex.Unlock()
			answer.Address = info.Conn.RemoteAddr().String()
		},
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			if err != nil {
				return
			}
			mutex.Lock()
			defer mutex.Unlock()
			until := state.PeerCertificates[0].NotAfter.UTC()
			answer.TLS, answer.CertificateUntil = tls.VersionName(state.Version), &until
		},
	})
	began := time.Now()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.URL.JoinPath("/").String(), nil)
	if err == nil {
		request.Header.Set("User-Agent", "kakaorpc check")
		if proxy, fault := transport.Proxy(request); fault == nil && proxy != nil {
			answer.Proxy = proxy.Host // and no password
		}
		var response *http.Response
		if response, err = transport.RoundTrip(request); err == nil {
			_ = response.Body.Close() // its status is all that counts
		}
		mutex.Lock()
		defer mutex.Unlock()
		if err == nil {
			answer.HTTPStatus = response.StatusCode
		}
	}
	answer.Milliseconds = time.Since(began).Milliseconds()
	if err != nil {
		answer.Fault = explain(err, target.URL.Hostname())
		var refused *tls.CertificateVerificationError
		if errors.As(err, &refused) && len(refused.UnverifiedCertificates) > 0 {
			until := refused.UnverifiedCertificates[0].NotAfter.UTC()
			answer.CertificateUntil = &until
		}
	}
	return answer
}
