package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
)

const (
	maxFaultDelay  = 10 * 60 * 1000 // milliseconds
	maxHugeBody    = 1 << 30        // bytes
	maxFaultTimes  = 1_000_000
	maxFaults      = 1000 // armed at once
	everyRoute     = "*"
	unlimitedTimes = 0
)

// faultScript is the body of POST /__sandbox__/faults: for which route, how
// often, and exactly one effect.
type faultScript struct {
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

// armedFault is a script that waits for its calls.
type armedFault struct {
	id       int
	script   faultScript
	effect   string
	left     int // unlimitedTimes: until cleared
	fired    int
	route    *route // nil: every route
	performs bool
	status   int    // that the caller sees; 0: that of the answer, or none
	code     string // with status
	// fire writes the spoiled answer.
	fire func(exchange)
}

// exchange is a call that a fault fires at.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	route  *route
	answer *reply // nil unless the fault performs the call
}

// faults are the armed scripts in the order of arming.
type faults struct {
	armed []*armedFault
	last  int // id
}

// waiting is how many of them can still fire.
func (f *faults) waiting() int {
	n := 0
	for _, a := range f.armed {
		if *a.script.Times == unlimitedTimes || a.left > 0 {
			n++
		}
	}
	return n
}

// take returns the first fault armed for the route and counts it, or nil.
// Faults that have fired as often as asked stay in the list.
func (f *faults) take(r *route) *armedFault {
	for _, a := range f.armed {
		spent := *a.script.Times != unlimitedTimes && a.left == 0
		if spent || r.internal || (a.route != nil && a.route != r) {
			continue
		}
		a.fired++
		if a.left > 0 {
			a.left--
		}
		return a
	}
	return nil
}

// arm checks a script and adds it to the list.
func (f *faults) arm(script faultScript, routes *routeTable) (*armedFault, *controlError) {
	a := &armedFault{script: script}
	if script.Route != everyRoute {
		if a.route = routes.byKey(script.Route); a.route == nil || a.route.internal {
			return nil, badField("route", `no such route; write it as "GET /v2/user/me", or "*" for all`)
		}
	}
	if a.script.Times == nil {
		once := 1
		a.script.Times = &once
	}
	if a.left = *a.script.Times; a.left < 0 || a.left > maxFaultTimes {
		return nil, badField("times", "from 0 (until cleared) to "+strconv.Itoa(maxFaultTimes))
	}
	if e := a.prepare(); e != nil {
		return nil, e
	}
	if len(f.armed) == maxFaults {
		return nil, badField("", "too many faults; clear them with DELETE "+controlPrefix+"faults")
	}
	f.last++
	a.id = f.last
	f.armed = append(f.armed, a)
	return a, nil
}

// effects lists the effects that a script asks for, by member name.
func (s *faultScript) effects() []string {
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
func (a *armedFault) prepare() *controlError {
	s := &a.script
	names := s.effects()
	if len(names) != 1 {
		return badField("", "exactly one effect is needed: kakao_error, http, throttle, delay_before_headers_ms, delay_mid_body_ms, reset, truncate or huge_body_bytes")
	}
	a.effect = names[0]
	if s.Perform && !slices.Contains(mayPerform, a.effect) {
		return badField("perform", "goes with kakao_error, http and reset only")
	}
	a.performs = s.Perform
	switch a.effect {
	case "kakao_error":
		return a.prepareKakaoError(s.KakaoError)
	case "http":
		return a.prepareHTTP(s.HTTP)
	case "throttle":
		return a.prepareThrottle(s.Throttle)
	case "delay_before_headers_ms":
		return a.prepareDelay(a.effect, *s.DelayBeforeHeadersMS, answerAfter)
	case "delay_mid_body_ms":
		return a.prepareDelay(a.effect, *s.DelayMidBodyMS, answerInHalves)
	case "reset":
		a.fire = func(x exchange) { resetConnection(x.w) }
	case "truncate":
		a.performs = true
		a.fire = func(x exchange) { truncated(x.w, x.answer) }
	case "huge_body_bytes":
		if *s.HugeBodyBytes < int64(len(hugeStart)+len(hugeEnd)) || *s.HugeBodyBytes > maxHugeBody {
			return badField("huge_body_bytes", "from "+strconv.Itoa(len(hugeStart)+len(hugeEnd))+" to "+strconv.Itoa(maxHugeBody))
		}
		size := *s.HugeBodyBytes
		a.status = http.StatusOK
		a.fire = func(x exchange) { hugeBody(x.w, size) }
	}
	return nil
}

// codeWord is the form of codes that are not numbers.
var codeWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

func (a *armedFault) prepareKakaoError(k *kakaoErrorFault) *controlError {
	code := string(k.Code)
	if word, ok := jsonText(k.Code); ok && codeWord.MatchString(word) {
		code = word
	} else if !isNumber(code) {
		return badField("kakao_error.code", `a number such as -401 or a word such as "KOE322"`)
	}
	failure := newFailure(code, k.Message).with(k.Members)
	if k.HTTPStatus != 0 {
		if !isAnswerStatus(k.HTTPStatus) {
			return badField("kakao_error.http_status", "from 200 to 599")
		}
		failure.status = k.HTTPStatus
	}
	a.status, a.code = failure.status, failure.code
	a.fire = func(x exchange) {
		answer := failureReply(&request{route: x.route, http: x.r}, failure)
		if answer.status == http.StatusUnauthorized && x.route.host != kauthHost {
			answer.header.Set("WWW-Authenticate", challenge(schemeOf(x.r)))
		}
		_ = answer.write(x.w) // the caller may have gone
	}
	return nil
}

func (a *armedFault) prepareHTTP(h *httpFault) *controlError {
	if !isAnswerStatus(h.Status) {
		return badField("http.status", "from 200 to 599")
	}
	contentType := h.ContentType
	if contentType == "" {
		contentType = plainHTML
	}
	a.status = h.Status
	answer := newReply(h.Status, contentType, []byte(h.Body))
	for name, text := range h.Headers {
		answer.header.Set(name, text)
	}
	a.fire = func(x exchange) { _ = answer.write(x.w) }
	return nil
}

func (a *armedFault) prepareThrottle(t *throttleFault) *controlError {
	if t.RetryAfterSeconds < 0 {
		return badField("throttle.retry_after_seconds", "0 or more")
	}
	a.status = http.StatusTooManyRequests
	a.fire = func(x exchange) {
		answer := jsonReply(http.StatusTooManyRequests, x.route.family.throttled().members)
		if t.RetryAfterSeconds > 0 {
			answer.header.Set("Retry-After", strconv.Itoa(t.RetryAfterSeconds))
		}
		_ = answer.write(x.w)
	}
	return nil
}

func (a *armedFault) prepareDelay(field string, milliseconds int, spoil func(exchange, time.Duration)) *controlError {
	if milliseconds < 0 || milliseconds > maxFaultDelay {
		return badField(field, "from 0 to "+strconv.Itoa(maxFaultDelay))
	}
	a.performs = true
	a.fire = func(x exchange) { spoil(x, time.Duration(milliseconds)*time.Millisecond) }
	return nil
}

func isAnswerStatus(status int) bool { return status >= 200 && status <= 599 }
