package sandbox

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/recurrence"
)

// calendarState is all the sandbox knows of Talk Calendar, tasks aside.
type calendarState struct {
	books     map[int64]*calendarBook // by user ID
	public    []*calendarEvent        // public events, in order of creation
	published []*channelCalendar      // what users may subscribe to
}

// calendarBook holds the calendars of one person. It belongs to the Kakao
// account and outlives the link to the app.
type calendarBook struct {
	subCalendars  []*subCalendar
	events        []*calendarEvent // the person's own, and those the person was invited to
	follows       []*calendarEvent // public events
	subscriptions []*channelCalendar
}

// subCalendar is a calendar beside the default one.
type subCalendar struct {
	id             string
	foreign        bool // made by another service
	name           string
	colour         string
	reminder       *int // minutes; nil: none
	reminderAllDay *int
}

// channelCalendar is a calendar of a channel.
type channelCalendar struct {
	id                 string
	channel            string // public ID
	name               string
	description        string
	colour             string
	image, thumbnail   string // URLs
	reminder, dayAlarm int
	events             []*calendarEvent
}

// The types of events, as Kakao calls them.
const (
	userEvent       = "USER"
	publicEvent     = "PUBLIC"
	subscribedEvent = "SUBSCRIBE"
)

// calendarEvent is an event, or the series of a recurring one.
type calendarEvent struct {
	id         string
	kind       string // userEvent and the others
	calendarID string
	channel    string // public ID, of a public event
	guest      bool   // the person was invited

	title       string
	time        eventTime
	rule        *recurrence.Rule   // nil: the event does not recur
	excluded    map[time.Time]bool // starts of occurrences that are gone
	description *string            // nil: never set
	location    *eventLocation     // nil: never set
	reminders   []int              // minutes
	colour      string             // empty: never set
	memo        string             // of the guest
	banner      *eventBanner       // of public and subscribed events
	notices     json.RawMessage    // notification_message of a public event
}

// of returns the calendars of a person.
func (s *calendarState) of(u *user) *calendarBook {
	if s.books[u.id] == nil {
		s.books[u.id] = &calendarBook{}
	}
	return s.books[u.id]
}

// newEventID is 24 hexadecimal digits, as those of tasks.
func newEventID() string { return newTaskID() }

// noSuchCalendar is the failure of a calendar or event that is not there. Kakao
// documents its code for calendars and public events only.
func noSuchCalendar() *kakaoError { return newFailure("-520", "") }

// calendar returns the sub-calendar of this ID, or nil.
func (b *calendarBook) calendar(id string) *subCalendar {
	i := slices.IndexFunc(b.subCalendars, func(c *subCalendar) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return b.subCalendars[i]
}

// subscription returns the subscribed calendar of this ID, or nil.
func (b *calendarBook) subscription(id string) *channelCalendar {
	i := slices.IndexFunc(b.subscriptions, func(c *channelCalendar) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return b.subscriptions[i]
}

// ownCalendar returns a sub-calendar that the app may write to. Kakao's code
// for the others is not documented.
func (b *calendarBook) ownCalendar(id string) (*subCalendar, *kakaoError) {
	c := b.calendar(id)
	switch {
	case id == primaryCalendar, b.subscription(id) != nil, c != nil && c.foreign:
		return nil, newFailure("-2", unsatisfied("calendar_id", "must be a sub-calendar that this service made"))
	case c == nil:
		return nil, noSuchCalendar()
	}
	return c, nil
}

// hides says whether an event lies in a calendar of another service, which
// shows nothing of it but the time.
func (b *calendarBook) hides(e *calendarEvent) bool {
	c := b.calendar(e.calendarID)
	return c != nil && c.foreign
}

// visible are all events in the calendars of the person.
func (b *calendarBook) visible() []*calendarEvent {
	all := slices.Concat(b.events, b.follows)
	for _, c := range b.subscriptions {
		all = append(all, c.events...)
	}
	return all
}

// show is a sub-calendar on the wire.
func (c *subCalendar) show() map[string]any {
	shown := map[string]any{"id": c.id}
	if c.foreign {
		return shown
	}
	shown["name"], shown[colourName] = c.name, c.colour
	if c.reminder != nil {
		shown["reminder"] = *c.reminder
	}
	if c.reminderAllDay != nil {
		shown["reminder_all_day"] = *c.reminderAllDay
	}
	return shown
}

// show is a subscribed calendar on the wire.
func (c *channelCalendar) show() map[string]any {
	shown := c.offer()
	shown[colourName], shown["reminder"], shown["reminder_all_day"] = c.colour, c.reminder, c.dayAlarm
	return shown
}

// offer is the calendar in the list of those to subscribe to.
func (c *channelCalendar) offer() map[string]any {
	return map[string]any{
		"id": c.id, "name": c.name, "description": c.description, "profile_image_url": c.image, "thumbnail_url": c.thumbnail,
	}
}
