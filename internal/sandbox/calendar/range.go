package calendar

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const (
	maxEventRange  = 31 * 24 * time.Hour
	maxEventPage   = 1000
	usualEventPage = 100
)

// rangeParams are the parameters of the two lists of events.
func rangeParams() []platform.Param {
	return []platform.Param{
		{Name: "preset", Kind: platform.Enum("TODAY", "THIS_WEEK", "THIS_MONTH")},
		{Name: "time_zone", Kind: platform.Text()},
		{Name: "from", Kind: platform.Text()},
		{Name: "to", Kind: platform.Text()},
		{Name: "limit", Kind: platform.Integer(1, maxEventPage)},
		{Name: "next_page_token", Kind: platform.Text()},
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
func readPage(r *platform.Request, scope string) (eventPage, *platform.Failure) {
	page := eventPage{List: r.Route.Path, Scope: r.Text(scope), Limit: usualEventPage}
	var e *platform.Failure
	switch {
	case r.Text("next_page_token") != "":
		return readPageToken(r)
	case r.Has("preset"):
		page.From, page.To, e = presetRange(r)
		return page, e
	}
	page.Limit = int(r.Int64("limit", usualEventPage))
	page.From, page.To, e = sentRange(r)
	return page, e
}

func readPageToken(r *platform.Request) (eventPage, *platform.Failure) {
	var page eventPage
	text, err := base64.RawURLEncoding.DecodeString(r.Text("next_page_token"))
	if err != nil || json.Unmarshal(text, &page) != nil || page.List != r.Route.Path || !page.possible() {
		return page, platform.NewFailure("-2", platform.Unsatisfied("next_page_token", "must be taken from an after_url of this list"))
	}
	return page, nil
}

// possible says whether this sandbox could have made the page. A month in which
// clocks go back is longer than its days.
func (p eventPage) possible() bool {
	return p.Limit >= 1 && p.Limit <= maxEventPage && p.Skip >= 0 && p.To.Sub(p.From) <= maxEventRange+24*time.Hour
}

// presetRange works a preset out in the zone of the caller. A week starts on
// Sunday.
func presetRange(r *platform.Request) (from, to time.Time, e *platform.Failure) {
	zone, e := ZoneOf("time_zone", r.Text("time_zone"))
	if e != nil {
		return from, to, e
	}
	now := r.Now.In(zone)
	midnight := func(day int) time.Time { return time.Date(now.Year(), now.Month(), day, 0, 0, 0, 0, zone) }
	switch r.Text("preset") {
	case "TODAY":
		return midnight(now.Day()), midnight(now.Day() + 1), nil
	case "THIS_WEEK":
		sunday := now.Day() - int(now.Weekday())
		return midnight(sunday), midnight(sunday + 7), nil
	}
	return midnight(1), midnight(1).AddDate(0, 1, 0), nil
}

// sentRange reads from and to: at most 31 days.
func sentRange(r *platform.Request) (from, to time.Time, e *platform.Failure) {
	if from, e = sentMoment(r, "from"); e != nil {
		return from, to, e
	}
	if to, e = sentMoment(r, "to"); e != nil {
		return from, to, e
	}
	switch {
	case !to.After(from):
		e = platform.NewFailure("-2", platform.Unsatisfied("to", "must be later than from"))
	case to.Sub(from) > maxEventRange:
		e = platform.NewFailure("-2", platform.Unsatisfied("to", "must be at most 31 days after from"))
	}
	return from, to, e
}

// sentMoment reads a parameter that is a time in UTC.
func sentMoment(r *platform.Request, name string) (time.Time, *platform.Failure) {
	if e := r.Needs(name); e != nil {
		return time.Time{}, e
	}
	at, err := time.Parse("2006-01-02T15:04:05Z", r.Text(name))
	if err != nil {
		return at, Unparsed(name, r.Text(name))
	}
	return at, nil
}

// answer cuts the page out of the list. Its URL of the next page also names the
// scope, as Kakao's does.
func (p eventPage) answer(r *platform.Request, scope string, events []*Event, show func(Occurrence) map[string]any) map[string]any {
	all := OccurrencesOf(events, p.From, p.To)
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
		answer["after_url"] = "https://" + r.Route.Host + r.Route.Path + "?" + query.Encode()
	}
	return answer
}
