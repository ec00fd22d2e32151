package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// controlPrefix is where tests steer the sandbox. No path of Kakao begins so.
const controlPrefix = "/__sandbox__/"

// controlRoute is one row of the control table. serve runs, and its answer is
// encoded, under the state's lock.
type controlRoute struct {
	method, name, about string
	serve               func(st *state, body []byte) (any, *controlError)
}

// controlRoutes are the control paths, below controlPrefix.
func controlRoutes() []controlRoute {
	return []controlRoute{
		{"GET", "state", "the app, its people, their links, consents and tokens in numbers", showState},
		{"POST", "reset", "put everything back as it was at the start", resetAll},
		{"POST", "clock", `move the clock: {"advance_seconds":3600}`, advanceClock},
		{"GET", "calls", "the last calls as they came over the wire, without secrets", showCalls},
		{"DELETE", "calls", "forget the calls", clearCalls},
		{"POST", "faults", `arm a fault: {"route":"GET /v2/user/me","times":1,"kakao_error":{"code":-401}}`, armFault},
		{"GET", "faults", "the armed faults and how often each has fired", showFaults},
		{"DELETE", "faults", "disarm all faults", clearFaults},
		{"POST", "authorize", `sign in without a browser: {"user":"mina","parameters":{"scope":"openid"}}`, authorizeByScript},
		{"GET", "calendars", "everybody's calendars, events and subscriptions, and the public events of channels", showCalendars},
		{"GET", "tasks", "everybody's tasks, with those that are on a profile sticker", showTasks},
		{"POST", "unlink", `a user leaves on Kakao's side: {"user_id":3177000001}`, unlinkByUser},
		{"POST", "relation", `a user adds, blocks or removes a channel: {"user_id":3177000001,"channel_public_id":"_sandboxshop","relation":"BLOCKED"}`, relateByUser},
		{"GET", "customer_files", "the customer files of channels, with their customers", showCustomerFiles},
		{"GET", "pushes", "the push notifications that reached a device, without push tokens", showPushes},
		{"GET", "karlo", "the calls to Karlo and how many images they count", showKarlo},
		{"GET", "messages", "the Kakao Talk messages sent, oldest first", showMessages},
		{"POST", "friendship", `change a friendship: {"user":"mina","friend":"haru","state":"ended"}; or friend, hidden, none; "favorite":true`, changeFriendship},
		{"POST", "talk", `change how a person uses Kakao Talk: {"user":"haru","uses_talk":true,"accepts_messages":false}`, changeTalkUse},
	}
}

// controlError is a refused control call.
type controlError struct {
	status  int
	Error   string `json:"error"`
	Field   string `json:"field,omitempty"`
	Allowed string `json:"allowed,omitempty"`
}

// badField refuses a member of a control body; detail says what is right.
func badField(field, detail string) *controlError {
	return &controlError{status: http.StatusBadRequest, Error: strings.TrimPrefix(field+": "+detail, ": "), Field: field}
}

// serveControl answers a control path.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request) {
	if why := s.foreign(r); why != "" {
		_ = controlReply(nil, &controlError{status: http.StatusForbidden, Error: why}).write(w) // the caller may have gone
		return
	}
	name := strings.TrimPrefix(r.URL.Path, controlPrefix)
	var allowed []string
	for _, c := range controlRoutes() {
		if c.name != name {
			continue
		}
		if c.method != r.Method {
			allowed = append(allowed, c.method)
			continue
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBody))
		if err != nil {
			_ = controlReply(nil, badField("", "the body could not be read: "+err.Error())).write(w)
			return
		}
		var answer *reply
		s.locked(func(st *state) { answer = controlReply(c.serve(st, body)) })
		_ = answer.write(w) // the caller may have gone
		return
	}
	e := &controlError{status: http.StatusNotFound, Error: "no such control path; GET / lists them"}
	if len(allowed) > 0 {
		e = &controlError{status: http.StatusMethodNotAllowed, Error: "no such method here", Allowed: strings.Join(allowed, ", ")}
	}
	_ = controlReply(nil, e).write(w)
}

// controlReply encodes the answer of a control call.
func controlReply(answer any, e *controlError) *reply {
	if e != nil {
		return jsonReply(e.status, e)
	}
	return jsonReply(http.StatusOK, answer)
}

// readControl decodes a control body: one JSON object, no unknown members.
func readControl(body []byte, into any) *controlError {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return badField(wrongType.Field, "a JSON "+wrongType.Value+" does not fit here")
	case err != nil:
		field, _ := strings.CutPrefix(err.Error(), "json: unknown field ")
		if field != err.Error() {
			return badField(strings.Trim(field, `"`), "unknown member")
		}
		return badField("", "the body must be one JSON object: "+err.Error())
	}
	if _, err := decoder.Token(); err != io.EOF {
		return badField("", "the body must be one JSON object and nothing after it")
	}
	return nil
}

// done is the answer of control calls that have nothing to tell.
var done = map[string]bool{"done": true}

func resetAll(st *state, _ []byte) (any, *controlError) {
	seed, err := newState(st.options, st.routes)
	if err != nil {
		return nil, &controlError{status: http.StatusInternalServerError, Error: err.Error()}
	}
	*st = *seed
	return done, nil
}

const maxAdvance = 100 * 366 * 24 * 60 * 60 // seconds

func advanceClock(st *state, body []byte) (any, *controlError) {
	var in struct {
		AdvanceSeconds int64 `json:"advance_seconds"`
	}
	if e := readControl(body, &in); e != nil {
		return nil, e
	}
	if in.AdvanceSeconds < 1 || in.AdvanceSeconds > maxAdvance {
		return nil, badField("advance_seconds", "from 1 to 100 years; the clock does not go back, but reset does")
	}
	st.advanced += time.Duration(in.AdvanceSeconds) * time.Second
	return map[string]any{"now": wireTime(st.now())}, nil
}

func showCalls(st *state, _ []byte) (any, *controlError) {
	return map[string]any{"calls": append([]call{}, st.calls.calls...)}, nil
}

func clearCalls(st *state, _ []byte) (any, *controlError) {
	st.calls.calls = nil
	return done, nil
}

func armFault(st *state, body []byte) (any, *controlError) {
	var script faultScript
	if e := readControl(body, &script); e != nil {
		return nil, e
	}
	armed, e := st.faults.arm(script, st.routes)
	if e != nil {
		return nil, e
	}
	return map[string]any{"id": armed.id}, nil
}

// shownFault is a fault in GET /__sandbox__/faults.
type shownFault struct {
	ID    int         `json:"id"`
	Fired int         `json:"fired"`
	Left  *int        `json:"left"` // null: until cleared
	Fault faultScript `json:"fault"`
}

func showFaults(st *state, _ []byte) (any, *controlError) {
	shown := []shownFault{}
	for _, a := range st.faults.armed {
		f := shownFault{ID: a.id, Fired: a.fired, Fault: a.script}
		if *a.script.Times != unlimitedTimes {
			f.Left = &a.left
		}
		shown = append(shown, f)
	}
	return map[string]any{"faults": shown}, nil
}

func clearFaults(st *state, _ []byte) (any, *controlError) {
	cleared := len(st.faults.armed)
	st.faults.armed = nil
	return map[string]any{"cleared": cleared}, nil
}

func unlinkByUser(st *state, body []byte) (any, *controlError) {
	var in struct {
		UserID int64 `json:"user_id"`
	}
	if e := readControl(body, &in); e != nil {
		return nil, e
	}
	u := st.userByID(in.UserID)
	if u == nil || u.link == unlinked {
		return nil, badField("user_id", "no user with this ID is linked to the app")
	}
	st.unlink(u)
	return done, nil
}
