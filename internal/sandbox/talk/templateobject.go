package talk

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// templateObject is a default template as it was sent, found to have its
// shape. https://developers.kakao.com/docs/latest/en/message-template/default
type templateObject map[string]any

// shape is the table of an object's members.
type shape struct {
	members []shapeMember
	// rule is what the members have to do with each other: it returns what is
	// wrong, or "".
	rule func(templateObject) string
}

// shapeMember is a row of a shape. check returns what is wrong, or "".
type shapeMember struct {
	name     string
	required bool
	check    func(value any) string
}

// parseTemplate reads a template_object strictly: its object_type chooses the
// shape, and every member must be one of it. wrong says what is not right.
func parseTemplate(text string) (object templateObject, wrong string) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil || members == nil {
		return nil, "not a JSON object"
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, "not a JSON object"
	}
	objectType, _ := members["object_type"].(string)
	known, ok := templateShapes()[objectType]
	if !ok {
		return nil, "object_type is none of feed, list, location, commerce, text, calendar"
	}
	return members, known.check(members)
}

// check holds an object against the table.
func (s shape) check(value any) string {
	object, ok := value.(map[string]any)
	if !ok {
		return "not an object"
	}
	known := 0
	for _, m := range s.members {
		member, sent := object[m.name]
		if !sent {
			if m.required {
				return m.name + " is missing"
			}
			continue
		}
		known++
		if wrong := m.check(member); wrong != "" {
			return m.name + ": " + wrong
		}
	}
	if known < len(object) {
		return "unknown member " + s.unknown(object)
	}
	if s.rule == nil {
		return ""
	}
	return s.rule(object)
}

// unknown is the first member, by name, that the shape does not have.
func (s shape) unknown(object map[string]any) string {
	var names []string
	for name := range object {
		if !slices.ContainsFunc(s.members, func(m shapeMember) bool { return m.name == name }) {
			names = append(names, name)
		}
	}
	return slices.Min(names)
}

// words is text of at least one character, and at most most unless that is 0.
func words(most int) func(any) string {
	return func(value any) string {
		text, ok := value.(string)
		switch {
		case !ok || text == "":
			return "not a text"
		case most > 0 && utf8.RuneCountInString(text) > most:
			return "longer than " + strconv.Itoa(most) + " characters"
		}
		return ""
	}
}

// anyText is text, which may be empty.
func anyText(value any) string {
	if _, ok := value.(string); !ok {
		return "not a text"
	}
	return ""
}

// oneOf is one of the given texts.
func oneOf(texts ...string) func(any) string {
	return func(value any) string {
		if text, ok := value.(string); !ok || !slices.Contains(texts, text) {
			return "none of " + strings.Join(texts, ", ")
		}
		return ""
	}
}

// whole is a whole number from 0 to high, in plain digits.
func whole(high int64) func(any) string {
	return func(value any) string {
		number, _ := value.(json.Number)
		n, err := strconv.ParseInt(number.String(), 10, 64)
		if err != nil || n < 0 || n > high {
			return "not a whole number from 0 to " + strconv.FormatInt(high, 10)
		}
		return ""
	}
}

// listOf is an array of low to high objects of a shape.
func listOf(s shape, low, high int) func(any) string {
	return func(value any) string {
		list, ok := value.([]any)
		if !ok || len(list) < low || len(list) > high {
			return "not an array of " + strconv.Itoa(low) + " to " + strconv.Itoa(high)
		}
		for i, element := range list {
			if wrong := s.check(element); wrong != "" {
				return "[" + strconv.Itoa(i) + "]: " + wrong
			}
		}
		return ""
	}
}

// readable is what there is to read in the message, for people.
func (o templateObject) readable() string {
	var b bytes.Buffer
	say := func(object map[string]any, names ...string) {
		for _, name := range names {
			if text, _ := object[name].(string); text != "" {
				if b.Len() > 0 {
					b.WriteString(" · ")
				}
				b.WriteString(text)
			}
		}
	}
	say(o, "text", "header_title", "address_title", "address")
	contents, _ := o["contents"].([]any)
	for _, content := range append([]any{o["content"]}, contents...) {
		object, _ := content.(map[string]any)
		say(object, "title", "description")
	}
	return b.String()
}
