package sandbox

import (
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/holiday"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// monthForm is how a link writes a month.
const monthForm = "2006-01"

// showCalendarPage shows a month of one person: ?person= and ?month=2026-03.
func showCalendarPage(v visitor) pages.View {
	st := v.state
	u := st.userByName(v.query.Get("person"))
	if u == nil {
		u = st.users[0]
	}
	today := dayOf(st.now(), koreaZone)
	month, err := time.Parse(monthForm, v.query.Get("month"))
	if err != nil {
		month = today.AddDate(0, 0, 1-today.Day())
	}
	link := func(name string, first time.Time) string {
		return withParameter(pages.CalendarPath, "person", name) + "&month=" + first.Format(monthForm)
	}
	page := pages.CalendarPage{
		Person: faceOf(u), Month: month, Previous: link(u.name, month.AddDate(0, -1, 0)), Next: link(u.name, month.AddDate(0, 1, 0)),
		Now: withParameter(pages.CalendarPath, "person", u.name),
	}
	for _, other := range st.users {
		page.People = append(page.People, pages.Choice{
			Label: other.account.nickname, Link: link(other.name, month), Current: other == u,
			Count: len(st.calendars.of(other).visible()) + len(st.tasks.of(other.id)),
		})
	}
	page.Calendars, page.Subscribe = calendarNames(st, u)
	days := &monthDays{today: today, month: month, first: month.AddDate(0, 0, -int(month.Weekday()))}
	days.fill(st, u)
	page.Weeks, page.Agenda = days.weeks(), days.agenda()
	for _, t := range st.tasks.of(u.id) {
		if t.due == nil {
			page.Undated = append(page.Undated, taskEntry(t, time.Time{}, t.done))
		}
	}
	return page
}

// calendarNames are the calendars of a person, and those of channels.
func calendarNames(st *state, u *user) (own, channels []pages.CalendarName) {
	book := st.calendars.of(u)
	own = []pages.CalendarName{{ID: primaryCalendar, Name: primaryCalendar, Kind: "primary"}}
	for _, c := range book.subCalendars {
		kind := "own"
		if c.foreign {
			kind = "foreign"
		}
		own = append(own, pages.CalendarName{ID: c.id, Name: c.name, Colour: c.colour, Kind: kind})
	}
	for _, c := range st.calendars.published {
		kind := "offered"
		if book.subscription(c.id) != nil {
			kind = "subscribed"
		}
		channels = append(channels, pages.CalendarName{ID: c.id, Name: c.name, Colour: c.colour, Kind: kind})
	}
	return own, channels
}

// monthDays are the squares of a month. Days are midnights in UTC.
type monthDays struct {
	today, month, first time.Time
	days                []pages.Day
}

// fill puts holidays, events and tasks on their days.
func (m *monthDays) fill(st *state, u *user) {
	end := m.month.AddDate(0, 1, 0)
	for at := m.first; at.Before(end) || at.Weekday() != time.Sunday; at = at.AddDate(0, 0, 1) {
		m.days = append(m.days, pages.Day{Date: at, Outside: at.Month() != m.month.Month(), Today: at.Equal(m.today)})
	}
	last := m.days[len(m.days)-1].Date
	for _, h := range holiday.Between(m.first, last.AddDate(0, 0, 1)) {
		m.each(h.Start, h.End, func(day *pages.Day) { day.Holiday, day.DayOff = h.Title, day.DayOff || h.DayOff })
	}
	book := st.calendars.of(u)
	// Days begin nine hours earlier in Korea.
	for _, o := range occurrencesOf(book.visible(), m.first.Add(-9*time.Hour), last.Add(24*time.Hour)) {
		entry := eventEntry(st, book, o)
		from, to := dayOf(entry.Start, koreaZone), dayOf(entry.End.Add(-time.Nanosecond), koreaZone)
		if entry.AllDay {
			from, to = o.start, o.end().Add(-time.Nanosecond)
		}
		m.each(from, to.Add(time.Nanosecond), func(day *pages.Day) {
			one := entry
			one.ID += "-" + day.Date.Format(dayForm) // an event of several days stands on each
			day.Entries = append(day.Entries, one)
		})
	}
	for _, t := range st.tasks.of(u.id) {
		if t.due == nil {
			continue
		}
		dates, recur := []time.Time{t.due.date}, t.repeats()
		if recur != nil {
			dates = recur.days(m.first, last)
		}
		for _, date := range dates {
			done := t.done
			if recur != nil {
				done = t.doneOn[date.Format(dayForm)]
			}
			m.each(date, date.Add(time.Nanosecond), func(day *pages.Day) { day.Entries = append(day.Entries, taskEntry(t, date, done)) })
		}
	}
}

// each calls f for every shown day from one time up to another.
func (m *monthDays) each(from, to time.Time, f func(*pages.Day)) {
	for i := range m.days {
		if d := m.days[i].Date; !d.AddDate(0, 0, 1).Before(from.Add(time.Nanosecond)) && d.Before(to) {
			f(&m.days[i])
		}
	}
}

func (m *monthDays) weeks() [][]pages.Day { return slices.Collect(slices.Chunk(m.days, 7)) }

// agenda are the days of the month with anything on them. Only there an entry
// has its place to be linked to, so days outside are left out.
func (m *monthDays) agenda() []pages.Day {
	return slices.DeleteFunc(slices.Clone(m.days), func(d pages.Day) bool {
		return d.Outside || (len(d.Entries) == 0 && d.Holiday == "" && !d.Today)
	})
}
