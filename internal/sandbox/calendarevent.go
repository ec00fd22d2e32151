package sandbox

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// eventTime is when an event takes place, in UTC.
type eventTime struct {
	start, end time.Time
	zone       string // TZID
	location   *time.Location
	allDay     bool
	lunar      bool
}

// eventLocation is where an event takes place.
type eventLocation struct {
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

// occurrence is an event as it takes place once.
type occurrence struct {
	event *calendarEvent
	start time.Time
}

// occurrenceForm is how an occurrence's ID writes its start, behind the ID of
// the series and an underscore.
const occurrenceForm = "20060102T150405Z"

func (o occurrence) id() string {
	if o.event.rule == nil {
		return o.event.id
	}
	return o.event.id + "_" + o.start.Format(occurrenceForm)
}

func (o occurrence) end() time.Time { return o.start.Add(o.event.time.length()) }

func (t eventTime) length() time.Duration { return t.end.Sub(t.start) }

// local is the start where the recurrence is counted: in the event's zone, or
// for whole days, which begin at midnight in UTC, in UTC.
func (t eventTime) local() time.Time {
	if t.allDay {
		return t.start
	}
	return t.start.In(t.location)
}

// starts are the starts of the occurrences in order, those that are gone left
// out.
func (e *calendarEvent) starts() iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		if e.rule == nil {
			yield(e.time.start)
			return
		}
		for at := range e.rule.Starts(e.time.local()) {
			if at = at.UTC(); !e.excluded[at] && !yield(at) {
				return
			}
		}
	}
}

// between are the occurrences that overlap the time from one point up to
// another.
func (e *calendarEvent) between(from, to time.Time) []occurrence {
	var found []occurrence
	for at := range e.starts() {
		if !at.Before(to) {
			break
		}
		if o := (occurrence{e, at}); o.end().After(from) {
			found = append(found, o)
		}
	}
	return found
}

// settle moves the start to the first time that the rule matches, and says
// whether the event occurs. An occurrence that is gone still counts: a rule
// with COUNT would not end where it did without it.
func (e *calendarEvent) settle() bool {
	for at := range e.rule.Starts(e.time.local()) {
		at = at.UTC()
		e.time.start, e.time.end = at, at.Add(e.time.length())
		break
	}
	return e.occurs()
}

// occurs says whether any occurrence is left.
func (e *calendarEvent) occurs() bool {
	for range e.starts() {
		return true
	}
	return false
}

// copied returns a copy that shares nothing that changes.
func (e *calendarEvent) copied() *calendarEvent {
	other := *e
	other.excluded = maps.Clone(e.excluded)
	if other.excluded == nil {
		other.excluded = map[time.Time]bool{}
	}
	return &other
}

// find returns the event of an ID among some: a single event by its own, a
// recurring one by that of an occurrence. The ID of a series is refused.
func find(events []*calendarEvent, id string) (occurrence, *kakaoError) {
	series, stamp, _ := strings.Cut(id, "_")
	i := slices.IndexFunc(events, func(e *calendarEvent) bool { return e.id == series })
	if i < 0 {
		return occurrence{}, noSuchCalendar()
	}
	e := events[i]
	if _, err := time.Parse(occurrenceForm, stamp); stamp != "" && err != nil {
		return occurrence{}, noSuchCalendar()
	}
	if e.rule != nil && stamp == "" {
		return occurrence{}, newFailure("-2", unsatisfied("event_id", "this is a series; list the events for the IDs of its occurrences"))
	}
	for at := range e.starts() {
		if o := (occurrence{e, at}); o.id() == id {
			return o, nil
		}
		if stamp < at.Format(occurrenceForm) {
			break
		}
	}
	return occurrence{}, noSuchCalendar()
}

// occurrencesOf lists what overlaps a range, by start.
func occurrencesOf(events []*calendarEvent, from, to time.Time) []occurrence {
	var all []occurrence
	for _, e := range events {
		all = append(all, e.between(from, to)...)
	}
	slices.SortStableFunc(all, func(a, b occurrence) int {
		return cmp.Or(a.start.Compare(b.start), strings.Compare(a.id(), b.id()))
	})
	return all
}

// showTime is the time of an occurrence on the wire.
func (o occurrence) showTime() map[string]any {
	t := o.event.time
	shown := map[string]any{"start_at": wireTime(o.start), "end_at": wireTime(o.end()), "time_zone": t.zone, "all_day": t.allDay}
	if t.lunar {
		shown["lunar"] = true
	}
	return shown
}

// brief is the occurrence in a list of the channel's public events.
func (o occurrence) brief() map[string]any {
	shown := map[string]any{"id": o.id(), "title": o.event.title, "type": o.event.kind, "time": o.showTime()}
	if o.event.colour != "" {
		shown[colourName] = o.event.colour
	}
	return shown
}

// briefFor is the occurrence in a list of a person's events.
func (o occurrence) briefFor(b *calendarBook) map[string]any {
	if b.hides(o.event) {
		return map[string]any{"time": o.showTime()}
	}
	shown := o.brief()
	shown["calendar_id"] = o.event.calendarID
	shown["is_host"] = o.event.kind == userEvent && !o.event.guest
	if o.event.kind == userEvent {
		shown["is_recur_event"] = o.event.rule != nil
	}
	return shown
}

// detail adds to a brief what only the single event shows.
func (o occurrence) detail(shown map[string]any) map[string]any {
	e := o.event
	if e.rule != nil {
		shown["rrule"], shown["dt_start"] = e.rule.String(), wireTime(e.time.start)
	}
	if e.description != nil {
		shown["description"] = *e.description
	}
	if e.location != nil {
		shown["location"] = e.location
	}
	if len(e.reminders) > 0 {
		shown["reminders"] = e.reminders
	}
	if e.memo != "" {
		shown["memo"] = e.memo
	}
	if e.banner != nil {
		shown["banner"] = e.banner
	}
	return shown
}
