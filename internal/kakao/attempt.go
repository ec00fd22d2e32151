package kakao

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// Attributes of our own on the spans of attempts, beside those of
// https://opentelemetry.io/docs/specs/semconv/http/http-spans/.
const (
	// spanHost is Kakao's own name of the host; server.address is where the
	// request went, which may be a proxy or a sandbox.
	spanHost   = attribute.Key("kakaorpc.host")
	spanApp    = attribute.Key("kakaorpc.app")
	spanReason = attribute.Key("kakaorpc.reason")
	spanCode   = attribute.Key("kakaorpc.kakao_code")
)

// Values of kakao_code where it is not one of Kakao's codes that are known: a
// text that Kakao makes up must not make a time series.
const (
	codeNone  = "none"  // Kakao did not say one
	codeOther = "other" // the rules of errorsx do not know it
)

// An attempt is one request to Kakao as the operator sees it: a span and a few
// counters. otelhttp's transport is not used because its span ends with the
// last byte of the body, before anyone knows what Kakao said in it.
type attempt struct {
	observer *observer
	endpoint *endpoint
	app      string
	span     trace.Span
	began    time.Time
}

// begin starts the span of a request that is about to be sent, with the context
// that is returned.
func (o *observer) begin(ctx context.Context, e *endpoint, app string) (context.Context, *attempt) {
	a := &attempt{observer: o, endpoint: e, app: app, began: time.Now()}
	ctx, a.span = o.tracer.Start(ctx, e.name, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(a.began))
	if a.span.IsRecording() {
		a.span.SetAttributes(e.spanAttributes...)
		a.span.SetAttributes(spanApp.String(app))
		if number := attemptOf(ctx); number > 1 {
			a.span.SetAttributes(semconv.HTTPRequestResendCount(number - 1))
		}
	}
	return ctx, a
}

// answers notes what the answer says before its body.
func answers(ctx context.Context, response *http.Response) {
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.SetAttributes(semconv.HTTPResponseStatusCode(response.StatusCode),
			semconv.NetworkProtocolVersion(strings.TrimSuffix(strings.TrimPrefix(response.Proto, "HTTP/"), ".0")))
	}
}

// end records how the request went. ctx is begin's.
func (a *attempt) end(ctx context.Context, err error) {
	m, e := a.observer.instruments, a.endpoint
	host, endpoint, app := labelHost.String(e.row.Host), labelEndpoint.String(e.name), labelApp.String(a.app)
	took := time.Since(a.began)
	m.duration.Record(ctx, took.Seconds(), metric.WithAttributes(host, endpoint))
	m.attempts.Add(ctx, 1, metric.WithAttributes(host, endpoint, app, labelRetry.Bool(attemptOf(ctx) > 1)))
	if err != nil {
		failure := errorsx.From(err)
		reason := strings.TrimPrefix(failure.Reason().String(), "REASON_")
		code := failure.Kakao().GetKakaoCode()
		m.errors.Add(ctx, 1, metric.WithAttributes(host, endpoint, app, labelReason.String(reason), labelCode.String(countable(code))))
		a.fail(failure, reason, code)
	}
	a.span.End(trace.WithTimestamp(a.began.Add(took)))
}

// fail says on the span what went wrong, in words of a closed set.
func (a *attempt) fail(failure *errorsx.Error, reason, code string) {
	if !a.span.IsRecording() {
		return
	}
	errorType := reason
	if status := int(failure.Kakao().GetHttpStatus()); status >= http.StatusBadRequest {
		errorType = strconv.Itoa(status)
	}
	a.span.SetStatus(codes.Error, reason)
	a.span.SetAttributes(semconv.ErrorTypeKey.String(errorType), spanReason.String(reason))
	if code != "" {
		a.span.SetAttributes(spanCode.String(code))
	}
}

// countable is the code as a label.
func countable(code string) string {
	switch {
	case code == "":
		return codeNone
	case !errorsx.KnownCode(code):
		return codeOther
	}
	return code
}

// spanAttributesOf are what is the same on every span of an endpoint.
func spanAttributesOf(e *endpoint) []attribute.KeyValue {
	attributes := []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(e.row.Method),
		semconv.URLFull(e.base.Scheme + "://" + e.base.Host + e.row.Path), // the template: it has no values in it
		semconv.URLTemplate(e.row.Path),
		semconv.ServerAddress(e.base.Hostname()),
		spanHost.String(e.row.Host),
	}
	if port, err := strconv.Atoi(e.base.Port()); err == nil {
		attributes = append(attributes, semconv.ServerPort(port))
	}
	return attributes
}
