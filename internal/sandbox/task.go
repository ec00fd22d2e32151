package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// taskConsent is the consent item of all task routes.
const taskConsent = "talk_calendar_task"

const (
	maxTaskWindow = 31 * 24 * time.Hour
	usualTaskPage = 100
	maxTaskPage   = 1000
	taskTodo      = "TODO"
	taskCompleted = "COMPLETED"
	taskAll       = "ALL"
)

// taskRoutes are the tasks of Talk Calendar, by access token only. The shapes
// of the reading routes are assumptions: Kakao does not document them.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
func taskRoutes() []route {
	taskID := param{name: "task_id", kind: text(), required: true}
	task := param{name: "task", kind: jsonValue(), required: true}
	return []route{
		taskRoute("POST", "create/task", "TALK_CALENDAR_CREATE_TASK", createTask, task),
		taskRoute("GET", "tasks", "TALK_CALENDAR_TASKS", listTasks,
			param{name: "task_id", kind: text()},
			param{name: "from", kind: text()},
			param{name: "to", kind: text()},
			param{name: "task_status", kind: enum(taskTodo, taskCompleted, taskAll)},
			param{name: "task_filter", kind: anyOf(enum("authorized", "bookmark"))},
			param{name: "offset", kind: integer(0, maxInt64)},
			param{name: "limit", kind: integer(1, maxTaskPage)},
			param{name: "time_zone", kind: text()},
		),
		taskRoute("GET", "task/records", "TALK_CALENDAR_TASK_RECORDS", listTaskRecords, taskID,
			param{name: "from", kind: text()},
			param{name: "to", kind: text()},
		),
		taskRoute("POST", "update/task", "TALK_CALENDAR_UPDATE_TASK", updateTask, taskID, task),
		taskRoute("POST", "complete/task", "TALK_CALENDAR_COMPLETE_TASK", completeTask, taskID,
			param{name: "complete", kind: boolean(), required: true},
		),
		taskRoute("DELETE", "delete/task", "TALK_CALENDAR_DELETE_TASK", deleteTask, taskID),
	}
}

// taskRoute is a row of the table.
func taskRoute(method, path, apiType string, handle handler, params ...param) route {
	return route{
		methods: []string{method}, host: kapiHost, path: "/v1/api/calendar/" + path, accepts: userToken,
		consent: taskConsent, apiType: apiType, params: params, handle: handle,
		checks: calendarChecks(),
	}
}

// createTask is POST /v1/api/calendar/create/task.
func createTask(r *request) (any, *kakaoError) {
	in, e := readTask(r)
	if e != nil {
		return nil, e
	}
	if in.Bookmark != nil {
		return nil, badTask("bookmark", "not used in a new task")
	}
	t := &task{id: newTaskID(), doneOn: map[string]bool{}}
	if e := t.take(in, r.now); e != nil {
		return nil, e
	}
	r.state.tasks.add(r.user.id, t)
	return map[string]any{"task_id": t.id}, nil
}

// updateTask is POST /v1/api/calendar/update/task. What the caller leaves out
// falls back to its default: whether Kakao keeps it instead is not documented,
// and a caller who sends the whole task does not mind.
func updateTask(r *request) (any, *kakaoError) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	if t.sticker {
		return nil, newFailure("-521", "")
	}
	in, e := readTask(r)
	if e != nil {
		return nil, e
	}
	if e := t.take(in, r.now); e != nil {
		return nil, e
	}
	return map[string]any{"task_id": t.id}, nil
}

// completeTask is POST /v1/api/calendar/complete/task. Of a task that repeats
// it marks the current occurrence.
func completeTask(r *request) (any, *kakaoError) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	t.complete(r.bool("complete"), r.now)
	return map[string]any{"task_id": t.id}, nil
}

// deleteTask is DELETE /v1/api/calendar/delete/task.
func deleteTask(r *request) (any, *kakaoError) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	if t.sticker {
		return nil, newFailure("-521", "")
	}
	r.state.tasks.remove(r.user.id, t)
	return map[string]any{"task_id": t.id}, nil
}

// listTasks is GET /v1/api/calendar/tasks: one task by ID, all other parameters
// ignored, or those of a range of days. A task without a due date is in every
// range.
func listTasks(r *request) (any, *kakaoError) {
	if r.has("task_id") {
		t, e := taskOf(r)
		if e != nil {
			return nil, e
		}
		return map[string]any{"tasks": []any{t.show(dayOf(r.now, koreaZone))}}, nil
	}
	zone, e := taskZone("time_zone", r.text("time_zone"))
	if e != nil {
		return nil, e
	}
	today := dayOf(r.now, zone)
	from, to, e := taskWindow(r)
	if e != nil {
		return nil, e
	}
	wanted, filters := cmp.Or(r.text("task_status"), taskTodo), r.strings("task_filter")
	found := slices.DeleteFunc(r.state.tasks.of(r.user.id), func(t *task) bool {
		return !t.within(from, to) ||
			wanted != taskAll && wanted != t.status(today) ||
			slices.Contains(filters, "authorized") && t.sticker ||
			slices.Contains(filters, "bookmark") && !t.bookmark
	})
	slices.SortStableFunc(found, func(a, b *task) int {
		return cmp.Or(-cmp.Compare(a.status(today), b.status(today)), a.firstDay().Compare(b.firstDay()))
	})
	start := int(min(r.int64("offset", 0), int64(len(found))))
	end := min(start+int(r.int64("limit", usualTaskPage)), len(found))
	shown := []any{}
	for _, t := range found[start:end] {
		shown = append(shown, t.show(today))
	}
	return map[string]any{"tasks": shown}, nil
}

// taskWindow reads the range of days of a list.
func taskWindow(r *request) (from, to time.Time, e *kakaoError) {
	for _, name := range []string{"from", "to"} {
		if !r.has(name) {
			return from, to, kapiParameterFailure(problem{reason: isMissing, name: name})
		}
	}
	if from, e = taskDay(r, "from"); e != nil {
		return from, to, e
	}
	if to, e = taskDay(r, "to"); e != nil {
		return from, to, e
	}
	switch {
	case to.Before(from):
		e = newFailure("-2", unsatisfied("to", "must not lie before from"))
	case to.Sub(from) > maxTaskWindow:
		e = newFailure("-2", unsatisfied("to", "must be at most 31 days after from"))
	}
	return from, to, e
}

// listTaskRecords is GET /v1/api/calendar/task/records: the days of a challenge
// so far, and whether it was done.
func listTaskRecords(r *request) (any, *kakaoError) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	recur := t.repeats()
	if recur == nil || !recur.recordOn {
		return nil, newFailure("-2", unsatisfied("task_id", "the task keeps no record: recur.record_on is not true"))
	}
	today := dayOf(r.now, t.due.zone)
	from, to := recur.start, later(today, recur.current(today)) // the current one may lie ahead
	if r.has("from") {
		if from, e = taskDay(r, "from"); e != nil {
			return nil, e
		}
	}
	if r.has("to") {
		last, e := taskDay(r, "to")
		if e != nil {
			return nil, e
		}
		if r.has("from") && last.Before(from) {
			return nil, newFailure("-2", unsatisfied("to", "must not lie before from"))
		}
		to = earlier(to, last)
	}
	records := []map[string]any{}
	for _, day := range recur.days(from, to) {
		written := day.Format(dayForm)
		records = append(records, map[string]any{"date": written, "completed": t.doneOn[written]})
	}
	return map[string]any{"records": records}, nil
}

// taskOf finds the user's task of the parameter task_id. Kakao's code for an
// unknown task is not documented.
func taskOf(r *request) (*task, *kakaoError) {
	for _, t := range r.state.tasks.of(r.user.id) {
		if t.id == r.text("task_id") {
			return t, nil
		}
	}
	return nil, newFailure("-2", unsatisfied("task_id", "the user has no such task"))
}

// showTasks is GET /__sandbox__/tasks: every task of everybody, by the name of
// the person.
func showTasks(st *state, _ []byte) (any, *controlError) {
	shown := map[string][]any{}
	for _, u := range st.users {
		for _, t := range st.tasks.of(u.id) {
			row := t.show(dayOf(st.now(), koreaZone))
			row["sticker"] = t.sticker
			shown[u.name] = append(shown[u.name], row)
		}
	}
	return map[string]any{"tasks": shown}, nil
}
