package errorsx

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"strconv"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// httpStatuses is the mapping that google.rpc.Code documents and grpc-gateway
// uses.
var httpStatuses = map[codes.Code]int{
	codes.OK:                 200,
	codes.Canceled:           499, // the caller went away; nginx named it
	codes.Unknown:            500,
	codes.InvalidArgument:    400,
	codes.DeadlineExceeded:   504,
	codes.NotFound:           404,
	codes.AlreadyExists:      409,
	codes.PermissionDenied:   403,
	codes.Unauthenticated:    401,
	codes.ResourceExhausted:  429,
	codes.FailedPrecondition: 400,
	codes.Aborted:            409,
	codes.OutOfRange:         400,
	codes.Unimplemented:      501,
	codes.Internal:           500,
	codes.Unavailable:        503,
	codes.DataLoss:           500,
}

// HTTP renders a failed status for the JSON facade: the HTTP status, the headers
// (an http.Header) Content-Type, Retry-After in whole seconds, rounded up, and
// WWW-Authenticate where they belong, and the body, google.rpc.Status as JSON with
// the names of the proto. A status that did not come through this package is
// completed first.
func HTTP(s *status.Status) (httpStatus int, header map[string][]string, body []byte) {
	e := From(s.Err())
	if e == nil { // OK is no failure; whoever asks has a fault
		e = New(errorv1.Reason_REASON_INTERNAL, "")
	}
	httpStatus = meanings[e.reason].httpStatus(e.Code())
	header = map[string][]string{"Content-Type": {"application/json"}}
	if wait := e.RetryAfter(); wait > 0 {
		header["Retry-After"] = []string{strconv.Itoa(int(math.Ceil(wait.Seconds())))}
	}
	if httpStatus == 401 {
		header["Www-Authenticate"] = []string{"Bearer"} // RFC 9110 section 15.5.2 wants one; the key as http.Header spells it
	}
	return httpStatus, header, e.json()
}

// httpStatus is the facade's HTTP status for the reason with a gRPC code.
func (m meaning) httpStatus(code codes.Code) int {
	return cmp.Or(m.http, httpStatuses[code])
}

// json gives google.rpc.Status. Details that cannot be written as JSON, which
// only a foreign status can hold, would have been dropped by From.
func (e *Error) json() []byte {
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(e.status.Proto())
	if err != nil {
		return []byte(`{"code":13,"message":"this server failed: report the request id to its operator"}`)
	}
	var compact bytes.Buffer
	// protojson varies its spaces on purpose, so that nobody relies on its bytes.
	if err := json.Compact(&compact, text); err != nil {
		return text
	}
	return compact.Bytes()
}
