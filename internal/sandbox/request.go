package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// request is what a handler sees: the checked caller and the parsed
// parameters of one call.
type request struct {
	state *state
	route *route
	now   time.Time

	http      *http.Request // for cookies and headers; its body has been read
	body      []byte
	variables map[string]string // path variables

	credential credential
	token      *accessToken // set when the caller sent a user's token
	user       *user        // set on routes that act for one user
	values     map[string]any
}

// value returns a parameter as the type its kind parses to, or the zero value
// when the caller left it out.
func value[T any](r *request, name string) T {
	v, _ := r.values[name].(T)
	return v
}

// has says whether the caller sent the parameter.
func (r *request) has(name string) bool {
	_, ok := r.values[name]
	return ok
}

// text returns a parameter of the kinds text and enum.
func (r *request) text(name string) string { return value[string](r, name) }

// int64 returns a parameter of the kind integer, or otherwise if absent.
func (r *request) int64(name string, otherwise int64) int64 {
	if !r.has(name) {
		return otherwise
	}
	return value[int64](r, name)
}

// decimal returns a parameter of the kind decimal; 0 if absent.
func (r *request) decimal(name string) float64 { return value[float64](r, name) }

// bool returns a parameter of the kind boolean; false if absent.
func (r *request) bool(name string) bool { return value[bool](r, name) }

// strings returns a parameter of the kinds commaList, wordList, jsonStrings.
func (r *request) strings(name string) []string { return value[[]string](r, name) }

// int64s returns a parameter of the kind jsonInt64s.
func (r *request) int64s(name string) []int64 { return value[[]int64](r, name) }

// texts returns a parameter of the kind jsonTexts.
func (r *request) texts(name string) map[string]string { return value[map[string]string](r, name) }

// raw returns a parameter of the kind jsonValue.
func (r *request) raw(name string) json.RawMessage { return value[json.RawMessage](r, name) }
