package sandbox

import (
	"net/http"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/holiday"
)

// holidayRoutes is the admin key's route about Korea's holidays.
func holidayRoutes() []route {
	return []route{{
		methods: []string{http.MethodGet}, path: "holidays", accepts: adminKey, category: categoryHolidays,
		apiType: "TALK_CALENDAR_HOLIDAYS", handle: getHolidays,
		params: []param{{name: "from", kind: text(), required: true}, {name: "to", kind: text(), required: true}},
	}}
}

// getHolidays is GET /v2/api/calendar/holidays. Its times name no zone.
func getHolidays(r *request) (any, *kakaoError) {
	from, to, e := sentRange(r)
	if e != nil {
		return nil, e
	}
	days := []map[string]any{}
	for _, h := range holiday.Between(from, to) {
		days = append(days, map[string]any{
			"id": h.ID, "title": h.Title, "holiday": h.DayOff,
			"time": map[string]any{"start_at": wireTime(h.Start), "end_at": wireTime(h.End), "all_day": true},
		})
	}
	return map[string]any{"events": days}, nil
}
