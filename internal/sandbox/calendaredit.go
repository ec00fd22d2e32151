package sandbox

import (
	"net/http"
	"slices"
	"time"
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
func (b *calendarBook) edit(o occurrence, scope string, in sentEvent, calendarID string) *kakaoError {
	if o.event.rule != nil && scope == thisOccurrence && in.Rule != nil {
		return badEvent("rrule belongs to the series, and not to one occurrence")
	}
	changed := o.part(scope)
	if calendarID != "" {
		changed.calendarID = calendarID
	}
	in, failure := changed.move(o, in)
	if failure != nil {
		return failure
	}
	if failure := changed.take(in); failure != nil {
		return failure
	}
	if changed.id == o.event.id {
		b.events[slices.Index(b.events, o.event)] = changed
		return nil
	}
	b.remove(o, scope)
	b.events = append(b.events, changed)
	return nil
}

// part returns a copy that stands for as much of the event as scope says.
func (o occurrence) part(scope string) *calendarEvent {
	e := o.event.copied()
	if e.rule == nil || scope == wholeSeries {
		return e
	}
	e.id = newEventID()
	e.time.start, e.time.end = o.start, o.end()
	if scope == thisOccurrence {
		e.rule, e.excluded = nil, map[time.Time]bool{}
	} else {
		e.rule = e.rule.Without(o.number())
	}
	return e
}

// number is how many occurrences the rule has before this one, those that are
// gone included.
func (o occurrence) number() int {
	n := 0
	if o.event.rule == nil {
		return n
	}
	for at := range o.event.rule.Starts(o.event.time.local()) {
		if !at.Before(o.start) {
			break
		}
		n++
	}
	return n
}

// move carries a new time, which is that of the occurrence, over to the
// occurrences that are gone, and to the start of the whole series.
func (e *calendarEvent) move(o occurrence, in sentEvent) (sentEvent, *kakaoError) {
	if in.Time == nil || e.rule == nil {
		return in, nil
	}
	wanted, failure := in.Time.read()
	if failure != nil {
		return in, failure
	}
	gone := map[time.Time]bool{}
	for at := range e.excluded {
		gone[at.Add(wanted.start.Sub(o.start))] = true
	}
	e.excluded = gone
	if e.id != o.event.id {
		return in, nil
	}
	zone := e.time.local().Location()
	days := int(dayOf(o.start, zone).Sub(dayOf(e.time.start, zone)).Hours() / 24)
	first := wanted.local().AddDate(0, 0, -days)
	moved := *in.Time
	moved.StartAt, moved.EndAt = wireTime(first), wireTime(first.Add(wanted.length()))
	in.Time = &moved
	return in, nil
}

// remove deletes an event, or as much of a recurring one as scope says. A
// series goes with its last occurrence.
func (b *calendarBook) remove(o occurrence, scope string) {
	e := o.event
	switch {
	case e.rule == nil:
	case scope == thisOccurrence:
		e.excluded[o.start] = true
	case scope == thisAndLater:
		e.rule = e.rule.Before(o.start)
	}
	if e.rule == nil || scope == wholeSeries || !e.occurs() {
		b.events = slices.DeleteFunc(b.events, func(other *calendarEvent) bool { return other == e })
	}
}

// editable finds the event of the parameter event_id, if the person may change
// it. A recurring event also needs recur_update_type.
func editable(r *request) (occurrence, *kakaoError) {
	book := r.state.calendars.of(r.user)
	o, e := find(book.visible(), r.text("event_id"))
	switch {
	case e != nil:
		return o, e
	case book.hides(o.event):
		return o, noSuchCalendar()
	case o.event.kind != userEvent:
		return o, newFailure("-2", unsatisfied("event_id", "the event belongs to a channel"))
	case o.event.rule != nil && !r.has("recur_update_type"):
		return o, kapiParameterFailure(problem{reason: isMissing, name: "recur_update_type"})
	}
	return o, nil
}

// updateEvent is POST /v2/api/calendar/update/event/host, and with guest its
// counterpart for events that the person was invited to. A change of a
// recurring event is answered without a body.
func updateEvent(guest bool, members []string) handler {
	return func(r *request) (any, *kakaoError) {
		o, e := editable(r)
		switch {
		case e != nil:
			return nil, e
		case o.event.guest != guest && guest:
			return nil, newFailure("-2", unsatisfied("event_id", "the user hosts the event"))
		case o.event.guest != guest:
			return nil, newFailure("-2", unsatisfied("event_id", "the user does not host the event"))
		case !r.has("event") && !r.has("calendar_id"):
			return nil, kapiParameterFailure(problem{reason: isMissing, name: "event"})
		}
		book := r.state.calendars.of(r.user)
		if r.has("calendar_id") {
			if e := book.writable(r.text("calendar_id")); e != nil {
				return nil, e
			}
		}
		var in sentEvent
		if r.has("event") {
			if in, e = readEvent(r, members); e != nil {
				return nil, e
			}
		}
		if e := book.edit(o, r.text("recur_update_type"), in, r.text("calendar_id")); e != nil {
			return nil, e
		}
		if o.event.rule != nil {
			return emptyReply(), nil
		}
		return map[string]string{"event_id": o.event.id}, nil
	}
}

// deleteEvent is DELETE /v2/api/calendar/delete/event. Kakao answers without a
// body for a recurring event, and whenever recur_update_type is there.
func deleteEvent(r *request) (any, *kakaoError) {
	o, e := editable(r)
	if e != nil {
		return nil, e
	}
	r.state.calendars.of(r.user).remove(o, r.text("recur_update_type"))
	if r.has("recur_update_type") {
		return emptyReply(), nil
	}
	return map[string]string{"event_id": o.event.id}, nil
}

// emptyReply is status 200 and nothing else.
func emptyReply() *reply { return newReply(http.StatusOK, "", nil) }

// writable says why the app may not put events into a calendar, if so.
func (b *calendarBook) writable(id string) *kakaoError {
	if id == primaryCalendar {
		return nil
	}
	_, e := b.ownCalendar(id)
	return e
}
