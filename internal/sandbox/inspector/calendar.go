package inspector

import (
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar/holiday"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/task"
)

// monthForm is how a link writes a month.
const monthForm = "2006-01"

// showCalendarPage shows a month of one person: ?person= and ?month=2026-03.
func showCalendarPage(v visitor) pages.View {
	st := v.state
	u := st.UserByName(v.query.Get("person"))
	if u == nil {
		u = st.Users[0]
	}
	today := calendar.DayOf(st.Now(), platform.KoreaZone)
	month, err := time.Parse(monthForm, v.query.Get("month"))
	if err != nil {
		month = today.AddDate(0, 0, 1-today.Day())
	}
	link := func(name string, first time.Time) string {
		return withParameter(pages.CalendarPath, "person", name) + "&month=" + first.Format(monthForm)
	}
	page := pages.CalendarPage{
		Person: platform.FaceOf(u), Month: month, Previous: link(u.Name, month.AddDate(0, -1, 0)), Next: link(u.Name, month.AddDate(0, 1, 0)),
		Now: withParameter(pages.CalendarPath, "person", u.Name),
	}
	for _, other := range st.Users {
		page.People = append(page.People, pages.Choice{
			Label: other.Account.Nickname, Link: link(other.Name, month), Current: other == u,
			Count: len(calendar.Of(st).Of(other).Visible()) + len(task.Of(st).Of(other.ID)),
		})
	}
	page.Calendars, page.Subscribe = calendarNames(st, u)
	days := &monthDays{today: today, month: month, first: month.AddDate(0, 0, -int(month.Weekday()))}
	days.fill(st, u)
	page.Weeks, page.Agenda = days.weeks(), days.agenda()
	for _, t := range task.Of(st).Of(u.ID) {
		if t.Due == nil {
			page.Undated = append(page.Undated, taskEntry(t, time.Time{}, t.Done))
		}
	}
	return page
}

// calendarNames are the calendars of a person, and those of channels.
func calendarNames(st *platform.State, u *platform.User) (own, channels []pages.CalendarName) {
	book := calendar.Of(st).Of(u)
	own = []pages.CalendarName{{ID: calendar.PrimaryCalendar, Name: calendar.PrimaryCalendar, Kind: "primary"}}
	for _, c := range book.SubCalendars {
		kind := "own"
		if c.Foreign {
			kind = "foreign"
		}
		own = append(own, pages.CalendarName{ID: c.ID, Name: c.Name, Colour: c.Colour, Kind: kind})
	}
	for _, c := range calendar.Of(st).Published {
		kind := "offered"
		if book.Subscription(c.ID) != nil {
			kind = "subscribed"
		}
		channels = append(channels, pages.CalendarName{ID: c.ID, Name: c.Name, Colour: c.Colour, Kind: kind})
	}
	return own, channels
}

// monthDays are the squares of a month. Days are midnights in UTC.
type monthDays struct {
	today, month, first time.Time
	days                []pages.Day
}

// fill puts holidays, events and tasks on their days.
func (m *monthDays) fill(st *platform.State, u *platform.User) {
	end := m.month.AddDate(0, 1, 0)
	for at := m.first; at.Before(end) || at.Weekday() != time.Sunday; at = at.AddDate(0, 0, 1) {
		m.days = append(m.days, pages.Day{Date: at, Outside: at.Month() != m.month.Month(), Today: at.Equal(m.today)})
	}
	last := m.days[len(m.days)-1].Date
	for _, h := range holiday.Between(m.first, last.AddDate(0, 0, 1)) {
		m.each(h.Start, h.End, func(day *pages.Day) { day.Holiday, day.DayOff = h.Title, day.DayOff || h.DayOff })
	}
	book := calendar.Of(st).Of(u)
	// Days begin nine hours earlier in Korea.
	for _, o := range calendar.OccurrencesOf(book.Visible(), m.first.Add(-9*time.Hour), last.Add(24*time.Hour)) {
		entry := eventEntry(st, book, o)
		from, to := calendar.DayOf(entry.Start, platform.KoreaZone), calendar.DayOf(entry.End.Add(-time.Nanosecond), platform.KoreaZone)
		if entry.AllDay {
			from, to = o.Start, o.End().Add(-time.Nanosecond)
		}
		m.each(from, to.Add(time.Nanosecond), func(day *pages.Day) {
			one := entry
			one.ID += "-" + day.Date.Format(task.DayForm) // an event of several days stands on each
			day.Entries = append(day.Entries, one)
		})
	}
	for _, t := range task.Of(st).Of(u.ID) {
		if t.Due == nil {
			continue
		}
		dates, recur := []time.Time{t.Due.Date}, t.Repeats()
		if recur != nil {
			dates = recur.Days(m.first, last)
		}
		for _, date := range dates {
			done := t.Done
			if recur != nil {
				done = t.DoneOn[date.Format(task.DayForm)]
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
