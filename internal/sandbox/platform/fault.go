package platform

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
)

const (
	maxFaultDelay = 10 * 60 * 1000 // milliseconds
	maxHugeBody   = 1 << 30        // bytes
	maxFaultTimes = 1_000_000
	maxFaults     = 1000 // armed at once
	everyRoute    = "*"
)

// UnlimitedTimes is the Times of a fault that fires until it is cleared.
const UnlimitedTimes = 0

// FaultScript is the body of POST /__sandbox__/faults: for which route, how
// often, and exactly one effect.
type FaultScript struct {
	// Route is "GET /v2/user/me", or "*" for every route of Kakao.
	Route string `json:"route"`
	// Times the fault fires; absent means once, 0 until it is cleared.
	Times *int `json:"times,omitempty"`
	// Perform lets the call take effect before its answer is spoiled, as when
	// the network fails on the way back. It goes with reset, http and
	// kakao_error; delays and truncate always perform.
	Perform bool `json:"perform,omitempty"`

	KakaoError           *kakaoErrorFault `json:"kakao_error,omitempty"`
	HTTP                 *httpFault       `json:"http,omitempty"`
	DelayBeforeHeadersMS *int             `json:"delay_before_headers_ms,omitempty"`
	DelayMidBodyMS       *int             `json:"delay_mid_body_ms,omitempty"`
	Reset                bool             `json:"reset,omitempty"`
	Truncate             bool             `json:"truncate,omitempty"`
	HugeBodyBytes        *int64           `json:"huge_body_bytes,omitempty"`
	Throttle             *throttleFault   `json:"throttle,omitempty"`
}

// kakaoErrorFault answers an error of Kakao. The code gives the shape of the
// body: -401, "KOE322" or "RequestThrottled".
type kakaoErrorFault struct {
	Code       json.RawMessage `json:"code"`
	HTTPStatus int             `json:"http_status,omitempty"` // 0: the code's own
	Message    string          `json:"message,omitempty"`     // "": the code's own
	// Members are added to the body: required_scopes, extras.
	Members map[string]any `json:"members,omitempty"`
}

// httpFault answers what something in front of Kakao might: a proxy's page.
type httpFault struct {
	Status      int               `json:"status"`
	Body        string            `json:"body,omitempty"`
	ContentType string            `json:"content_type,omitempty"` // "": HTML
	Headers     map[string]string `json:"headers,omitempty"`
}

// throttleFault answers 429 in the shape of the route's host.
type throttleFault struct {
	// RetryAfterSeconds sets Retry-After; Kakao itself never does, 0 sends none.
	RetryAfterSeconds int `json:"retry_after_seconds,omitempty"`
}

// ArmedFault is a script that waits for its calls.
type ArmedFault struct {
	ID       int
	Script   FaultScript
	Effect   string // its member of the script, such as http
	Left     int    // how often it still fires; UnlimitedTimes: until cleared
	Fired    int    // how often it has fired
	Performs bool   // the call takes effect before its answer is spoiled
	// Fire writes the spoiled answer.
	Fire func(Exchange)

	route  *Route // nil: every route
	status int    // that the caller sees; 0: that of the answer, or none
	code   string // with status
}

// Exchange is a call that a fault fires at.
type Exchange struct {
	Writer  http.ResponseWriter
	Request *http.Request
	Route   *Route
	Answer  *Reply // nil unless the fault performs the call
}

// Faults are the armed scripts in the order of arming.
type Faults struct {
	Armed []*ArmedFault
	last  int // id
}

// Waiting is how many of them can still fire.
func (f *Faults) Waiting() int {
	n := 0
	for _, a := range f.Armed {
		if *a.Script.Times == UnlimitedTimes || a.Left > 0 {
			n++
		}
	}
	return n
}

// Take returns the first fault armed for the route and counts it, or nil.
// Faults that have fired as often as asked stay in the list.
func (f *Faults) Take(r *Route) *ArmedFault {
	for _, a := range f.Armed {
		spent := *a.Script.Times != UnlimitedTimes && a.Left == 0
		if spent || r.Internal || (a.route != nil && a.route != r) {
			continue
		}
		a.Fired++
		if a.Left > 0 {
			a.Left--
		}
		return a
	}
	return nil
}

// Arm checks a script and adds it to the list.
func (f *Faults) Arm(script FaultScript, routes *RouteTable) (*ArmedFault, *ControlError) {
	a := &ArmedFault{Script: script}
	if script.Route != everyRoute {
		if a.route = routes.ByKey(script.Route); a.route == nil || a.route.Internal {
			return nil, BadField("route", `no such route; write it as "GET /v2/user/me", or "*" for all`)
		}
	}
	if a.Script.Times == nil {
		once := 1
		a.Script.Times = &once
	}
	if a.Left = *a.Script.Times; a.Left < 0 || a.Left > maxFaultTimes {
		return nil, BadField("times", "from 0 (until cleared) to "+strconv.Itoa(maxFaultTimes))
	}
	if e := a.prepare(); e != nil {
		return nil, e
	}
	if len(f.Armed) == maxFaults {
		return nil, BadField("", "too many faults; clear them with DELETE "+ControlPrefix+"faults")
	}
	f.last++
	a.ID = f.last
	f.Armed = append(f.Armed, a)
	return a, nil
}

// effects lists the effects that a script asks for, by member name.
func (s *FaultScript) effects() []string {
	var names []string
	for _, e := range []struct {
		name  string
		asked bool
	}{
		{"kakao_error", s.KakaoError != nil}, {"http", s.HTTP != nil}, {"throttle", s.Throttle != nil},
		{"delay_before_headers_ms", s.DelayBeforeHeadersMS != nil}, {"delay_mid_body_ms", s.DelayMidBodyMS != nil},
		{"reset", s.Reset}, {"truncate", s.Truncate}, {"huge_body_bytes", s.HugeBodyBytes != nil},
	} {
		if e.asked {
			names = append(names, e.name)
		}
	}
	return names
}

// mayPerform are the effects that Perform goes with.
var mayPerform = []string{"kakao_error", "http", "reset"}

// prepare checks the one effect of the script and makes its fire function.
func (a *ArmedFault) prepare() *ControlError {
	s := &a.Script
	names := s.effects()
	if len(names) != 1 {
		return BadField("", "exactly one effect is needed: kakao_error, http, throttle, delay_before_headers_ms, delay_mid_body_ms, reset, truncate or huge_body_bytes")
	}
	a.Effect = names[0]
	if s.Perform && !slices.Contains(mayPerform, a.Effect) {
		return BadField("perform", "goes with kakao_error, http and reset only")
	}
	a.Performs = s.Perform
	switch a.Effect {
	case "kakao_error":
		return a.prepareKakaoError(s.KakaoError)
	case "http":
		return a.prepareHTTP(s.HTTP)
	case "throttle":
		return a.prepareThrottle(s.Throttle)
	case "delay_before_headers_ms":
		return a.prepareDelay(a.Effect, *s.DelayBeforeHeadersMS, answerAfter)
	case "delay_mid_body_ms":
		return a.prepareDelay(a.Effect, *s.DelayMidBodyMS, answerInHalves)
	case "reset":
		a.Fire = func(x Exchange) { resetConnection(x.Writer) }
	case "truncate":
		a.Performs = true
		a.Fire = func(x Exchange) { truncated(x.Writer, x.Answer) }
	case "huge_body_bytes":
		if *s.HugeBodyBytes < int64(len(hugeStart)+len(hugeEnd)) || *s.HugeBodyBytes > maxHugeBody {
			return BadField("huge_body_bytes", "from "+strconv.Itoa(len(hugeStart)+len(hugeEnd))+" to "+strconv.Itoa(maxHugeBody))
		}
		size := *s.HugeBodyBytes
		a.status = http.StatusOK
		a.Fire = func(x Exchange) { hugeBody(x.Writer, size) }
	}
	return nil
}

// codeWord is the form of codes that are not numbers.
var codeWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

func (a *ArmedFault) prepareKakaoError(k *kakaoErrorFault) *ControlError {
	code := string(k.Code)
	if word, ok := JSONText(k.Code); ok && codeWord.MatchString(word) {
		code = word
	} else if !IsNumber(code) {
		return BadField("kakao_error.code", `a number such as -401 or a word such as "KOE322"`)
	}
	failure := NewFailure(code, k.Message).With(k.Members)
	if k.HTTPStatus != 0 {
		if !isAnswerStatus(k.HTTPStatus) {
			return BadField("kakao_error.http_status", "from 200 to 599")
		}
		failure.Status = k.HTTPStatus
	}
	a.status, a.code = failure.Status, failure.Code
	a.Fire = func(x Exchange) {
		answer := FailureReply(&Request{Route: x.Route, HTTP: x.Request}, failure)
		if answer.Status == http.StatusUnauthorized && x.Route.Host != KauthHost {
			answer.Header.Set("WWW-Authenticate", challenge(schemeOf(x.Request)))
		}
		_ = answer.Write(x.Writer) // the caller may have gone
	}
	return nil
}

func (a *ArmedFault) prepareHTTP(h *httpFault) *ControlError {
	if !isAnswerStatus(h.Status) {
		return BadField("http.status", "from 200 to 599")
	}
	contentType := h.ContentType
	if contentType == "" {
		contentType = plainHTML
	}
	a.status = h.Status
	answer := NewReply(h.Status, contentType, []byte(h.Body))
	for name, text := range h.Headers {
		answer.Header.Set(name, text)
	}
	a.Fire = func(x Exchange) { _ = answer.Write(x.Writer) }
	return nil
}

func (a *ArmedFault) prepareThrottle(t *throttleFault) *ControlError {
	if t.RetryAfterSeconds < 0 {
		return BadField("throttle.retry_after_seconds", "0 or more")
	}
	a.status = http.StatusTooManyRequests
	a.Fire = func(x Exchange) {
		answer := JSONReply(http.StatusTooManyRequests, x.Route.Family.Throttled().Members)
		if t.RetryAfterSeconds > 0 {
			answer.Header.Set("Retry-After", strconv.Itoa(t.RetryAfterSeconds))
		}
		_ = answer.Write(x.Writer)
	}
	return nil
}

func (a *ArmedFault) prepareDelay(field string, milliseconds int, spoil func(Exchange, time.Duration)) *ControlError {
	if milliseconds < 0 || milliseconds > maxFaultDelay {
		return BadField(field, "from 0 to "+strconv.Itoa(maxFaultDelay))
	}
	a.Performs = true
	a.Fire = func(x Exchange) { spoil(x, time.Duration(milliseconds)*time.Millisecond) }
	return nil
}

func isAnswerStatus(status int) bool { return status >= 200 && status <= 599 }
