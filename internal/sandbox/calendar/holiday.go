package calendar

import (
	"net/http"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar/holiday"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// holidayRoutes is the admin key's route about Korea's holidays.
func holidayRoutes() []platform.Route {
	return []platform.Route{{
		Methods: []string{http.MethodGet}, Path: "holidays", Accepts: platform.AdminKey, Category: categoryHolidays,
		APIType: "TALK_CALENDAR_HOLIDAYS", Handle: getHolidays,
		Params: []platform.Param{{Name: "from", Kind: platform.Text(), Required: true}, {Name: "to", Kind: platform.Text(), Required: true}},
	}}
}

// getHolidays is GET /v2/api/calendar/holidays. Its times name no zone.
func getHolidays(r *platform.Request) (any, *platform.Failure) {
	from, to, e := sentRange(r)
	if e != nil {
		return nil, e
	}
	days := []map[string]any{}
	for _, h := range holiday.Between(from, to) {
		days = append(days, map[string]any{
			"id": h.ID, "title": h.Title, "holiday": h.DayOff,
			"time": map[string]any{"start_at": platform.WireTime(h.Start), "end_at": platform.WireTime(h.End), "all_day": true},
		})
	}
	return map[string]any{"events": days}, nil
}
