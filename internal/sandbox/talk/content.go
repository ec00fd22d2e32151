package talk

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// SentMessage is a message in a chat room. Of the members about its content
// those of its kind are set.
type SentMessage struct {
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

// MessageList remembers the last messages.
type MessageList struct {
	Sent []SentMessage
	last int // id
}

// maxMessages are remembered; older ones are forgotten.
const maxMessages = 1000

func (l *MessageList) add(m SentMessage) {
	if len(l.Sent) == maxMessages {
		l.Sent = slices.Delete(l.Sent, 0, 1)
	}
	l.last++
	m.ID = l.last
	l.Sent = append(l.Sent, m)
}

// CustomTemplate is a template of the app's own. Its user arguments are the
// names that its text has as ${name}.
// https://developers.kakao.com/docs/latest/en/message-template/custom
type CustomTemplate struct {
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
func (t *CustomTemplate) fill(values map[string]string) string {
	return userArgument.ReplaceAllStringFunc(t.Text, func(argument string) string {
		return values[argument[len("${"):len(argument)-len("}")]]
	})
}

// fromObject composes from a default template.
func fromObject(r *platform.Request) (SentMessage, *platform.Failure) {
	sent := r.Text("template_object")
	object, wrong := parseTemplate(sent)
	if wrong != "" {
		return SentMessage{}, unreadableTemplate(sent, wrong)
	}
	return SentMessage{TemplateObject: json.RawMessage(sent), Text: object.readable()}, nil
}

// unreadableTemplate is Kakao's failure of a template_object that it cannot
// make out. Kakao's text ends with what was sent; the cause is the sandbox's.
func unreadableTemplate(sent, cause string) *platform.Failure {
	return platform.NewFailure("-2", "failed to parse parameter. name=template_object, stringToParse="+sent+", cause="+cause)
}

// fromTemplate composes from a custom template that was made for one of the
// purposes.
func fromTemplate(purposes []string) composer {
	return func(r *platform.Request) (SentMessage, *platform.Failure) {
		return fillTemplate(r, purposes, r.Texts("template_args"))
	}
}

func fillTemplate(r *platform.Request, purposes []string, values map[string]string) (SentMessage, *platform.Failure) {
	id := r.Int64("template_id", 0)
	templates := Of(r.State).Templates
	i := slices.IndexFunc(templates, func(t CustomTemplate) bool { return t.ID == id })
	if i < 0 {
		return SentMessage{}, platform.NewFailure("-2", platform.Unsatisfied("template_id", "the app has no such template"))
	}
	if t := templates[i]; !slices.Contains(purposes, t.Purpose) {
		return SentMessage{}, platform.NewFailure("-2", "template_type (messageType: '"+t.Purpose+"') is invalid. please use '"+purposes[0]+"' messageType.")
	}
	return SentMessage{TemplateID: id, TemplateArgs: values, Text: templates[i].fill(values)}, nil
}

// fromPage composes from a web page: in a layout of Kakao's, or in a custom
// template.
func fromPage(purposes []string) composer {
	return func(r *platform.Request) (SentMessage, *platform.Failure) {
		page, e := scrape(r)
		if e != nil {
			return SentMessage{}, e
		}
		message := SentMessage{Text: page["SCRAP_TITLE"] + ScrapSeparator + page["SCRAP_DESCRIPTION"]}
		switch {
		case r.Has("template_id"):
			values := maps.Clone(r.Texts("template_args"))
			if values == nil {
				values = map[string]string{}
			}
			maps.Copy(values, page)
			if message, e = fillTemplate(r, purposes, values); e != nil {
				return SentMessage{}, e
			}
		case r.Has("template_args"):
			return SentMessage{}, platform.NewFailure("-2", platform.Unsatisfied("template_args", "it goes with template_id"))
		}
		message.RequestURL = r.Text("request_url")
		return message, nil
	}
}

// ScrapSeparator stands between what a scraped page is called and what it says.
const ScrapSeparator = " · "

// scrape is what Kakao would read off the page. The sandbox never asks for
// it: every page of a registered domain has the same made-up tags.
func scrape(r *platform.Request) (map[string]string, *platform.Failure) {
	sent := r.Text("request_url")
	page, err := url.Parse(sent)
	switch {
	case err != nil || page.Scheme != "http" && page.Scheme != "https":
		return nil, platform.NewFailure("-2", platform.Unsatisfied("request_url", "a URL, https://shop.example.com/p/1"))
	case !slices.Contains(Of(r.State).Domains, page.Hostname()):
		return nil, platform.NewFailure("-2", platform.Unsatisfied("request_url", "the domain is not registered with the app"))
	}
	return map[string]string{
		"SCRAP_TITLE": platform.AppName, "SCRAP_DESCRIPTION": "모의 페이지 " + page.Path, "SCRAP_HOST": page.Hostname(), "SCRAP_REQUESTED_URL": sent,
		"SCRAP_IMAGE": "https://img.sandbox.example/scrap.jpg", "SCRAP_IMAGE_WIDTH": "800", "SCRAP_IMAGE_HEIGHT": "400", "SCRAP_IMAGE_DURATION": "0",
	}, nil
}
