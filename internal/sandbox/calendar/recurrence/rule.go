// Package recurrence reads the recurrence rules of RFC 5545 as far as Kakao's
// calendar is known to use them, and counts their occurrences. It knows
// nothing of calendars or HTTP, and must not import the sandbox.
//
// A rule may have FREQ (DAILY, WEEKLY, MONTHLY, YEARLY), INTERVAL, COUNT,
// UNTIL, BYDAY, BYMONTHDAY and BYMONTH. Every other part is refused rather
// than misread.
package recurrence

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule is a recurrence rule. Its zero value is not a rule; Parse makes one.
type Rule struct {
	parts []part // as written, in order

	frequency string
	interval  int
	count     int       // 0: no end by number
	until     time.Time // zero: no end by time
	untilDay  bool      // until is a day, in the zone of the first occurrence
	days      []weekday
	monthDays []int // negative: from the end of the month
	months    []int
}

// part is one NAME=VALUE of a rule.
type part struct{ name, value string }

// weekday is an element of BYDAY. In a month, ordinal 2 is the second such
// day, -1 the last, and 0 each of them.
type weekday struct {
	ordinal int
	day     time.Weekday
}

// readers are the parts that a rule may have.
var readers = map[string]func(r *Rule, value string) error{
	"FREQ":       (*Rule).readFrequency,
	"INTERVAL":   func(r *Rule, value string) (err error) { r.interval, err = number(value, 1, 1000); return err },
	"COUNT":      func(r *Rule, value string) (err error) { r.count, err = number(value, 1, 10_000); return err },
	"UNTIL":      (*Rule).readUntil,
	"BYDAY":      (*Rule).readDays,
	"BYMONTHDAY": func(r *Rule, value string) (err error) { r.monthDays, err = numbers(value, -31, 31); return err },
	"BYMONTH":    func(r *Rule, value string) (err error) { r.months, err = numbers(value, 1, 12); return err },
}

// Parse reads a rule without the prefix RRULE:. The error says which part of it
// is wrong or not supported.
func Parse(text string) (*Rule, error) {
	r := &Rule{interval: 1}
	for written := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(written, "=")
		read := readers[name]
		switch {
		case read == nil:
			return nil, fmt.Errorf("the part %q is not supported", written)
		case r.has(name):
			return nil, fmt.Errorf("%s is there twice", name)
		}
		if err := read(r, value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r.parts = append(r.parts, part{name, value})
	}
	return r, r.check()
}

// check looks at what parts do to each other.
func (r *Rule) check() error {
	ordinal := slices.ContainsFunc(r.days, func(d weekday) bool { return d.ordinal != 0 })
	switch {
	case r.frequency == "":
		return errors.New("FREQ is missing")
	case r.has("COUNT") && r.has("UNTIL"):
		return errors.New("COUNT and UNTIL exclude each other")
	case r.frequency == "WEEKLY" && r.has("BYMONTHDAY"):
		return errors.New("FREQ=WEEKLY has no BYMONTHDAY")
	case ordinal && (r.frequency == "DAILY" || r.frequency == "WEEKLY"):
		return errors.New("BYDAY counts days only within a month")
	case r.frequency == "YEARLY" && r.has("BYDAY") && !r.has("BYMONTH"):
		return errors.New("FREQ=YEARLY with BYDAY is only supported with BYMONTH")
	}
	return nil
}

func (r *Rule) has(name string) bool {
	return slices.ContainsFunc(r.parts, func(p part) bool { return p.name == name })
}

// String returns the rule as it was written.
func (r *Rule) String() string {
	written := make([]string, len(r.parts))
	for i, p := range r.parts {
		written[i] = p.name + "=" + p.value
	}
	return strings.Join(written, ";")
}

// with returns the rule with another end: the parts named are dropped, the
// given one is added.
func (r *Rule) with(end part, dropped ...string) *Rule {
	changed := *r
	changed.parts = slices.DeleteFunc(slices.Clone(r.parts), func(p part) bool { return slices.Contains(dropped, p.name) })
	changed.parts = append(changed.parts, end)
	return &changed
}

// Before returns the rule that ends before the given time.
func (r *Rule) Before(end time.Time) *Rule {
	last := end.Add(-time.Second).UTC()
	shorter := r.with(part{"UNTIL", last.Format(untilTime)}, "COUNT", "UNTIL")
	shorter.count, shorter.until, shorter.untilDay = 0, last, false
	return shorter
}

// Without returns the rule for the occurrences behind the first n. A rule that
// ends by COUNT must have more than n.
func (r *Rule) Without(n int) *Rule {
	if r.count == 0 || n == 0 {
		return r
	}
	rest := r.with(part{"COUNT", strconv.Itoa(r.count - n)}, "COUNT")
	rest.count = r.count - n
	return rest
}

func (r *Rule) readFrequency(value string) error {
	if _, known := periods[value]; !known {
		return fmt.Errorf("%q is not supported: DAILY, WEEKLY, MONTHLY or YEARLY", value)
	}
	r.frequency = value
	return nil
}

const (
	untilTime = "20060102T150405Z"
	untilDay  = "20060102"
)

func (r *Rule) readUntil(value string) error {
	var err error
	if r.until, err = time.Parse(untilTime, value); err == nil {
		return nil
	}
	r.untilDay = true
	if r.until, err = time.Parse(untilDay, value); err != nil {
		return fmt.Errorf("%q is no time in UTC, such as 20300601T000000Z", value)
	}
	return nil
}

// weekdays are the names of BYDAY.
var weekdays = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday,
	"TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

func (r *Rule) readDays(value string) error {
	for text := range strings.SplitSeq(value, ",") {
		ordinal, name := text[:max(0, len(text)-2)], text[max(0, len(text)-2):]
		day, known := weekdays[name]
		if !known {
			return fmt.Errorf("%q is no day of the week, such as MO", text)
		}
		d := weekday{day: day}
		if ordinal != "" {
			var err error
			if d.ordinal, err = number(ordinal, -5, 5); err != nil || d.ordinal == 0 {
				return fmt.Errorf("%q is no day of a month, such as 2MO or -1FR", text)
			}
		}
		r.days = append(r.days, d)
	}
	return nil
}

// number reads a whole number from low to high.
func number(text string, low, high int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("%q is no whole number from %d to %d", text, low, high)
	}
	return n, nil
}

// numbers reads whole numbers other than 0, separated by commas.
func numbers(text string, low, high int) ([]int, error) {
	var list []int
	for one := range strings.SplitSeq(text, ",") {
		n, err := number(one, low, high)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, errors.New("0 is none of them")
		}
		list = append(list, n)
	}
	return list, nil
}
