package calendar

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar/recurrence"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// State is all the sandbox knows of Talk Calendar, tasks aside.
type State struct {
	books      map[int64]*Book    // by user ID
	public     []*Event           // public events, in order of creation
	Published  []*ChannelCalendar // what users may subscribe to
	ofTeamOnly bool               // the app has no permission for others
}

// Book holds the calendars of one person. It belongs to the Kakao
// account and outlives the link to the app.
type Book struct {
	SubCalendars  []*SubCalendar
	events        []*Event // the person's own, and those the person was invited to
	follows       []*Event // public events
	subscriptions []*ChannelCalendar
}

// SubCalendar is a calendar beside the default one.
type SubCalendar struct {
	ID             string
	Foreign        bool // made by another service
	Name           string
	Colour         string
	reminder       *int // minutes; nil: none
	reminderAllDay *int
}

// ChannelCalendar is a calendar of a channel.
type ChannelCalendar struct {
	ID                 string
	channel            string // public ID
	Name               string
	description        string
	Colour             string
	image, thumbnail   string // URLs
	reminder, dayAlarm int
	events             []*Event
}

// The types of events, as Kakao calls them.
const (
	UserEvent       = "USER"
	PublicEvent     = "PUBLIC"
	SubscribedEvent = "SUBSCRIBE"
)

// Event is an event, or the series of a recurring one.
type Event struct {
	id         string
	Kind       string // UserEvent and the others
	CalendarID string
	Channel    string // public ID, of a public event
	Guest      bool   // the person was invited

	Title       string
	Time        EventTime
	Rule        *recurrence.Rule   // nil: the event does not recur
	excluded    map[time.Time]bool // starts of occurrences that are gone
	Description *string            // nil: never set
	Location    *EventLocation     // nil: never set
	Reminders   []int              // minutes
	Colour      string             // empty: never set
	Memo        string             // of the guest
	banner      *eventBanner       // of public and subscribed events
	notices     json.RawMessage    // notification_message of a public event
}

// Of returns the calendars of a person.
func (s *State) Of(u *platform.User) *Book {
	if s.books[u.ID] == nil {
		s.books[u.ID] = &Book{}
	}
	return s.books[u.ID]
}

// noSuchCalendar is the failure of a calendar or event that is not there. Kakao
// documents its code for calendars and public events only.
func noSuchCalendar() *platform.Failure { return platform.NewFailure("-520", "") }

// Calendar returns the sub-calendar of this ID, or nil.
func (b *Book) Calendar(id string) *SubCalendar {
	i := slices.IndexFunc(b.SubCalendars, func(c *SubCalendar) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return b.SubCalendars[i]
}

// Subscription returns the subscribed calendar of this ID, or nil.
func (b *Book) Subscription(id string) *ChannelCalendar {
	i := slices.IndexFunc(b.subscriptions, func(c *ChannelCalendar) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return b.subscriptions[i]
}

// ownCalendar returns a sub-calendar that the app may write to. Kakao's code
// for the others is not documented.
func (b *Book) ownCalendar(id string) (*SubCalendar, *platform.Failure) {
	c := b.Calendar(id)
	switch {
	case id == PrimaryCalendar, b.Subscription(id) != nil, c != nil && c.Foreign:
		return nil, platform.NewFailure("-2", platform.Unsatisfied("calendar_id", "must be a sub-calendar that this service made"))
	case c == nil:
		return nil, noSuchCalendar()
	}
	return c, nil
}

// Hides says whether an event lies in a calendar of another service, which
// shows nothing of it but the time.
func (b *Book) Hides(e *Event) bool {
	c := b.Calendar(e.CalendarID)
	return c != nil && c.Foreign
}

// Visible are all events in the calendars of the person.
func (b *Book) Visible() []*Event {
	all := slices.Concat(b.events, b.follows)
	for _, c := range b.subscriptions {
		all = append(all, c.events...)
	}
	return all
}

// show is a sub-calendar on the wire.
func (c *SubCalendar) show() map[string]any {
	shown := map[string]any{"id": c.ID}
	if c.Foreign {
		return shown
	}
	shown["name"], shown[colourName] = c.Name, c.Colour
	if c.reminder != nil {
		shown["reminder"] = *c.reminder
	}
	if c.reminderAllDay != nil {
		shown["reminder_all_day"] = *c.reminderAllDay
	}
	return shown
}

// show is a subscribed calendar on the wire.
func (c *ChannelCalendar) show() map[string]any {
	shown := c.offer()
	shown[colourName], shown["reminder"], shown["reminder_all_day"] = c.Colour, c.reminder, c.dayAlarm
	return shown
}

// offer is the calendar in the list of those to subscribe to.
func (c *ChannelCalendar) offer() map[string]any {
	return map[string]any{
		"id": c.ID, "name": c.Name, "description": c.description, "profile_image_url": c.image, "thumbnail_url": c.thumbnail,
	}
}
