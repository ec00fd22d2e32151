package calendar_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

const calendarBase = "/v2/api/calendar/"

// world is a sandbox with the calls that these tests make often.
type world struct{ *sandboxtest.World }

// delete calls with the parameters in the query.
func (w *world) delete(path, authorization string, pairs ...string) sandboxtest.Answer {
	w.T.Helper()
	return w.Call(http.MethodDelete, path, authorization, sandboxtest.Values(pairs...))
}

// eventJSON is the parameter event.
func eventJSON(t *testing.T, members map[string]any) string {
	t.Helper()
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// at is the member time of an event.
func at(start, end string) map[string]any {
	return map[string]any{"start_at": start, "end_at": end, "time_zone": "Asia/Seoul"}
}

// events lists a range and returns each event as "start title", and the IDs.
func (w *world) events(who string, pairs ...string) (shown, ids []string) {
	w.T.Helper()
	for _, e := range w.OK(w.Get(calendarBase+"events", who, pairs...))["events"].([]any) {
		event := e.(map[string]any)
		start := event["time"].(map[string]any)["start_at"].(string)
		title, _ := event["title"].(string)
		id, _ := event["id"].(string)
		shown = append(shown, start[5:16]+" "+title)
		ids = append(ids, id)
	}
	return shown, ids
}

// wantEvents compares a range of the calendar with the lines given.
func (w *world) wantEvents(who string, pairs []string, want ...string) []string {
	w.T.Helper()
	shown, ids := w.events(who, pairs...)
	if !slices.Equal(shown, want) {
		w.T.Errorf("events %q, want %q", shown, want)
	}
	return ids
}

func TestCalendars(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	mina := w.Bearer("mina")
	list := func(pairs ...string) map[string]any { return w.OK(w.Get(calendarBase+"calendars", mina, pairs...)) }
	all := list()
	if len(all["calendars"].([]any)) != 3 || len(all["subscribe_calendars"].([]any)) != 1 {
		t.Fatalf("calendars %v", all)
	}
	if primary := all["calendars"].([]any)[0].(map[string]any); len(primary) != 1 || primary["id"] != "primary" {
		t.Errorf("the default calendar is %v", primary)
	}
	if foreign := all["calendars"].([]any)[2].(map[string]any); len(foreign) != 1 {
		t.Errorf("a calendar of another service shows %v", foreign)
	}
	if one := list("filter", "SUBSCRIBE"); one["calendars"] != nil || len(one["subscribe_calendars"].([]any)) != 1 {
		t.Errorf("filter SUBSCRIBE: %v", one)
	}
	if one := list("filter", "USER"); one["subscribe_calendars"] != nil || len(list("filter", "USER,SUBSCRIBE")) != 2 {
		t.Errorf("filter USER: %v", one)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"calendars", mina, "filter", "TEAM"), 400, "-2")

	create := func(pairs ...string) sandboxtest.Answer {
		return w.Post(calendarBase+"create/calendar", mina, pairs...)
	}
	for _, bad := range [][]string{
		{"name", "동네 모임"}, {"name", strings.Repeat("가", 51)}, {"name", " "}, {"name", ""}, {},
		{"name", "새", "color", "BLACK"}, {"name", "새", "reminder", "7"}, {"name", "새", "reminder", "43205"}, {"name", "새", "reminder", "-5"},
		{"name", "새", "reminder_all_day", "-1445"},
	} {
		sandboxtest.WantFailure(t, create(bad...), 400, "-2")
	}
	second := w.OK(create("name", strings.Repeat("가", 50), "reminder", "0", "reminder_all_day", "-1440"))["calendar_id"].(string)
	if !regexp.MustCompile(`^user_[0-9a-f]{24}$`).MatchString(second) {
		t.Errorf("calendar_id %q", second)
	}
	third := w.OK(create("name", "셋째", "reminder", "null"))["calendar_id"].(string)
	if o := sandboxtest.WantFailure(t, create("name", "넷째"), 400, "-2"); !strings.Contains(o["msg"].(string), "3 sub-calendars") {
		t.Errorf("body %v", o)
	}
	update := func(pairs ...string) sandboxtest.Answer {
		return w.Post(calendarBase+"update/calendar", mina, pairs...)
	}
	w.OK(update("calendar_id", second, "name", "둘째", "color", "MINT", "reminder", "null", "reminder_all_day", ""))
	if got := list()["calendars"].([]any)[3].(map[string]any); fmt.Sprint(got) != fmt.Sprint(map[string]any{"id": second, "name": "둘째", "color": "MINT"}) {
		t.Errorf("after the change: %v", got)
	}
	w.OK(update("calendar_id", second, "name", "둘째")) // its own name is not taken
	sandboxtest.WantFailure(t, update("calendar_id", third, "name", "둘째"), 400, "-2")
	foreign, subscribed := all["calendars"].([]any)[2].(map[string]any)["id"].(string), all["subscribe_calendars"].([]any)[0].(map[string]any)["id"].(string)
	for _, id := range []string{"primary", foreign, subscribed} {
		sandboxtest.WantFailure(t, update("calendar_id", id, "name", "x"), 400, "-2")
		sandboxtest.WantFailure(t, w.delete(calendarBase+"delete/calendar", mina, "calendar_id", id), 400, "-2")
	}
	sandboxtest.WantFailure(t, update("calendar_id", "user_000000000000000000000000"), 400, "-520")

	// The events of a calendar go with it.
	own := all["calendars"].([]any)[1].(map[string]any)["id"].(string)
	if shown, _ := w.events(mina, "preset", "THIS_MONTH", "calendar_id", own); len(shown) == 0 {
		t.Error("the seeded calendar is empty")
	}
	if got := w.OK(w.delete(calendarBase+"delete/calendar", mina, "calendar_id", own)); got["calendar_id"] != own {
		t.Errorf("deleted %v", got)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"events", mina, "preset", "THIS_MONTH", "calendar_id", own), 400, "-520")
	if shown, _ := w.events(mina, "preset", "THIS_MONTH"); slices.ContainsFunc(shown, func(e string) bool { return strings.HasSuffix(e, "독서 모임") }) {
		t.Errorf("events of a deleted calendar: %v", shown)
	}
	sandboxtest.WantFailure(t, w.delete(calendarBase+"delete/calendar", mina, "calendar_id", own), 400, "-520")
}

func TestCalendarCallers(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	if o := sandboxtest.WantFailure(t, w.Get(calendarBase+"calendars", w.Bearer("joon")), 403, "-402"); fmt.Sprint(o["required_scopes"]) != "[talk_calendar]" {
		t.Errorf("body %v", o)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"calendars", w.Admin()), 401, "-401")
	sandboxtest.WantFailure(t, w.Get(calendarBase+"public/events", w.Bearer("mina"), "preset", "TODAY"), 401, "-401")
	for _, path := range []string{"public/events", "subscribable/calendars", "holidays"} {
		sandboxtest.WantFailure(t, w.Get(calendarBase+path, "KakaoAK "+w.Keys.LimitedAdminKey, "preset", "TODAY"), 403, "-3")
	}
	w.Control(http.MethodPost, "talk", `{"user":"haru","uses_talk":false}`)
	sandboxtest.WantFailure(t, w.Get(calendarBase+"calendars", w.Bearer("haru")), 400, "-501")

	// Without permission the app may call for its own team only.
	team := &world{sandboxtest.New(t, sandbox.Options{CalendarOfTeamOnly: true})}
	team.OK(team.Get(calendarBase+"calendars", team.Bearer("haru")))
	team.OK(team.Get("/v1/api/calendar/"+"tasks", team.Bearer("haru"), "task_id", "7e57a5c00000000000000021"))
	team.Control(http.MethodPost, "talk", `{"user":"haru","team_member":false}`)
	sandboxtest.WantFailure(t, team.Get(calendarBase+"calendars", team.Bearer("haru")), 403, "-5")
	sandboxtest.WantFailure(t, team.Get("/v1/api/calendar/"+"tasks", team.Bearer("haru"), "task_id", "7e57a5c00000000000000021"), 403, "-5")
	sandboxtest.WantFailure(t, team.Get(calendarBase+"public/events", team.Admin(), "preset", "TODAY"), 403, "-5")
}

func TestEvents(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	haru := w.Bearer("haru")
	// No date of the seed lies in June.
	june := []string{"from", "2026-06-01T00:00:00Z", "to", "2026-07-01T00:00:00Z"}
	calendar := w.OK(w.Post(calendarBase+"create/calendar", haru, "name", "모임", "color", "LIME", "reminder", "15", "reminder_all_day", "-540"))["calendar_id"].(string)
	create := func(calendarID string, members map[string]any) sandboxtest.Answer {
		pairs := []string{"event", eventJSON(t, members)}
		if calendarID != "" {
			pairs = append(pairs, "calendar_id", calendarID)
		}
		return w.Post(calendarBase+"create/event", haru, pairs...)
	}
	everything := map[string]any{
		"title": "회의", "time": map[string]any{"start_at": "2026-06-05T11:00:00+09:00", "end_at": "2026-06-05T03:30:00Z", "all_day": false, "lunar": false},
		"description": "", "location": map[string]any{"name": "방", "location_id": 18577297, "address": "가람로 1", "latitude": 37.5, "longitude": 127.03},
		"reminders": []int{0, 43200}, "color": "RED",
	}
	id := w.OK(create("", everything))["event_id"].(string)
	get := func(id string) map[string]any {
		return w.OK(w.Get(calendarBase+"event", haru, "event_id", id))["event"].(map[string]any)
	}
	want := `{"calendar_id":"primary","color":"RED","description":"","id":"` + id + `","is_host":true,"is_recur_event":false,` +
		`"location":{"address":"가람로 1","latitude":37.5,"location_id":18577297,"longitude":127.03,"name":"방"},"reminders":[0,43200],` +
		`"time":{"all_day":false,"end_at":"2026-06-05T03:30:00Z","start_at":"2026-06-05T02:00:00Z","time_zone":"Asia/Seoul"},"title":"회의","type":"USER"}`
	if got, _ := json.Marshal(get(id)); string(got) != want {
		t.Errorf("event %s\nwant  %s", got, want)
	}
	// Colour and reminder of the calendar, by the kind of event.
	timed := get(w.OK(create(calendar, map[string]any{"title": "점심", "time": at("2026-06-06T03:00:00Z", "2026-06-06T04:00:00Z")}))["event_id"].(string))
	allDay := get(w.OK(create(calendar, map[string]any{"title": "여행", "time": map[string]any{
		"start_at": "2026-06-06T00:00:00Z", "end_at": "2026-06-08T00:00:00Z", "all_day": true, "lunar": true}}))["event_id"].(string))
	if timed["color"] != "LIME" || fmt.Sprint(timed["reminders"]) != "[15]" || fmt.Sprint(allDay["reminders"]) != "[-540]" || allDay["time"].(map[string]any)["lunar"] != true {
		t.Errorf("events %v, %v", timed, allDay)
	}
	w.wantEvents(haru, june, "06-05T02:00 회의", "06-06T00:00 여행", "06-06T03:00 점심")
	w.wantEvents(haru, slices.Concat(june, []string{"calendar_id", "primary"}), "06-05T02:00 회의")
	// What touches two ranges is in both; what only borders on one is not.
	w.wantEvents(haru, []string{"from", "2026-06-05T03:00:00Z", "to", "2026-06-06T00:00:00Z"}, "06-05T02:00 회의")
	w.wantEvents(haru, []string{"from", "2026-06-05T00:00:00Z", "to", "2026-06-05T03:00:00Z"}, "06-05T02:00 회의")
	w.wantEvents(haru, []string{"from", "2026-06-05T03:30:00Z", "to", "2026-06-06T00:00:00Z"})

	for about, change := range map[string]map[string]any{
		"no title": {"title": nil}, "empty title": {"title": ""}, "long title": {"title": strings.Repeat("가", 51)}, "no time": {"time": nil},
		"wrong type": {"title": 7}, "unknown member": {"memo": "x"}, "unknown member within": {"location": map[string]any{"zip": "1"}},
		"long description": {"description": strings.Repeat("가", 5001)}, "long place": {"location": map[string]any{"name": strings.Repeat("가", 101)}},
		"three reminders": {"reminders": []int{5, 10, 15}}, "odd reminder": {"reminders": []int{7}}, "late reminder": {"reminders": []int{-5}},
		"early reminder": {"reminders": []int{43205}}, "colour": {"color": "red"},
		"minute": {"time": at("2026-06-05T02:01:00Z", "2026-06-05T03:00:00Z")}, "second": {"time": at("2026-06-05T02:00:00Z", "2026-06-05T03:00:01Z")},
		"no end": {"time": map[string]any{"start_at": "2026-06-05T02:00:00Z"}}, "no length": {"time": at("2026-06-05T02:00:00Z", "2026-06-05T02:00:00Z")},
		"basic form":  {"time": at("20260605T020000Z", "20260605T030000Z")},
		"zone":        {"time": map[string]any{"start_at": "2026-06-05T02:00:00Z", "end_at": "2026-06-05T03:00:00Z", "time_zone": "Seoul"}},
		"no midnight": {"time": map[string]any{"start_at": "2026-06-05T15:00:00Z", "end_at": "2026-06-06T15:00:00Z", "all_day": true}},
		"rule":        {"rrule": "FREQ=HOURLY"}, "rule without occurrence": {"rrule": "FREQ=DAILY;UNTIL=20260101T000000Z"},
		"lunar rule": {"rrule": "FREQ=YEARLY", "time": map[string]any{"start_at": "2026-06-05T00:00:00Z", "end_at": "2026-06-06T00:00:00Z", "all_day": true, "lunar": true}},
	} {
		t.Run(about, func(t *testing.T) {
			members := maps.Clone(everything)
			for name, value := range change {
				if members[name] = value; value == nil {
					delete(members, name)
				}
			}
			if o := sandboxtest.WantFailure(t, create("", members), 400, "-2"); !strings.HasPrefix(o["msg"].(string), "Constraints on the parameter [event]") {
				t.Errorf("body %v", o)
			}
		})
	}
	sandboxtest.WantFailure(t, w.Post(calendarBase+"create/event", haru, "event", `{"title":null}`), 400, "-2")
	sandboxtest.WantFailure(t, w.Post(calendarBase+"create/event", haru, "event", `[1]`), 400, "-2")
	sandboxtest.WantFailure(t, create("user_000000000000000000000000", everything), 400, "-520")
	w.wantEvents(haru, june, "06-05T02:00 회의", "06-06T00:00 여행", "06-06T03:00 점심")

	// An update keeps what it leaves out, and may move the event.
	update := func(pairs ...string) sandboxtest.Answer {
		return w.Post(calendarBase+"update/event/host", haru, pairs...)
	}
	if got := w.OK(update("event_id", id, "event", `{"title":"긴 회의","reminders":[10]}`, "calendar_id", calendar)); got["event_id"] != id {
		t.Errorf("updated %v", got)
	}
	if got := get(id); got["title"] != "긴 회의" || got["calendar_id"] != calendar || got["color"] != "RED" || fmt.Sprint(got["reminders"]) != "[10]" {
		t.Errorf("after the update: %v", got)
	}
	w.OK(update("event_id", id, "calendar_id", "primary", "recur_update_type", "THIS"))
	for _, bad := range [][]string{
		{"event_id", id}, {"event_id", id, "event", `{"title":""}`}, {"event_id", id, "calendar_id", "primary", "recur_update_type", "SOME"},
	} {
		sandboxtest.WantFailure(t, update(bad...), 400, "-2")
	}
	sandboxtest.WantFailure(t, update("event_id", id, "calendar_id", "user_000000000000000000000000"), 400, "-520")
	sandboxtest.WantFailure(t, update("event_id", "000000000000000000000000", "calendar_id", "primary"), 400, "-520")
	sandboxtest.WantFailure(t, w.Get(calendarBase+"event", haru, "event_id", id+"_20260605T020000Z"), 400, "-520")

	if got := w.OK(w.delete(calendarBase+"delete/event", haru, "event_id", id)); got["event_id"] != id {
		t.Errorf("deleted %v", got)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"event", haru, "event_id", id), 400, "-520")
	sandboxtest.WantFailure(t, w.delete(calendarBase+"delete/event", haru, "event_id", id), 400, "-520")
	if a := w.delete(calendarBase+"delete/event", haru, "event_id", timed["id"].(string), "recur_update_type", "ALL"); a.Status != 200 || len(a.Body) != 0 {
		t.Errorf("a single event deleted with recur_update_type: %d %s", a.Status, a.Body)
	}
	w.wantEvents(haru, june, "06-06T00:00 여행")
}

// series makes a recurring event of haru in June and returns the IDs of its
// first occurrences.
func (w *world) series(members map[string]any) (id string, ids []string) {
	w.T.Helper()
	id = w.OK(w.Post(calendarBase+"create/event", w.Bearer("haru"), "event", eventJSON(w.T, members)))["event_id"].(string)
	_, ids = w.events(w.Bearer("haru"), "from", "2026-06-01T00:00:00Z", "to", "2026-07-01T00:00:00Z")
	return id, ids
}

func TestRecurringEvents(t *testing.T) {
	june := []string{"from", "2026-06-01T00:00:00Z", "to", "2026-07-01T00:00:00Z"}
	standup := map[string]any{"title": "모임", "time": at("2026-06-02T01:00:00Z", "2026-06-02T02:00:00Z"), "rrule": "FREQ=WEEKLY;BYDAY=TU;COUNT=5"}
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	id, ids := w.series(standup)
	if ids[1] != id+"_20260609T010000Z" || len(ids) != 5 {
		t.Fatalf("occurrences %v", ids)
	}
	haru := w.Bearer("haru")
	detail := w.OK(w.Get(calendarBase+"event", haru, "event_id", ids[1]))["event"].(map[string]any)
	if detail["rrule"] != "FREQ=WEEKLY;BYDAY=TU;COUNT=5" || detail["dt_start"] != "2026-06-02T01:00:00Z" || detail["is_recur_event"] != true ||
		detail["time"].(map[string]any)["start_at"] != "2026-06-09T01:00:00Z" {
		t.Errorf("event %v", detail)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"event", haru, "event_id", id), 400, "-2")
	sandboxtest.WantFailure(t, w.Get(calendarBase+"event", haru, "event_id", id+"_20260610T010000Z"), 400, "-520")
	sandboxtest.WantFailure(t, w.Get(calendarBase+"event", haru, "event_id", id+"_nonsense"), 400, "-520")
	sandboxtest.WantFailure(t, w.Post(calendarBase+"update/event/host", haru, "event_id", id, "recur_update_type", "ALL", "event", `{"title":"x"}`), 400, "-2")
	sandboxtest.WantFailure(t, w.Post(calendarBase+"update/event/host", haru, "event_id", ids[1], "event", `{"title":"x"}`), 400, "-2")
	sandboxtest.WantFailure(t, w.delete(calendarBase+"delete/event", haru, "event_id", ids[1]), 400, "-2")
	sandboxtest.WantFailure(t, w.Post(calendarBase+"update/event/host", haru, "event_id", ids[1], "recur_update_type", "THIS", "event", `{"rrule":"FREQ=DAILY"}`), 400, "-2")

	moved := eventJSON(t, map[string]any{"time": at("2026-06-10T03:00:00Z", "2026-06-10T03:30:00Z"), "title": "늦은 모임"})
	for _, c := range []struct {
		about, scope, event string // an empty event: delete
		want                []string
	}{
		{"one moved", "THIS", moved, []string{"06-02T01:00 모임", "06-10T03:00 늦은 모임", "06-16T01:00 모임", "06-23T01:00 모임", "06-30T01:00 모임"}},
		{"later ones renamed", "THIS_AND_FOLLOWING", `{"title":"새 모임"}`,
			[]string{"06-02T01:00 모임", "06-09T01:00 새 모임", "06-16T01:00 새 모임", "06-23T01:00 새 모임", "06-30T01:00 새 모임"}},
		{"later ones by another rule", "THIS_AND_FOLLOWING", `{"rrule":"FREQ=DAILY;COUNT=2"}`,
			[]string{"06-02T01:00 모임", "06-09T01:00 모임", "06-10T01:00 모임"}},
		{"all renamed", "ALL", `{"title":"새 모임"}`,
			[]string{"06-02T01:00 새 모임", "06-09T01:00 새 모임", "06-16T01:00 새 모임", "06-23T01:00 새 모임", "06-30T01:00 새 모임"}},
		{"all by an hour", "ALL", eventJSON(t, map[string]any{"time": at("2026-06-09T02:00:00Z", "2026-06-09T02:30:00Z")}),
			[]string{"06-02T02:00 모임", "06-09T02:00 모임", "06-16T02:00 모임", "06-23T02:00 모임", "06-30T02:00 모임"}},
		{"one gone", "THIS", "", []string{"06-02T01:00 모임", "06-16T01:00 모임", "06-23T01:00 모임", "06-30T01:00 모임"}},
		{"later ones gone", "THIS_AND_FOLLOWING", "", []string{"06-02T01:00 모임"}},
		{"all gone", "ALL", "", nil},
	} {
		t.Run(c.about, func(t *testing.T) {
			w := &world{sandboxtest.New(t, sandbox.Options{})}
			haru := w.Bearer("haru")
			_, ids := w.series(standup)
			var a sandboxtest.Answer
			if c.event == "" {
				a = w.delete(calendarBase+"delete/event", haru, "event_id", ids[1], "recur_update_type", c.scope)
			} else {
				a = w.Post(calendarBase+"update/event/host", haru, "event_id", ids[1], "recur_update_type", c.scope, "event", c.event)
			}
			if a.Status != 200 || len(a.Body) != 0 {
				t.Fatalf("status %d, body %s; want 200 and nothing", a.Status, a.Body)
			}
			w.wantEvents(haru, june, c.want...)
			if c.scope != "ALL" || c.event == "" {
				sandboxtest.WantFailure(t, w.Get(calendarBase+"event", haru, "event_id", ids[1]), 400, "-520")
			}
		})
	}

	// What is gone stays gone when the series moves; without the first there is none.
	w.delete(calendarBase+"delete/event", haru, "event_id", ids[2], "recur_update_type", "THIS")
	w.Post(calendarBase+"update/event/host", haru, "event_id", ids[3], "recur_update_type", "ALL",
		"event", eventJSON(t, map[string]any{"time": at("2026-06-24T01:00:00Z", "2026-06-24T02:00:00Z"), "rrule": "FREQ=WEEKLY;COUNT=5"}))
	ids = w.wantEvents(haru, june, "06-03T01:00 모임", "06-10T01:00 모임", "06-24T01:00 모임")
	w.delete(calendarBase+"delete/event", haru, "event_id", ids[0], "recur_update_type", "THIS_AND_FOLLOWING")
	w.wantEvents(haru, june)
}

// TestGoneOccurrences: what is deleted from a series stays in its count, does
// not follow an occurrence that has left it, and with the last one it is gone.
func TestGoneOccurrences(t *testing.T) {
	june := []string{"from", "2026-06-01T00:00:00Z", "to", "2026-07-01T00:00:00Z"}
	daily := map[string]any{"title": "약", "time": at("2026-06-02T01:00:00Z", "2026-06-02T01:30:00Z"), "rrule": "FREQ=DAILY;COUNT=3"}
	update := func(w *world, id, scope, event string) {
		w.Post(calendarBase+"update/event/host", w.Bearer("haru"), "event_id", id, "recur_update_type", scope, "event", event)
	}
	remove := func(w *world, id, scope string) {
		w.delete(calendarBase+"delete/event", w.Bearer("haru"), "event_id", id, "recur_update_type", scope)
	}

	t.Run("the first is gone and the series moves", func(t *testing.T) {
		w := &world{sandboxtest.New(t, sandbox.Options{})}
		_, ids := w.series(daily)
		remove(w, ids[0], "THIS")
		update(w, ids[1], "ALL", eventJSON(t, map[string]any{"time": at("2026-06-03T02:00:00Z", "2026-06-03T02:30:00Z")}))
		w.wantEvents(w.Bearer("haru"), june, "06-03T02:00 약", "06-04T02:00 약")
	})
	t.Run("one leaves the series and recurs by itself", func(t *testing.T) {
		w := &world{sandboxtest.New(t, sandbox.Options{})}
		_, ids := w.series(daily)
		remove(w, ids[1], "THIS")
		update(w, ids[0], "THIS", `{"title":"물"}`)
		_, listed := w.events(w.Bearer("haru"), june...)
		update(w, listed[0], "ALL", `{"rrule":"FREQ=DAILY;COUNT=2"}`)
		w.wantEvents(w.Bearer("haru"), june, "06-02T01:00 물", "06-03T01:00 물", "06-04T01:00 약")
	})
	for about, scope := range map[string]string{"one by one": "THIS", "the rest": "THIS_AND_FOLLOWING"} {
		t.Run("all deleted, "+about, func(t *testing.T) {
			w := &world{sandboxtest.New(t, sandbox.Options{})}
			series, ids := w.series(daily)
			remove(w, ids[2], "THIS")
			remove(w, ids[0], "THIS")
			remove(w, ids[1], scope)
			w.wantEvents(w.Bearer("haru"), june)
			sandboxtest.WantFailure(t, w.Get(calendarBase+"event", w.Bearer("haru"), "event_id", series), 400, "-520")
		})
	}
}

func TestAllDayRecurrence(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	_, ids := w.series(map[string]any{"title": "청소", "rrule": "FREQ=DAILY;INTERVAL=10;UNTIL=20260621T000000Z", "time": map[string]any{
		"start_at": "2026-06-01T00:00:00Z", "end_at": "2026-06-02T00:00:00Z", "time_zone": "America/New_York", "all_day": true}})
	if len(ids) != 3 || !strings.HasSuffix(ids[2], "_20260621T000000Z") {
		t.Errorf("occurrences %v", ids)
	}
	// A zone with summer time: the hour on the wall stays, that in UTC does not.
	w = &world{sandboxtest.New(t, sandbox.Options{})}
	w.series(map[string]any{"title": "통화", "rrule": "FREQ=MONTHLY", "time": map[string]any{
		"start_at": "2026-06-15T13:00:00Z", "end_at": "2026-06-15T14:00:00Z", "time_zone": "America/New_York"}})
	w.wantEvents(w.Bearer("haru"), []string{"from", "2026-11-10T00:00:00Z", "to", "2026-11-20T00:00:00Z"}, "11-15T14:00 통화")
}

func TestEventRanges(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	mina := w.Bearer("mina")
	for about, pairs := range map[string][]string{
		"nothing": {}, "no to": {"from", "2026-03-01T00:00:00Z"}, "no from": {"to", "2026-03-01T00:00:00Z"},
		"backwards": {"from", "2026-03-02T00:00:00Z", "to", "2026-03-01T00:00:00Z"},
		"too long":  {"from", "2026-03-01T00:00:00Z", "to", "2026-04-01T00:00:01Z"},
		"preset":    {"preset", "TOMORROW"}, "zone": {"preset", "TODAY", "time_zone", "Seoul"},
		"limit 0": {"preset", "TODAY", "limit", "0"}, "limit 1001": {"preset", "TODAY", "limit", "1001"},
		"token": {"next_page_token", "x"},
	} {
		if a := w.Get(calendarBase+"events", mina, pairs...); a.Status != 400 {
			t.Errorf("%s: %d %s", about, a.Status, a.Body)
		}
	}
	o := sandboxtest.WantFailure(t, w.Get(calendarBase+"events", mina, "from", "20260301T00:00:00Z", "to", "2026-03-01T00:00:00Z"), 400, "-2")
	if o["msg"] != "failed to parse parameter. name=from, stringToParse=20260301T00:00:00Z, paramString=20260301T00:00:00Z, paramStringAlias=null" {
		t.Errorf("body %v", o)
	}
	// The clock stands at Monday 2026-03-02, 10:02 in Seoul; still Sunday in New York.
	w.wantEvents(mina, []string{"preset", "TODAY"}, "03-02T00:00 나루 장터", "03-02T10:00 강변 산책", "03-02T11:00 독서 모임", "03-02T12:00 합창 연습")
	w.wantEvents(mina, []string{"preset", "TODAY", "time_zone", "America/New_York"}, "03-02T00:00 나루 장터")
	week := []string{"03-02T00:00 나루 장터", "03-02T10:00 강변 산책", "03-02T11:00 독서 모임", "03-02T12:00 합창 연습", "03-03T00:00 쉬는 날", "03-04T02:00 ", "03-05T09:00 하루네 집들이"}
	w.wantEvents(mina, []string{"preset", "THIS_WEEK"}, week...)
	if shown, _ := w.events(mina, "preset", "THIS_MONTH"); len(shown) < 15 || shown[0] != "03-02T00:00 나루 장터" || !strings.HasPrefix(shown[len(shown)-1], "03-3") {
		t.Errorf("this month: %v", shown)
	}

	// Page by page; what stands beside the token does not count.
	var paged []string
	pairs := []string{"from", "2026-02-28T15:00:00Z", "to", "2026-03-07T15:00:00Z", "limit", "2"}
	for range 10 {
		page := w.OK(w.Get(calendarBase+"events", mina, pairs...))
		shown, _ := w.events(mina, pairs...)
		paged = append(paged, shown...)
		if page["has_next"] == false {
			if page["after_url"] != nil {
				t.Errorf("the last page leads on: %v", page)
			}
			break
		}
		after, err := url.Parse(page["after_url"].(string))
		if err != nil || after.Host != "kapi.kakao.com" || after.Path != calendarBase+"events" {
			t.Fatalf("after_url %v", page["after_url"])
		}
		pairs = []string{"next_page_token", after.Query().Get("next_page_token"), "from", "2027-01-01T00:00:00Z", "limit", "1000"}
	}
	if !slices.Equal(paged, week) {
		t.Errorf("page by page %q", paged)
	}
	foreign := w.OK(w.Get(calendarBase+"events", mina, "preset", "THIS_WEEK", "calendar_id", "user_5eed00000000000000000c02"))["events"].([]any)
	if len(foreign) != 1 || len(foreign[0].(map[string]any)) != 1 {
		t.Errorf("events of another service: %v", foreign)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"event", mina, "event_id", "5eed00000000000000000e13"), 400, "-520")
	sandboxtest.WantFailure(t, w.delete(calendarBase+"delete/event", mina, "event_id", "5eed00000000000000000e13"), 400, "-520")
}

func TestGuestEvents(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	mina := w.Bearer("mina")
	const party, practice = "5eed00000000000000000e11", "5eed00000000000000000e12_20260302T120000Z"
	update := func(pairs ...string) sandboxtest.Answer {
		return w.Post(calendarBase+"update/event/guest", mina, pairs...)
	}
	if got := w.OK(update("event_id", party, "event", `{"color":"GREEN","reminders":[30],"memo":"선물"}`)); got["event_id"] != party {
		t.Errorf("updated %v", got)
	}
	detail := w.OK(w.Get(calendarBase+"event", mina, "event_id", party))["event"].(map[string]any)
	if detail["is_host"] != false || detail["memo"] != "선물" || detail["color"] != "GREEN" || detail["type"] != "USER" {
		t.Errorf("event %v", detail)
	}
	if a := update("event_id", practice, "recur_update_type", "ALL", "event", `{"memo":"악보"}`); a.Status != 200 || len(a.Body) != 0 {
		t.Errorf("a recurring event: %d %s", a.Status, a.Body)
	}
	for _, bad := range [][]string{
		{"event_id", party, "event", `{"title":"x"}`}, {"event_id", party}, {"event_id", practice, "event", `{"memo":"x"}`},
		{"event_id", "5eed00000000000000000e01", "event", `{"memo":"x"}`},                                               // her own
		{"event_id", party, "calendar_id", "user_5eed00000000000000000c02"},                                             // of another service
		{"event_id", "5eed00000000000000000f11_20260302T000000Z", "recur_update_type", "THIS", "event", `{"memo":"x"}`}, // of a channel
	} {
		sandboxtest.WantFailure(t, update(bad...), 400, "-2")
	}
	sandboxtest.WantFailure(t, w.Post(calendarBase+"update/event/host", mina, "event_id", party, "event", `{"title":"x"}`), 400, "-2")
}

func TestPublicEvents(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	admin, mina := w.Admin(), w.Bearer("mina")
	june := []string{"from", "2026-06-01T00:00:00Z", "to", "2026-07-01T00:00:00Z"}
	event := map[string]any{
		"title": "낭독회", "time": at("2026-06-05T02:00:00Z", "2026-06-05T04:00:00Z"), "reminders": []int{10},
		"banner":               map[string]any{"pc_image_url": "https://img.example.com/pc.png", "link": map[string]any{"web_url": "https://shop.example.com"}},
		"notification_message": map[string]any{"before_event_reminder": map[string]any{"button": map[string]any{"title": "보기"}}, "other": []any{1}},
	}
	create := func(channel string, members map[string]any) sandboxtest.Answer {
		return w.Post(calendarBase+"public/create/event", admin, "channel_public_id", channel, "event", eventJSON(t, members))
	}
	sandboxtest.WantFailure(t, create("_nope", event), 400, "-541")
	sandboxtest.WantFailure(t, create("_sandboxbanned", event), 400, "-544")
	sandboxtest.WantFailure(t, create("_othershop", event), 400, "-819")
	sandboxtest.WantFailure(t, create("_sandboxshop", map[string]any{"title": "낭독회", "time": event["time"], "rrule": "FREQ=DAILY"}), 400, "-2")
	id := w.OK(create("_sandboxshop", event))["event_id"].(string)

	get := func(pairs ...string) sandboxtest.Answer { return w.Get(calendarBase+"public/event", admin, pairs...) }
	want := `{"event":{"banner":{"link":{"web_url":"https://shop.example.com"},"pc_image_url":"https://img.example.com/pc.png"},"id":"` + id + `",` +
		`"notification_message":{"before_event_reminder":{"button":{"title":"보기"}},"other":[1]},"reminders":[10],` +
		`"time":{"all_day":false,"end_at":"2026-06-05T04:00:00Z","start_at":"2026-06-05T02:00:00Z","time_zone":"Asia/Seoul"},"title":"낭독회","type":"PUBLIC"}}`
	if got, _ := json.Marshal(w.OK(get("event_id", id, "channel_public_id", "_sandboxshop"))); string(got) != want {
		t.Errorf("event %s\nwant  %s", got, want)
	}
	sandboxtest.WantFailure(t, get("event_id", id, "channel_public_id", "_sandboxnews"), 400, "-520")
	sandboxtest.WantFailure(t, get("event_id", "000000000000000000000000"), 400, "-520")

	list := func(channel string) int {
		return len(w.OK(w.Get(calendarBase+"public/events", admin, slices.Concat(june, []string{"channel_public_id", channel})...))["events"].([]any))
	}
	if list("_sandboxshop") != 1 || list("_sandboxnews") != 0 {
		t.Errorf("%d and %d events", list("_sandboxshop"), list("_sandboxnews"))
	}

	follow := func(id string) sandboxtest.Answer { return w.Post(calendarBase+"public/follow", mina, "event_id", id) }
	for range 2 {
		if got := w.OK(follow(id)); got["event_id"] != id {
			t.Errorf("followed %v", got)
		}
	}
	sandboxtest.WantFailure(t, follow("000000000000000000000000"), 400, "-520")
	w.OK(w.Post(calendarBase+"public/update/event", admin, "event_id", id, "event", `{"title":"긴 낭독회"}`))
	w.wantEvents(mina, []string{"from", "2026-06-05T00:00:00Z", "to", "2026-06-06T00:00:00Z", "calendar_id", "primary"}, "06-05T02:00 긴 낭독회")
	seen := w.OK(w.Get(calendarBase+"event", mina, "event_id", id))["event"].(map[string]any)
	if seen["type"] != "PUBLIC" || seen["is_host"] != false || seen["is_recur_event"] != nil || seen["banner"] == nil || seen["notification_message"] != nil {
		t.Errorf("the event in a calendar: %v", seen)
	}
	sandboxtest.WantFailure(t, w.delete(calendarBase+"delete/event", mina, "event_id", id), 400, "-2")
	sandboxtest.WantFailure(t, w.Post(calendarBase+"public/update/event", admin, "event_id", id, "event", `{"title":""}`), 400, "-2")

	shown := w.Control(http.MethodGet, "calendars", "")
	if public := shown["public_events"].([]any); len(public) != 2 || fmt.Sprint(public[1].(map[string]any)["followers"]) != "[mina]" {
		t.Errorf("the control path shows %v", public)
	}
	if people := shown["people"].(map[string]any); len(people) != 3 || len(people["mina"].(map[string]any)["calendars"].([]any)) != 3 || len(people["haru"].(map[string]any)["events"].([]any)) != 1 {
		t.Errorf("the control path shows %v", people)
	}
	w.OK(w.delete(calendarBase+"public/delete/event", admin, "event_id", id))
	sandboxtest.WantFailure(t, w.delete(calendarBase+"public/delete/event", admin, "event_id", id), 400, "-520")
	sandboxtest.WantFailure(t, w.Get(calendarBase+"event", mina, "event_id", id), 400, "-520")
}

func TestSubscriptions(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	haru := w.Bearer("haru")
	calendars := w.OK(w.Get(calendarBase+"subscribable/calendars", w.Admin(), "channel_public_id", "_sandboxshop"))["calendars"].([]any)
	if len(calendars) != 2 || len(w.OK(w.Get(calendarBase+"subscribable/calendars", w.Admin(), "channel_public_id", "_sandboxnews"))["calendars"].([]any)) != 0 {
		t.Fatalf("calendars %v", calendars)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"subscribable/calendars", w.Admin(), "channel_public_id", "_nope"), 400, "-541")
	id := calendars[1].(map[string]any)["id"].(string)
	for range 2 {
		if got := w.OK(w.Post(calendarBase+"subscribe", haru, "calendar_id", id)); got["calendar_id"] != id {
			t.Errorf("subscribed %v", got)
		}
	}
	subscribed := w.OK(w.Get(calendarBase+"calendars", haru))["subscribe_calendars"].([]any)
	if len(subscribed) != 1 || subscribed[0].(map[string]any)["color"] != "NAVY_BLUE" {
		t.Errorf("subscriptions %v", subscribed)
	}
	w.wantEvents(haru, []string{"preset", "THIS_WEEK", "calendar_id", id}, "03-06T10:00 서점 낭독회")
	sandboxtest.WantFailure(t, w.Post(calendarBase+"create/event", haru, "calendar_id", id, "event",
		eventJSON(t, map[string]any{"title": "x", "time": at("2026-06-05T02:00:00Z", "2026-06-05T04:00:00Z")})), 400, "-2")
	w.OK(w.delete(calendarBase+"unsubscribe", haru, "calendar_id", id))
	sandboxtest.WantFailure(t, w.delete(calendarBase+"unsubscribe", haru, "calendar_id", id), 400, "-520")
	sandboxtest.WantFailure(t, w.Post(calendarBase+"subscribe", haru, "calendar_id", "nope"), 400, "-520")
	sandboxtest.WantFailure(t, w.Get(calendarBase+"events", haru, "preset", "THIS_WEEK", "calendar_id", id), 400, "-520")
	// mina's subscription of the seed is hers alone.
	w.OK(w.delete(calendarBase+"unsubscribe", w.Bearer("mina"), "calendar_id", calendars[0].(map[string]any)["id"].(string)))
	if left := w.OK(w.Get(calendarBase+"subscribable/calendars", w.Admin()))["calendars"].([]any); len(left) != 2 {
		t.Errorf("calendars %v", left)
	}
}

func TestHolidays(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	a := w.Get(calendarBase+"holidays", w.Admin(), "from", "2026-06-01T00:00:00Z", "to", "2026-06-30T00:00:00Z")
	days := w.OK(a)["events"].([]any)
	if len(days) != 1 {
		t.Fatalf("holidays %v", days)
	}
	day := days[0].(map[string]any)
	id := day["id"].(string)
	delete(day, "id")
	if got, _ := json.Marshal(day); string(got) != `{"holiday":true,"time":{"all_day":true,"end_at":"2026-06-07T00:00:00Z","start_at":"2026-06-06T00:00:00Z"},"title":"현충일"}` || !regexp.MustCompile(`^S[0-9a-f]{24}$`).MatchString(id) {
		t.Errorf("holiday %s %s", id, got)
	}
	sandboxtest.WantFailure(t, w.Get(calendarBase+"holidays", w.Admin(), "from", "2026-06-01T00:00:00Z"), 400, "-2")
	sandboxtest.WantFailure(t, w.Get(calendarBase+"holidays", w.Admin(), "from", "2026-06-01T00:00:00Z", "to", "2026-07-03T00:00:00Z"), 400, "-2")
	o := sandboxtest.WantFailure(t, w.Get(calendarBase+"holidays", w.Admin(), "from", "20260601T00:00:00Z", "to", "2026-06-30T00:00:00Z"), 400, "-2")
	if !strings.HasPrefix(o["msg"].(string), "failed to parse parameter. name=from, ") {
		t.Errorf("body %v", o)
	}
}

// TestPageTokensOfNobody: a token that this sandbox did not make is refused,
// whatever numbers it holds.
func TestPageTokensOfNobody(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for about, token := range map[string]string{
		"no limit":       `{"list":"/v2/api/calendar/events","from":"2026-03-01T00:00:00Z","to":"2026-03-02T00:00:00Z","skip":1}`,
		"endless limit":  `{"list":"/v2/api/calendar/events","from":"2026-03-01T00:00:00Z","to":"2026-03-02T00:00:00Z","limit":9223372036854775807,"skip":1}`,
		"endless range":  `{"list":"/v2/api/calendar/events","from":"0001-01-01T00:00:00Z","to":"9999-12-31T00:00:00Z","limit":10}`,
		"skips backward": `{"list":"/v2/api/calendar/events","from":"2026-03-01T00:00:00Z","to":"2026-03-02T00:00:00Z","limit":10,"skip":-1}`,
	} {
		a := w.Get(calendarBase+"events", w.Bearer("mina"), "next_page_token", base64.RawURLEncoding.EncodeToString([]byte(token)))
		if a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), "next_page_token") {
			t.Errorf("%s: %d %s", about, a.Status, a.Body)
		}
	}
}
