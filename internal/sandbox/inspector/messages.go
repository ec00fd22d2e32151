package inspector

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
)

// showMessagesPage shows the messages, newest first; ?person= those of one
// person.
func showMessagesPage(v visitor) pages.View {
	t, chosen := talk.Of(v.state), v.state.UserByName(v.query.Get("person"))
	page := pages.MessagesPage{People: v.messagePeople(chosen), Domains: t.Domains}
	for _, m := range slices.Backward(t.Messages.Sent) {
		if chosen != nil && m.From != chosen.Name && m.To != chosen.Name {
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
	for _, one := range t.Templates {
		page.Templates = append(page.Templates, pages.Template{ID: one.ID, Kind: one.Kind, Purpose: one.Purpose, Text: one.Text})
	}
	return page
}

// messagePeople are the links to everybody's messages and to those of one.
func (v visitor) messagePeople(chosen *platform.User) []pages.Choice {
	counts := map[string]int{}
	for _, m := range talk.Of(v.state).Messages.Sent {
		counts[m.From]++
		if m.To != m.From {
			counts[m.To]++
		}
	}
	choices := []pages.Choice{{Label: pages.Text(v.language, "messages.everybody"), Link: pages.MessagesPath, Current: chosen == nil}}
	for _, u := range v.state.Users {
		if counts[u.Name] > 0 || u == chosen {
			choices = append(choices, pages.Choice{
				Label: u.Account.Nickname, Link: withParameter(pages.MessagesPath, "person", u.Name), Count: counts[u.Name], Current: u == chosen,
			})
		}
	}
	return choices
}

func messageOf(st *platform.State, m talk.SentMessage) pages.Message {
	at, _ := time.Parse(time.RFC3339, m.SentAt) // WireTime wrote it
	shown := pages.Message{
		ID: m.ID, At: at.In(platform.KoreaZone), From: platform.FaceOf(st.UserByName(m.From)), To: platform.FaceOf(st.UserByName(m.To)), ToSelf: m.From == m.To, Route: m.Route,
	}
	switch {
	case m.TemplateObject != nil:
		shown.Bubble = bubbleOf(m.TemplateObject)
		shown.ObjectJSON = platform.Indented(m.TemplateObject)
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

// sameDay says whether two times are on one day of their zones.
func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }
