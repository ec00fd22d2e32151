package pages

import "time"

// CalendarPage shows a month of one person: events, tasks and holidays.
type CalendarPage struct {
	People               []Choice
	Person               Face
	Month                time.Time // its first day
	Previous, Next, Now  string    // links
	Weeks                [][]Day
	Agenda               []Day // those of the month with anything on them
	Undated              []Entry
	Calendars, Subscribe []CalendarName
}

// Day is a square of the month.
type Day struct {
	Date    time.Time
	Outside bool // of another month
	Today   bool
	Holiday string // its name, or empty
	DayOff  bool   // the holiday is a public one
	Entries []Entry
}

// Entry is an event as it takes place once, or a task.
type Entry struct {
	ID         string // of the element that tells more
	Task, Done bool
	AllDay     bool
	Start, End time.Time // in Korea
	Title      string
	Calendar   string // its name, or empty for the default one
	Colour     string // as Kakao names it
	Marks      []string
	Details    []Pair // names are keys: detail.<name>
}

// CalendarName is a calendar of a person.
type CalendarName struct {
	ID, Name, Colour string
	Kind             string // of its text: calendar.<kind>
}

func (CalendarPage) template() string { return "calendar" }
