package inspector

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/task"
)

// eventEntry is an event as it takes place once, with what the single event
// shows and with what the app does not see.
func eventEntry(st *platform.State, book *calendar.Book, o calendar.Occurrence) pages.Entry {
	e := o.Event
	entry := pages.Entry{
		ID: "event-" + o.ID(), AllDay: e.Time.AllDay, Start: o.Start.In(platform.KoreaZone), End: o.End().In(platform.KoreaZone), Title: e.Title, Colour: e.Colour,
	}
	if c := book.Calendar(e.CalendarID); c != nil {
		entry.Calendar, entry.Colour = c.Name, cmp.Or(entry.Colour, c.Colour)
	}
	for _, c := range calendar.Of(st).Published {
		if c.ID == e.CalendarID {
			entry.Calendar = c.Name
		}
	}
	for _, mark := range []struct {
		key string
		set bool
	}{
		{"guest", e.Guest}, {"public", e.Kind == calendar.PublicEvent}, {"subscribed", e.Kind == calendar.SubscribedEvent}, {"foreign", book.Hides(e)},
		{"recurring", e.Rule != nil},
	} {
		if mark.set {
			entry.Marks = append(entry.Marks, mark.key)
		}
	}
	entry.Details = []pages.Pair{{Name: "id", Value: o.ID()}}
	detail := func(name, text string) {
		if text != "" {
			entry.Details = append(entry.Details, pages.Pair{Name: name, Value: text})
		}
	}
	if e.Location != nil {
		detail("place", strings.TrimSpace(textOf(e.Location.Name)+" "+textOf(e.Location.Address)))
	}
	detail("description", textOf(e.Description))
	if e.Rule != nil {
		detail("rule", e.Rule.String())
	}
	if len(e.Reminders) > 0 {
		detail("reminders", strings.Trim(fmt.Sprint(e.Reminders), "[]"))
	}
	detail("memo", e.Memo)
	detail("channel", e.Channel)
	if e.Time.Zone != "Asia/Seoul" {
		detail("zone", e.Time.Zone)
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
func taskEntry(t *task.Task, date time.Time, done bool) pages.Entry {
	entry := pages.Entry{
		ID: "task-" + t.ID + "-" + date.Format(task.DayForm), Task: true, Done: done, AllDay: true, Title: t.Content,
		Details: []pages.Pair{{Name: "id", Value: t.ID}},
	}
	if t.Due != nil && t.Due.Alarm != "" {
		if alarm, err := time.Parse("1504", t.Due.Alarm); err == nil {
			entry.AllDay = false
			entry.Start = date.Add(time.Duration(alarm.Hour())*time.Hour + time.Duration(alarm.Minute())*time.Minute)
			entry.End = entry.Start
		}
	}
	if recur := t.Repeats(); recur != nil {
		entry.Marks = append(entry.Marks, "recurring")
		entry.Details = append(entry.Details, pages.Pair{Name: "rule", Value: recur.Text})
	}
	if t.Bookmark {
		entry.Marks = append(entry.Marks, "bookmark")
	}
	if t.Sticker {
		entry.Marks = append(entry.Marks, "sticker")
	}
	return entry
}
