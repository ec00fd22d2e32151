package holiday

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestBetween(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"2025-06-01", "2025-06-30", "현충일 06-06+1"},
		{"2025-10-01", "2025-10-10", "국군의날 10-01+1? 개천절 10-03+1 추석 10-05+3 대체공휴일 10-08+1 한글날 10-09+1"},
		// One that lasts into the range, and one that starts at its end.
		{"2026-02-18", "2026-02-19", "설날 02-16+3"},
		{"2026-02-19", "2026-03-01", ""},
		{"2025-05-05", "2025-05-06", "부처님오신날 05-05+1 어린이날 05-05+1"},
		{"2031-12-25", "2032-01-02", "크리스마스 12-25+1 신정 01-01+1"},
	} {
		var words []string
		for _, h := range Between(day(t, c.from), day(t, c.to)) {
			word := h.Title + " " + h.Start.Format("01-02") + "+" + string(rune('0'+int(h.End.Sub(h.Start).Hours())/24))
			if !h.DayOff {
				word += "?"
			}
			words = append(words, word)
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	form := regexp.MustCompile(`^S[0-9a-f]{24}$`)
	ids := map[string]bool{}
	for year := 2024; year <= 2027; year++ {
		from := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		all := Between(from, from.AddDate(1, 0, 0))
		for _, title := range []string{newYear, buddha, harvest} {
			if n := slices.IndexFunc(all, func(h Holiday) bool { return h.Title == title }); n < 0 {
				t.Errorf("%d has no %s", year, title)
			}
		}
		for _, h := range all {
			if !form.MatchString(h.ID) || ids[h.ID] {
				t.Errorf("%s %s has the ID %s", h.Start, h.Title, h.ID)
			}
			ids[h.ID] = true
			if h.Title == substitute && (h.Start.Weekday() == time.Saturday || h.Start.Weekday() == time.Sunday) {
				t.Errorf("the substitute holiday %s is on a weekend", h.Start)
			}
		}
	}
}
