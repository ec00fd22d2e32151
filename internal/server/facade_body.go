package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// boundedBody is a request body that fails when it grows over the limit, and
// knows the exchange it belongs to.
type boundedBody struct {
	io.Reader
	exchange *exchange
	limit    int64
}

// Close implements io.Closer. net/http closes the body itself.
func (*boundedBody) Close() error { return nil }

// strictJSON is the gateway's notation: snake_case out, with what is unset left
// out and what has no presence always there; in, no unknown members, no second
// value behind the first.
type strictJSON struct{ runtime.JSONPb }

func newStrictJSON() *strictJSON {
	return &strictJSON{runtime.JSONPb{
		MarshalOptions:   protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true},
		UnmarshalOptions: protojson.UnmarshalOptions{DiscardUnknown: false},
	}}
}

// NewDecoder implements runtime.Marshaler. The gateway's own decoder would stop
// behind the first value. What goes wrong is kept on the exchange, because the
// gateway makes one text of every error.
func (m *strictJSON) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(into any) error {
		data, err := io.ReadAll(r)
		if err == nil && len(data) == 0 {
			return io.EOF // an empty body is an empty message
		}
		body, known := r.(*boundedBody)
		if err != nil {
			if known {
				body.exchange.fault = unread(err, body.limit)
			}
			return err
		}
		if err = m.decode(data, into); err != nil && known {
			body.exchange.fault = unfit(data, into)
		}
		if err == nil && known {
			err = body.exchange.checkPath(into)
		}
		return err
	})
}

// errContradiction ends a request whose body and path differ.
var errContradiction = errors.New("the body contradicts the path")

// checkPath refuses a body that gives a field otherwise than the path does: the
// gateway would take the path's without a word.
func (x *exchange) checkPath(into any) error {
	message, ok := into.(proto.Message)
	if !ok || x.route.body != "*" {
		return nil
	}
	given, _ := x.route.variables(x.request.URL.EscapedPath())
	for name, escaped := range given {
		field := message.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(name))
		if field == nil || !message.ProtoReflect().Has(field) {
			continue
		}
		if text, err := url.PathUnescape(escaped); err != nil || text != message.ProtoReflect().Get(field).String() {
			x.fault = errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "",
				errorsx.WithViolation(name, "differs from what the path says: leave it out of the body", "path"))
			return errContradiction
		}
	}
	return nil
}

// decode reads exactly one value. runtime.JSONPb alone would not look behind it.
func (m *strictJSON) decode(data []byte, into any) error {
	if message, ok := into.(proto.Message); ok {
		return m.UnmarshalOptions.Unmarshal(data, message)
	}
	if !json.Valid(data) {
		return errNotJSON
	}
	return m.Unmarshal(data, into)
}

var errNotJSON = errors.New("the body is not one JSON value")

// unfit says what is wrong with a body that was read and not understood. A
// body that is one field of the request is only said not to fit.
func unfit(data []byte, into any) *errorsx.Error {
	field, what := "", "the body does not fit the field that it stands for"
	if message, ok := into.(proto.Message); ok {
		field, what = explainJSON(data, message.ProtoReflect())
	}
	return errorsx.New(errorv1.Reason_REASON_JSON_MALFORMED, "", errorsx.WithViolation(field, what, "json"))
}

// unread says why a body could not be read.
func unread(err error, limit int64) *errorsx.Error {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return tooLarge(limit)
	}
	return errorsx.New(errorv1.Reason_REASON_JSON_MALFORMED, "the request body ended early or came too slowly: send it whole", errorsx.WithCause(err))
}
