package platform

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	maxCalls    = 1000     // remembered calls; older ones are forgotten
	maxCallBody = 16 << 10 // bytes of a body that a call shows
)

// Call is a request as it came over the wire, without its secrets, and how it
// was answered. GET /__sandbox__/calls shows them.
type Call struct {
	At          string              `json:"at"` // Moment, as text
	Method      string              `json:"method"`
	Host        string              `json:"host"`
	Path        string              `json:"path"`
	Route       string              `json:"route,omitempty"` // empty: no such route
	Query       map[string][]string `json:"query,omitempty"`
	ContentType string              `json:"content_type,omitempty"`
	Form        map[string][]string `json:"form,omitempty"`
	JSON        json.RawMessage     `json:"json,omitempty"`
	BodyBytes   int                 `json:"body_bytes"`
	Credential  string              `json:"credential"` // its kind, never its value
	Headers     map[string]string   `json:"headers,omitempty"`
	Status      int                 `json:"status,omitempty"` // 0: not performed, see fault
	Code        string              `json:"code,omitempty"`
	Fault       string              `json:"fault,omitempty"`

	ID     int        `json:"-"` // counts up from 1
	Moment time.Time  `json:"-"` // by the sandbox's clock
	Answer CallAnswer `json:"-"`
}

// secretParams are shown by kind only: "[rest_key]", "[client_secret]", or
// "[redacted]" for a value that the app's settings do not know.
var secretParams = []string{
	"app_key", "client_id", "client_secret", "code", "code_verifier", "id_token", "push_token", "refresh_token", "request",
}

// secretMember is a secret inside JSON, be that a body, an answer or the text
// of a parameter: push_message holds push tokens when it bypasses the
// registered ones. A text that breaks off is a secret too.
var secretMember = regexp.MustCompile(`("(?:access_token|refresh_token|id_token|push_token|client_secret)"\s*:\s*)"(?:[^"\\]|\\.)*"?`)

const hiddenMember = `$1"[redacted]"`

// hiddenHeaders carry credentials, or are shown in a member of their own. A
// Referer is the address of a sign-in page, keys in its query and all.
var hiddenHeaders = []string{"Authorization", "Cookie", "Referer", "Content-Type", "Content-Length"}

// NewCall describes a request. found, answer and fired may be nil.
func NewCall(a *App, now time.Time, r *http.Request, body []byte, found *Route, answer *Reply, fired *ArmedFault) Call {
	credential, _ := readCredential(r.Header, a)
	c := Call{
		At: WireTime(now), Moment: now,
		Method: r.Method, Host: r.Host, Path: r.URL.Path, ContentType: r.Header.Get("Content-Type"),
		Query: hideSecrets(a, r.URL.RawQuery), BodyBytes: len(body), Credential: credential.Kind.String(),
		Headers: map[string]string{},
	}
	for name, values := range r.Header {
		if !slices.Contains(hiddenHeaders, name) {
			c.Headers[name] = strings.Join(values, ", ")
		}
	}
	if len(body) <= maxCallBody {
		switch media, _, _ := strings.Cut(c.ContentType, ";"); {
		case media == mediaTypes[formBody]:
			c.Form = hideSecrets(a, string(body))
		case media == mediaTypes[JSONBody] && json.Valid(body):
			c.JSON = secretMember.ReplaceAll(body, []byte(hiddenMember))
		}
	}
	if found != nil {
		c.Route = found.Key()
	}
	if answer != nil {
		c.Status, c.Code = answer.Status, answer.Code
	}
	if fired != nil {
		c.Fault = fired.Effect
	}
	c.Answer = newCallAnswer(c, found, answer, fired)
	c.Answer.echoes = sentSecrets(credential, r.URL.RawQuery, body)
	return c
}

// hideSecrets parses a query or form and replaces the values of secretParams,
// and secrets inside JSON.
func hideSecrets(a *App, encoded string) map[string][]string {
	values, _ := url.ParseQuery(encoded) // what does not parse is left out
	for name, texts := range values {
		for i, v := range texts {
			if slices.Contains(secretParams, name) {
				texts[i] = "[" + a.describe(v) + "]"
			} else {
				texts[i] = secretMember.ReplaceAllString(v, hiddenMember)
			}
		}
	}
	return values
}

// CallList remembers the last calls.
type CallList struct {
	Calls []Call
	last  int // id
}

// Add appends a call and forgets the oldest beyond maxCalls.
func (l *CallList) Add(c Call) {
	if len(l.Calls) == maxCalls {
		l.Calls = slices.Delete(l.Calls, 0, 1)
	}
	l.last++
	c.ID = l.last
	l.Calls = append(l.Calls, c)
}
