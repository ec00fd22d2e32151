package sandbox

// showCalendars is GET /__sandbox__/calendars: what everybody has, by the name
// of the person, and the public events of channels with those who follow them.
func showCalendars(st *state, _ []byte) (any, *controlError) {
	people := map[string]any{}
	followers := map[*calendarEvent][]string{}
	for _, u := range st.users {
		book := st.calendars.of(u)
		for _, e := range book.follows {
			followers[e] = append(followers[e], u.name)
		}
		if len(book.subCalendars)+len(book.events)+len(book.follows)+len(book.subscriptions) == 0 {
			continue
		}
		calendars, subscriptions := []string{primaryCalendar}, []string{}
		for _, c := range book.subCalendars {
			calendars = append(calendars, c.id)
		}
		for _, c := range book.subscriptions {
			subscriptions = append(subscriptions, c.id)
		}
		people[u.name] = map[string]any{"calendars": calendars, "subscriptions": subscriptions, "events": showSeries(book.events)}
	}
	public := showSeries(st.calendars.public)
	for i, e := range st.calendars.public {
		public[i]["channel_public_id"], public[i]["followers"] = e.channel, append([]string{}, followers[e]...)
	}
	return map[string]any{"people": people, "public_events": public}, nil
}

// showSeries are events as they are kept: one entry for a series.
func showSeries(events []*calendarEvent) []map[string]any {
	shown := []map[string]any{}
	for _, e := range events {
		row := map[string]any{
			"id": e.id, "title": e.title, "calendar_id": e.calendarID, "guest": e.guest,
			"start_at": wireTime(e.time.start), "end_at": wireTime(e.time.end), "occurrences_gone": len(e.excluded),
		}
		if e.rule != nil {
			row["rrule"] = e.rule.String()
		}
		shown = append(shown, row)
	}
	return shown
}
