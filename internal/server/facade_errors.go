package server

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// gatewayError is the gateway's error handler. A failure of a call has its
// details and is logged already; any other is the gateway's own and has
// neither.
func (f *facade) gatewayError(ctx context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, _ http.ResponseWriter, _ *http.Request, err error) {
	x := exchangeOf(ctx)
	switch {
	case x.fault != nil:
		f.refused(ctx, x, x.fault)
	case isComplete(status.Convert(err)):
		f.fail(x, errorsx.From(err))
	default:
		f.refused(ctx, x, x.explain(err))
	}
}

// routingError is for paths that the gateway does not find although the table
// has them: those with an escaped slash in a variable.
func (f *facade) routingError(ctx context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, _ http.ResponseWriter, _ *http.Request, _ int) {
	f.refused(ctx, exchangeOf(ctx), errorsx.New(errorv1.Reason_REASON_ROUTE_NOT_FOUND, ""))
}

func isComplete(s *status.Status) bool {
	for _, detail := range s.Details() {
		if _, ok := detail.(*errdetails.ErrorInfo); ok {
			return true
		}
	}
	return false
}

// explain finds which query parameter or path variable the gateway could not
// read: it tries each alone on a scratch message.
func (x *exchange) explain(err error) *errorsx.Error {
	values := x.request.URL.Query()
	variables, _ := x.route.variables(x.request.URL.EscapedPath())
	for name, escaped := range variables {
		if value, err := url.PathUnescape(escaped); err == nil {
			values[name] = []string{value}
		}
	}
	for _, name := range sortedKeys(values) {
		if x.route.takes(name, values[name]...) {
			continue
		}
		field, what := x.route.misfit(name, values[name])
		return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "", errorsx.WithViolation(field, what, "query"))
	}
	return errorsx.From(err)
}

// takes tries one parameter alone.
func (r *route) takes(name string, values ...string) bool {
	return runtime.PopulateQueryParameters(r.newRequest(), url.Values{name: values}, &utilities.DoubleArray{}) == nil
}

// misfit says what is wrong with a parameter that is not taken, of a list with
// the element.
func (r *route) misfit(name string, values []string) (field, what string) {
	fields := fieldPath(r.rpc.Input(), name)
	if fields == nil { // an entry of a map
		return name, "cannot be read"
	}
	last := fields[len(fields)-1]
	if len(values) > 1 && !last.IsList() {
		return name, "is given more than once"
	}
	for i, value := range values {
		if last.IsList() && !r.takes(name, value) {
			name += "[" + strconv.Itoa(i) + "]"
			break
		}
	}
	return name, "must be " + wanted(last)
}

// newRequest makes an empty request message, of the generated type where there
// is one, as the gateway does.
func (r *route) newRequest() proto.Message {
	if known, err := protoregistry.GlobalTypes.FindMessageByName(r.rpc.Input().FullName()); err == nil {
		return known.New().Interface()
	}
	return dynamicpb.NewMessage(r.rpc.Input())
}
