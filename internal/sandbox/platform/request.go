package platform

import (
	"encoding/json"
	"net/http"
	"time"
)

// Request is what a handler sees: the checked caller and the parsed
// parameters of one call.
type Request struct {
	State *State
	Route *Route
	Now   time.Time

	HTTP      *http.Request // for cookies and headers; its body has been read
	Body      []byte
	Variables map[string]string // path variables

	Credential Credential
	Token      *AccessToken // set when the caller sent a user's token
	User       *User        // set on routes that act for one user
	Values     map[string]any
}

// Value returns a parameter as the type its kind parses to, or the zero value
// when the caller left it out.
func Value[T any](r *Request, name string) T {
	v, _ := r.Values[name].(T)
	return v
}

// Has says whether the caller sent the parameter.
func (r *Request) Has(name string) bool {
	_, ok := r.Values[name]
	return ok
}

// Text returns a parameter of the kinds text and enum.
func (r *Request) Text(name string) string { return Value[string](r, name) }

// Int64 returns a parameter of the kind integer, or otherwise if absent.
func (r *Request) Int64(name string, otherwise int64) int64 {
	if !r.Has(name) {
		return otherwise
	}
	return Value[int64](r, name)
}

// Decimal returns a parameter of the kind decimal; 0 if absent.
func (r *Request) Decimal(name string) float64 { return Value[float64](r, name) }

// Bool returns a parameter of the kind boolean; false if absent.
func (r *Request) Bool(name string) bool { return Value[bool](r, name) }

// Strings returns a parameter of the kinds CommaList, WordList, JSONStrings.
func (r *Request) Strings(name string) []string { return Value[[]string](r, name) }

// Int64s returns a parameter of the kind JSONInt64s.
func (r *Request) Int64s(name string) []int64 { return Value[[]int64](r, name) }

// Texts returns a parameter of the kind JSONTexts.
func (r *Request) Texts(name string) map[string]string { return Value[map[string]string](r, name) }

// Raw returns a parameter of the kind JSONValue.
func (r *Request) Raw(name string) json.RawMessage { return Value[json.RawMessage](r, name) }

// Needs fails for the first of the parameters that the caller left out. It is for
// those that a route needs only at times; the others are marked in its table.
func (r *Request) Needs(names ...string) *Failure {
	for _, name := range names {
		if !r.Has(name) {
			return r.Route.Family.ParameterFailure(Problem{Reason: isMissing, Name: name})
		}
	}
	return nil
}

// Perform checks and handles a call, and encodes the answer while the state
// cannot change.
func Perform(r *Request) *Reply {
	for _, check := range r.Route.Checks {
		if e := check(r); e != nil {
			return FailureReply(r, e)
		}
	}
	result, e := r.Route.Handle(r)
	if e != nil {
		return FailureReply(r, e)
	}
	if answer, ok := result.(*Reply); ok {
		return answer
	}
	return JSONReply(http.StatusOK, result)
}

// MaxRequestBody bounds what the sandbox reads of a request, unless its route
// says otherwise.
const MaxRequestBody = 1 << 20
