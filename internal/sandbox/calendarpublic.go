package sandbox

import (
	"net/http"
	"slices"
)

// publicEventRoutes are the admin key's routes about the public events of
// channels. The answers of the reading ones are assumptions: Kakao does not
// document them.
func publicEventRoutes() []route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	eventID := param{name: "event_id", kind: text(), required: true}
	event := param{name: "event", kind: jsonValue(), required: true}
	channelID := param{name: "channel_public_id", kind: text()}
	routes := []route{
		{methods: post, path: "public/create/event", apiType: "TALK_CALENDAR_CREATE_PUBLIC_EVENT", handle: createPublicEvent,
			params: []param{channelID, event}},
		{methods: get, path: "public/events", apiType: "TALK_CALENDAR_PUBLIC_EVENTS", handle: getPublicEvents,
			params: append(rangeParams(), channelID)},
		{methods: get, path: "public/event", apiType: "TALK_CALENDAR_PUBLIC_EVENT", handle: getPublicEvent,
			params: []param{channelID, eventID}},
		{methods: post, path: "public/update/event", apiType: "TALK_CALENDAR_UPDATE_PUBLIC_EVENT", handle: updatePublicEvent,
			params: []param{channelID, eventID, event}},
		{methods: []string{http.MethodDelete}, path: "public/delete/event", apiType: "TALK_CALENDAR_DELETE_PUBLIC_EVENT", handle: deletePublicEvent,
			params: []param{channelID, eventID}},
	}
	for i := range routes {
		routes[i].accepts, routes[i].category = adminKey, categoryPublicEvents
	}
	return routes
}

// calendarChannel returns the public ID of the channel that a call is about.
// Whether Kakao requires it is not documented; left out, it is the app's first
// channel.
func calendarChannel(r *request, publicID string) (string, *kakaoError) {
	channels := r.state.channels
	if publicID == "" {
		i := slices.IndexFunc(channels.channels, func(c channel) bool { return c.connected && !c.banned })
		if i < 0 {
			return "", newFailure("-819", "")
		}
		return channels.channels[i].publicID, nil
	}
	found := channels.find(publicID)
	switch {
	case found == nil:
		return "", newFailure("-541", "")
	case found.banned:
		return "", newFailure("-544", "")
	case !found.connected:
		return "", newFailure("-819", "")
	}
	return found.publicID, nil
}

// createPublicEvent is POST /v2/api/calendar/public/create/event.
func createPublicEvent(r *request) (any, *kakaoError) {
	channelID, e := calendarChannel(r, r.text("channel_public_id"))
	if e != nil {
		return nil, e
	}
	in, e := readNewEvent(r, publicMembers)
	if e != nil {
		return nil, e
	}
	made := newEvent(publicEvent, primaryCalendar)
	made.channel = channelID
	if e := made.take(in); e != nil {
		return nil, e
	}
	r.state.calendars.public = append(r.state.calendars.public, made)
	return map[string]string{"event_id": made.id}, nil
}

// getPublicEvents is GET /v2/api/calendar/public/events.
func getPublicEvents(r *request) (any, *kakaoError) {
	page, e := readPage(r, "channel_public_id")
	if e != nil {
		return nil, e
	}
	if page.Scope, e = calendarChannel(r, page.Scope); e != nil {
		return nil, e
	}
	events := only(r.state.calendars.public, func(e *calendarEvent) bool { return e.channel == page.Scope })
	return page.answer(r, "channel_public_id", events, occurrence.brief), nil
}

// ownPublicEvent finds the event of the parameter event_id. With the wrong
// channel it is not there.
func ownPublicEvent(r *request) (*calendarEvent, *kakaoError) {
	channelID, e := calendarChannel(r, r.text("channel_public_id"))
	if e != nil {
		return nil, e
	}
	for _, e := range r.state.calendars.public {
		if e.id == r.text("event_id") && (e.channel == channelID || !r.has("channel_public_id")) {
			return e, nil
		}
	}
	return nil, noSuchCalendar()
}

// getPublicEvent is GET /v2/api/calendar/public/event.
func getPublicEvent(r *request) (any, *kakaoError) {
	found, e := ownPublicEvent(r)
	if e != nil {
		return nil, e
	}
	o := occurrence{found, found.time.start}
	shown := o.detail(o.brief())
	if found.notices != nil {
		shown["notification_message"] = found.notices
	}
	return map[string]any{"event": shown}, nil
}

// updatePublicEvent is POST /v2/api/calendar/public/update/event: what is left
// out stays. Those who follow the event see the change.
func updatePublicEvent(r *request) (any, *kakaoError) {
	found, e := ownPublicEvent(r)
	if e != nil {
		return nil, e
	}
	in, e := readEvent(r, publicMembers)
	if e != nil {
		return nil, e
	}
	changed := found.copied()
	if e := changed.take(in); e != nil {
		return nil, e
	}
	*found = *changed
	return map[string]string{"event_id": found.id}, nil
}

// deletePublicEvent is DELETE /v2/api/calendar/public/delete/event. The event
// goes from the calendars of those who follow it.
func deletePublicEvent(r *request) (any, *kakaoError) {
	found, e := ownPublicEvent(r)
	if e != nil {
		return nil, e
	}
	gone := func(e *calendarEvent) bool { return e == found }
	r.state.calendars.public = slices.DeleteFunc(r.state.calendars.public, gone)
	for _, book := range r.state.calendars.books {
		book.follows = slices.DeleteFunc(book.follows, gone)
	}
	return map[string]string{"event_id": found.id}, nil
}
