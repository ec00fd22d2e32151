package sandbox

import (
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/recurrence"
)

// seedBase makes the IDs of the seed: a fixed beginning and two digits.
const seedBase = "5eed00000000000000000"

// seedCalendars fills the calendars of mina, joon and haru around the day the
// sandbox starts. mina has events of every kind, and a calendar of another
// service; haru hosts one of the events she is invited to. joon has not agreed
// to talk_calendar, so that nobody sees what he has.
func seedCalendars(users []*user, now time.Time) *calendarState {
	s := &calendarState{books: map[int64]*calendarBook{}}
	d := seedDay{dayOf(now, koreaZone)}
	s.published = seedChannelCalendars(d)
	s.public = []*calendarEvent{d.sale()}
	for _, u := range users {
		book := s.of(u)
		switch u.name {
		case "mina":
			book.subCalendars = []*subCalendar{
				{id: "user_" + seedBase + "c01", name: "동네 모임", colour: "LIME", reminder: minutes(15), reminderAllDay: minutes(-540)},
				{id: "user_" + seedBase + "c02", foreign: true},
			}
			book.subscriptions = []*channelCalendar{s.published[0]}
			book.events = d.minas(book)
		case "joon":
			book.events = []*calendarEvent{d.timed("e21", "자전거 정비", 2, 15, 30)}
		case "haru":
			book.follows = []*calendarEvent{s.public[0]}
			book.events = []*calendarEvent{d.timed("e31", "집들이", 3, 18, 180)}
		}
	}
	return s
}

func minutes(n int) *int { return &n }

// seedDay is the day that the seed is made around, as midnight in UTC.
type seedDay struct{ today time.Time }

// timed is an event of today plus some days, at an hour in Korea, so many
// minutes long.
func (d seedDay) timed(id, title string, days, hour, length int) *calendarEvent {
	e := newEvent(userEvent, primaryCalendar)
	start := d.today.AddDate(0, 0, days).Add(time.Duration(hour-9) * time.Hour)
	e.id, e.title = seedBase+id, title
	e.time = eventTime{start: start, end: start.Add(time.Duration(length) * time.Minute), zone: "Asia/Seoul", location: koreaZone}
	return e
}

// weekly makes the event recur every week, without end.
func (e *calendarEvent) weekly() *calendarEvent {
	e.rule, _ = recurrence.Parse("FREQ=WEEKLY") // a good rule
	return e
}

// minas are the events of mina.
func (d seedDay) minas(book *calendarBook) []*calendarEvent {
	own, foreign := book.subCalendars[0], book.subCalendars[1]

	walk := d.timed("e01", "강변 산책", 0, 19, 60)
	place, address := "가람 나루터", "서울 가람구 나루대로 1"
	walk.location, walk.reminders = &eventLocation{Name: &place, Address: &address}, []int{30}

	dayOff := d.timed("e02", "쉬는 날", 1, 9, 24*60)
	dayOff.time.allDay = true
	dayOff.colour = "MINT"

	club := d.timed("e03", "독서 모임", -21, 20, 90).weekly()
	club.calendarID, club.colour, club.reminders = own.id, own.colour, []int{*own.reminder}
	about := "이번 달은 단편집"
	club.description = &about

	party := d.timed("e11", "하루네 집들이", 3, 18, 180)
	party.guest = true
	practice := d.timed("e12", "합창 연습", -14, 21, 60).weekly()
	practice.guest = true

	elsewhere := d.timed("e13", "다른 서비스의 일정", 2, 11, 45)
	elsewhere.calendarID = foreign.id
	return []*calendarEvent{walk, dayOff, club, party, practice, elsewhere}
}

// sale is a public event of the shop.
func (d seedDay) sale() *calendarEvent {
	e := d.timed("f01", "봄맞이 할인", 5, 10, 600)
	e.kind, e.channel, e.reminders, e.banner = publicEvent, "_sandboxshop", []int{10, 60}, seedBanner()
	return e
}

// seedChannelCalendars are the calendars of the shop.
func seedChannelCalendars(d seedDay) []*channelCalendar {
	market := d.timed("f11", "나루 장터", -28, 9, 240).weekly()
	lecture := d.timed("f21", "서점 낭독회", 4, 19, 90)
	calendars := []*channelCalendar{
		{id: seedBase + "d01", channel: "_sandboxshop", name: "나루 장터", description: "매주 열리는 장터", colour: "ORANGE",
			thumbnail: imageBase + "market.png", reminder: 30, dayAlarm: -540, events: []*calendarEvent{market}},
		{id: seedBase + "d02", channel: "_sandboxshop", name: "동네 서점", description: "낭독회와 새 책", colour: "NAVY_BLUE",
			image: imageBase + "books.png", thumbnail: imageBase + "books_small.png", reminder: 60, dayAlarm: 0, events: []*calendarEvent{lecture}},
	}
	for _, c := range calendars {
		for _, e := range c.events {
			e.kind, e.calendarID, e.colour, e.banner = subscribedEvent, c.id, c.colour, seedBanner()
		}
	}
	return calendars
}

// seedBanner is the banner of the shop's events.
func seedBanner() *eventBanner {
	pc, mobile, colour := imageBase+"banner_pc.png", imageBase+"banner_mobile.png", "ORANGE"
	return &eventBanner{PCImageURL: &pc, MobileImageURL: &mobile, BgColour: &colour}
}
