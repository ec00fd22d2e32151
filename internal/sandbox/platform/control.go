package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// ControlPrefix is where tests steer the sandbox. No path of Kakao begins so.
const ControlPrefix = "/__sandbox__/"

// ControlRoute is one control path.
type ControlRoute struct {
	Method string
	Name   string // what follows ControlPrefix
	About  string // one line for the pages, with an example of its body
	// Serve does the work. It runs, and its answer is encoded as JSON, while the
	// state is its own.
	Serve func(st *State, body []byte) (any, *ControlError)
}

// ControlError is a refused control call.
type ControlError struct {
	Status  int    `json:"-"`                 // HTTP status
	Error   string `json:"error"`             // what is wrong
	Field   string `json:"field,omitempty"`   // the member of the body that is
	Allowed string `json:"allowed,omitempty"` // methods, where the method is
}

// BadField refuses a member of a control body; detail says what is right.
func BadField(field, detail string) *ControlError {
	return &ControlError{Status: http.StatusBadRequest, Error: strings.TrimPrefix(field+": "+detail, ": "), Field: field}
}

// ReadControl decodes a control body: one JSON object, no unknown members.
func ReadControl(body []byte, into any) *ControlError {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return BadField(wrongType.Field, "a JSON "+wrongType.Value+" does not fit here")
	case err != nil:
		field, _ := strings.CutPrefix(err.Error(), "json: unknown field ")
		if field != err.Error() {
			return BadField(strings.Trim(field, `"`), "unknown member")
		}
		return BadField("", "the body must be one JSON object: "+err.Error())
	}
	if _, err := decoder.Token(); err != io.EOF {
		return BadField("", "the body must be one JSON object and nothing after it")
	}
	return nil
}

// Done is the answer of control calls that have nothing to tell.
var Done = map[string]bool{"done": true}
