package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	calendarv1 "github.com/kakaorpc/kakaorpc/gen/kakao/calendar/v1"
)

const (
	calendarService     = "kakao.calendar.v1.CalendarService."
	eventService        = "kakao.calendar.v1.EventService."
	publicEventService  = "kakao.calendar.v1.PublicEventService."
	subscriptionService = "kakao.calendar.v1.SubscriptionService."
	holidayService      = "kakao.calendar.v1.HolidayService."
)

// signedIn lets the seeded token of a person speak, or nobody's.
func (s *story) signedIn(name string) {
	s.t.Helper()
	s.who.Token = ""
	for _, user := range s.keys.Users {
		if user.Name == name {
			s.who.Token = user.AccessToken
		}
	}
	if name != "" && s.who.Token == "" {
		s.t.Fatalf("the sandbox knows no %q", name)
	}
}

// may is a point in time in May 2031, where the sandbox has no events yet.
func may(day, hour int) *timestamppb.Timestamp {
	return timestamppb.New(time.Date(2031, time.May, day, hour, 0, 0, 0, time.UTC))
}

// listed pages through a range, two events at a time, and returns every event
// by "day title".
func (s *story) listed(calendarID string, from, to *timestamppb.Timestamp) (lines []string, ids map[string]string) {
	s.t.Helper()
	ids = map[string]string{}
	request := &calendarv1.ListEventsRequest{CalendarId: &calendarID, From: from, To: to, Limit: proto.Int32(2)}
	for range 20 {
		page := must(s, eventService+"ListEvents", request, &calendarv1.ListEventsResponse{})
		for _, event := range page.GetEvents() {
			line := event.GetTime().GetStartAt().AsTime().Format("02 15h ") + event.GetTitle()
			lines = append(lines, line)
			ids[line] = event.GetId()
		}
		if page.GetHasNext() != (page.NextPageToken != nil) {
			s.t.Fatalf("has_next %t, next_page_token %q", page.GetHasNext(), page.GetNextPageToken())
		}
		if page.NextPageToken == nil {
			return lines, ids
		}
		request.NextPageToken = page.NextPageToken
	}
	s.t.Fatal("the list never ends")
	return nil, nil
}

// wantListed compares the month of May with the lines given, and returns the
// IDs by line.
func (s *story) wantListed(calendarID string, want ...string) map[string]string {
	s.t.Helper()
	lines, ids := s.listed(calendarID, may(1, 0), may(32, 0))
	if !slices.Equal(lines, want) {
		s.t.Fatalf("listed %q, want %q", lines, want)
	}
	return ids
}

// TestCalendarStory: a sub-calendar, an event in it, a recurring one; one
// occurrence is moved and another deleted, the month is paged through, and all
// goes with the calendar.
func TestCalendarStory(t *testing.T) {
	tell(t, func(s *story) {
		s.signedIn("haru")
		calendar := &calendarv1.CreateCalendarRequest{
			Name: "합창단", Color: calendarv1.Color_COLOR_LIME,
			ReminderSetting:       &calendarv1.CreateCalendarRequest_Reminder{Reminder: 15},
			ReminderAllDaySetting: &calendarv1.CreateCalendarRequest_ReminderAllDay{ReminderAllDay: -540},
		}
		id := must(s, calendarService+"CreateCalendar", calendar, &calendarv1.CreateCalendarResponse{}).GetCalendarId()
		s.refused(calendarService+"CreateCalendar", calendar, &calendarv1.CreateCalendarResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")
		must(s, calendarService+"UpdateCalendar", &calendarv1.UpdateCalendarRequest{
			CalendarId: id, Name: proto.String("새벽 합창단"), Color: calendarv1.Color_COLOR_MINT,
			ReminderAllDaySetting: &calendarv1.UpdateCalendarRequest_ClearReminderAllDay{ClearReminderAllDay: structpb.NullValue_NULL_VALUE},
		}, &calendarv1.UpdateCalendarResponse{})
		all := must(s, calendarService+"ListCalendars", &calendarv1.ListCalendarsRequest{
			Filter: []calendarv1.CalendarFilter{calendarv1.CalendarFilter_CALENDAR_FILTER_USER},
		}, &calendarv1.ListCalendarsResponse{})
		want := &calendarv1.Calendar{Id: id, Name: proto.String("새벽 합창단"), Color: proto.String("MINT"), Reminder: proto.Int32(15)}
		if calendars := all.GetCalendars(); len(calendars) != 2 || calendars[0].GetId() != "primary" || !proto.Equal(calendars[1], want) {
			s.t.Errorf("calendars %v", calendars)
		}

		s.singleEvent(id)
		s.recurringEvent(id)
		s.refused(calendarService+"DeleteCalendar", &calendarv1.DeleteCalendarRequest{CalendarId: "primary"},
			&calendarv1.DeleteCalendarResponse{}, codes.InvalidArgument, "REQUEST_INVALID")
		if gone := must(s, calendarService+"DeleteCalendar", &calendarv1.DeleteCalendarRequest{CalendarId: id}, &calendarv1.DeleteCalendarResponse{}); gone.GetCalendarId() != id {
			s.t.Errorf("deleted %v", gone)
		}
		s.refused(eventService+"ListEvents", &calendarv1.ListEventsRequest{CalendarId: &id, Preset: calendarv1.EventPreset_EVENT_PRESET_TODAY},
			&calendarv1.ListEventsResponse{}, codes.NotFound, "KAKAO_CALENDAR_NOT_FOUND")

		// joon has not agreed to talk_calendar.
		s.signedIn("joon")
		s.refused(calendarService+"ListCalendars", &calendarv1.ListCalendarsRequest{}, &calendarv1.ListCalendarsResponse{}, codes.PermissionDenied, "KAKAO_SCOPE_REQUIRED")
	})
}

// singleEvent is made, read, changed and, in the end, still there.
func (s *story) singleEvent(calendarID string) {
	s.t.Helper()
	id := must(s, eventService+"CreateEvent", &calendarv1.CreateEventRequest{CalendarId: &calendarID, Event: &calendarv1.EventCreate{
		Title: "연주회", Time: &calendarv1.EventTime{StartAt: may(20, 0), EndAt: may(22, 0), AllDay: proto.Bool(true)},
		Description: proto.String("이틀 동안"), Location: &calendarv1.Location{Name: proto.String("가람 회관"), LocationId: proto.Int64(9100000000000000001)},
		Reminders: []int32{-540},
	}}, &calendarv1.CreateEventResponse{}).GetEventId()
	updated := must(s, eventService+"UpdateEventAsHost", &calendarv1.UpdateEventAsHostRequest{
		EventId: id, Event: &calendarv1.EventUpdate{Title: proto.String("봄 연주회"), Description: proto.String("")},
	}, &calendarv1.UpdateEventAsHostResponse{})
	event := must(s, eventService+"GetEvent", &calendarv1.GetEventRequest{EventId: id}, &calendarv1.GetEventResponse{}).GetEvent()
	want := &calendarv1.EventDetail{
		Id: &id, Title: proto.String("봄 연주회"), Type: proto.String("USER"), CalendarId: &calendarID,
		Time:   &calendarv1.EventTime{StartAt: may(20, 0), EndAt: may(22, 0), TimeZone: proto.String("Asia/Seoul"), AllDay: proto.Bool(true)},
		IsHost: proto.Bool(true), IsRecurEvent: proto.Bool(false), Color: proto.String("MINT"), Description: proto.String(""),
		Location: &calendarv1.Location{Name: proto.String("가람 회관"), LocationId: proto.Int64(9100000000000000001)}, Reminders: []int32{-540},
	}
	if updated.GetEventId() != id || !proto.Equal(event, want) {
		s.t.Errorf("event %v, want %v", event, want)
	}
	s.refused(eventService+"UpdateEventAsGuest", &calendarv1.UpdateEventAsGuestRequest{EventId: id, Event: &calendarv1.GuestEventUpdate{Memo: proto.String("x")}},
		&calendarv1.UpdateEventAsGuestResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")
}

// recurringEvent is changed and deleted by its occurrences; Kakao answers that
// without a body.
func (s *story) recurringEvent(calendarID string) {
	s.t.Helper()
	series := must(s, eventService+"CreateEvent", &calendarv1.CreateEventRequest{CalendarId: &calendarID, Event: &calendarv1.EventCreate{
		Title: "연습", Time: &calendarv1.EventTime{StartAt: may(6, 10), EndAt: may(6, 12)}, Rrule: proto.String("FREQ=WEEKLY;BYDAY=TU;COUNT=4"),
	}}, &calendarv1.CreateEventResponse{}).GetEventId()
	ids := s.wantListed(calendarID, "06 10h 연습", "13 10h 연습", "20 00h 봄 연주회", "20 10h 연습", "27 10h 연습")
	if !strings.HasPrefix(ids["13 10h 연습"], series+"_") {
		s.t.Errorf("the occurrence of the series %s is called %s", series, ids["13 10h 연습"])
	}
	s.refused(eventService+"GetEvent", &calendarv1.GetEventRequest{EventId: series}, &calendarv1.GetEventResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")
	s.refused(eventService+"DeleteEvent", &calendarv1.DeleteEventRequest{EventId: ids["13 10h 연습"]}, &calendarv1.DeleteEventResponse{}, codes.InvalidArgument, "REQUEST_INVALID")

	moved := must(s, eventService+"UpdateEventAsHost", &calendarv1.UpdateEventAsHostRequest{
		EventId: ids["13 10h 연습"], RecurUpdateType: calendarv1.RecurUpdateType_RECUR_UPDATE_TYPE_THIS,
		Event: &calendarv1.EventUpdate{Title: proto.String("합동 연습"), Time: &calendarv1.EventTime{StartAt: may(14, 9), EndAt: may(14, 10)}},
	}, &calendarv1.UpdateEventAsHostResponse{})
	deleted := must(s, eventService+"DeleteEvent", &calendarv1.DeleteEventRequest{
		EventId: ids["20 10h 연습"], RecurUpdateType: calendarv1.RecurUpdateType_RECUR_UPDATE_TYPE_THIS,
	}, &calendarv1.DeleteEventResponse{})
	if moved.EventId != nil || deleted.EventId != nil {
		s.t.Errorf("answers %v and %v", moved, deleted)
	}
	ids = s.wantListed(calendarID, "06 10h 연습", "14 09h 합동 연습", "20 00h 봄 연주회", "27 10h 연습")
	s.refused(eventService+"GetEvent", &calendarv1.GetEventRequest{EventId: series + "_20310513T100000Z"}, &calendarv1.GetEventResponse{}, codes.NotFound, "KAKAO_CALENDAR_NOT_FOUND")

	must(s, eventService+"UpdateEventAsHost", &calendarv1.UpdateEventAsHostRequest{
		EventId: ids["27 10h 연습"], RecurUpdateType: calendarv1.RecurUpdateType_RECUR_UPDATE_TYPE_THIS_AND_FOLLOWING,
		Event: &calendarv1.EventUpdate{Title: proto.String("정리"), Rrule: proto.String("FREQ=DAILY;COUNT=2")},
	}, &calendarv1.UpdateEventAsHostResponse{})
	s.wantListed(calendarID, "06 10h 연습", "14 09h 합동 연습", "20 00h 봄 연주회", "27 10h 정리", "28 10h 정리")

	// What touches two ranges is in both.
	for _, days := range [][2]int{{14, 21}, {21, 22}} {
		if lines, _ := s.listed(calendarID, may(days[0], 0), may(days[1], 0)); !slices.Contains(lines, "20 00h 봄 연주회") {
			s.t.Errorf("%v: %v", days, lines)
		}
	}
}

// TestGuestStory: haru invited mina, who sets her own colour and note.
func TestGuestStory(t *testing.T) {
	tell(t, func(s *story) {
		s.signedIn("mina")
		week := must(s, eventService+"ListEvents", &calendarv1.ListEventsRequest{
			Preset: calendarv1.EventPreset_EVENT_PRESET_THIS_MONTH, CalendarId: proto.String("primary"),
		}, &calendarv1.ListEventsResponse{}).GetEvents()
		i := slices.IndexFunc(week, func(e *calendarv1.EventBrief) bool { return e.GetType() == "USER" && !e.GetIsHost() })
		if i < 0 {
			s.t.Fatalf("no event of another host among %v", week)
		}
		id := week[i].GetId()
		must(s, eventService+"UpdateEventAsGuest", &calendarv1.UpdateEventAsGuestRequest{
			EventId: id, RecurUpdateType: calendarv1.RecurUpdateType_RECUR_UPDATE_TYPE_ALL,
			Event: &calendarv1.GuestEventUpdate{Color: calendarv1.Color_COLOR_GREEN, Memo: proto.String("늦지 말 것")},
		}, &calendarv1.UpdateEventAsGuestResponse{})
		if event := must(s, eventService+"GetEvent", &calendarv1.GetEventRequest{EventId: id}, &calendarv1.GetEventResponse{}).GetEvent(); event.GetMemo() != "늦지 말 것" || event.GetColor() != "GREEN" {
			s.t.Errorf("event %v", event)
		}
		other, err := structpb.NewStruct(map[string]any{"title": "다른 제목"})
		if err != nil {
			s.t.Fatal(err)
		}
		s.refused(eventService+"UpdateEventAsGuest", &calendarv1.UpdateEventAsGuestRequest{
			EventId: id, RecurUpdateType: calendarv1.RecurUpdateType_RECUR_UPDATE_TYPE_ALL, Event: &calendarv1.GuestEventUpdate{Other: other},
		}, &calendarv1.UpdateEventAsGuestResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")
	})
}

// TestPublicEventStory: a channel announces an event, a person follows it, sees
// it change, and it goes with the announcement.
func TestPublicEventStory(t *testing.T) {
	tell(t, func(s *story) {
		shop := proto.String("_sandboxshop")
		create := &calendarv1.CreatePublicEventRequest{ChannelPublicId: shop, Event: &calendarv1.PublicEventCreate{
			Title: "낭독회", Time: &calendarv1.EventTime{StartAt: may(9, 10), EndAt: may(9, 12)}, Reminders: []int32{10, 60},
			Banner: &calendarv1.Banner{PcImageUrl: proto.String("https://img.example.com/pc.png"), Link: &calendarv1.BannerLink{WebUrl: proto.String("https://shop.example.com")}},
			NotificationMessage: &calendarv1.NotificationMessage{BeforeEventReminder: &calendarv1.BeforeEventReminder{
				Button: &calendarv1.NotificationButton{Title: proto.String("보기"), Link: &calendarv1.NotificationLink{WebUrl: proto.String("https://shop.example.com/9")}},
			}},
		}}
		id := must(s, publicEventService+"CreatePublicEvent", create, &calendarv1.CreatePublicEventResponse{}).GetEventId()
		event := must(s, publicEventService+"GetPublicEvent", &calendarv1.GetPublicEventRequest{ChannelPublicId: shop, EventId: id}, &calendarv1.GetPublicEventResponse{}).GetEvent()
		if !proto.Equal(event.GetNotificationMessage(), create.GetEvent().GetNotificationMessage()) || !proto.Equal(event.GetBanner(), create.GetEvent().GetBanner()) {
			s.t.Errorf("event %v", event)
		}
		create.ChannelPublicId = proto.String("_othershop")
		s.refused(publicEventService+"CreatePublicEvent", create, &calendarv1.CreatePublicEventResponse{}, codes.FailedPrecondition, "KAKAO_CHANNEL_NOT_CONNECTED")

		follow := &calendarv1.FollowPublicEventRequest{EventId: id}
		s.refused(subscriptionService+"FollowPublicEvent", follow, &calendarv1.FollowPublicEventResponse{}, codes.Unauthenticated, "USER_TOKEN_REQUIRED")
		s.signedIn("haru")
		if followed := must(s, subscriptionService+"FollowPublicEvent", follow, &calendarv1.FollowPublicEventResponse{}); followed.GetEventId() != id {
			s.t.Errorf("followed %v", followed)
		}
		s.wantListed("primary", "09 10h 낭독회")
		s.signedIn("")
		must(s, publicEventService+"UpdatePublicEvent", &calendarv1.UpdatePublicEventRequest{
			ChannelPublicId: shop, EventId: id, Event: &calendarv1.PublicEventUpdate{Title: proto.String("긴 낭독회")},
		}, &calendarv1.UpdatePublicEventResponse{})
		s.signedIn("haru")
		s.wantListed("primary", "09 10h 긴 낭독회")
		if seen := must(s, eventService+"GetEvent", &calendarv1.GetEventRequest{EventId: id}, &calendarv1.GetEventResponse{}).GetEvent(); seen.GetType() != "PUBLIC" || seen.GetIsHost() || seen.GetBanner() == nil {
			s.t.Errorf("the event in the calendar: %v", seen)
		}

		s.signedIn("")
		list := &calendarv1.ListPublicEventsRequest{ChannelPublicId: shop, From: may(1, 0), To: may(32, 0)}
		if events := must(s, publicEventService+"ListPublicEvents", list, &calendarv1.ListPublicEventsResponse{}).GetEvents(); len(events) != 1 || events[0].GetId() != id {
			s.t.Errorf("public events %v", events)
		}
		gone := &calendarv1.DeletePublicEventRequest{ChannelPublicId: shop, EventId: id}
		must(s, publicEventService+"DeletePublicEvent", gone, &calendarv1.DeletePublicEventResponse{})
		s.refused(publicEventService+"DeletePublicEvent", gone, &calendarv1.DeletePublicEventResponse{}, codes.NotFound, "KAKAO_CALENDAR_NOT_FOUND")
		s.signedIn("haru")
		s.wantListed("primary")
	})
}

// TestSubscriptionStory: what there is to subscribe to, a subscription, its
// events, and its end.
func TestSubscriptionStory(t *testing.T) {
	tell(t, func(s *story) {
		offered := must(s, subscriptionService+"ListSubscribableCalendars", &calendarv1.ListSubscribableCalendarsRequest{
			ChannelPublicId: proto.String("_sandboxshop"),
		}, &calendarv1.ListSubscribableCalendarsResponse{}).GetCalendars()
		if len(offered) == 0 {
			s.t.Fatal("nothing to subscribe to")
		}
		id := offered[0].GetId()
		s.signedIn("haru")
		if subscribed := must(s, subscriptionService+"Subscribe", &calendarv1.SubscribeRequest{CalendarId: id}, &calendarv1.SubscribeResponse{}); subscribed.GetCalendarId() != id {
			s.t.Errorf("subscribed %v", subscribed)
		}
		list := &calendarv1.ListCalendarsRequest{Filter: []calendarv1.CalendarFilter{calendarv1.CalendarFilter_CALENDAR_FILTER_SUBSCRIBE}}
		subscriptions := must(s, calendarService+"ListCalendars", list, &calendarv1.ListCalendarsResponse{}).GetSubscribeCalendars()
		if len(subscriptions) != 1 || subscriptions[0].GetName() != offered[0].GetName() {
			s.t.Errorf("subscriptions %v", subscriptions)
		}
		events := must(s, eventService+"ListEvents", &calendarv1.ListEventsRequest{
			CalendarId: &id, Preset: calendarv1.EventPreset_EVENT_PRESET_THIS_MONTH, TimeZone: proto.String("Asia/Seoul"),
		}, &calendarv1.ListEventsResponse{}).GetEvents()
		if len(events) == 0 || events[0].GetType() != "SUBSCRIBE" || events[0].GetIsHost() {
			s.t.Errorf("events %v", events)
		}
		end := &calendarv1.UnsubscribeRequest{CalendarId: id}
		must(s, subscriptionService+"Unsubscribe", end, &calendarv1.UnsubscribeResponse{})
		s.refused(subscriptionService+"Unsubscribe", end, &calendarv1.UnsubscribeResponse{}, codes.NotFound, "KAKAO_CALENDAR_NOT_FOUND")
	})
}

// TestHolidayStory: the holidays of a month, the observances, and a range too
// long for one call, which never reaches Kakao.
func TestHolidayStory(t *testing.T) {
	tell(t, func(s *story) {
		list := &calendarv1.ListHolidaysRequest{From: may(1, 0), To: may(32, 0)}
		off := map[string]bool{}
		for _, day := range must(s, holidayService+"ListHolidays", list, &calendarv1.ListHolidaysResponse{}).GetEvents() {
			off[day.GetTitle()] = day.GetHoliday()
			if !day.GetTime().GetAllDay() || !day.GetTime().GetEndAt().AsTime().After(day.GetTime().GetStartAt().AsTime()) || day.GetTime().TimeZone != nil {
				s.t.Errorf("holiday %v", day)
			}
		}
		if observed, listed := off["어버이날"]; !off["어린이날"] || observed || !listed {
			s.t.Errorf("May has %v", off)
		}
		list.To = may(32, 1)
		s.refused(holidayService+"ListHolidays", list, &calendarv1.ListHolidaysResponse{}, codes.InvalidArgument, "REQUEST_INVALID")
	})
}
