package calendar

import (
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar/recurrence"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// seedBase makes the IDs of the seed: a fixed beginning and two digits.
const seedBase = "5eed00000000000000000"

// seed fills the calendars of mina, joon and haru around the day the
// sandbox starts. mina has events of every kind, and a calendar of another
// service; haru hosts one of the events she is invited to. joon has not agreed
// to talk_calendar, so that nobody sees what he has.
func seed(users []*platform.User, now time.Time, ofTeamOnly bool) *State {
	s := &State{ofTeamOnly: ofTeamOnly, books: map[int64]*Book{}}
	d := seedDay{DayOf(now, platform.KoreaZone)}
	s.Published = seedChannelCalendars(d)
	s.public = []*Event{d.sale()}
	for _, u := range users {
		book := s.Of(u)
		switch u.Name {
		case "mina":
			book.SubCalendars = []*SubCalendar{
				{ID: "user_" + seedBase + "c01", Name: "동네 모임", Colour: "LIME", reminder: minutes(15), reminderAllDay: minutes(-540)},
				{ID: "user_" + seedBase + "c02", Foreign: true},
			}
			book.subscriptions = []*ChannelCalendar{s.Published[0]}
			book.events = d.minas(book)
		case "joon":
			book.events = []*Event{d.timed("e21", "자전거 정비", 2, 15, 30)}
		case "haru":
			book.follows = []*Event{s.public[0]}
			book.events = []*Event{d.timed("e31", "집들이", 3, 18, 180)}
		}
	}
	return s
}

func minutes(n int) *int { return &n }

// seedDay is the day that the seed is made around, as midnight in UTC.
type seedDay struct{ today time.Time }

// timed is an event of today plus some days, at an hour in Korea, so many
// minutes long.
func (d seedDay) timed(id, title string, days, hour, length int) *Event {
	e := newEvent(UserEvent, PrimaryCalendar)
	start := d.today.AddDate(0, 0, days).Add(time.Duration(hour-9) * time.Hour)
	e.id, e.Title = seedBase+id, title
	e.Time = EventTime{start: start, end: start.Add(time.Duration(length) * time.Minute), Zone: "Asia/Seoul", location: platform.KoreaZone}
	return e
}

// weekly makes the event recur every week, without end.
func (e *Event) weekly() *Event {
	e.Rule, _ = recurrence.Parse("FREQ=WEEKLY") // a good rule
	return e
}

// minas are the events of mina.
func (d seedDay) minas(book *Book) []*Event {
	own, foreign := book.SubCalendars[0], book.SubCalendars[1]

	walk := d.timed("e01", "강변 산책", 0, 19, 60)
	place, address := "가람 나루터", "서울 가람구 나루대로 1"
	walk.Location, walk.Reminders = &EventLocation{Name: &place, Address: &address}, []int{30}

	dayOff := d.timed("e02", "쉬는 날", 1, 9, 24*60)
	dayOff.Time.AllDay = true
	dayOff.Colour = "MINT"

	club := d.timed("e03", "독서 모임", -21, 20, 90).weekly()
	club.CalendarID, club.Colour, club.Reminders = own.ID, own.Colour, []int{*own.reminder}
	about := "이번 달은 단편집"
	club.Description = &about

	party := d.timed("e11", "하루네 집들이", 3, 18, 180)
	party.Guest = true
	practice := d.timed("e12", "합창 연습", -14, 21, 60).weekly()
	practice.Guest = true

	elsewhere := d.timed("e13", "다른 서비스의 일정", 2, 11, 45)
	elsewhere.CalendarID = foreign.ID
	return []*Event{walk, dayOff, club, party, practice, elsewhere}
}

// sale is a public event of the shop.
func (d seedDay) sale() *Event {
	e := d.timed("f01", "봄맞이 할인", 5, 10, 600)
	e.Kind, e.Channel, e.Reminders, e.banner = PublicEvent, "_sandboxshop", []int{10, 60}, seedBanner()
	return e
}

// seedChannelCalendars are the calendars of the shop.
func seedChannelCalendars(d seedDay) []*ChannelCalendar {
	market := d.timed("f11", "나루 장터", -28, 9, 240).weekly()
	lecture := d.timed("f21", "서점 낭독회", 4, 19, 90)
	calendars := []*ChannelCalendar{
		{ID: seedBase + "d01", channel: "_sandboxshop", Name: "나루 장터", description: "매주 열리는 장터", Colour: "ORANGE",
			thumbnail: platform.ImageBase + "market.png", reminder: 30, dayAlarm: -540, events: []*Event{market}},
		{ID: seedBase + "d02", channel: "_sandboxshop", Name: "동네 서점", description: "낭독회와 새 책", Colour: "NAVY_BLUE",
			image: platform.ImageBase + "books.png", thumbnail: platform.ImageBase + "books_small.png", reminder: 60, dayAlarm: 0, events: []*Event{lecture}},
	}
	for _, c := range calendars {
		for _, e := range c.events {
			e.Kind, e.CalendarID, e.Colour, e.banner = SubscribedEvent, c.ID, c.Colour, seedBanner()
		}
	}
	return calendars
}

// seedBanner is the banner of the shop's events.
func seedBanner() *eventBanner {
	pc, mobile, colour := platform.ImageBase+"banner_pc.png", platform.ImageBase+"banner_mobile.png", "ORANGE"
	return &eventBanner{PCImageURL: &pc, MobileImageURL: &mobile, BgColour: &colour}
}
