package sandbox

import (
	"net/http"
	"slices"
)

// subscriptionRoutes are the routes about what people take over from channels.
// Their answers are assumptions: Kakao does not document them.
func subscriptionRoutes() []route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	calendarID := []param{{name: "calendar_id", kind: text(), required: true}}
	return []route{
		{methods: post, path: "public/follow", apiType: "TALK_CALENDAR_FOLLOW_PUBLIC_EVENT", handle: followPublicEvent,
			params: []param{{name: "event_id", kind: text(), required: true}}},
		{methods: get, path: "subscribable/calendars", apiType: "TALK_CALENDAR_SUBSCRIBABLE_CALENDARS", handle: getSubscribableCalendars,
			accepts: adminKey, category: categorySubscription, params: []param{{name: "channel_public_id", kind: text()}}},
		{methods: post, path: "subscribe", apiType: "TALK_CALENDAR_SUBSCRIBE", handle: subscribe, params: calendarID},
		{methods: []string{http.MethodDelete}, path: "unsubscribe", apiType: "TALK_CALENDAR_UNSUBSCRIBE", handle: unsubscribe, params: calendarID},
	}
}

// followPublicEvent is POST /v2/api/calendar/public/follow. Following twice is
// following once.
func followPublicEvent(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	for _, e := range r.state.calendars.public {
		if e.id != r.text("event_id") {
			continue
		}
		if !slices.Contains(book.follows, e) {
			book.follows = append(book.follows, e)
		}
		return map[string]string{"event_id": e.id}, nil
	}
	return nil, noSuchCalendar()
}

// getSubscribableCalendars is GET /v2/api/calendar/subscribable/calendars.
func getSubscribableCalendars(r *request) (any, *kakaoError) {
	channelID, e := calendarChannel(r, r.text("channel_public_id"))
	if e != nil {
		return nil, e
	}
	calendars := []map[string]any{}
	for _, c := range r.state.calendars.published {
		if c.channel == channelID {
			calendars = append(calendars, c.offer())
		}
	}
	return map[string]any{"calendars": calendars}, nil
}

// subscribe is POST /v2/api/calendar/subscribe. Subscribing twice is
// subscribing once.
func subscribe(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	for _, c := range r.state.calendars.published {
		if c.id != r.text("calendar_id") {
			continue
		}
		if !slices.Contains(book.subscriptions, c) {
			book.subscriptions = append(book.subscriptions, c)
		}
		return map[string]string{"calendar_id": c.id}, nil
	}
	return nil, noSuchCalendar()
}

// unsubscribe is DELETE /v2/api/calendar/unsubscribe.
func unsubscribe(r *request) (any, *kakaoError) {
	book := r.state.calendars.of(r.user)
	c := book.subscription(r.text("calendar_id"))
	if c == nil {
		return nil, noSuchCalendar()
	}
	book.subscriptions = slices.DeleteFunc(book.subscriptions, func(other *channelCalendar) bool { return other == c })
	return map[string]string{"calendar_id": c.id}, nil
}
