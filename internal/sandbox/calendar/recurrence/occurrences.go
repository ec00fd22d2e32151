package recurrence

import (
	"iter"
	"slices"
	"time"
)

// lastYear is where endless rules end: RFC 3339 cannot write later times.
const lastYear = 9999

// Starts returns the occurrences in order of time, beginning with first or,
// if the rule does not match it, with the next one that does. They have the
// time of day of first, in its location.
func (r *Rule) Starts(first time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		found := 0
		for period := 0; ; period += r.interval {
			begin, days := periods[r.frequency](r, first, period)
			if begin.Year() > lastYear {
				return
			}
			for _, day := range days {
				at := time.Date(day.Year(), day.Month(), day.Day(), first.Hour(), first.Minute(), first.Second(), 0, first.Location())
				if at.Before(first) {
					continue
				}
				if found++; r.ended(at, found) || !yield(at) {
					return
				}
			}
			if r.ended(begin, 0) {
				return
			}
		}
	}
}

// ended says whether the nth occurrence, which starts at a time, lies behind
// the end of the rule.
func (r *Rule) ended(at time.Time, n int) bool {
	switch {
	case r.count > 0 && n > r.count:
		return true
	case r.until.IsZero():
		return false
	case r.untilDay:
		return civil(at).After(r.until)
	}
	return at.After(r.until)
}

// civil is the day of a time, as midnight in UTC.
func civil(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// periods cut time into the days, weeks, months and years of a rule: the nth
// one from that of the first occurrence, as its first day and the days in it
// that match, in order.
var periods = map[string]func(r *Rule, first time.Time, n int) (begin time.Time, days []time.Time){
	"DAILY": func(r *Rule, first time.Time, n int) (time.Time, []time.Time) {
		day := civil(first).AddDate(0, 0, n)
		return day, r.keep([]time.Time{day})
	},
	"WEEKLY": func(r *Rule, first time.Time, n int) (time.Time, []time.Time) {
		sinceMonday := int(first.Weekday()+6) % 7 // weeks start on Monday unless WKST says otherwise
		monday := civil(first).AddDate(0, 0, 7*n-sinceMonday)
		var days []time.Time
		for i := range 7 {
			day := monday.AddDate(0, 0, i)
			if len(r.days) > 0 || day.Weekday() == first.Weekday() {
				days = append(days, day)
			}
		}
		return monday, r.keep(days)
	},
	"MONTHLY": func(r *Rule, first time.Time, n int) (time.Time, []time.Time) {
		month := time.Date(first.Year(), first.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		return month, r.keep(r.daysOfMonth(month, first.Day()))
	},
	"YEARLY": func(r *Rule, first time.Time, n int) (time.Time, []time.Time) {
		year := time.Date(first.Year()+n, time.January, 1, 0, 0, 0, 0, time.UTC)
		var days []time.Time
		for month := time.January; month <= time.December; month++ {
			// Days of the month alone stand for all months.
			if len(r.months) > 0 || len(r.monthDays) > 0 || month == first.Month() {
				days = append(days, r.daysOfMonth(year.AddDate(0, int(month)-1, 0), first.Day())...)
			}
		}
		return year, r.keep(days)
	},
}

// daysOfMonth are the days of a month that the rule may mean; without any of
// its own the day of the first occurrence, if the month has it.
func (r *Rule) daysOfMonth(month time.Time, day int) []time.Time {
	var days []time.Time
	for d := month; d.Month() == month.Month(); d = d.AddDate(0, 0, 1) {
		if len(r.monthDays) > 0 || len(r.days) > 0 || d.Day() == day {
			days = append(days, d)
		}
	}
	return days
}

// keep leaves the days that every BY part of the rule matches.
func (r *Rule) keep(days []time.Time) []time.Time {
	return slices.DeleteFunc(days, func(day time.Time) bool {
		return !r.inMonth(day) || !r.onMonthDay(day) || !r.onWeekday(day)
	})
}

func (r *Rule) inMonth(day time.Time) bool {
	return len(r.months) == 0 || slices.Contains(r.months, int(day.Month()))
}

func (r *Rule) onMonthDay(day time.Time) bool {
	return len(r.monthDays) == 0 || slices.Contains(r.monthDays, day.Day()) || slices.Contains(r.monthDays, day.Day()-daysIn(day)-1)
}

func (r *Rule) onWeekday(day time.Time) bool {
	if len(r.days) == 0 {
		return true
	}
	nth, nthLast := (day.Day()-1)/7+1, (day.Day()-daysIn(day))/7-1
	return slices.ContainsFunc(r.days, func(d weekday) bool {
		return d.day == day.Weekday() && (d.ordinal == 0 || d.ordinal == nth || d.ordinal == nthLast)
	})
}

// daysIn is how many days the month of a day has.
func daysIn(day time.Time) int {
	return time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
