package sandbox

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// showMessagesPage shows the messages, newest first; ?person= those of one
// person.
func showMessagesPage(v visitor) pages.View {
	t, chosen := v.state.talk, v.state.userByName(v.query.Get("person"))
	page := pages.MessagesPage{People: v.messagePeople(chosen), Domains: t.domains}
	for _, m := range slices.Backward(t.messages.sent) {
		if chosen != nil && m.From != chosen.name && m.To != chosen.name {
			continue
		}
		shown := messageOf(v.state, m)
		last := len(page.Days) - 1
		if last < 0 || !sameDay(page.Days[last].Day, shown.At) {
			page.Days = append(page.Days, pages.MessageDay{Day: shown.At})
			last++
		}
		page.Days[last].Messages = append(page.Days[last].Messages, shown)
	}
	for _, one := range t.templates {
		page.Templates = append(page.Templates, pages.Template{ID: one.ID, Kind: one.Kind, Purpose: one.Purpose, Text: one.Text})
	}
	return page
}

// messagePeople are the links to everybody's messages and to those of one.
func (v visitor) messagePeople(chosen *user) []pages.Choice {
	counts := map[string]int{}
	for _, m := range v.state.talk.messages.sent {
		counts[m.From]++
		if m.To != m.From {
			counts[m.To]++
		}
	}
	choices := []pages.Choice{{Label: pages.Text(v.language, "messages.everybody"), Link: pages.MessagesPath, Current: chosen == nil}}
	for _, u := range v.state.users {
		if counts[u.name] > 0 || u == chosen {
			choices = append(choices, pages.Choice{
				Label: u.account.nickname, Link: withParameter(pages.MessagesPath, "person", u.name), Count: counts[u.name], Current: u == chosen,
			})
		}
	}
	return choices
}

func messageOf(st *state, m sentMessage) pages.Message {
	at, _ := time.Parse(time.RFC3339, m.SentAt) // wireTime wrote it
	shown := pages.Message{
		ID: m.ID, At: at.In(koreaZone), From: faceOf(st.userByName(m.From)), To: faceOf(st.userByName(m.To)), ToSelf: m.From == m.To, Route: m.Route,
	}
	switch {
	case m.TemplateObject != nil:
		shown.Bubble = bubbleOf(m.TemplateObject)
		shown.ObjectJSON = indented(m.TemplateObject)
	case m.RequestURL != "" && m.TemplateID == 0:
		shown.Bubble = scrapBubble(m)
	default:
		shown.Bubble = pages.Bubble{Kind: "custom", Text: m.Text}
	}
	if m.TemplateID != 0 {
		shown.Facts = append(shown.Facts, pages.Pair{Name: "template_id", Value: strconv.FormatInt(m.TemplateID, 10)})
	}
	for _, name := range slices.Sorted(maps.Keys(m.TemplateArgs)) {
		shown.Facts = append(shown.Facts, pages.Pair{Name: name, Value: m.TemplateArgs[name]})
	}
	if m.RequestURL != "" {
		shown.Facts = append(shown.Facts, pages.Pair{Name: "request_url", Value: m.RequestURL})
	}
	return shown
}

// indented is JSON for people; text that is none stays as it is.
func indented(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

// sameDay says whether two times are on one day of their zones.
func sameDay(a, b time.Time) bool { return a.Format(dayForm) == b.Format(dayForm) }
