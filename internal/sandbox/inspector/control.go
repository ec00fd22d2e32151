package inspector

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// controlsOf are the control paths, below ControlPrefix: the sandbox's own and
// those of the products.
func controlsOf(products []platform.Product) []platform.ControlRoute {
	controls := []platform.ControlRoute{
		{Method: "GET", Name: "state", About: "the app, its people, their links, consents and tokens in numbers", Serve: showState},
		{Method: "POST", Name: "reset", About: "put everything back as it was at the start", Serve: resetAll},
		{Method: "POST", Name: "clock", About: `move the clock: {"advance_seconds":3600}`, Serve: advanceClock},
		{Method: "GET", Name: "calls", About: "the last calls as they came over the wire, without secrets", Serve: showCalls},
		{Method: "DELETE", Name: "calls", About: "forget the calls", Serve: clearCalls},
		{Method: "POST", Name: "faults", About: `arm a fault: {"route":"GET /v2/user/me","times":1,"kakao_error":{"code":-401}}`, Serve: armFault},
		{Method: "GET", Name: "faults", About: "the armed faults and how often each has fired", Serve: showFaults},
		{Method: "DELETE", Name: "faults", About: "disarm all faults", Serve: clearFaults},
		{Method: "POST", Name: "unlink", About: `a user leaves on Kakao's side: {"user_id":3177000001}`, Serve: unlinkByUser},
	}
	for _, p := range products {
		controls = append(controls, p.Controls...)
	}
	return controls
}

// ServeControl answers a control path.
func (i *Inspector) ServeControl(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, platform.ControlPrefix)
	var allowed []string
	for _, c := range i.Controls {
		if c.Name != name {
			continue
		}
		if c.Method != r.Method {
			allowed = append(allowed, c.Method)
			continue
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, platform.MaxRequestBody))
		if err != nil {
			_ = controlReply(nil, platform.BadField("", "the body could not be read: "+err.Error())).Write(w)
			return
		}
		var answer *platform.Reply
		i.locked(func(st *platform.State) { answer = controlReply(c.Serve(st, body)) })
		_ = answer.Write(w) // the caller may have gone
		return
	}
	e := &platform.ControlError{Status: http.StatusNotFound, Error: "no such control path; GET / lists them"}
	if len(allowed) > 0 {
		e = &platform.ControlError{Status: http.StatusMethodNotAllowed, Error: "no such method here", Allowed: strings.Join(allowed, ", ")}
	}
	_ = controlReply(nil, e).Write(w)
}

// controlReply encodes the answer of a control call.
func controlReply(answer any, e *platform.ControlError) *platform.Reply {
	if e != nil {
		return platform.JSONReply(e.Status, e)
	}
	return platform.JSONReply(http.StatusOK, answer)
}

func resetAll(st *platform.State, _ []byte) (any, *platform.ControlError) {
	if err := st.Reset(); err != nil {
		return nil, &platform.ControlError{Status: http.StatusInternalServerError, Error: err.Error()}
	}
	return platform.Done, nil
}

const maxAdvance = 100 * 366 * 24 * 60 * 60 // seconds

func advanceClock(st *platform.State, body []byte) (any, *platform.ControlError) {
	var in struct {
		AdvanceSeconds int64 `json:"advance_seconds"`
	}
	if e := platform.ReadControl(body, &in); e != nil {
		return nil, e
	}
	if in.AdvanceSeconds < 1 || in.AdvanceSeconds > maxAdvance-int64(st.Ahead().Seconds()) {
		return nil, platform.BadField("advance_seconds", "from 1 to 100 years in all; the clock does not go back, but reset does")
	}
	st.Advance(time.Duration(in.AdvanceSeconds) * time.Second)
	return map[string]any{"now": platform.WireTime(st.Now())}, nil
}

func showCalls(st *platform.State, _ []byte) (any, *platform.ControlError) {
	return map[string]any{"calls": append([]platform.Call{}, st.Calls.Calls...)}, nil
}

func clearCalls(st *platform.State, _ []byte) (any, *platform.ControlError) {
	st.Calls.Calls = nil
	return platform.Done, nil
}

func armFault(st *platform.State, body []byte) (any, *platform.ControlError) {
	var script platform.FaultScript
	if e := platform.ReadControl(body, &script); e != nil {
		return nil, e
	}
	armed, e := st.Faults.Arm(script, st.Routes)
	if e != nil {
		return nil, e
	}
	return map[string]any{"id": armed.ID}, nil
}

// shownFault is a fault in GET /__sandbox__/faults.
type shownFault struct {
	ID    int                  `json:"id"`
	Fired int                  `json:"fired"`
	Left  *int                 `json:"left"` // null: until cleared
	Fault platform.FaultScript `json:"fault"`
}

func showFaults(st *platform.State, _ []byte) (any, *platform.ControlError) {
	shown := []shownFault{}
	for _, a := range st.Faults.Armed {
		f := shownFault{ID: a.ID, Fired: a.Fired, Fault: a.Script}
		if *a.Script.Times != platform.UnlimitedTimes {
			f.Left = &a.Left
		}
		shown = append(shown, f)
	}
	return map[string]any{"faults": shown}, nil
}

func clearFaults(st *platform.State, _ []byte) (any, *platform.ControlError) {
	cleared := len(st.Faults.Armed)
	st.Faults.Armed = nil
	return map[string]any{"cleared": cleared}, nil
}

func unlinkByUser(st *platform.State, body []byte) (any, *platform.ControlError) {
	var in struct {
		UserID int64 `json:"user_id"`
	}
	if e := platform.ReadControl(body, &in); e != nil {
		return nil, e
	}
	u := st.UserByID(in.UserID)
	if u == nil || u.Link == platform.Unlinked {
		return nil, platform.BadField("user_id", "no user with this ID is linked to the app")
	}
	st.Unlink(u)
	return platform.Done, nil
}
