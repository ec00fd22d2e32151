package calendar

import (
	"cmp"
	"net/http"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// eventRoutes are the routes about a person's events.
func eventRoutes() []platform.Route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	event := platform.Param{Name: "event", Kind: platform.JSONValue()}
	needed := platform.Param{Name: "event", Kind: platform.JSONValue(), Required: true}
	eventID := platform.Param{Name: "event_id", Kind: platform.Text(), Required: true}
	calendarID := platform.Param{Name: "calendar_id", Kind: platform.Text()}
	scope := platform.Param{Name: "recur_update_type", Kind: platform.Enum(wholeSeries, thisOccurrence, thisAndLater)}
	return []platform.Route{
		{Methods: post, Path: "create/event", APIType: "TALK_CALENDAR_CREATE_EVENT", Handle: createEvent, Params: []platform.Param{calendarID, needed}},
		{Methods: get, Path: "events", APIType: "TALK_CALENDAR_EVENTS", Handle: getEvents, Params: append(rangeParams(), calendarID)},
		{Methods: get, Path: "event", APIType: "TALK_CALENDAR_EVENT", Handle: getEvent, Params: []platform.Param{eventID}},
		{Methods: post, Path: "update/event/host", APIType: "TALK_CALENDAR_UPDATE_EVENT_HOST",
			Handle: updateEvent(false, hostMembers), Params: []platform.Param{eventID, calendarID, scope, event}},
		{Methods: post, Path: "update/event/guest", APIType: "TALK_CALENDAR_UPDATE_EVENT_GUEST",
			Handle: updateEvent(true, guestMembers), Params: []platform.Param{eventID, calendarID, scope, event}},
		{Methods: []string{http.MethodDelete}, Path: "delete/event", APIType: "TALK_CALENDAR_DELETE_EVENT",
			Handle: deleteEvent, Params: []platform.Param{eventID, scope}},
	}
}

// createEvent is POST /v2/api/calendar/create/event. What the caller leaves out
// comes from the calendar.
func createEvent(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	calendarID := cmp.Or(r.Text("calendar_id"), PrimaryCalendar)
	if e := book.writable(calendarID); e != nil {
		return nil, e
	}
	in, e := readNewEvent(r, hostMembers)
	if e != nil {
		return nil, e
	}
	if c := book.Calendar(calendarID); c != nil {
		c.fill(&in)
	}
	made := newEvent(UserEvent, calendarID)
	if e := made.take(in); e != nil {
		return nil, e
	}
	book.events = append(book.events, made)
	return map[string]string{"event_id": made.id}, nil
}

// newEvent is an event that nothing is known of yet.
func newEvent(kind, calendarID string) *Event {
	return (&Event{id: NewID(), Kind: kind, CalendarID: calendarID}).copied()
}

// readNewEvent reads the parameter event of a route that creates.
func readNewEvent(r *platform.Request, members []string) (sentEvent, *platform.Failure) {
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
func (c *SubCalendar) fill(in *sentEvent) {
	reminder := c.reminder
	if in.Time.AllDay {
		reminder = c.reminderAllDay
	}
	if in.Reminders == nil && reminder != nil {
		in.Reminders = &[]int{*reminder}
	}
	if in.Colour == nil {
		in.Colour = &c.Colour
	}
}

// getEvents is GET /v2/api/calendar/events.
func getEvents(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	page, e := readPage(r, "calendar_id")
	if e != nil {
		return nil, e
	}
	events := book.Visible()
	if id := page.Scope; id != "" {
		if id != PrimaryCalendar && book.Calendar(id) == nil && book.Subscription(id) == nil {
			return nil, noSuchCalendar()
		}
		events = only(events, func(e *Event) bool { return e.CalendarID == id })
	}
	return page.answer(r, "calendar_id", events, func(o Occurrence) map[string]any { return o.briefFor(book) }), nil
}

// only are the events that match.
func only(events []*Event, match func(*Event) bool) []*Event {
	var matching []*Event
	for _, e := range events {
		if match(e) {
			matching = append(matching, e)
		}
	}
	return matching
}

// getEvent is GET /v2/api/calendar/event.
func getEvent(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	o, e := find(book.Visible(), r.Text("event_id"))
	switch {
	case e != nil:
		return nil, e
	case book.Hides(o.Event):
		return nil, noSuchCalendar()
	}
	return map[string]any{"event": o.detail(o.briefFor(book))}, nil
}
