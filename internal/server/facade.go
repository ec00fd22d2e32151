package server

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/site"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
)

// facade is the JSON face of the contract. Every request passes
//
//	receive   request id, route, header allow-list, the last word on panics
//	otelhttp  span and metrics, named by the route's template
//	refuse    404, 405, 413, 415, unknown query parameters: before anything is read
//	gateway   JSON to message and back; the call goes over the in-process connection
//
// and every failure, wherever it is found, leaves through fail.
type facade struct {
	facadeOptions
	routes  routes
	gateway *runtime.ServeMux
	traced  http.Handler // otelhttp around dispatch
	logger  *slog.Logger
}

// facadeOptions are what a facade is told.
type facadeOptions struct {
	// maxBody is the largest body of a request, in bytes.
	maxBody int64
	// identified: rpcs, and what tells of the server's own state, are for callers
	// with a certificate.
	identified bool
	// terminated are the hosts of Kakao's that are not called.
	terminated []apiv1.Host
}

// newFacade makes the facade of the services behind the connection, and of
// pages.
func newFacade(ctx context.Context, b backend, conn grpc.ClientConnInterface, tel *telemetry.Telemetry, options facadeOptions, pages ...site.Page) (*facade, error) {
	table, err := newRoutes(b.contract)
	if err != nil {
		return nil, err
	}
	f := &facade{facadeOptions: options, logger: tel.Logger}
	f.routes = slices.Concat(table, pageRoutes(pages))
	f.gateway = runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, newStrictJSON()),
		runtime.WithIncomingHeaderMatcher(intoMetadata),
		// receive answers with the request id itself, on refusals too, and fail
		// writes retry-after; nothing else of a service's metadata is for HTTP.
		runtime.WithOutgoingHeaderMatcher(nothing),
		runtime.WithOutgoingTrailerMatcher(nothing),
		runtime.WithErrorHandler(f.gatewayError),
		runtime.WithRoutingErrorHandler(f.routingError),
		// No POST that means GET, and no method but the request's own.
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithUnescapingMode(runtime.UnescapingModeAllCharacters),
	)
	if err := b.services.RegisterFacade(ctx, f.gateway, conn); err != nil {
		return nil, err
	}
	f.traced = otelhttp.NewHandler(http.HandlerFunc(f.dispatch), "facade",
		otelhttp.WithTracerProvider(tel.Tracers), otelhttp.WithMeterProvider(tel.Meters), otelhttp.WithPropagators(tel.Propagator),
		// Otherwise server.address is the Host header: whatever the client sent.
		otelhttp.WithServerName(telemetry.ServiceName),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
			if r.Pattern == "" {
				return "unmatched"
			}
			return r.Pattern
		}))
	return f, nil
}

// exchange is what the parts of the facade know about one request.
type exchange struct {
	id      string // x-request-id
	begin   time.Time
	route   *route   // nil: none
	allowed []string // the methods that the path has
	request *http.Request
	answer  *recorder           // the connection's writer, and whether it was used
	writer  http.ResponseWriter // answer, or otelhttp's writer around it
	span    trace.Span          // otelhttp's
	// fault is what the reader of the body found; the gateway only passes on
	// its text.
	fault *errorsx.Error
}

type exchangeContext struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeContext{}).(*exchange)
	return x
}

// ServeHTTP implements http.Handler. It is the step receive.
func (f *facade) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := &recorder{ResponseWriter: w}
	x := &exchange{id: usableRequestID(r.Header.Values(requestIDKey)...), begin: time.Now(), request: r, answer: answer, writer: answer, span: trace.SpanFromContext(r.Context())}
	header := w.Header()
	header.Set("X-Request-Id", x.id)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store") // answers are about people
	x.route, x.allowed = f.routes.find(ownMethod(r), r.URL.EscapedPath())
	defer f.answerPanic(r.Context(), x)
	f.traced.ServeHTTP(answer, x.observed(r.Context()))
}

// answerPanic is deferred around everything else.
func (f *facade) answerPanic(ctx context.Context, x *exchange) {
	value := recover()
	if value == nil {
		return
	}
	if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(value) // net/http's way to cut a connection
	}
	logPanic(ctx, f.logger, "facade", x.id, value)
	f.fail(x, errorsx.New(errorv1.Reason_REASON_INTERNAL, ""))
}

// ownMethod is the method whose route answers: HEAD is GET without the body,
// which net/http leaves out by itself.
func ownMethod(r *http.Request) string {
	if r.Method == http.MethodHead {
		return http.MethodGet
	}
	return r.Method
}

// observed is the request as telemetry and the gateway may see it: of the
// headers, those on the allow-list; in place of the path, which may hold ids,
// the template; no query. dispatch puts the path back for the gateway.
func (x *exchange) observed(ctx context.Context) *http.Request {
	r := x.request.WithContext(context.WithValue(ctx, exchangeContext{}, x))
	r.Header = allowed(x.request.Header)
	r.Header.Set("X-Request-Id", x.id)
	r.Host, r.URL, r.RequestURI = "", &url.URL{}, ""
	if x.route != nil {
		r.URL.Path, r.Pattern = x.route.template, x.route.pattern()
	}
	return r
}

// dispatch refuses what can be refused before anything is read, and hands the
// rest to the gateway.
func (f *facade) dispatch(w http.ResponseWriter, r *http.Request) {
	x := exchangeOf(r.Context())
	x.writer, x.span = w, trace.SpanFromContext(r.Context())
	if x.route == nil && x.request.Method == http.MethodOptions && len(x.allowed) > 0 {
		w.Header().Set("Allow", allow(x.allowed))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if err := f.refusal(x); err != nil {
		f.refused(r.Context(), x, err)
		return
	}
	if x.route.rpc == nil {
		// A page wants the language and the cookies of who asks, and its own path.
		x.route.page.ServeHTTP(w, x.request.WithContext(r.Context()))
		return
	}
	// otelhttp looks at its request again when this returns.
	inner := r.WithContext(withPeer(r.Context(), x.request))
	inner.Method = x.route.method
	inner.URL = &url.URL{
		Path: x.request.URL.Path,
		// The gateway unescapes this, or Path where it is empty, which net/http
		// has unescaped already.
		RawPath:  x.request.URL.EscapedPath(),
		RawQuery: x.request.URL.RawQuery,
	}
	limit := f.limit(x.route)
	inner.Body = &boundedBody{Reader: http.MaxBytesReader(x.answer.ResponseWriter, r.Body, limit), exchange: x, limit: limit}
	f.gateway.ServeHTTP(w, inner)
}

// limit is the largest body that the route takes, in bytes.
func (f *facade) limit(r *route) int64 { return cmp.Or(r.maxBody, f.maxBody) }

// fail writes a failure as google.rpc.Status.
func (f *facade) fail(x *exchange, err *errorsx.Error) {
	if x.answer.status != 0 {
		return // an answer is under way; there is no way back
	}
	status, header, body := errorsx.HTTP(err.Identified(x.id).GRPCStatus())
	x.span.SetAttributes(spanReason.String(reasonOf(err)))
	if status >= http.StatusInternalServerError {
		x.span.SetAttributes(semconv.ErrorTypeKey.String(strconv.Itoa(status)))
	}
	for name, values := range header {
		x.writer.Header()[name] = values
	}
	x.writer.WriteHeader(status)
	_, _ = x.writer.Write(body) // whoever does not read it has gone
}

// refused fails a request that never became a call, which no interceptor logs.
func (f *facade) refused(ctx context.Context, x *exchange, err *errorsx.Error) {
	name := "(unmatched)"
	if x.route != nil {
		name = x.route.pattern()
	}
	level, attrs := outcome(err)
	attrs = append(attrs, slog.String("route", name), latency(x.begin), slog.String("request_id", x.id))
	f.logger.LogAttrs(ctx, level, "request refused", attrs...)
	f.fail(x, err)
}

// recorder remembers whether an answer has begun.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// allow is the Allow header for the methods of a path.
func allow(methods []string) string {
	all := slices.Clone(methods)
	if i := slices.Index(all, http.MethodGet); i >= 0 {
		all = slices.Insert(all, i+1, http.MethodHead)
	}
	return strings.Join(append(all, http.MethodOptions), ", ")
}
