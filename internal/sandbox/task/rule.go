package task

import (
	"regexp"
	"strings"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar/recurrence"
)

// Recur is how a task repeats. Its days are counted from the due date.
type Recur struct {
	Text     string
	start    time.Time
	rule     *recurrence.Rule
	recordOn bool
}

// untilOfTask is how a task's rule ends: with a whole day.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
var untilOfTask = regexp.MustCompile(`(?:^|;)UNTIL=([0-9]{8})T000000Z(?:;|$)`)

// parseRule reads a rule that begins on a day. The second result says what
// is wrong with it, or nothing.
func parseRule(text string, start time.Time) (*Recur, string) {
	rule, err := recurrence.Parse(text)
	if err != nil {
		return nil, err.Error()
	}
	if until := untilOfTask.FindStringSubmatch(text); until == nil && strings.Contains(text, "UNTIL=") {
		return nil, "UNTIL must be a day at midnight UTC, as 20300601T000000Z"
	} else if until != nil && until[1] <= start.Format(DayForm) {
		return nil, "UNTIL must lie after due_date"
	}
	p := &Recur{Text: text, start: start, rule: rule}
	if p.first().IsZero() {
		return nil, "no day satisfies the rule"
	}
	return p, ""
}

// first is the first day of the rule; the zero time if there is none.
func (p *Recur) first() time.Time {
	for day := range p.rule.Starts(p.start) {
		return day
	}
	return time.Time{}
}

// Days are the days of the rule from one day to another, both included.
func (p *Recur) Days(from, to time.Time) []time.Time {
	var days []time.Time
	for day := range p.rule.Starts(p.start) {
		if day.After(to) {
			break
		}
		if !day.Before(from) {
			days = append(days, day)
		}
	}
	return days
}

// current is the day that the task is about today: the last one up to today, or
// the first if all lie ahead.
func (p *Recur) current(today time.Time) time.Time {
	days := p.Days(p.start, today)
	if len(days) == 0 {
		return p.first()
	}
	return days[len(days)-1]
}
