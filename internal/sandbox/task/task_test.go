package task_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

const taskPath = "/v1/api/calendar/"

// day is a day as tasks write it, counted from the start of every test:
// 2 March 2026, a Monday.
func day(n int) string { return sandboxtest.Start.AddDate(0, 0, n).Format("20060102") }

// world is a sandbox with the calls that these tests make often.
type world struct{ *sandboxtest.World }

// createTask makes a task, which must succeed, and returns its ID.
func (w *world) createTask(person, task string) string {
	w.T.Helper()
	return w.OK(w.Post(taskPath+"create/task", w.Bearer(person), "task", task))["task_id"].(string)
}

// contents lists what the tasks of a list are about.
func (w *world) contents(person string, pairs ...string) string {
	w.T.Helper()
	var contents []string
	for _, t := range w.OK(w.Get(taskPath+"tasks", w.Bearer(person), pairs...))["tasks"].([]any) {
		contents = append(contents, t.(map[string]any)["content"].(string))
	}
	return strings.Join(contents, ", ")
}

// status is that of one task.
func (w *world) status(person, id string) string {
	w.T.Helper()
	return w.OK(w.Get(taskPath+"tasks", w.Bearer(person), "task_id", id))["tasks"].([]any)[0].(map[string]any)["status"].(string)
}

// records is a record in short: the days done with a plus, the others with a
// minus.
func (w *world) records(id string, pairs ...string) string {
	w.T.Helper()
	var days []string
	for _, r := range w.OK(w.Get(taskPath+"task/records", w.Bearer("mina"), append([]string{"task_id", id}, pairs...)...))["records"].([]any) {
		record := r.(map[string]any)
		mark := map[bool]string{true: "+", false: "-"}[record["completed"].(bool)]
		days = append(days, mark+record["date"].(string)[4:])
	}
	return strings.Join(days, " ")
}

func TestSeededTasks(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	all := []string{"from", day(-7), "to", day(7)}
	for _, c := range []struct {
		pairs []string
		want  string
	}{
		{nil, "하루 한 번 산책, 가게 진열장 다시 꾸미기, 프로필 스티커의 약속, 택배 상자 주문, 언젠가 읽을 책 고르기"},
		{[]string{"task_status", "TODO"}, "하루 한 번 산책, 가게 진열장 다시 꾸미기, 프로필 스티커의 약속, 택배 상자 주문, 언젠가 읽을 책 고르기"},
		{[]string{"task_status", "COMPLETED"}, "단골손님께 답장하기"},
		{[]string{"task_status", "ALL"}, "하루 한 번 산책, 가게 진열장 다시 꾸미기, 프로필 스티커의 약속, 택배 상자 주문, 언젠가 읽을 책 고르기, 단골손님께 답장하기"},
		{[]string{"task_filter", "authorized"}, "하루 한 번 산책, 가게 진열장 다시 꾸미기, 택배 상자 주문, 언젠가 읽을 책 고르기"},
		{[]string{"task_filter", "authorized,bookmark"}, "택배 상자 주문"},
		{[]string{"offset", "1", "limit", "2"}, "가게 진열장 다시 꾸미기, 프로필 스티커의 약속"},
		{[]string{"offset", "4", "limit", "1000"}, "언젠가 읽을 책 고르기"},
		{[]string{"offset", "9"}, ""},
	} {
		if got := w.contents("mina", append(c.pairs, all...)...); got != c.want {
			t.Errorf("%v: %s\nwant %s", c.pairs, got, c.want)
		}
	}
	// A task without a due date is in every range; one that repeats is in those
	// that hold one of its days.
	if got := w.contents("mina", "from", day(30), "to", day(61)); got != "하루 한 번 산책, 언젠가 읽을 책 고르기" {
		t.Errorf("next month: %s", got)
	}
	if got := w.contents("mina", "from", day(-40), "to", day(-9)); got != "언젠가 읽을 책 고르기" {
		t.Errorf("last month: %s", got)
	}
	if got := w.contents("haru", "from", day(1), "to", day(2)); got != "작업실 창문 닦기" {
		t.Errorf("haru's Tuesday and Wednesday: %s", got)
	}
	sandboxtest.WantFailure(t, w.Get(taskPath+"tasks", w.Bearer("joon"), all...), 403, "-402")
	// The sandbox tells whose tasks there are.
	shown := w.Control(http.MethodGet, "tasks", "")["tasks"].(map[string]any)
	if len(shown["mina"].([]any)) != 6 || len(shown["joon"].([]any)) != 1 || len(shown["haru"].([]any)) != 2 {
		t.Errorf("tasks %v", shown)
	}
}

func TestTaskFromCreationToDeletion(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	id := w.createTask("mina", `{"content":"우산 말리기"}`)
	if len(id) != 24 || strings.Trim(id, "0123456789abcdef") != "" {
		t.Errorf("ID %q", id)
	}
	show := func() string {
		t.Helper()
		return string(w.Get(taskPath+"tasks", w.Bearer("mina"), "task_id", id).Body)
	}
	if got, want := show(), `{"tasks":[{"bookmark":false,"content":"우산 말리기","id":"`+id+`","status":"TODO"}]}`; got != want {
		t.Errorf("created: %s\nwant %s", got, want)
	}
	whole := `{"content":"우산 셋 말리기","bookmark":true,"due_info":{"due_date":"` + day(3) + `","time_zone":"America/New_York","alarm_time":"2155"}}`
	if got := w.OK(w.Post(taskPath+"update/task", w.Bearer("mina"), "task_id", id, "task", whole)); got["task_id"] != id {
		t.Errorf("updated: %v", got)
	}
	if got := w.OK(w.Post(taskPath+"complete/task", w.Bearer("mina"), "task_id", id, "complete", "true")); got["task_id"] != id {
		t.Errorf("completed: %v", got)
	}
	if got, want := show(), `{"tasks":[{"bookmark":true,"content":"우산 셋 말리기","due_info":{"alarm_time":"2155","due_date":"`+day(3)+`","time_zone":"America/New_York"},"id":"`+id+`","status":"COMPLETED"}]}`; got != want {
		t.Errorf("updated: %s\nwant %s", got, want)
	}
	w.OK(w.Post(taskPath+"complete/task", w.Bearer("mina"), "task_id", id, "complete", "true"))
	w.OK(w.Post(taskPath+"complete/task", w.Bearer("mina"), "task_id", id, "complete", "false"))
	if got := w.status("mina", id); got != "TODO" {
		t.Errorf("not done again: %s", got)
	}
	// What is left out of an update is gone.
	w.OK(w.Post(taskPath+"update/task", w.Bearer("mina"), "task_id", id, "task", `{"content":"우산 버리기"}`))
	if got, want := show(), `{"tasks":[{"bookmark":false,"content":"우산 버리기","id":"`+id+`","status":"TODO"}]}`; got != want {
		t.Errorf("updated: %s\nwant %s", got, want)
	}
	// Nobody else has it.
	sandboxtest.WantFailure(t, w.Get(taskPath+"tasks", w.Bearer("haru"), "task_id", id), 400, "-2")
	if got := w.OK(w.Call(http.MethodDelete, taskPath+"delete/task?task_id="+id, w.Bearer("mina"), nil)); got["task_id"] != id {
		t.Errorf("deleted: %v", got)
	}
	for _, a := range []sandboxtest.Answer{
		w.Get(taskPath+"tasks", w.Bearer("mina"), "task_id", id),
		w.Call(http.MethodDelete, taskPath+"delete/task?task_id="+id, w.Bearer("mina"), nil),
		w.Post(taskPath+"update/task", w.Bearer("mina"), "task_id", id, "task", whole),
		w.Post(taskPath+"complete/task", w.Bearer("mina"), "task_id", id, "complete", "true"),
		w.Get(taskPath+"task/records", w.Bearer("mina"), "task_id", id),
	} {
		if o := sandboxtest.WantFailure(t, a, 400, "-2"); o["msg"] != "Constraints on the parameter [task_id] are unsatisfied. the user has no such task" {
			t.Errorf("msg %q", o["msg"])
		}
	}
}

func TestRecordOfAChallenge(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	id := w.createTask("mina", `{"content":"열 쪽 읽기","due_info":{"due_date":"`+day(1)+`","recur":{"rrule":"FREQ=WEEKLY;BYDAY=TU,FR;UNTIL=`+day(12)+`T000000Z","record_on":true}}}`)
	complete := func(done string) {
		t.Helper()
		w.OK(w.Post(taskPath+"complete/task", w.Bearer("mina"), "task_id", id, "complete", done))
	}
	want := func(status, records string, pairs ...string) {
		t.Helper()
		if got := w.status("mina", id); got != status {
			t.Errorf("status %s, want %s", got, status)
		}
		if got := w.records(id, pairs...); got != records {
			t.Errorf("record %q, want %q", got, records)
		}
	}
	want("TODO", "-0303") // all lies ahead: the first day is the current one
	complete("true")
	want("COMPLETED", "+0303")
	w.Advance(3 * 24 * time.Hour) // Thursday
	want("COMPLETED", "+0303")
	w.Advance(24 * time.Hour) // Friday
	want("TODO", "+0303 -0306")
	complete("true")
	complete("false")
	want("TODO", "+0303 -0306")
	w.Advance(7 * 24 * time.Hour) // Friday, the last day of the rule is over tomorrow
	want("TODO", "+0303 -0306 -0310 -0313")
	complete("true")
	w.Advance(30 * 24 * time.Hour)
	want("COMPLETED", "+0303 -0306 -0310 +0313")
	want("COMPLETED", "-0306 -0310", "from", "20260306", "to", "20260312")
	want("COMPLETED", "-0310 +0313", "from", "20260307")
	want("COMPLETED", "+0303", "to", "20260303")
	want("COMPLETED", "", "to", "20260101")
	// Kakao documents no limit to the days of a record.
	want("COMPLETED", "+0303 -0306 -0310 +0313", "from", "20000101", "to", "20991231")
	// A record is about the rule as it is now.
	w.OK(w.Post(taskPath+"update/task", w.Bearer("mina"), "task_id", id, "task",
		`{"content":"스무 쪽 읽기","due_info":{"due_date":"20260501","recur":{"rrule":"FREQ=DAILY;COUNT=2","record_on":true}}}`))
	want("TODO", "-0501")

	for _, c := range []struct{ about, id, name, value, msg string }{
		{"a plain task", "7e57a5c00000000000000001", "from", day(0), "Constraints on the parameter [task_id] are unsatisfied. the task keeps no record: recur.record_on is not true"},
		{"a day that is none", id, "to", "20260230", "failed to parse parameter. name=to, stringToParse=20260230, paramString=20260230, paramStringAlias=null"},
		{"a time", id, "from", "2026-03-03", "failed to parse parameter. name=from, stringToParse=2026-03-03, paramString=2026-03-03, paramStringAlias=null"},
	} {
		if o := sandboxtest.WantFailure(t, w.Get(taskPath+"task/records", w.Bearer("mina"), "task_id", c.id, c.name, c.value), 400, "-2"); o["msg"] != c.msg {
			t.Errorf("%s: %q, want %q", c.about, o["msg"], c.msg)
		}
	}
	sandboxtest.WantFailure(t, w.Get(taskPath+"task/records", w.Bearer("mina"), "task_id", id, "from", "20260310", "to", "20260309"), 400, "-2")
	sandboxtest.WantFailure(t, w.Get(taskPath+"task/records", w.Bearer("mina")), 400, "-2")
	o := sandboxtest.WantFailure(t, w.Get(taskPath+"task/records", w.Bearer("haru"), "task_id", "7e57a5c00000000000000022"), 400, "-2")
	if !strings.Contains(o["msg"].(string), "keeps no record") {
		t.Errorf("a task that repeats without a record: %q", o["msg"])
	}
}

// TestTasksOfAnotherZone: what day it is, is a question of the zone. The test
// starts at 10 in the morning in Seoul, which is the evening before in New York.
func TestTasksOfAnotherZone(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	task := func(zone string) string {
		return `{"content":"a","due_info":{"due_date":"` + day(-1) + `","time_zone":"` + zone + `","recur":{"rrule":"FREQ=DAILY"}}}`
	}
	sandboxtest.WantFailure(t, w.Post(taskPath+"create/task", w.Bearer("mina"), "task", task("Asia/Seoul")), 400, "-2")
	id := w.createTask("mina", task("America/New_York"))
	w.OK(w.Post(taskPath+"complete/task", w.Bearer("mina"), "task_id", id, "complete", "true"))
	for zone, want := range map[string]string{"": "TODO", "Asia/Seoul": "TODO", "America/New_York": "COMPLETED"} {
		pairs := []string{"from", day(-1), "to", day(-1), "task_status", "ALL"}
		if zone != "" {
			pairs = append(pairs, "time_zone", zone)
		}
		status := map[any]any{}
		for _, listed := range w.OK(w.Get(taskPath+"tasks", w.Bearer("mina"), pairs...))["tasks"].([]any) {
			task := listed.(map[string]any)
			status[task["id"]] = task["status"]
		}
		if status[id] != want {
			t.Errorf("in %q: %v, want %s", zone, status[id], want)
		}
	}
	// With an ID, Kakao ignores the zone as all else.
	for _, zone := range []string{"America/New_York", "Seoul"} {
		tasks := w.OK(w.Get(taskPath+"tasks", w.Bearer("mina"), "task_id", id, "time_zone", zone))["tasks"].([]any)
		if got := tasks[0].(map[string]any)["status"]; got != "TODO" {
			t.Errorf("by ID, in %q: %s", zone, got)
		}
	}
}

func TestStickerTask(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	const id = "7e57a5c00000000000000006"
	sandboxtest.WantFailure(t, w.Post(taskPath+"update/task", w.Bearer("mina"), "task_id", id, "task", `{"content":"a"}`), 400, "-521")
	sandboxtest.WantFailure(t, w.Call(http.MethodDelete, taskPath+"delete/task?task_id="+id, w.Bearer("mina"), nil), 400, "-521")
	w.OK(w.Post(taskPath+"complete/task", w.Bearer("mina"), "task_id", id, "complete", "true"))
	if got := w.status("mina", id); got != "COMPLETED" {
		t.Errorf("status %s", got)
	}
}

func TestTaskIsChecked(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	due := func(members string) string {
		return `{"content":"a","due_info":{"due_date":"20260310"` + members + `}}`
	}
	recur := func(rule string) string { return due(`,"recur":{"rrule":"` + rule + `"}`) }
	for _, c := range []struct{ task, msg string }{
		{`{}`, "[task.content] are unsatisfied. must not be empty"},
		{`{"content":""}`, "[task.content] are unsatisfied. must not be empty"},
		{`{"content":"` + strings.Repeat("가", 1001) + `"}`, "[task.content] are unsatisfied. must be at most 1000 characters"},
		{`{"content":"a","bookmark":true}`, "[task.bookmark] are unsatisfied. not used in a new task"},
		{`{"content":"a","shape":"round"}`, `[task] are unsatisfied. must be a task: json: unknown field "shape"`},
		{`{"content":1}`, "[task] are unsatisfied. must be a task: json: cannot unmarshal number"},
		{`["a"]`, "[task] are unsatisfied. must be a task: json: cannot unmarshal array"},
		{`{"content":"a","due_info":{}}`, "[task.due_info.due_date] are unsatisfied. must be a day, yyyyMMdd"},
		{`{"content":"a","due_info":{"due_date":"20260230"}}`, "[task.due_info.due_date] are unsatisfied. must be a day, yyyyMMdd"},
		{`{"content":"a","due_info":{"due_date":"` + day(-1) + `"}}`, "[task.due_info.due_date] are unsatisfied. must not lie in the past"},
		{due(`,"time_zone":"Asia/Nowhere"`), "failed to parse parameter. name=task.due_info.time_zone, stringToParse=Asia/Nowhere"},
		{due(`,"time_zone":"Local"`), "failed to parse parameter. name=task.due_info.time_zone, stringToParse=Local"},
		{due(`,"alarm_time":"2101"`), "[task.due_info.alarm_time] are unsatisfied. must be HHmm in steps of 5 minutes"},
		{due(`,"alarm_time":""`), "[task.due_info.alarm_time] are unsatisfied. must be HHmm in steps of 5 minutes"},
		{due(`,"alarm_time":"2400"`), "[task.due_info.alarm_time] are unsatisfied. must be HHmm in steps of 5 minutes"},
		{due(`,"recur":{}`), `[task.due_info.recur.rrule] are unsatisfied. the part "" is not supported`},
		{recur("RRULE:FREQ=DAILY"), "[task.due_info.recur.rrule] are unsatisfied. the part"},
		{recur("FREQ=DAILY;UNTIL=20260331T150000Z"), "[task.due_info.recur.rrule] are unsatisfied. UNTIL must be a day at midnight UTC, as 20300601T000000Z"},
		{recur("FREQ=DAILY;UNTIL=20260310T000000Z"), "[task.due_info.recur.rrule] are unsatisfied. UNTIL must lie after due_date"},
		{recur("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260315T000000Z"), "[task.due_info.recur.rrule] are unsatisfied. no day satisfies the rule"},
	} {
		o := sandboxtest.WantFailure(t, w.Post(taskPath+"create/task", w.Bearer("mina"), "task", c.task), 400, "-2")
		if msg := o["msg"].(string); !strings.Contains(msg, c.msg) {
			t.Errorf("%.80s: %q, want %q", c.task, msg, c.msg)
		}
		sandboxtest.WantFailure(t, w.Post(taskPath+"update/task", w.Bearer("haru"), "task_id", "7e57a5c00000000000000021", "task", strings.Replace(c.task, `"bookmark":true`, `"bookmark":1`, 1)), 400, "-2")
	}
	// A refused update changes nothing.
	if got := w.contents("haru", "from", day(1), "to", day(1)); got != "작업실 창문 닦기" {
		t.Errorf("haru's task is now %s", got)
	}
	for _, good := range []string{
		`{"content":"` + strings.Repeat("가", 1000) + `"}`,
		`{"content":"a","due_info":{"due_date":"` + day(0) + `","alarm_time":"0000"}}`,
		due(`,"alarm_time":"2355"`),
		recur("FREQ=DAILY;UNTIL=20260311T000000Z"),
		recur("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"),
	} {
		w.createTask("mina", good)
	}
}

func TestTaskParameters(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for _, c := range []struct {
		pairs []string
		msg   string
	}{
		{nil, "The Parameter [from] cannot be null."},
		{[]string{"from", day(0)}, "The Parameter [to] cannot be null."},
		{[]string{"from", day(0), "to", "2026-03-09"}, "failed to parse parameter. name=to, stringToParse=2026-03-09, paramString=2026-03-09, paramStringAlias=null"},
		{[]string{"from", day(0), "to", day(32)}, "Constraints on the parameter [to] are unsatisfied. must be at most 31 days after from"},
		{[]string{"from", day(0), "to", day(-1)}, "Constraints on the parameter [to] are unsatisfied. must not lie before from"},
		{[]string{"from", day(0), "to", day(1), "task_status", "DONE"}, "Constraints on the parameter [task_status] are unsatisfied. one of TODO, COMPLETED, ALL"},
		{[]string{"from", day(0), "to", day(1), "task_filter", "authorized,mine"}, "Constraints on the parameter [task_filter] are unsatisfied. one of authorized, bookmark"},
		{[]string{"from", day(0), "to", day(1), "limit", "1001"}, "Constraints on the parameter [limit] are unsatisfied. must be at most 1000"},
		{[]string{"from", day(0), "to", day(1), "limit", "0"}, "Constraints on the parameter [limit] are unsatisfied. must be at least 1"},
		{[]string{"from", day(0), "to", day(1), "offset", "-1"}, "Constraints on the parameter [offset] are unsatisfied. must be at least 0"},
		{[]string{"from", day(0), "to", day(1), "time_zone", "Seoul"}, "failed to parse parameter. name=time_zone, stringToParse=Seoul, paramString=Seoul, paramStringAlias=null"},
	} {
		if o := sandboxtest.WantFailure(t, w.Get(taskPath+"tasks", w.Bearer("mina"), c.pairs...), 400, "-2"); o["msg"] != c.msg {
			t.Errorf("%v: %q, want %q", c.pairs, o["msg"], c.msg)
		}
	}
	w.OK(w.Get(taskPath+"tasks", w.Bearer("mina"), "from", day(0), "to", day(31)))
	// With a task's ID, nothing else is looked at.
	w.OK(w.Get(taskPath+"tasks", w.Bearer("mina"), "task_id", "7e57a5c00000000000000001", "from", day(0), "to", day(99)))
	for _, pairs := range [][]string{{"task_id", "x"}, {"complete", "true"}, {"task_id", "7e57a5c00000000000000001", "complete", "yes"}} {
		sandboxtest.WantFailure(t, w.Post(taskPath+"complete/task", w.Bearer("mina"), pairs...), 400, "-2")
	}
}

// TestTaskCredentials: tasks are a matter of the user's own token and consent.
func TestTaskCredentials(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for _, authorization := range []string{"", w.Admin(), "Bearer no-such-token", w.RESTKey()} {
		sandboxtest.WantFailure(t, w.Get(taskPath+"tasks", authorization, "task_id", "x"), 401, "-401")
		sandboxtest.WantFailure(t, w.Post(taskPath+"create/task", authorization, "task", `{"content":"a"}`), 401, "-401")
	}
	o := sandboxtest.WantFailure(t, w.Post(taskPath+"create/task", w.Bearer("joon"), "task", `{"content":"a"}`), 403, "-402")
	if !reflect.DeepEqual(o["required_scopes"], []any{"talk_calendar_task"}) {
		t.Errorf("required_scopes %v", o["required_scopes"])
	}
	w.SignIn("joon", map[string]string{"scope": "talk_calendar_task"})
	if got := w.contents("joon", "from", day(0), "to", day(7)); got != "자전거 고치기" {
		t.Errorf("joon's tasks: %s", got)
	}
	off := &world{sandboxtest.New(t, sandbox.Options{Disabled: []string{"talk_calendar_task"}})}
	sandboxtest.WantFailure(t, off.Get(taskPath+"tasks", off.Bearer("mina"), "task_id", "x"), 403, "-3")

	// Who has no Kakao Talk has no tasks.
	body, _ := json.Marshal(map[string]any{"user": "mina", "uses_talk": false})
	w.Control(http.MethodPost, "talk", string(body))
	sandboxtest.WantFailure(t, w.Get(taskPath+"tasks", w.Bearer("mina"), "task_id", "7e57a5c00000000000000001"), 400, "-501")
}
