// Package holiday is a small table of Korea's public holidays and observances:
// those on a fixed date for any year, those of the lunar calendar and the
// substitute holidays from 2024 to 2027. It knows nothing of HTTP, and must not
// import the sandbox.
package holiday

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Holiday is a public holiday or an observance of one or several days.
type Holiday struct {
	// ID is "S" and 24 hexadecimal digits, the same every time.
	ID string
	// Title is the Korean name.
	Title string
	// Start is midnight of the first day, End of the day after the last, as if
	// the days were in UTC.
	Start, End time.Time
	// DayOff is false for an observance.
	DayOff bool
}

// yearly are the days on a fixed date.
var yearly = []struct {
	month  time.Month
	day    int
	title  string
	dayOff bool
}{
	{time.January, 1, "신정", true},
	{time.March, 1, "삼일절", true},
	{time.April, 5, "식목일", false},
	{time.May, 1, "노동절", false},
	{time.May, 5, "어린이날", true},
	{time.May, 8, "어버이날", false},
	{time.May, 15, "스승의날", false},
	{time.June, 6, "현충일", true},
	{time.July, 17, "제헌절", false},
	{time.August, 15, "광복절", true},
	{time.October, 1, "국군의날", false},
	{time.October, 3, "개천절", true},
	{time.October, 9, "한글날", true},
	{time.December, 25, "크리스마스", true},
}

// moving are the days off whose date is another one every year.
var moving = []struct {
	year  int
	month time.Month
	day   int
	days  int
	title string
}{
	{2024, time.February, 9, 3, newYear},
	{2024, time.February, 12, 1, substitute},
	{2024, time.May, 6, 1, substitute},
	{2024, time.May, 15, 1, buddha},
	{2024, time.September, 16, 3, harvest},
	{2025, time.January, 28, 3, newYear},
	{2025, time.March, 3, 1, substitute},
	{2025, time.May, 5, 1, buddha},
	{2025, time.May, 6, 1, substitute},
	{2025, time.October, 5, 3, harvest},
	{2025, time.October, 8, 1, substitute},
	{2026, time.February, 16, 3, newYear},
	{2026, time.March, 2, 1, substitute},
	{2026, time.May, 24, 1, buddha},
	{2026, time.May, 25, 1, substitute},
	{2026, time.August, 17, 1, substitute},
	{2026, time.September, 24, 3, harvest},
	{2026, time.October, 5, 1, substitute},
	{2027, time.February, 6, 3, newYear},
	{2027, time.February, 9, 1, substitute},
	{2027, time.May, 13, 1, buddha},
	{2027, time.August, 16, 1, substitute},
	{2027, time.September, 14, 3, harvest},
	{2027, time.October, 4, 1, substitute},
	{2027, time.October, 11, 1, substitute},
	{2027, time.December, 27, 1, substitute},
}

const (
	newYear    = "설날"
	buddha     = "부처님오신날"
	harvest    = "추석"
	substitute = "대체공휴일"
)

// Between returns what overlaps the time from one point up to another, in
// order.
func Between(from, to time.Time) []Holiday {
	var found []Holiday
	add := func(h Holiday) {
		if h.Start.Before(to) && h.End.After(from) {
			found = append(found, h)
		}
	}
	for year := from.UTC().Year(); year <= to.UTC().Year(); year++ {
		for _, y := range yearly {
			add(newHoliday(y.title, midnight(year, y.month, y.day), 1, y.dayOff))
		}
	}
	for _, m := range moving {
		add(newHoliday(m.title, midnight(m.year, m.month, m.day), m.days, true))
	}
	slices.SortStableFunc(found, func(a, b Holiday) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.Title, b.Title))
	})
	return found
}

// newHoliday derives the ID from what it names.
func newHoliday(title string, first time.Time, days int, dayOff bool) Holiday {
	sum := sha256.Sum256([]byte(first.Format(time.DateOnly) + title))
	return Holiday{
		ID: "S" + hex.EncodeToString(sum[:12]), Title: title, Start: first, End: first.AddDate(0, 0, days), DayOff: dayOff,
	}
}

func midnight(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
