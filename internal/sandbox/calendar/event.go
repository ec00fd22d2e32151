package calendar

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// EventTime is when an event takes place, in UTC.
type EventTime struct {
	start, end time.Time
	Zone       string // TZID
	location   *time.Location
	AllDay     bool
	lunar      bool
}

// EventLocation is where an event takes place.
type EventLocation struct {
	Name       *string  `json:"name,omitempty"`
	LocationID *int64   `json:"location_id,omitempty"`
	Address    *string  `json:"address,omitempty"`
	Latitude   *float64 `json:"latitude,omitempty"`
	Longitude  *float64 `json:"longitude,omitempty"`
}

// eventBanner is shown on top of public and subscribed events.
type eventBanner struct {
	PCImageURL     *string `json:"pc_image_url,omitempty"`
	MobileImageURL *string `json:"mobile_image_url,omitempty"`
	BgColour       *string `json:"bg_color,omitempty"`
	Link           *struct {
		WebURL       *string `json:"web_url,omitempty"`
		MobileWebURL *string `json:"mobile_web_url,omitempty"`
	} `json:"link,omitempty"`
}

// Occurrence is an event as it takes place once.
type Occurrence struct {
	Event *Event
	Start time.Time
}

// occurrenceForm is how an occurrence's ID writes its start, behind the ID of
// the series and an underscore.
const occurrenceForm = "20060102T150405Z"

// ID is the event's own, with the start behind it where the event recurs.
func (o Occurrence) ID() string {
	if o.Event.Rule == nil {
		return o.Event.id
	}
	return o.Event.id + "_" + o.Start.Format(occurrenceForm)
}

// End is when the occurrence is over.
func (o Occurrence) End() time.Time { return o.Start.Add(o.Event.Time.length()) }

func (t EventTime) length() time.Duration { return t.end.Sub(t.start) }

// local is the start where the recurrence is counted: in the event's zone, or
// for whole days, which begin at midnight in UTC, in UTC.
func (t EventTime) local() time.Time {
	if t.AllDay {
		return t.start
	}
	return t.start.In(t.location)
}

// starts are the starts of the occurrences in order, those that are gone left
// out.
func (e *Event) starts() iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		if e.Rule == nil {
			yield(e.Time.start)
			return
		}
		for at := range e.Rule.Starts(e.Time.local()) {
			if at = at.UTC(); !e.excluded[at] && !yield(at) {
				return
			}
		}
	}
}

// between are the occurrences that overlap the time from one point up to
// another.
func (e *Event) between(from, to time.Time) []Occurrence {
	var found []Occurrence
	for at := range e.starts() {
		if !at.Before(to) {
			break
		}
		if o := (Occurrence{e, at}); o.End().After(from) {
			found = append(found, o)
		}
	}
	return found
}

// settle moves the start to the first time that the rule matches, and says
// whether the event occurs. An occurrence that is gone still counts: a rule
// with COUNT would not end where it did without it.
func (e *Event) settle() bool {
	for at := range e.Rule.Starts(e.Time.local()) {
		at = at.UTC()
		e.Time.start, e.Time.end = at, at.Add(e.Time.length())
		break
	}
	return e.occurs()
}

// occurs says whether any occurrence is left.
func (e *Event) occurs() bool {
	for range e.starts() {
		return true
	}
	return false
}

// copied returns a copy that shares nothing that changes.
func (e *Event) copied() *Event {
	other := *e
	other.excluded = maps.Clone(e.excluded)
	if other.excluded == nil {
		other.excluded = map[time.Time]bool{}
	}
	return &other
}

// find returns the event of an ID among some: a single event by its own, a
// recurring one by that of an occurrence. The ID of a series is refused.
func find(events []*Event, id string) (Occurrence, *platform.Failure) {
	series, stamp, _ := strings.Cut(id, "_")
	i := slices.IndexFunc(events, func(e *Event) bool { return e.id == series })
	if i < 0 {
		return Occurrence{}, noSuchCalendar()
	}
	e := events[i]
	if _, err := time.Parse(occurrenceForm, stamp); stamp != "" && err != nil {
		return Occurrence{}, noSuchCalendar()
	}
	if e.Rule != nil && stamp == "" {
		return Occurrence{}, platform.NewFailure("-2", platform.Unsatisfied("event_id", "this is a series; list the events for the IDs of its occurrences"))
	}
	for at := range e.starts() {
		if o := (Occurrence{e, at}); o.ID() == id {
			return o, nil
		}
		if stamp < at.Format(occurrenceForm) {
			break
		}
	}
	return Occurrence{}, noSuchCalendar()
}

// OccurrencesOf lists what overlaps a range, by start.
func OccurrencesOf(events []*Event, from, to time.Time) []Occurrence {
	var all []Occurrence
	for _, e := range events {
		all = append(all, e.between(from, to)...)
	}
	slices.SortStableFunc(all, func(a, b Occurrence) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID(), b.ID()))
	})
	return all
}

// showTime is the time of an occurrence on the wire.
func (o Occurrence) showTime() map[string]any {
	t := o.Event.Time
	shown := map[string]any{"start_at": platform.WireTime(o.Start), "end_at": platform.WireTime(o.End()), "time_zone": t.Zone, "all_day": t.AllDay}
	if t.lunar {
		shown["lunar"] = true
	}
	return shown
}

// brief is the occurrence in a list of the channel's public events.
func (o Occurrence) brief() map[string]any {
	shown := map[string]any{"id": o.ID(), "title": o.Event.Title, "type": o.Event.Kind, "time": o.showTime()}
	if o.Event.Colour != "" {
		shown[colourName] = o.Event.Colour
	}
	return shown
}

// briefFor is the occurrence in a list of a person's events.
func (o Occurrence) briefFor(b *Book) map[string]any {
	if b.Hides(o.Event) {
		return map[string]any{"time": o.showTime()}
	}
	shown := o.brief()
	shown["calendar_id"] = o.Event.CalendarID
	shown["is_host"] = o.Event.Kind == UserEvent && !o.Event.Guest
	if o.Event.Kind == UserEvent {
		shown["is_recur_event"] = o.Event.Rule != nil
	}
	return shown
}

// detail adds to a brief what only the single event shows.
func (o Occurrence) detail(shown map[string]any) map[string]any {
	e := o.Event
	if e.Rule != nil {
		shown["rrule"], shown["dt_start"] = e.Rule.String(), platform.WireTime(e.Time.start)
	}
	if e.Description != nil {
		shown["description"] = *e.Description
	}
	if e.Location != nil {
		shown["location"] = e.Location
	}
	if len(e.Reminders) > 0 {
		shown["reminders"] = e.Reminders
	}
	if e.Memo != "" {
		shown["memo"] = e.Memo
	}
	if e.banner != nil {
		shown["banner"] = e.banner
	}
	return shown
}
