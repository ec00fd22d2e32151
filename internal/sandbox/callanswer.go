package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// callAnswer is what came of a call, as it is kept for the page: secrets are
// taken out only when somebody looks, which is seldom.
type callAnswer struct {
	host   string // Kakao's
	status int    // as the caller saw it; 0: none, or not told
	code   string
	header http.Header
	body   []byte // nil: see note
	note   string // why there is no body to show, or what it is: a key of pages
	echoes []string
}

// shownHeaders are the answer's headers that tell something.
var shownHeaders = []string{"Content-Type", "Location", "Www-Authenticate", "Retry-After"}

// newCallAnswer keeps what is worth showing. found, answer and fired may be nil.
func newCallAnswer(c call, found *route, answer *reply, fired *armedFault) callAnswer {
	kept := callAnswer{host: c.Host, status: c.Status, code: c.Code}
	if found != nil {
		kept.host = found.host
	}
	switch {
	case fired != nil && fired.status != 0:
		kept.status, kept.code = fired.status, fired.code
		if fired.effect == "throttle" {
			kept.code = found.family.throttled().code
		}
	case fired != nil && slices.Contains(lostAnswers, fired.effect):
		kept.status, kept.code = 0, ""
	}
	if answer == nil {
		kept.note = "fault"
		return kept
	}
	kept.header = answer.header
	switch media, _, _ := strings.Cut(answer.header.Get("Content-Type"), ";"); {
	case len(answer.body) == 0:
		kept.note = "empty"
	case media == "text/html":
		kept.note = "page"
	case media != "application/json" && !strings.HasSuffix(media, "xml"):
		kept.note = "binary"
	case len(answer.body) > maxCallBody:
		kept.note = "large"
	default:
		kept.body = answer.body
		if fired != nil {
			kept.note = "spoiled"
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
func sentSecrets(sent credential, query string, body []byte) []string {
	secrets := []string{sent.value}
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
func (a *callAnswer) hide(app *app, text string) string {
	text = secretMember.ReplaceAllString(text, hiddenMember)
	for _, secret := range a.echoes {
		text = strings.ReplaceAll(text, secret, "["+app.describe(secret)+"]")
	}
	for _, key := range app.keys {
		text = strings.ReplaceAll(text, key.value, "["+key.kind.String()+"]")
	}
	return text
}

// text is the body for people: JSON is indented.
func (a *callAnswer) text(app *app) string { return a.hide(app, indented(a.body)) }

// headerText is a header for people. A Location carries the code in its query.
func (a *callAnswer) headerText(app *app, name string) string {
	text := a.header.Get(name)
	if target, err := url.Parse(text); name == "Location" && err == nil && target.RawQuery != "" {
		query := url.Values(hideSecrets(app, target.RawQuery))
		text = strings.TrimSuffix(text, target.RawQuery) + query.Encode()
	}
	return a.hide(app, text)
}
