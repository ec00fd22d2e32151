package calendar

import (
	"net/http"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// subscriptionRoutes are the routes about what people take over from channels.
// Their answers are assumptions: Kakao does not document them.
func subscriptionRoutes() []platform.Route {
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	calendarID := []platform.Param{{Name: "calendar_id", Kind: platform.Text(), Required: true}}
	return []platform.Route{
		{Methods: post, Path: "public/follow", APIType: "TALK_CALENDAR_FOLLOW_PUBLIC_EVENT", Handle: followPublicEvent,
			Params: []platform.Param{{Name: "event_id", Kind: platform.Text(), Required: true}}},
		{Methods: get, Path: "subscribable/calendars", APIType: "TALK_CALENDAR_SUBSCRIBABLE_CALENDARS", Handle: getSubscribableCalendars,
			Accepts: platform.AdminKey, Category: categorySubscription, Params: []platform.Param{{Name: "channel_public_id", Kind: platform.Text()}}},
		{Methods: post, Path: "subscribe", APIType: "TALK_CALENDAR_SUBSCRIBE", Handle: subscribe, Params: calendarID},
		{Methods: []string{http.MethodDelete}, Path: "unsubscribe", APIType: "TALK_CALENDAR_UNSUBSCRIBE", Handle: unsubscribe, Params: calendarID},
	}
}

// followPublicEvent is POST /v2/api/calendar/public/follow. Following twice is
// following once.
func followPublicEvent(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	for _, e := range Of(r.State).public {
		if e.id != r.Text("event_id") {
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
func getSubscribableCalendars(r *platform.Request) (any, *platform.Failure) {
	channelID, e := calendarChannel(r, r.Text("channel_public_id"))
	if e != nil {
		return nil, e
	}
	calendars := []map[string]any{}
	for _, c := range Of(r.State).Published {
		if c.channel == channelID {
			calendars = append(calendars, c.offer())
		}
	}
	return map[string]any{"calendars": calendars}, nil
}

// subscribe is POST /v2/api/calendar/subscribe. Subscribing twice is
// subscribing once.
func subscribe(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	for _, c := range Of(r.State).Published {
		if c.ID != r.Text("calendar_id") {
			continue
		}
		if !slices.Contains(book.subscriptions, c) {
			book.subscriptions = append(book.subscriptions, c)
		}
		return map[string]string{"calendar_id": c.ID}, nil
	}
	return nil, noSuchCalendar()
}

// unsubscribe is DELETE /v2/api/calendar/unsubscribe.
func unsubscribe(r *platform.Request) (any, *platform.Failure) {
	book := Of(r.State).Of(r.User)
	c := book.Subscription(r.Text("calendar_id"))
	if c == nil {
		return nil, noSuchCalendar()
	}
	book.subscriptions = slices.DeleteFunc(book.subscriptions, func(other *ChannelCalendar) bool { return other == c })
	return map[string]string{"calendar_id": c.ID}, nil
}
