package sandbox

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
)

// sentMessage is a message in a chat room. Of the members about its content
// those of its kind are set.
type sentMessage struct {
	ID             int               `json:"id"`
	SentAt         string            `json:"sent_at"`
	Route          string            `json:"route"` // of Kakao, "POST /v2/api/talk/memo/send"
	From           string            `json:"from"`  // names of the seed
	To             string            `json:"to"`
	TemplateObject json.RawMessage   `json:"template_object,omitempty"`
	TemplateID     int64             `json:"template_id,omitempty"`
	TemplateArgs   map[string]string `json:"template_args,omitempty"`
	RequestURL     string            `json:"request_url,omitempty"`
	Text           string            `json:"text"` // what there is to read in it
}

// messageList remembers the last messages.
type messageList struct {
	sent []sentMessage
	last int // id
}

// maxMessages are remembered; older ones are forgotten.
const maxMessages = 1000

func (l *messageList) add(m sentMessage) {
	if len(l.sent) == maxMessages {
		l.sent = slices.Delete(l.sent, 0, 1)
	}
	l.last++
	m.ID = l.last
	l.sent = append(l.sent, m)
}

// customTemplate is a template of the app's own. Its user arguments are the
// names that its text has as ${name}.
// https://developers.kakao.com/docs/latest/en/message-template/custom
type customTemplate struct {
	ID      int64
	Kind    string // feed, list or commerce
	Purpose string
	Text    string
}

// What a custom template was made for, in the words of Kakao's errors. One for
// messages will also do for messages to oneself.
const (
	purposeMessage = "message API"
	purposeMemo    = "kakaolink/memo API"
)

// Purposes by the receivers of a message.
var (
	toSelf    = []string{purposeMessage, purposeMemo}
	toFriends = []string{purposeMessage}
)

var userArgument = regexp.MustCompile(`\$\{(\w+)\}`)

// fill puts the values in; an argument without one is empty.
func (t *customTemplate) fill(values map[string]string) string {
	return userArgument.ReplaceAllStringFunc(t.Text, func(argument string) string {
		return values[argument[len("${"):len(argument)-len("}")]]
	})
}

// fromObject composes from a default template.
func fromObject(r *request) (sentMessage, *kakaoError) {
	sent := r.text("template_object")
	object, wrong := parseTemplate(sent)
	if wrong != "" {
		return sentMessage{}, unreadableTemplate(sent, wrong)
	}
	return sentMessage{TemplateObject: json.RawMessage(sent), Text: object.readable()}, nil
}

// unreadableTemplate is Kakao's failure of a template_object that it cannot
// make out. Kakao's text ends with what was sent; the cause is the sandbox's.
func unreadableTemplate(sent, cause string) *kakaoError {
	return newFailure("-2", "failed to parse parameter. name=template_object, stringToParse="+sent+", cause="+cause)
}

// fromTemplate composes from a custom template that was made for one of the
// purposes.
func fromTemplate(purposes []string) composer {
	return func(r *request) (sentMessage, *kakaoError) {
		return fillTemplate(r, purposes, r.texts("template_args"))
	}
}

func fillTemplate(r *request, purposes []string, values map[string]string) (sentMessage, *kakaoError) {
	id := r.int64("template_id", 0)
	templates := r.state.talk.templates
	i := slices.IndexFunc(templates, func(t customTemplate) bool { return t.ID == id })
	if i < 0 {
		return sentMessage{}, newFailure("-2", unsatisfied("template_id", "the app has no such template"))
	}
	if t := templates[i]; !slices.Contains(purposes, t.Purpose) {
		return sentMessage{}, newFailure("-2", "template_type (messageType: '"+t.Purpose+"') is invalid. please use '"+purposes[0]+"' messageType.")
	}
	return sentMessage{TemplateID: id, TemplateArgs: values, Text: templates[i].fill(values)}, nil
}

// fromPage composes from a web page: in a layout of Kakao's, or in a custom
// template.
func fromPage(purposes []string) composer {
	return func(r *request) (sentMessage, *kakaoError) {
		page, e := scrape(r)
		if e != nil {
			return sentMessage{}, e
		}
		message := sentMessage{Text: page["SCRAP_TITLE"] + scrapSeparator + page["SCRAP_DESCRIPTION"]}
		switch {
		case r.has("template_id"):
			values := maps.Clone(r.texts("template_args"))
			if values == nil {
				values = map[string]string{}
			}
			maps.Copy(values, page)
			if message, e = fillTemplate(r, purposes, values); e != nil {
				return sentMessage{}, e
			}
		case r.has("template_args"):
			return sentMessage{}, newFailure("-2", unsatisfied("template_args", "it goes with template_id"))
		}
		message.RequestURL = r.text("request_url")
		return message, nil
	}
}

// scrapSeparator stands between what a scraped page is called and what it says.
const scrapSeparator = " · "

// scrape is what Kakao would read off the page. The sandbox never asks for
// it: every page of a registered domain has the same made-up tags.
func scrape(r *request) (map[string]string, *kakaoError) {
	sent := r.text("request_url")
	page, err := url.Parse(sent)
	switch {
	case err != nil || page.Scheme != "http" && page.Scheme != "https":
		return nil, newFailure("-2", unsatisfied("request_url", "a URL, https://shop.example.com/p/1"))
	case !slices.Contains(r.state.talk.domains, page.Hostname()):
		return nil, newFailure("-2", unsatisfied("request_url", "the domain is not registered with the app"))
	}
	return map[string]string{
		"SCRAP_TITLE": appName, "SCRAP_DESCRIPTION": "모의 페이지 " + page.Path, "SCRAP_HOST": page.Hostname(), "SCRAP_REQUESTED_URL": sent,
		"SCRAP_IMAGE": "https://img.sandbox.example/scrap.jpg", "SCRAP_IMAGE_WIDTH": "800", "SCRAP_IMAGE_HEIGHT": "400", "SCRAP_IMAGE_DURATION": "0",
	}, nil
}
