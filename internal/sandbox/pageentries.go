package sandbox

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// eventEntry is an event as it takes place once, with what the single event
// shows and with what the app does not see.
func eventEntry(st *state, book *calendarBook, o occurrence) pages.Entry {
	e := o.event
	entry := pages.Entry{
		ID: "event-" + o.id(), AllDay: e.time.allDay, Start: o.start.In(koreaZone), End: o.end().In(koreaZone), Title: e.title, Colour: e.colour,
	}
	if c := book.calendar(e.calendarID); c != nil {
		entry.Calendar, entry.Colour = c.name, cmp.Or(entry.Colour, c.colour)
	}
	for _, c := range st.calendars.published {
		if c.id == e.calendarID {
			entry.Calendar = c.name
		}
	}
	for _, mark := range []struct {
		key string
		set bool
	}{
		{"guest", e.guest}, {"public", e.kind == publicEvent}, {"subscribed", e.kind == subscribedEvent}, {"foreign", book.hides(e)},
		{"recurring", e.rule != nil},
	} {
		if mark.set {
			entry.Marks = append(entry.Marks, mark.key)
		}
	}
	entry.Details = []pages.Pair{{Name: "id", Value: o.id()}}
	detail := func(name, text string) {
		if text != "" {
			entry.Details = append(entry.Details, pages.Pair{Name: name, Value: text})
		}
	}
	if e.location != nil {
		detail("place", strings.TrimSpace(textOf(e.location.Name)+" "+textOf(e.location.Address)))
	}
	detail("description", textOf(e.description))
	if e.rule != nil {
		detail("rule", e.rule.String())
	}
	if len(e.reminders) > 0 {
		detail("reminders", strings.Trim(fmt.Sprint(e.reminders), "[]"))
	}
	detail("memo", e.memo)
	detail("channel", e.channel)
	if e.time.zone != "Asia/Seoul" {
		detail("zone", e.time.zone)
	}
	return entry
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// taskEntry is a task on one of its days; the zero time is no day.
func taskEntry(t *task, date time.Time, done bool) pages.Entry {
	entry := pages.Entry{
		ID: "task-" + t.id + "-" + date.Format(dayForm), Task: true, Done: done, AllDay: true, Title: t.content,
		Details: []pages.Pair{{Name: "id", Value: t.id}},
	}
	if t.due != nil && t.due.alarm != "" {
		if alarm, err := time.Parse("1504", t.due.alarm); err == nil {
			entry.AllDay = false
			entry.Start = date.Add(time.Duration(alarm.Hour())*time.Hour + time.Duration(alarm.Minute())*time.Minute)
			entry.End = entry.Start
		}
	}
	if recur := t.repeats(); recur != nil {
		entry.Marks = append(entry.Marks, "recurring")
		entry.Details = append(entry.Details, pages.Pair{Name: "rule", Value: recur.text})
	}
	if t.bookmark {
		entry.Marks = append(entry.Marks, "bookmark")
	}
	if t.sticker {
		entry.Marks = append(entry.Marks, "sticker")
	}
	return entry
}
