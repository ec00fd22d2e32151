package task

import (
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// DayForm is how a task writes a day. Days are midnights in UTC.
const DayForm = "20060102"

// dayParameter reads a parameter that is a day.
func dayParameter(r *platform.Request, name string) (time.Time, *platform.Failure) {
	day, err := time.Parse(DayForm, r.Text(name))
	if err != nil {
		return day, calendar.Unparsed(name, r.Text(name))
	}
	return day, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
