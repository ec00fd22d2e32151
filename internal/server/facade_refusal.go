package server

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/spelling"
)

// refusal says why a request cannot become a call, as far as can be told
// without reading its body; nil: it may.
func (f *facade) refusal(x *exchange) *errorsx.Error {
	for _, check := range []func(*exchange) *errorsx.Error{checkRoute, checkHeaders, f.checkCaller, f.checkHost, f.checkBody, checkPathText, checkQuery} {
		if err := check(x); err != nil {
			return err
		}
	}
	return nil
}

func checkRoute(x *exchange) *errorsx.Error {
	switch {
	case x.route != nil:
		return nil
	case len(x.allowed) > 0:
		x.writer.Header().Set("Allow", allow(x.allowed))
		return errorsx.New(errorv1.Reason_REASON_METHOD_NOT_ALLOWED, "the path does not take this HTTP method: use "+allow(x.allowed))
	}
	return errorsx.New(errorv1.Reason_REASON_ROUTE_NOT_FOUND, "")
}

func checkHeaders(x *exchange) *errorsx.Error {
	if name, what := badHeader(x.request.Header); name != "" {
		return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "", errorsx.WithViolation(name, what, "header"))
	}
	return nil
}

// checkCaller keeps rpcs, and pages about the server's own state, for callers with
// a certificate, where callers have to have one. What such a caller may do is the
// gate's to say; a stranger's body is not read for that.
func (f *facade) checkCaller(x *exchange) *errorsx.Error {
	if guarded := x.route.inside || x.route.rpc != nil; !guarded || !f.identified {
		return nil
	}
	if _, verified := identitiesOf(withPeer(x.request.Context(), x.request)); !verified {
		return errorsx.New(errorv1.Reason_REASON_CALLER_UNAUTHENTICATED, "")
	}
	return nil
}

// checkHost refuses rpcs to a host of Kakao's that is switched off, as the engine
// would: their bodies may be large, and are read for nothing.
func (f *facade) checkHost(x *exchange) *errorsx.Error {
	if x.route.rpc != nil && switchedOff(x.route.rpc, f.terminated) {
		return kakao.SwitchedOff()
	}
	return nil
}

// checkBody looks at what the headers say of the body. One whose length is not
// declared is measured while it is read (boundedBody).
func (f *facade) checkBody(x *exchange) *errorsx.Error {
	r, limit := x.request, f.limit(x.route)
	switch {
	case r.ContentLength > limit:
		return tooLarge(limit)
	case r.ContentLength == 0:
		return nil
	case x.route.body == "":
		return x.refuseBody()
	case len(r.Header.Values("Content-Encoding")) > 0:
		return errorsx.New(errorv1.Reason_REASON_MEDIA_TYPE_UNSUPPORTED, "compressed bodies are not taken: send it as it is, without content-encoding")
	case !isJSON(r.Header.Values("Content-Type")):
		return errorsx.New(errorv1.Reason_REASON_MEDIA_TYPE_UNSUPPORTED, "")
	}
	return nil
}

// refuseBody is for routes that take none: a body there was meant to say
// something. A chunked one may turn out to be empty.
func (x *exchange) refuseBody() *errorsx.Error {
	if x.request.ContentLength < 0 {
		if n, err := io.ReadFull(x.request.Body, make([]byte, 1)); n == 0 && err == io.EOF {
			return nil
		}
	}
	return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID,
		x.route.pattern()+" takes no body: send the fields in the query")
}

func tooLarge(limit int64) *errorsx.Error {
	return errorsx.New(errorv1.Reason_REASON_BODY_TOO_LARGE,
		fmt.Sprintf("the request body is too large: send at most %d bytes", limit))
}

// isJSON takes application/json in UTF-8. A client that does not say what it
// sends is believed to send that; browsers always say.
func isJSON(values []string) bool {
	if len(values) == 0 {
		return true
	}
	media, parameters, err := mime.ParseMediaType(values[0])
	charset := parameters["charset"]
	return err == nil && len(values) == 1 && media == "application/json" && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

// checkQuery refuses parameters that the gateway would ignore: unknown ones,
// and any where the fields travel in the body.
func checkQuery(x *exchange) *errorsx.Error {
	if x.request.URL.RawQuery == "" || x.route.rpc == nil {
		return nil
	}
	query, err := url.ParseQuery(x.request.URL.RawQuery)
	if err != nil {
		return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "the query cannot be read: escape its names and values as in a URL")
	}
	var violations []errorsx.Option
	for _, parameter := range sortedKeys(query) {
		what := x.route.queryFault(parameter)
		if what == "" && slices.ContainsFunc(query[parameter], func(text string) bool { return !utf8.ValidString(text) }) {
			what = notUTF8
		}
		if what != "" {
			violations = append(violations, errorsx.WithViolation(parameter, what, "query"))
		}
	}
	if violations == nil {
		return nil
	}
	return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "", violations...)
}

// notUTF8 is what is wrong with text in another encoding, such as EUC-KR: the
// gateway would put replacement characters in its place.
const notUTF8 = "must be UTF-8"

// checkPathText refuses a path whose variables are no text.
func checkPathText(x *exchange) *errorsx.Error {
	if x.route.rpc == nil {
		return nil
	}
	given, _ := x.route.variables(x.request.URL.EscapedPath())
	for name, escaped := range given {
		if text, err := url.PathUnescape(escaped); err != nil || !utf8.ValidString(text) {
			return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "", errorsx.WithViolation(name, notUTF8, "path"))
		}
	}
	return nil
}

func sortedKeys(query url.Values) []string {
	keys := make([]string, 0, len(query))
	for key := range query {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// mapParameter is how the gateway takes an entry of a map: labels[a]=b.
var mapParameter = regexp.MustCompile(`^(.*)\[.*\]$`)

// queryFault says what is wrong with the name of a query parameter.
func (r *route) queryFault(parameter string) string {
	if r.body == "*" {
		return "is in the query; this method takes its fields in the body"
	}
	path := parameter
	if match := mapParameter.FindStringSubmatch(parameter); match != nil {
		path = match[1]
	}
	fields := fieldPath(r.rpc.Input(), path)
	if fields == nil {
		return "unknown query parameter" + suggestion(parameter, r.rpc.Input())
	}
	name := string(fields[0].Name())
	if _, inPath := r.pathVariables()[name]; inPath {
		return "is given by the path"
	}
	if name == r.body {
		return "is given by the body"
	}
	return ""
}

func (r *route) pathVariables() map[string]bool {
	names := map[string]bool{}
	for _, s := range r.segments {
		if s.variable {
			names[s.text] = true
		}
	}
	return names
}

// fieldPath follows a dotted path through a message, by the names of the
// contract or of proto3 JSON; nil: it leads nowhere.
func fieldPath(message protoreflect.MessageDescriptor, path string) []protoreflect.FieldDescriptor {
	var fields []protoreflect.FieldDescriptor
	for name := range strings.SplitSeq(path, ".") {
		if message == nil {
			return nil
		}
		field := fieldByName(message, name)
		if field == nil {
			return nil
		}
		fields = append(fields, field)
		message = nil
		if !field.IsList() && !field.IsMap() {
			message = field.Message()
		}
	}
	return fields
}

// suggestion is the field that somebody meant who wrote a name that none has; empty
// if none is near.
func suggestion(given string, message protoreflect.MessageDescriptor) string {
	var names []string
	for i := range message.Fields().Len() {
		names = append(names, string(message.Fields().Get(i).Name()))
	}
	if near := spelling.Nearest(given, names); near != "" {
		return " (did you mean " + near + "?)"
	}
	return ""
}

func fieldByName(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	if field := message.Fields().ByName(protoreflect.Name(name)); field != nil {
		return field
	}
	return message.Fields().ByJSONName(name)
}

var _ http.Handler = (*facade)(nil)
