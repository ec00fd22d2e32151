// Package task plays the tasks of Talk Calendar.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
package task

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// consentItem is the consent item of all task routes.
const consentItem = "talk_calendar_task"

const (
	maxWindow       = 31 * 24 * time.Hour
	usualPage       = 100
	maxPage         = 1000
	statusTodo      = "TODO"
	statusCompleted = "COMPLETED"
	statusAll       = "ALL"
)

// Product is the tasks of Talk Calendar.
func Product() platform.Product {
	return platform.Product{
		Routes:   routes(),
		Seed:     func(s *platform.State) any { return seed(s.Users, s.Now()) },
		Controls: []platform.ControlRoute{{Method: "GET", Name: "tasks", About: "everybody's tasks, with those that are on a profile sticker", Serve: showTasks}},
	}
}

// Of is what the sandbox remembers of tasks.
func Of(s *platform.State) *Book { return platform.PartOf[Book](s) }

// routes are the tasks of Talk Calendar, by access token only. The shapes
// of the reading routes are assumptions: Kakao does not document them.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
func routes() []platform.Route {
	taskID := platform.Param{Name: "task_id", Kind: platform.Text(), Required: true}
	task := platform.Param{Name: "task", Kind: platform.JSONValue(), Required: true}
	return []platform.Route{
		taskRoute("POST", "create/task", "TALK_CALENDAR_CREATE_TASK", createTask, task),
		taskRoute("GET", "tasks", "TALK_CALENDAR_TASKS", listTasks,
			platform.Param{Name: "task_id", Kind: platform.Text()},
			platform.Param{Name: "from", Kind: platform.Text()},
			platform.Param{Name: "to", Kind: platform.Text()},
			platform.Param{Name: "task_status", Kind: platform.Enum(statusTodo, statusCompleted, statusAll)},
			platform.Param{Name: "task_filter", Kind: platform.AnyOf(platform.Enum("authorized", "bookmark"))},
			platform.Param{Name: "offset", Kind: platform.Integer(0, math.MaxInt64)},
			platform.Param{Name: "limit", Kind: platform.Integer(1, maxPage)},
			platform.Param{Name: "time_zone", Kind: platform.Text()},
		),
		taskRoute("GET", "task/records", "TALK_CALENDAR_TASK_RECORDS", listTaskRecords, taskID,
			platform.Param{Name: "from", Kind: platform.Text()},
			platform.Param{Name: "to", Kind: platform.Text()},
		),
		taskRoute("POST", "update/task", "TALK_CALENDAR_UPDATE_TASK", updateTask, taskID, task),
		taskRoute("POST", "complete/task", "TALK_CALENDAR_COMPLETE_TASK", completeTask, taskID,
			platform.Param{Name: "complete", Kind: platform.Boolean(), Required: true},
		),
		taskRoute("DELETE", "delete/task", "TALK_CALENDAR_DELETE_TASK", deleteTask, taskID),
	}
}

// taskRoute is a row of the table.
func taskRoute(method, path, apiType string, handle platform.Handler, params ...platform.Param) platform.Route {
	return platform.Route{
		Methods: []string{method}, Host: platform.KapiHost, Path: "/v1/api/calendar/" + path, Accepts: platform.UserToken,
		Consent: consentItem, APIType: apiType, Params: params, Handle: handle,
		Checks: calendar.Checks(),
	}
}

// createTask is POST /v1/api/calendar/create/task.
func createTask(r *platform.Request) (any, *platform.Failure) {
	in, e := readTask(r)
	if e != nil {
		return nil, e
	}
	if in.Bookmark != nil {
		return nil, badTask("bookmark", "not used in a new task")
	}
	t := &Task{ID: calendar.NewID(), DoneOn: map[string]bool{}}
	if e := t.take(in, r.Now); e != nil {
		return nil, e
	}
	Of(r.State).add(r.User.ID, t)
	return map[string]any{"task_id": t.ID}, nil
}

// updateTask is POST /v1/api/calendar/update/task. What the caller leaves out
// falls back to its default: whether Kakao keeps it instead is not documented,
// and a caller who sends the whole task does not mind.
func updateTask(r *platform.Request) (any, *platform.Failure) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	if t.Sticker {
		return nil, platform.NewFailure("-521", "")
	}
	in, e := readTask(r)
	if e != nil {
		return nil, e
	}
	if e := t.take(in, r.Now); e != nil {
		return nil, e
	}
	return map[string]any{"task_id": t.ID}, nil
}

// completeTask is POST /v1/api/calendar/complete/task. Of a task that repeats
// it marks the current occurrence.
func completeTask(r *platform.Request) (any, *platform.Failure) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	t.complete(r.Bool("complete"), r.Now)
	return map[string]any{"task_id": t.ID}, nil
}

// deleteTask is DELETE /v1/api/calendar/delete/task.
func deleteTask(r *platform.Request) (any, *platform.Failure) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	if t.Sticker {
		return nil, platform.NewFailure("-521", "")
	}
	Of(r.State).remove(r.User.ID, t)
	return map[string]any{"task_id": t.ID}, nil
}

// listTasks is GET /v1/api/calendar/tasks: one task by ID, all other parameters
// ignored, or those of a range of days. A task without a due date is in every
// range.
func listTasks(r *platform.Request) (any, *platform.Failure) {
	if r.Has("task_id") {
		t, e := taskOf(r)
		if e != nil {
			return nil, e
		}
		return map[string]any{"tasks": []any{t.show(calendar.DayOf(r.Now, platform.KoreaZone))}}, nil
	}
	zone, e := calendar.ZoneOf("time_zone", r.Text("time_zone"))
	if e != nil {
		return nil, e
	}
	today := calendar.DayOf(r.Now, zone)
	from, to, e := window(r)
	if e != nil {
		return nil, e
	}
	wanted, filters := cmp.Or(r.Text("task_status"), statusTodo), r.Strings("task_filter")
	found := slices.DeleteFunc(Of(r.State).Of(r.User.ID), func(t *Task) bool {
		return !t.within(from, to) ||
			wanted != statusAll && wanted != t.status(today) ||
			slices.Contains(filters, "authorized") && t.Sticker ||
			slices.Contains(filters, "bookmark") && !t.Bookmark
	})
	slices.SortStableFunc(found, func(a, b *Task) int {
		return cmp.Or(-cmp.Compare(a.status(today), b.status(today)), a.firstDay().Compare(b.firstDay()))
	})
	start := int(min(r.Int64("offset", 0), int64(len(found))))
	end := min(start+int(r.Int64("limit", usualPage)), len(found))
	shown := []any{}
	for _, t := range found[start:end] {
		shown = append(shown, t.show(today))
	}
	return map[string]any{"tasks": shown}, nil
}

// window reads the range of days of a list.
func window(r *platform.Request) (from, to time.Time, e *platform.Failure) {
	if e := r.Needs("from", "to"); e != nil {
		return from, to, e
	}
	if from, e = dayParameter(r, "from"); e != nil {
		return from, to, e
	}
	if to, e = dayParameter(r, "to"); e != nil {
		return from, to, e
	}
	switch {
	case to.Before(from):
		e = platform.NewFailure("-2", platform.Unsatisfied("to", "must not lie before from"))
	case to.Sub(from) > maxWindow:
		e = platform.NewFailure("-2", platform.Unsatisfied("to", "must be at most 31 days after from"))
	}
	return from, to, e
}

// listTaskRecords is GET /v1/api/calendar/task/records: the days of a challenge
// so far, and whether it was done.
func listTaskRecords(r *platform.Request) (any, *platform.Failure) {
	t, e := taskOf(r)
	if e != nil {
		return nil, e
	}
	recur := t.Repeats()
	if recur == nil || !recur.recordOn {
		return nil, platform.NewFailure("-2", platform.Unsatisfied("task_id", "the task keeps no record: recur.record_on is not true"))
	}
	today := calendar.DayOf(r.Now, t.Due.zone)
	from, to := recur.start, later(today, recur.current(today)) // the current one may lie ahead
	if r.Has("from") {
		if from, e = dayParameter(r, "from"); e != nil {
			return nil, e
		}
	}
	if r.Has("to") {
		last, e := dayParameter(r, "to")
		if e != nil {
			return nil, e
		}
		if r.Has("from") && last.Before(from) {
			return nil, platform.NewFailure("-2", platform.Unsatisfied("to", "must not lie before from"))
		}
		to = earlier(to, last)
	}
	records := []map[string]any{}
	for _, day := range recur.Days(from, to) {
		written := day.Format(DayForm)
		records = append(records, map[string]any{"date": written, "completed": t.DoneOn[written]})
	}
	return map[string]any{"records": records}, nil
}

// taskOf finds the user's task of the parameter task_id. Kakao's code for an
// unknown task is not documented.
func taskOf(r *platform.Request) (*Task, *platform.Failure) {
	for _, t := range Of(r.State).Of(r.User.ID) {
		if t.ID == r.Text("task_id") {
			return t, nil
		}
	}
	return nil, platform.NewFailure("-2", platform.Unsatisfied("task_id", "the user has no such task"))
}

// showTasks is GET /__sandbox__/tasks: every task of everybody, by the name of
// the person.
func showTasks(st *platform.State, _ []byte) (any, *platform.ControlError) {
	shown := map[string][]any{}
	for _, u := range st.Users {
		for _, t := range Of(st).Of(u.ID) {
			row := t.show(calendar.DayOf(st.Now(), platform.KoreaZone))
			row["sticker"] = t.Sticker
			shown[u.Name] = append(shown[u.Name], row)
		}
	}
	return map[string]any{"tasks": shown}, nil
}
