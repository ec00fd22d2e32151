package calendar

import "github.com/kakaorpc/kakaorpc/internal/sandbox/platform"

// showCalendars is GET /__sandbox__/calendars: what everybody has, by the name
// of the person, and the public events of channels with those who follow them.
func showCalendars(st *platform.State, _ []byte) (any, *platform.ControlError) {
	people := map[string]any{}
	followers := map[*Event][]string{}
	for _, u := range st.Users {
		book := Of(st).Of(u)
		for _, e := range book.follows {
			followers[e] = append(followers[e], u.Name)
		}
		if len(book.SubCalendars)+len(book.events)+len(book.follows)+len(book.subscriptions) == 0 {
			continue
		}
		calendars, subscriptions := []string{PrimaryCalendar}, []string{}
		for _, c := range book.SubCalendars {
			calendars = append(calendars, c.ID)
		}
		for _, c := range book.subscriptions {
			subscriptions = append(subscriptions, c.ID)
		}
		people[u.Name] = map[string]any{"calendars": calendars, "subscriptions": subscriptions, "events": showSeries(book.events)}
	}
	public := showSeries(Of(st).public)
	for i, e := range Of(st).public {
		public[i]["channel_public_id"], public[i]["followers"] = e.Channel, append([]string{}, followers[e]...)
	}
	return map[string]any{"people": people, "public_events": public}, nil
}

// showSeries are events as they are kept: one entry for a series.
func showSeries(events []*Event) []map[string]any {
	shown := []map[string]any{}
	for _, e := range events {
		row := map[string]any{
			"id": e.id, "title": e.Title, "calendar_id": e.CalendarID, "guest": e.Guest,
			"start_at": platform.WireTime(e.Time.start), "end_at": platform.WireTime(e.Time.end), "occurrences_gone": len(e.excluded),
		}
		if e.Rule != nil {
			row["rrule"] = e.Rule.String()
		}
		shown = append(shown, row)
	}
	return shown
}
