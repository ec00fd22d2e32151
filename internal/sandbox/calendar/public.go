package calendar

import (
	"net/http"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/channel"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// publicEventRoutes are the admin key's routes about the public events of
// channels. The answers of the reading ones are assumptions: Kakao does not
// document them.
func publicEventRoutes() []platform.Route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	eventID := platform.Param{Name: "event_id", Kind: platform.Text(), Required: true}
	event := platform.Param{Name: "event", Kind: platform.JSONValue(), Required: true}
	channelID := platform.Param{Name: "channel_public_id", Kind: platform.Text()}
	routes := []platform.Route{
		{Methods: post, Path: "public/create/event", APIType: "TALK_CALENDAR_CREATE_PUBLIC_EVENT", Handle: createPublicEvent,
			Params: []platform.Param{channelID, event}},
		{Methods: get, Path: "public/events", APIType: "TALK_CALENDAR_PUBLIC_EVENTS", Handle: getPublicEvents,
			Params: append(rangeParams(), channelID)},
		{Methods: get, Path: "public/event", APIType: "TALK_CALENDAR_PUBLIC_EVENT", Handle: getPublicEvent,
			Params: []platform.Param{channelID, eventID}},
		{Methods: post, Path: "public/update/event", APIType: "TALK_CALENDAR_UPDATE_PUBLIC_EVENT", Handle: updatePublicEvent,
			Params: []platform.Param{channelID, eventID, event}},
		{Methods: []string{http.MethodDelete}, Path: "public/delete/event", APIType: "TALK_CALENDAR_DELETE_PUBLIC_EVENT", Handle: deletePublicEvent,
			Params: []platform.Param{channelID, eventID}},
	}
	for i := range routes {
		routes[i].Accepts, routes[i].Category = platform.AdminKey, categoryPublicEvents
	}
	return routes
}

// calendarChannel returns the public ID of the channel that a call is about.
// Whether Kakao requires it is not documented; left out, it is the app's first
// channel.
func calendarChannel(r *platform.Request, publicID string) (string, *platform.Failure) {
	channels := channel.Of(r.State)
	if publicID == "" {
		i := slices.IndexFunc(channels.Channels, func(c channel.Channel) bool { return c.Connected && !c.Banned })
		if i < 0 {
			return "", platform.NewFailure("-819", "")
		}
		return channels.Channels[i].PublicID, nil
	}
	found := channels.Find(publicID)
	switch {
	case found == nil:
		return "", platform.NewFailure("-541", "")
	case found.Banned:
		return "", platform.NewFailure("-544", "")
	case !found.Connected:
		return "", platform.NewFailure("-819", "")
	}
	return found.PublicID, nil
}

// createPublicEvent is POST /v2/api/calendar/public/create/event.
func createPublicEvent(r *platform.Request) (any, *platform.Failure) {
	channelID, e := calendarChannel(r, r.Text("channel_public_id"))
	if e != nil {
		return nil, e
	}
	in, e := readNewEvent(r, publicMembers)
	if e != nil {
		return nil, e
	}
	made := newEvent(PublicEvent, PrimaryCalendar)
	made.Channel = channelID
	if e := made.take(in); e != nil {
		return nil, e
	}
	Of(r.State).public = append(Of(r.State).public, made)
	return map[string]string{"event_id": made.id}, nil
}

// getPublicEvents is GET /v2/api/calendar/public/events.
func getPublicEvents(r *platform.Request) (any, *platform.Failure) {
	page, e := readPage(r, "channel_public_id")
	if e != nil {
		return nil, e
	}
	if page.Scope, e = calendarChannel(r, page.Scope); e != nil {
		return nil, e
	}
	events := only(Of(r.State).public, func(e *Event) bool { return e.Channel == page.Scope })
	return page.answer(r, "channel_public_id", events, Occurrence.brief), nil
}

// ownPublicEvent finds the event of the parameter event_id. With the wrong
// channel it is not there.
func ownPublicEvent(r *platform.Request) (*Event, *platform.Failure) {
	channelID, e := calendarChannel(r, r.Text("channel_public_id"))
	if e != nil {
		return nil, e
	}
	for _, e := range Of(r.State).public {
		if e.id == r.Text("event_id") && (e.Channel == channelID || !r.Has("channel_public_id")) {
			return e, nil
		}
	}
	return nil, noSuchCalendar()
}

// getPublicEvent is GET /v2/api/calendar/public/event.
func getPublicEvent(r *platform.Request) (any, *platform.Failure) {
	found, e := ownPublicEvent(r)
	if e != nil {
		return nil, e
	}
	o := Occurrence{found, found.Time.start}
	shown := o.detail(o.brief())
	if found.notices != nil {
		shown["notification_message"] = found.notices
	}
	return map[string]any{"event": shown}, nil
}

// updatePublicEvent is POST /v2/api/calendar/public/update/event: what is left
// out stays. Those who follow the event see the change.
func updatePublicEvent(r *platform.Request) (any, *platform.Failure) {
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
func deletePublicEvent(r *platform.Request) (any, *platform.Failure) {
	found, e := ownPublicEvent(r)
	if e != nil {
		return nil, e
	}
	gone := func(e *Event) bool { return e == found }
	Of(r.State).public = slices.DeleteFunc(Of(r.State).public, gone)
	for _, book := range Of(r.State).books {
		book.follows = slices.DeleteFunc(book.follows, gone)
	}
	return map[string]string{"event_id": found.id}, nil
}
