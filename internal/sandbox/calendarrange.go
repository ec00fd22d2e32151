package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"
)

const (
	maxEventRange  = 31 * 24 * time.Hour
	maxEventPage   = 1000
	usualEventPage = 100
)

// rangeParams are the parameters of the two lists of events.
func rangeParams() []param {
	return []param{
		{name: "preset", kind: enum("TODAY", "THIS_WEEK", "THIS_MONTH")},
		{name: "time_zone", kind: text()},
		{name: "from", kind: text()},
		{name: "to", kind: text()},
		{name: "limit", kind: integer(1, maxEventPage)},
		{name: "next_page_token", kind: text()},
	}
}

// eventPage is a page of a list: what next_page_token carries.
type eventPage struct {
	List  string    `json:"list"`
	Scope string    `json:"scope"` // a calendar or channel, or none
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Limit int       `json:"limit"`
	Skip  int       `json:"skip"`
}

// readPage reads which page the caller wants. A token stands for all other
// parameters, a preset for range and limit.
func readPage(r *request, scope string) (eventPage, *kakaoError) {
	page := eventPage{List: r.route.path, Scope: r.text(scope), Limit: usualEventPage}
	var e *kakaoError
	switch {
	case r.text("next_page_token") != "":
		return readPageToken(r)
	case r.has("preset"):
		page.From, page.To, e = presetRange(r)
		return page, e
	}
	page.Limit = int(r.int64("limit", usualEventPage))
	page.From, page.To, e = sentRange(r)
	return page, e
}

func readPageToken(r *request) (eventPage, *kakaoError) {
	var page eventPage
	text, err := base64.RawURLEncoding.DecodeString(r.text("next_page_token"))
	if err != nil || json.Unmarshal(text, &page) != nil || page.List != r.route.path || page.Limit < 1 || page.Skip < 0 {
		return page, newFailure("-2", unsatisfied("next_page_token", "must be taken from an after_url of this list"))
	}
	return page, nil
}

// presetRange works a preset out in the zone of the caller. A week starts on
// Sunday.
func presetRange(r *request) (from, to time.Time, e *kakaoError) {
	zone, e := taskZone("time_zone", r.text("time_zone"))
	if e != nil {
		return from, to, e
	}
	now := r.now.In(zone)
	midnight := func(day int) time.Time { return time.Date(now.Year(), now.Month(), day, 0, 0, 0, 0, zone) }
	switch r.text("preset") {
	case "TODAY":
		return midnight(now.Day()), midnight(now.Day() + 1), nil
	case "THIS_WEEK":
		sunday := now.Day() - int(now.Weekday())
		return midnight(sunday), midnight(sunday + 7), nil
	}
	return midnight(1), midnight(1).AddDate(0, 1, 0), nil
}

// sentRange reads from and to: at most 31 days.
func sentRange(r *request) (from, to time.Time, e *kakaoError) {
	if from, e = sentMoment(r, "from"); e != nil {
		return from, to, e
	}
	if to, e = sentMoment(r, "to"); e != nil {
		return from, to, e
	}
	switch {
	case !to.After(from):
		e = newFailure("-2", unsatisfied("to", "must be later than from"))
	case to.Sub(from) > maxEventRange:
		e = newFailure("-2", unsatisfied("to", "must be at most 31 days after from"))
	}
	return from, to, e
}

// sentMoment reads a parameter that is a time in UTC.
func sentMoment(r *request, name string) (time.Time, *kakaoError) {
	if !r.has(name) {
		return time.Time{}, kapiParameterFailure(problem{reason: isMissing, name: name})
	}
	at, err := time.Parse("2006-01-02T15:04:05Z", r.text(name))
	if err != nil {
		return at, unparsed(name, r.text(name))
	}
	return at, nil
}

// answer cuts the page out of the list. Its URL of the next page also names the
// scope, as Kakao's does.
func (p eventPage) answer(r *request, scope string, events []*calendarEvent, show func(occurrence) map[string]any) map[string]any {
	all := occurrencesOf(events, p.From, p.To)
	start := min(p.Skip, len(all))
	end := min(start+p.Limit, len(all))
	shown := []map[string]any{}
	for _, o := range all[start:end] {
		shown = append(shown, show(o))
	}
	answer := map[string]any{"events": shown, "has_next": end < len(all)}
	if end < len(all) {
		next := p
		next.Skip = end
		text, _ := json.Marshal(next) // texts, numbers and times always encode
		query := url.Values{"next_page_token": {base64.RawURLEncoding.EncodeToString(text)}}
		if p.Scope != "" {
			query.Set(scope, p.Scope)
		}
		answer["after_url"] = "https://" + r.route.host + r.route.path + "?" + query.Encode()
	}
	return answer
}
