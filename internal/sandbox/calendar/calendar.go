// Package calendar plays Talk Calendar: sub-calendars, events with their
// recurrence, public events of channels, subscriptions, and holidays. The tasks of
// Talk Calendar are in the package task.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
package calendar

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
)

const (
	consentItem      = "talk_calendar" // the consent item of all routes for users
	calendarsPerDay  = 30_000          // calls of the whole app
	usualColour      = "BLUE"
	maxCalendarName  = 50
	maxCalendars     = 99 // sub-calendars of a person
	maxOwnCalendars  = 3  // of these made by one service
	maxReminder      = 43200
	minDayReminder   = -1440
	reminderStep     = 5
	filterAll        = "ALL"
	filterUser       = "USER"
	filterSubscribed = "SUBSCRIBE"
)

// The categories of Talk Calendar in an admin key's list of available APIs.
// https://developers.kakao.com/docs/latest/en/app-setting/app#admin-key
const (
	categoryPublicEvents = "Public event management"
	categorySubscription = "Subscribed calendar management"
	categoryHolidays     = "Holidays"
)

// PrimaryCalendar is the ID of the calendar that everybody has.
const PrimaryCalendar = "primary"

// colourName is how Kakao spells it.
const colourName = "color"

// colours are the colours of calendars and events.
var colours = []string{
	"BLUE", "ROYAL_BLUE", "NAVY_BLUE", "RED", "PINK", "ORANGE", "GREEN", "LIME", "OLIVE", "MINT", "MAGENTA", "VIOLET", "LAVENDER",
	"BROWN", "GRAY",
}

// Product is Talk Calendar, tasks aside. With ofTeamOnly the app has no
// permission for it: only members of its team can call, and no admin key.
func Product(ofTeamOnly bool) platform.Product {
	return platform.Product{
		Routes: routes(),
		Seed:   func(s *platform.State) any { return seed(s.Users, s.Now(), ofTeamOnly) },
		Controls: []platform.ControlRoute{
			{Method: "GET", Name: "calendars", About: "everybody's calendars, events and subscriptions, and the public events of channels", Serve: showCalendars},
		},
	}
}

// Of is what the sandbox remembers of calendars.
func Of(s *platform.State) *State { return platform.PartOf[State](s) }

// routes are the calendars and events of Talk Calendar.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
func routes() []platform.Route {
	calendarID := platform.Param{Name: "calendar_id", Kind: platform.Text(), Required: true}
	look := []platform.Param{
		{Name: colourName, Kind: platform.Enum(colours...)},
		{Name: "reminder", Kind: reminderOrNone(0)},
		{Name: "reminder_all_day", Kind: reminderOrNone(minDayReminder)},
	}
	routes := []platform.Route{
		{Methods: []string{http.MethodGet}, Path: "calendars", APIType: "TALK_CALENDAR_CALENDARS", Handle: getCalendars,
			Params: []platform.Param{{Name: "filter", Kind: platform.AnyOf(platform.Enum(filterAll, filterUser, filterSubscribed))}}},
		{Methods: []string{http.MethodPost}, Path: "create/calendar", APIType: "TALK_CALENDAR_CREATE_CALENDAR", Handle: createCalendar,
			Params: slices.Concat([]platform.Param{{Name: "name", Kind: platform.Text(), Required: true}}, look)},
		{Methods: []string{http.MethodPost}, Path: "update/calendar", APIType: "TALK_CALENDAR_UPDATE_CALENDAR", Handle: updateCalendar,
			Params: slices.Concat([]platform.Param{calendarID, {Name: "name", Kind: platform.Text()}}, look)},
		{Methods: []string{http.MethodDelete}, Path: "delete/calendar", APIType: "TALK_CALENDAR_DELETE_CALENDAR", Handle: deleteCalendar,
			Params: []platform.Param{calendarID}},
	}
	routes = slices.Concat(routes, eventRoutes(), publicEventRoutes(), subscriptionRoutes(), holidayRoutes())
	for i := range routes {
		r := &routes[i]
		r.Host, r.Path = platform.KapiHost, "/v2/api/calendar/"+r.Path
		if r.Accepts == platform.NoCredential { // for the user, unless the table says otherwise
			r.Accepts, r.Consent = platform.UserToken, consentItem
		}
		r.Checks = Checks()
	}
	return routes
}

// Checks adds to the checks of the host what is particular to Talk
// Calendar.
func Checks() []platform.Check {
	more := []platform.Check{checkCalendarPermission, talk.CheckUser, platform.PerDay("Talk Calendar", calendarsPerDay)}
	return slices.Concat(platform.FamilyOf(platform.KapiHost).Checks, more)
}

// checkCalendarPermission asks whether the app may call Talk Calendar: without
// permission it may for members of its own team.
// https://developers.kakao.com/docs/latest/en/talkcalendar/common
func checkCalendarPermission(r *platform.Request) *platform.Failure {
	if Of(r.State).ofTeamOnly && !talk.Of(r.State).Uses[r.User].Team {
		return platform.NewFailure("-5", "")
	}
	return nil
}

// reminderOrNone is a number of minutes from low in steps, or "null" or nothing
// at all, which clear the reminder; it parses to *int.
func reminderOrNone(low int64) platform.Kind {
	minutes := platform.Integer(low, maxReminder)
	return platform.Kind{JSON: platform.JSONNumber, EmptyAllowed: true, Parse: func(s string) (any, *platform.Problem) {
		if s == "" || s == "null" {
			return (*int)(nil), nil
		}
		n, p := minutes.Parse(s)
		if p != nil {
			return nil, p
		}
		reminder := int(n.(int64))
		if reminder%reminderStep != 0 {
			return nil, platform.Malformed("a multiple of 5")
		}
		return &reminder, nil
	}}
}

// getCalendars is GET /v2/api/calendar/calendars. Of a sub-calendar that
// another service made only the ID shows.
func getCalendars(r *platform.Request) (any, *platform.Failure) {
	book, wanted := Of(r.State).Of(r.User), r.Strings("filter")
	asked := func(kind string) bool {
		return len(wanted) == 0 || slices.Contains(wanted, filterAll) || slices.Contains(wanted, kind)
	}
	answer := map[string]any{}
	if asked(filterUser) {
		calendars := []map[string]any{{"id": PrimaryCalendar}}
		for _, c := range book.SubCalendars {
			calendars = append(calendars, c.show())
		}
		answer["calendars"] = calendars
	}
	if asked(filterSubscribed) {
		subscribed := []map[string]any{}
		for _, s := range book.subscriptions {
			subscribed = append(subscribed, s.show())
		}
		answer["subscribe_calendars"] = subscribed
	}
	return answer, nil
}

// createCalendar is POST /v2/api/calendar/create/calendar. Kakao's code for one
// calendar too many and for a name that is taken is not documented.
func createCalendar(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	own := 0
	for _, c := range book.SubCalendars {
		if !c.Foreign {
			own++
		}
	}
	switch {
	case own >= maxOwnCalendars:
		return nil, platform.NewFailure("-2", "a service can make at most 3 sub-calendars for a user.")
	case len(book.SubCalendars) >= maxCalendars:
		return nil, platform.NewFailure("-2", "a user can have at most 99 sub-calendars.")
	}
	c := &SubCalendar{ID: "user_" + NewID(), Colour: usualColour}
	if e := c.change(r, book); e != nil {
		return nil, e
	}
	book.SubCalendars = append(book.SubCalendars, c)
	return map[string]string{"calendar_id": c.ID}, nil
}

// updateCalendar is POST /v2/api/calendar/update/calendar: what is left out
// stays.
func updateCalendar(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	c, e := book.ownCalendar(r.Text("calendar_id"))
	if e != nil {
		return nil, e
	}
	if e := c.change(r, book); e != nil {
		return nil, e
	}
	return map[string]string{"calendar_id": c.ID}, nil
}

// change takes over what the request says of the calendar.
func (c *SubCalendar) change(r *platform.Request, book *Book) *platform.Failure {
	if r.Has("name") {
		name := r.Text("name")
		taken := slices.ContainsFunc(book.SubCalendars, func(other *SubCalendar) bool {
			return other != c && !other.Foreign && other.Name == name
		})
		switch {
		case strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > maxCalendarName:
			return platform.NewFailure("-2", platform.Unsatisfied("name", "must have 1 to 50 characters"))
		case taken:
			return platform.NewFailure("-2", platform.Unsatisfied("name", "another calendar has it"))
		}
		c.Name = name
	}
	if r.Has(colourName) {
		c.Colour = r.Text(colourName)
	}
	if r.Has("reminder") {
		c.reminder = platform.Value[*int](r, "reminder")
	}
	if r.Has("reminder_all_day") {
		c.reminderAllDay = platform.Value[*int](r, "reminder_all_day")
	}
	return nil
}

// deleteCalendar is DELETE /v2/api/calendar/delete/calendar. Its events go with
// it.
func deleteCalendar(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	c, e := book.ownCalendar(r.Text("calendar_id"))
	if e != nil {
		return nil, e
	}
	book.SubCalendars = slices.DeleteFunc(book.SubCalendars, func(other *SubCalendar) bool { return other == c })
	book.events = slices.DeleteFunc(book.events, func(e *Event) bool { return e.CalendarID == c.ID })
	return map[string]string{"calendar_id": c.ID}, nil
}
