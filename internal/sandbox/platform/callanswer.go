package platform

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// CallAnswer is what came of a call, as it is kept for the page: secrets are
// taken out only when somebody looks, which is seldom.
type CallAnswer struct {
	Host   string // Kakao's
	Status int    // as the caller saw it; 0: none, or not told
	Code   string
	header http.Header
	body   []byte // nil: see note
	Note   string // why there is no body to show, or what it is: a key of pages
	echoes []string
}

// ShownHeaders are the answer's headers that tell something.
var ShownHeaders = []string{"Content-Type", "Location", "Www-Authenticate", "Retry-After"}

// newCallAnswer keeps what is worth showing. found, answer and fired may be nil.
func newCallAnswer(c Call, found *Route, answer *Reply, fired *ArmedFault) CallAnswer {
	kept := CallAnswer{Host: c.Host, Status: c.Status, Code: c.Code}
	if found != nil {
		kept.Host = found.Host
	}
	switch {
	case fired != nil && fired.status != 0:
		kept.Status, kept.Code = fired.status, fired.code
		if fired.Effect == "throttle" {
			kept.Code = found.Family.Throttled().Code
		}
	case fired != nil && slices.Contains(lostAnswers, fired.Effect):
		kept.Status, kept.Code = 0, ""
	}
	if answer == nil {
		kept.Note = "fault"
		return kept
	}
	kept.header = answer.Header
	switch media, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";"); {
	case len(answer.Body) == 0:
		kept.Note = "empty"
	case media == "text/html":
		kept.Note = "page"
	case media != "application/json" && !strings.HasSuffix(media, "xml"):
		kept.Note = "binary"
	case len(answer.Body) > maxCallBody:
		kept.Note = "large"
	default:
		kept.body = answer.Body
		if fired != nil {
			kept.Note = "spoiled"
		}
	}
	return kept
}

// lostAnswers are the effects that leave the caller without a status.
var lostAnswers = []string{"reset"}

// minEcho is the shortest text that is looked for in an answer: shorter ones
// are no secrets, and would be found everywhere.
const minEcho = 8

// sentSecrets are the secrets that a request held. Kakao repeats some of them
// in its error texts.
func sentSecrets(sent Credential, query string, body []byte) []string {
	secrets := []string{sent.Value}
	for _, encoded := range []string{query, string(body[:min(len(body), maxCallBody)])} {
		values, _ := url.ParseQuery(encoded) // what does not parse holds no parameter
		for _, name := range secretParams {
			secrets = append(secrets, values[name]...)
		}
	}
	return slices.DeleteFunc(secrets, func(text string) bool { return len(text) < minEcho })
}

// hide takes the secrets out of a text of the answer: those that came with the
// request, and the app's keys, which stand in it on their own account too (the
// REST API key is the audience of ID tokens).
func (a *CallAnswer) hide(app *App, text string) string {
	text = secretMember.ReplaceAllString(text, hiddenMember)
	for _, secret := range a.echoes {
		text = strings.ReplaceAll(text, secret, "["+app.describe(secret)+"]")
	}
	for _, key := range app.keys {
		text = strings.ReplaceAll(text, key.Value, "["+key.Kind.String()+"]")
	}
	return text
}

// Text is the body for people: JSON is indented.
func (a *CallAnswer) Text(app *App) string { return a.hide(app, Indented(a.body)) }

// HeaderText is a header for people. A Location carries the code in its query.
func (a *CallAnswer) HeaderText(app *App, name string) string {
	text := a.header.Get(name)
	if target, err := url.Parse(text); name == "Location" && err == nil && target.RawQuery != "" {
		query := url.Values(hideSecrets(app, target.RawQuery))
		text = strings.TrimSuffix(text, target.RawQuery) + query.Encode()
	}
	return a.hide(app, text)
}
