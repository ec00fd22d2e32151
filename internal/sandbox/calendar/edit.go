package calendar

import (
	"net/http"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// How much of a recurring event a call is about.
const (
	wholeSeries    = "ALL"
	thisOccurrence = "THIS"
	thisAndLater   = "THIS_AND_FOLLOWING"
)

// edit changes an event, or as much of a recurring one as scope says. A single
// occurrence leaves the series and becomes an event of its own; a change of
// this one and the later ones ends the series and starts another. Both get new
// IDs.
func (b *Book) edit(o Occurrence, scope string, in sentEvent, calendarID string) *platform.Failure {
	if o.Event.Rule != nil && scope == thisOccurrence && in.Rule != nil {
		return badEvent("rrule belongs to the series, and not to one occurrence")
	}
	changed := o.part(scope)
	if calendarID != "" {
		changed.CalendarID = calendarID
	}
	in, failure := changed.move(o, in)
	if failure != nil {
		return failure
	}
	if failure := changed.take(in); failure != nil {
		return failure
	}
	if changed.id == o.Event.id {
		b.events[slices.Index(b.events, o.Event)] = changed
		return nil
	}
	b.remove(o, scope)
	b.events = append(b.events, changed)
	return nil
}

// part returns a copy that stands for as much of the event as scope says.
func (o Occurrence) part(scope string) *Event {
	e := o.Event.copied()
	if e.Rule == nil || scope == wholeSeries {
		return e
	}
	e.id = NewID()
	e.Time.start, e.Time.end = o.Start, o.End()
	if scope == thisOccurrence {
		e.Rule, e.excluded = nil, map[time.Time]bool{}
	} else {
		e.Rule = e.Rule.Without(o.number())
	}
	return e
}

// number is how many occurrences the rule has before this one, those that are
// gone included.
func (o Occurrence) number() int {
	n := 0
	if o.Event.Rule == nil {
		return n
	}
	for at := range o.Event.Rule.Starts(o.Event.Time.local()) {
		if !at.Before(o.Start) {
			break
		}
		n++
	}
	return n
}

// move carries a new time, which is that of the occurrence, over to the
// occurrences that are gone, and to the start of the whole series.
func (e *Event) move(o Occurrence, in sentEvent) (sentEvent, *platform.Failure) {
	if in.Time == nil || e.Rule == nil {
		return in, nil
	}
	wanted, failure := in.Time.read()
	if failure != nil {
		return in, failure
	}
	gone := map[time.Time]bool{}
	for at := range e.excluded {
		gone[at.Add(wanted.start.Sub(o.Start))] = true
	}
	e.excluded = gone
	if e.id != o.Event.id {
		return in, nil
	}
	zone := e.Time.local().Location()
	days := int(DayOf(o.Start, zone).Sub(DayOf(e.Time.start, zone)).Hours() / 24)
	first := wanted.local().AddDate(0, 0, -days)
	moved := *in.Time
	moved.StartAt, moved.EndAt = platform.WireTime(first), platform.WireTime(first.Add(wanted.length()))
	in.Time = &moved
	return in, nil
}

// remove deletes an event, or as much of a recurring one as scope says. A
// series goes with its last occurrence.
func (b *Book) remove(o Occurrence, scope string) {
	e := o.Event
	switch {
	case e.Rule == nil:
	case scope == thisOccurrence:
		e.excluded[o.Start] = true
	case scope == thisAndLater:
		e.Rule = e.Rule.Before(o.Start)
	}
	if e.Rule == nil || scope == wholeSeries || !e.occurs() {
		b.events = slices.DeleteFunc(b.events, func(other *Event) bool { return other == e })
	}
}

// editable finds the event of the parameter event_id, if the person may change
// it. A recurring event also needs recur_update_type.
func editable(r *platform.Request) (Occurrence, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	o, e := find(book.Visible(), r.Text("event_id"))
	switch {
	case e != nil:
		return o, e
	case book.Hides(o.Event):
		return o, noSuchCalendar()
	case o.Event.Kind != UserEvent:
		return o, platform.NewFailure("-2", platform.Unsatisfied("event_id", "the event belongs to a channel"))
	case o.Event.Rule != nil:
		return o, r.Needs("recur_update_type")
	}
	return o, nil
}

// updateEvent is POST /v2/api/calendar/update/event/host, and with guest its
// counterpart for events that the person was invited to. A change of a
// recurring event is answered without a body.
func updateEvent(guest bool, members []string) platform.Handler {
	return func(r *platform.Request) (any, *platform.Failure) {
		o, e := editable(r)
		switch {
		case e != nil:
			return nil, e
		case o.Event.Guest != guest && guest:
			return nil, platform.NewFailure("-2", platform.Unsatisfied("event_id", "the user hosts the event"))
		case o.Event.Guest != guest:
			return nil, platform.NewFailure("-2", platform.Unsatisfied("event_id", "the user does not host the event"))
		case !r.Has("event") && !r.Has("calendar_id"):
			return nil, r.Needs("event")
		}
		book := Of(r.State).Of(r.User)
		if r.Has("calendar_id") {
			if e := book.writable(r.Text("calendar_id")); e != nil {
				return nil, e
			}
		}
		var in sentEvent
		if r.Has("event") {
			if in, e = readEvent(r, members); e != nil {
				return nil, e
			}
		}
		if e := book.edit(o, r.Text("recur_update_type"), in, r.Text("calendar_id")); e != nil {
			return nil, e
		}
		if o.Event.Rule != nil {
			return emptyReply(), nil
		}
		return map[string]string{"event_id": o.Event.id}, nil
	}
}

// deleteEvent is DELETE /v2/api/calendar/delete/event. Kakao answers without a
// body for a recurring event, and whenever recur_update_type is there.
func deleteEvent(r *platform.Request) (any, *platform.Failure) {
	o, e := editable(r)
	if e != nil {
		return nil, e
	}
	Of(r.State).Of(r.User).remove(o, r.Text("recur_update_type"))
	if r.Has("recur_update_type") {
		return emptyReply(), nil
	}
	return map[string]string{"event_id": o.Event.id}, nil
}

// emptyReply is status 200 and nothing else.
func emptyReply() *platform.Reply { return platform.NewReply(http.StatusOK, "", nil) }

// writable says why the app may not put events into a calendar, if so.
func (b *Book) writable(id string) *platform.Failure {
	if id == PrimaryCalendar {
		return nil
	}
	_, e := b.ownCalendar(id)
	return e
}
