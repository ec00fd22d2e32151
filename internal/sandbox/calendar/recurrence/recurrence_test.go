package recurrence

import (
	"strings"
	"testing"
	"time"
)

var seoul = time.FixedZone("KST", 9*60*60)

// days returns the first few occurrences as days, "..." if there are more.
func days(r *Rule, first time.Time) string {
	var list []string
	for at := range r.Starts(first) {
		if at.Hour() != first.Hour() || at.Minute() != first.Minute() {
			return "not the time of day of the first occurrence: " + at.String()
		}
		if len(list) == 6 {
			return strings.Join(append(list, "..."), " ")
		}
		list = append(list, at.Format("06-01-02"))
	}
	return strings.Join(list, " ")
}

func TestStarts(t *testing.T) {
	for _, c := range []struct{ rule, first, want string }{
		{"FREQ=DAILY", "2026-02-26 10:00", "26-02-26 26-02-27 26-02-28 26-03-01 26-03-02 26-03-03 ..."},
		{"FREQ=DAILY;INTERVAL=10;COUNT=3", "2026-02-26 10:00", "26-02-26 26-03-08 26-03-18"},
		{"FREQ=DAILY;BYDAY=SA,SU;COUNT=3", "2026-02-26 10:00", "26-02-28 26-03-01 26-03-07"},
		{"FREQ=DAILY;BYMONTH=3;BYMONTHDAY=1,-1;COUNT=3", "2026-02-26 10:00", "26-03-01 26-03-31 27-03-01"},
		// UNTIL is included, in UTC: 10:00 in Seoul is 01:00.
		{"FREQ=DAILY;UNTIL=20260228T010000Z", "2026-02-26 10:00", "26-02-26 26-02-27 26-02-28"},
		{"FREQ=DAILY;UNTIL=20260228T005959Z", "2026-02-26 10:00", "26-02-26 26-02-27"},
		{"FREQ=DAILY;UNTIL=20260228", "2026-02-26 10:00", "26-02-26 26-02-27 26-02-28"},
		{"FREQ=WEEKLY", "2026-03-03 10:00", "26-03-03 26-03-10 26-03-17 26-03-24 26-03-31 26-04-07 ..."},
		{"FREQ=WEEKLY;BYDAY=TU,SU;COUNT=4", "2026-03-05 10:00", "26-03-08 26-03-10 26-03-15 26-03-17"},
		// Weeks start on Monday: the Sunday is of the first week.
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;COUNT=4", "2026-03-03 10:00", "26-03-03 26-03-08 26-03-17 26-03-22"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=2", "2026-03-08 10:00", "26-03-08 26-03-22"},
		{"FREQ=WEEKLY;BYMONTH=5;COUNT=2", "2026-03-03 10:00", "26-05-05 26-05-12"},
		{"FREQ=MONTHLY;COUNT=4", "2026-01-31 10:00", "26-01-31 26-03-31 26-05-31 26-07-31"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-01-31 10:00", "26-01-31 26-02-28 26-03-31"},
		{"FREQ=MONTHLY;BYDAY=2MO,-1FR;COUNT=4", "2026-01-01 10:00", "26-01-12 26-01-30 26-02-09 26-02-27"},
		{"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "2026-01-01 10:00", "26-02-13 26-03-13 26-11-13"},
		{"FREQ=MONTHLY;INTERVAL=3;BYDAY=5MO;COUNT=2", "2026-01-01 10:00", "28-01-31 28-07-31"},
		{"FREQ=YEARLY;COUNT=2", "2024-02-29 10:00", "24-02-29 28-02-29"},
		{"FREQ=YEARLY;BYMONTH=5,1;COUNT=3", "2026-01-09 10:00", "26-01-09 26-05-09 27-01-09"},
		{"FREQ=YEARLY;BYMONTHDAY=31;COUNT=3", "2026-02-01 10:00", "26-03-31 26-05-31 26-07-31"},
		{"FREQ=YEARLY;BYMONTH=5;BYDAY=2SU;COUNT=2", "2026-01-09 10:00", "26-05-10 27-05-09"},
		// The time of day of Seoul: 00:30 there is the day before in UTC.
		{"FREQ=WEEKLY;BYDAY=TU;COUNT=2", "2026-03-03 00:30", "26-03-03 26-03-10"},
		// No day is ever met; the end of time is.
		{"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "2026-03-03 10:00", ""},
		{"FREQ=DAILY;UNTIL=20260101T000000Z", "2026-03-03 10:00", ""},
	} {
		rule, err := Parse(c.rule)
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		first, err := time.ParseInLocation("2006-01-02 15:04", c.first, seoul)
		if err != nil {
			t.Fatal(err)
		}
		if got := days(rule, first); got != c.want {
			t.Errorf("%s from %s: %s, want %s", c.rule, c.first, got, c.want)
		}
		if rule.String() != c.rule {
			t.Errorf("%s became %s", c.rule, rule)
		}
	}
}

func TestSplit(t *testing.T) {
	first := time.Date(2026, 3, 3, 10, 0, 0, 0, seoul)
	third := first.AddDate(0, 0, 14)
	for _, c := range []struct{ rule, before, without string }{
		{"FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260317T005959Z", "FREQ=WEEKLY;BYDAY=TU"},
		{"FREQ=WEEKLY;COUNT=5;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260317T005959Z", "FREQ=WEEKLY;BYDAY=TU;COUNT=3"},
		{"FREQ=WEEKLY;UNTIL=20260401", "FREQ=WEEKLY;UNTIL=20260317T005959Z", "FREQ=WEEKLY;UNTIL=20260401"},
	} {
		rule, err := Parse(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		head, tail := rule.Before(third), rule.Without(2)
		if head.String() != c.before || tail.String() != c.without || rule.String() != c.rule {
			t.Errorf("%s: %s and %s, want %s and %s", rule, head, tail, c.before, c.without)
		}
		if got := days(head, first); got != "26-03-03 26-03-10" {
			t.Errorf("%s: %s", head, got)
		}
		if again, err := Parse(head.String()); err != nil || days(again, first) != days(head, first) {
			t.Errorf("%s does not read as it counts", head)
		}
		if got := days(tail, third); !strings.HasPrefix(got, "26-03-17 26-03-24 26-03-31") || c.rule[12:17] == "COUNT" && len(got) > 26 {
			t.Errorf("%s: %s", tail, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for rule, want := range map[string]string{
		"":                               `the part "" is not supported`,
		"BYDAY=MO":                       "FREQ is missing",
		"FREQ=HOURLY":                    `FREQ: "HOURLY" is not supported: DAILY, WEEKLY, MONTHLY or YEARLY`,
		"freq=DAILY":                     `the part "freq=DAILY" is not supported`,
		"RRULE:FREQ=DAILY":               `the part "RRULE:FREQ=DAILY" is not supported`,
		"FREQ=DAILY;FREQ=DAILY":          "FREQ is there twice",
		"FREQ=DAILY;WKST=SU":             `the part "WKST=SU" is not supported`,
		"FREQ=DAILY;BYSETPOS=1":          `the part "BYSETPOS=1" is not supported`,
		"FREQ=DAILY;INTERVAL=0":          `INTERVAL: "0" is no whole number from 1 to 1000`,
		"FREQ=DAILY;COUNT=x":             `COUNT: "x" is no whole number from 1 to 10000`,
		"FREQ=DAILY;UNTIL=20260101T0000": `UNTIL: "20260101T0000" is no time in UTC, such as 20300601T000000Z`,
		"FREQ=DAILY;COUNT=1;UNTIL=20260101T000000Z": "COUNT and UNTIL exclude each other",
		"FREQ=WEEKLY;BYDAY=XX":                      `BYDAY: "XX" is no day of the week, such as MO`,
		"FREQ=WEEKLY;BYDAY=":                        `BYDAY: "" is no day of the week, such as MO`,
		"FREQ=MONTHLY;BYDAY=0MO":                    `BYDAY: "0MO" is no day of a month, such as 2MO or -1FR`,
		"FREQ=MONTHLY;BYMONTHDAY=0":                 "BYMONTHDAY: 0 is none of them",
		"FREQ=MONTHLY;BYMONTHDAY=32":                `BYMONTHDAY: "32" is no whole number from -31 to 31`,
		"FREQ=YEARLY;BYMONTH=13":                    `BYMONTH: "13" is no whole number from 1 to 12`,
		"FREQ=WEEKLY;BYDAY=2MO":                     "BYDAY counts days only within a month",
		"FREQ=WEEKLY;BYMONTHDAY=2":                  "FREQ=WEEKLY has no BYMONTHDAY",
		"FREQ=YEARLY;BYDAY=MO":                      "FREQ=YEARLY with BYDAY is only supported with BYMONTH",
	} {
		if _, err := Parse(rule); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", rule, err, want)
		}
	}
}
