package sandbox

import (
	"cmp"
	"net/http"
)

// eventRoutes are the routes about a person's events.
func eventRoutes() []route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	event := param{name: "event", kind: jsonValue()}
	needed := param{name: "event", kind: jsonValue(), required: true}
	eventID := param{name: "event_id", kind: text(), required: true}
	calendarID := param{name: "calendar_id", kind: text()}
	scope := param{name: "recur_update_type", kind: enum(wholeSeries, thisOccurrence, thisAndLater)}
	return []route{
		{methods: post, path: "create/event", apiType: "TALK_CALENDAR_CREATE_EVENT", handle: createEvent, params: []param{calendarID, needed}},
		{methods: get, path: "events", apiType: "TALK_CALENDAR_EVENTS", handle: getEvents, params: append(rangeParams(), calendarID)},
		{methods: get, path: "event", apiType: "TALK_CALENDAR_EVENT", handle: getEvent, params: []param{eventID}},
		{methods: post, path: "update/event/host", apiType: "TALK_CALENDAR_UPDATE_EVENT_HOST",
			handle: updateEvent(false, hostMembers), params: []param{eventID, calendarID, scope, event}},
		{methods: post, path: "update/event/guest", apiType: "TALK_CALENDAR_UPDATE_EVENT_GUEST",
			handle: updateEvent(true, guestMembers), params: []param{eventID, calendarID, scope, event}},
		{methods: []string{http.MethodDelete}, path: "delete/event", apiType: "TALK_CALENDAR_DELETE_EVENT",
			handle: deleteEvent, params: []param{eventID, scope}},
	}
}

// createEvent is POST /v2/api/calendar/create/event. What the caller leaves out
// comes from the calendar.
func createEvent(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	calendarID := cmp.Or(r.text("calendar_id"), primaryCalendar)
	if e := book.writable(calendarID); e != nil {
		return nil, e
	}
	in, e := readNewEvent(r, hostMembers)
	if e != nil {
		return nil, e
	}
	if c := book.calendar(calendarID); c != nil {
		c.fill(&in)
	}
	made := newEvent(userEvent, calendarID)
	if e := made.take(in); e != nil {
		return nil, e
	}
	book.events = append(book.events, made)
	return map[string]string{"event_id": made.id}, nil
}

// newEvent is an event that nothing is known of yet.
func newEvent(kind, calendarID string) *calendarEvent {
	return (&calendarEvent{id: newEventID(), kind: kind, calendarID: calendarID}).copied()
}

// readNewEvent reads the parameter event of a route that creates.
func readNewEvent(r *request, members []string) (sentEvent, *kakaoError) {
	in, e := readEvent(r, members)
	switch {
	case e != nil:
		return in, e
	case in.Title == nil:
		return in, badEvent("title is missing")
	case in.Time == nil:
		return in, badEvent("time is missing")
	}
	return in, nil
}

// fill gives a new event the colour and reminder of its calendar.
func (c *subCalendar) fill(in *sentEvent) {
	reminder := c.reminder
	if in.Time.AllDay {
		reminder = c.reminderAllDay
	}
	if in.Reminders == nil && reminder != nil {
		in.Reminders = &[]int{*reminder}
	}
	if in.Colour == nil {
		in.Colour = &c.colour
	}
}

// getEvents is GET /v2/api/calendar/events.
func getEvents(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	page, e := readPage(r, "calendar_id")
	if e != nil {
		return nil, e
	}
	events := book.visible()
	if id := page.Scope; id != "" {
		if id != primaryCalendar && book.calendar(id) == nil && book.subscription(id) == nil {
			return nil, noSuchCalendar()
		}
		events = only(events, func(e *calendarEvent) bool { return e.calendarID == id })
	}
	return page.answer(r, "calendar_id", events, func(o occurrence) map[string]any { return o.briefFor(book) }), nil
}

// only are the events that match.
func only(events []*calendarEvent, match func(*calendarEvent) bool) []*calendarEvent {
	var matching []*calendarEvent
	for _, e := range events {
		if match(e) {
			matching = append(matching, e)
		}
	}
	return matching
}

// getEvent is GET /v2/api/calendar/event.
func getEvent(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	o, e := find(book.visible(), r.text("event_id"))
	switch {
	case e != nil:
		return nil, e
	case book.hides(o.event):
		return nil, noSuchCalendar()
	}
	return map[string]any{"event": o.detail(o.briefFor(book))}, nil
}
