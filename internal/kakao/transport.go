package kakao

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// userAgent names the client to Kakao's support.
const userAgent = "kakaorpc"

// maxErrorBytes bounds the body read of an answer that is not a success: an
// error of Kakao fits in a thousandth of it.
const maxErrorBytes = 256 << 10

// errTooLarge says that a body went past the limit.
var errTooLarge = errors.New("body too large")

// NewTransport is how a client whose Config names no transport connects to
// Kakao: through the proxy of the environment, if there is one, with the
// authorities of the machine, HTTP/2 where it is spoken.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    3 * time.Second,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// newHTTPClient makes the one client of the process. It follows no redirect: a
// credential must not travel to an address that a response names.
func newHTTPClient(config Config) *http.Client {
	transport := config.Transport
	if transport == nil {
		transport = NewTransport()
	}
	return &http.Client{
		Transport:     addressing{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// addressing puts the true address on a request at the last moment. Everything
// above it, the error texts of net/http included, sees the endpoint's template,
// which holds no id, token or key.
type addressing struct{ next http.RoundTripper }

type addressKey struct{}

// RoundTrip implements http.RoundTripper.
func (a addressing) RoundTrip(request *http.Request) (*http.Response, error) {
	address, ok := request.Context().Value(addressKey{}).(*url.URL)
	if !ok {
		return nil, errors.New("request without an address")
	}
	request = request.Clone(request.Context())
	request.URL = address
	request.Host = address.Host
	return a.next.RoundTrip(request)
}

// newRequest builds the HTTP request of a call.
func (e *endpoint) newRequest(ctx context.Context, encoded *encodedRequest, credential credential) (*http.Request, error) {
	address, err := e.address(encoded)
	if err != nil {
		return nil, err
	}
	template := *e.base
	template.Path, template.RawPath, template.User = e.row.Path, "", nil
	var body io.Reader
	switch {
	case encoded.contentType == formContentType:
		body = bytes.NewReader(encoded.form)
	case encoded.contentType != "":
		body = bytes.NewReader(encoded.body)
	}
	request, err := http.NewRequestWithContext(context.WithValue(ctx, addressKey{}, address), e.row.Method, "/", body)
	if err != nil {
		return nil, err
	}
	request.URL, request.Host = &template, template.Host
	for name, values := range encoded.header {
		request.Header[name] = values
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", userAgent)
	if encoded.contentType != "" {
		request.Header.Set("Content-Type", encoded.contentType)
	}
	if !credential.authorization.IsZero() {
		request.Header.Set("Authorization", credential.authorization.Reveal())
	}
	return request, nil
}

// address is where the request goes: the configured base and the encoded path
// and query.
func (e *endpoint) address(encoded *encodedRequest) (*url.URL, error) {
	address := *e.base
	address.RawPath = strings.TrimSuffix(e.base.EscapedPath(), "/") + encoded.path
	path, err := url.PathUnescape(address.RawPath)
	if err != nil {
		return nil, fmt.Errorf("path of %s: %w", e.name, err)
	}
	address.Path, address.RawQuery = path, string(encoded.query)
	return &address, nil
}

// bodies are reused: the decoder copies what it keeps.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooledBytes keeps a rare large body from staying in memory.
const maxPooledBytes = 1 << 20

func release(body *bytes.Buffer) {
	if body.Cap() <= maxPooledBytes {
		body.Reset()
		bodies.Put(body)
	}
}

// readBody reads at most limit bytes; one more is errTooLarge. The rest of a
// connection that still sends is dropped with it.
func readBody(response *http.Response, limit int64) (*bytes.Buffer, error) {
	body := bodies.Get().(*bytes.Buffer)
	read, err := body.ReadFrom(io.LimitReader(response.Body, limit+1))
	if err == nil && read > limit {
		err = errTooLarge
	}
	return body, err
}

// retryAfter reads the header in seconds or as a date; zero when there is none.
// Kakao is not known to send it, a proxy in between may.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second // #nosec G115 -- 31 bits
	}
	if date, err := http.ParseTime(text); err == nil && date.After(now) {
		return date.Sub(now)
	}
	return 0
}
