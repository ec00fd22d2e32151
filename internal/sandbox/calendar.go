package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	calendarConsent  = "talk_calendar" // the consent item of all routes for users
	calendarsPerDay  = 30_000          // calls of the whole app
	primaryCalendar  = "primary"
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

// colourName is how Kakao spells it.
const colourName = "color"

// calendarColours are the colours of calendars and events.
var calendarColours = []string{
	"BLUE", "ROYAL_BLUE", "NAVY_BLUE", "RED", "PINK", "ORANGE", "GREEN", "LIME", "OLIVE", "MINT", "MAGENTA", "VIOLET", "LAVENDER",
	"BROWN", "GRAY",
}

// calendarRoutes are the calendars and events of Talk Calendar.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
func calendarRoutes() []route {
	calendarID := param{name: "calendar_id", kind: text(), required: true}
	look := []param{
		{name: colourName, kind: enum(calendarColours...)},
		{name: "reminder", kind: reminderOrNone(0)},
		{name: "reminder_all_day", kind: reminderOrNone(minDayReminder)},
	}
	routes := []route{
		{methods: []string{http.MethodGet}, path: "calendars", apiType: "TALK_CALENDAR_CALENDARS", handle: getCalendars,
			params: []param{{name: "filter", kind: anyOf(enum(filterAll, filterUser, filterSubscribed))}}},
		{methods: []string{http.MethodPost}, path: "create/calendar", apiType: "TALK_CALENDAR_CREATE_CALENDAR", handle: createCalendar,
			params: slices.Concat([]param{{name: "name", kind: text(), required: true}}, look)},
		{methods: []string{http.MethodPost}, path: "update/calendar", apiType: "TALK_CALENDAR_UPDATE_CALENDAR", handle: updateCalendar,
			params: slices.Concat([]param{calendarID, {name: "name", kind: text()}}, look)},
		{methods: []string{http.MethodDelete}, path: "delete/calendar", apiType: "TALK_CALENDAR_DELETE_CALENDAR", handle: deleteCalendar,
			params: []param{calendarID}},
	}
	routes = slices.Concat(routes, eventRoutes(), publicEventRoutes(), subscriptionRoutes(), holidayRoutes())
	for i := range routes {
		r := &routes[i]
		r.host, r.path = kapiHost, "/v2/api/calendar/"+r.path
		if r.accepts == noCredential { // for the user, unless the table says otherwise
			r.accepts, r.consent = userToken, calendarConsent
		}
		r.checks = calendarChecks()
	}
	return routes
}

// calendarChecks adds to the checks of the host what is particular to Talk
// Calendar.
func calendarChecks() []check {
	more := []check{checkCalendarPermission, checkTalkUser, perDay("Talk Calendar", calendarsPerDay)}
	return slices.Concat(families[kapiHost].checks, more)
}

// checkCalendarPermission asks whether the app may call Talk Calendar: without
// permission it may for members of its own team.
// https://developers.kakao.com/docs/latest/en/talkcalendar/common
func checkCalendarPermission(r *request) *kakaoError {
	if r.state.options.CalendarOfTeamOnly && !r.state.talk.uses[r.user].team {
		return newFailure("-5", "")
	}
	return nil
}

// reminderOrNone is a number of minutes from low in steps, or "null" or nothing
// at all, which clear the reminder; it parses to *int.
func reminderOrNone(low int64) kind {
	minutes := integer(low, maxReminder)
	return kind{json: jsonNumber, emptyAllowed: true, parse: func(s string) (any, *problem) {
		if s == "" || s == "null" {
			return (*int)(nil), nil
		}
		n, p := minutes.parse(s)
		if p != nil {
			return nil, p
		}
		reminder := int(n.(int64))
		if reminder%reminderStep != 0 {
			return nil, malformed("a multiple of 5")
		}
		return &reminder, nil
	}}
}

// getCalendars is GET /v2/api/calendar/calendars. Of a sub-calendar that
// another service made only the ID shows.
func getCalendars(r *request) (any, *kakaoError) {
	book, wanted := r.state.calendars.of(r.user), r.strings("filter")
	asked := func(kind string) bool {
		return len(wanted) == 0 || slices.Contains(wanted, filterAll) || slices.Contains(wanted, kind)
	}
	answer := map[string]any{}
	if asked(filterUser) {
		calendars := []map[string]any{{"id": primaryCalendar}}
		for _, c := range book.subCalendars {
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
func createCalendar(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	own := 0
	for _, c := range book.subCalendars {
		if !c.foreign {
			own++
		}
	}
	switch {
	case own >= maxOwnCalendars:
		return nil, newFailure("-2", "a service can make at most 3 sub-calendars for a user.")
	case len(book.subCalendars) >= maxCalendars:
		return nil, newFailure("-2", "a user can have at most 99 sub-calendars.")
	}
	c := &subCalendar{id: "user_" + newEventID(), colour: usualColour}
	if e := c.change(r, book); e != nil {
		return nil, e
	}
	book.subCalendars = append(book.subCalendars, c)
	return map[string]string{"calendar_id": c.id}, nil
}

// updateCalendar is POST /v2/api/calendar/update/calendar: what is left out
// stays.
func updateCalendar(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	c, e := book.ownCalendar(r.text("calendar_id"))
	if e != nil {
		return nil, e
	}
	if e := c.change(r, book); e != nil {
		return nil, e
	}
	return map[string]string{"calendar_id": c.id}, nil
}

// change takes over what the request says of the calendar.
func (c *subCalendar) change(r *request, book *calendarBook) *kakaoError {
	if r.has("name") {
		name := r.text("name")
		taken := slices.ContainsFunc(book.subCalendars, func(other *subCalendar) bool {
			return other != c && !other.foreign && other.name == name
		})
		switch {
		case strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > maxCalendarName:
			return newFailure("-2", unsatisfied("name", "must have 1 to 50 characters"))
		case taken:
			return newFailure("-2", unsatisfied("name", "another calendar has it"))
		}
		c.name = name
	}
	if r.has(colourName) {
		c.colour = r.text(colourName)
	}
	if r.has("reminder") {
		c.reminder = value[*int](r, "reminder")
	}
	if r.has("reminder_all_day") {
		c.reminderAllDay = value[*int](r, "reminder_all_day")
	}
	return nil
}

// deleteCalendar is DELETE /v2/api/calendar/delete/calendar. Its events go with
// it.
func deleteCalendar(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	c, e := book.ownCalendar(r.text("calendar_id"))
	if e != nil {
		return nil, e
	}
	book.subCalendars = slices.DeleteFunc(book.subCalendars, func(other *subCalendar) bool { return other == c })
	book.events = slices.DeleteFunc(book.events, func(e *calendarEvent) bool { return e.calendarID == c.id })
	return map[string]string{"calendar_id": c.id}, nil
}
