package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"time"
)

// taskBook holds the tasks of everybody, by user ID, in the order in which they
// were made. They belong to the person and outlive the link to the app.
type taskBook struct{ byUser map[int64][]*task }

// of returns the tasks of a user in a list of the caller's own.
func (b *taskBook) of(userID int64) []*task { return slices.Clone(b.byUser[userID]) }

func (b *taskBook) add(userID int64, tasks ...*task) {
	b.byUser[userID] = append(b.byUser[userID], tasks...)
}

func (b *taskBook) remove(userID int64, gone *task) {
	b.byUser[userID] = slices.DeleteFunc(b.byUser[userID], func(t *task) bool { return t == gone })
}

// newTaskID is 24 hexadecimal digits.
func newTaskID() string {
	var id [12]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	return hex.EncodeToString(id[:])
}

// task is one task of a person.
type task struct {
	id       string
	content  string
	bookmark bool
	due      *taskDue // nil: no due date
	sticker  bool     // on the KakaoTalk profile sticker: -521

	done   bool            // of a task that does not repeat
	doneOn map[string]bool // the days, yyyyMMdd, on which a task that repeats was done
}

// taskDue is when a task is due.
type taskDue struct {
	date     time.Time
	zone     *time.Location
	zoneName string
	alarm    string // HHmm; empty: none
	recur    *taskRecur
}

// repeats returns how the task repeats, nil if it does not.
func (t *task) repeats() *taskRecur {
	if t.due == nil {
		return nil
	}
	return t.due.recur
}

// within says whether the task is due in a range of days. One without a due
// date is due on any day.
func (t *task) within(from, to time.Time) bool {
	if t.due == nil {
		return true
	}
	if recur := t.repeats(); recur != nil {
		return len(recur.days(from, to)) > 0
	}
	return !t.due.date.Before(from) && !t.due.date.After(to)
}

// firstDay is the day by which tasks are sorted: those without a due date come
// last.
func (t *task) firstDay() time.Time {
	if t.due == nil {
		return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return t.due.date
}

// complete marks the task, or its current occurrence in its own time zone.
func (t *task) complete(done bool, now time.Time) {
	if recur := t.repeats(); recur != nil {
		t.doneOn[recur.current(dayOf(now, t.due.zone)).Format(dayForm)] = done
		return
	}
	t.done = done
}

// status is TODO or COMPLETED.
func (t *task) status(today time.Time) string {
	done := t.done
	if recur := t.repeats(); recur != nil {
		done = t.doneOn[recur.current(today).Format(dayForm)]
	}
	if done {
		return taskCompleted
	}
	return taskTodo
}

// show is the task as the sandbox answers with it.
func (t *task) show(today time.Time) map[string]any {
	shown := map[string]any{"id": t.id, "content": t.content, "status": t.status(today), "bookmark": t.bookmark}
	if t.due == nil {
		return shown
	}
	due := map[string]any{"due_date": t.due.date.Format(dayForm), "time_zone": t.due.zoneName}
	if t.due.alarm != "" {
		due["alarm_time"] = t.due.alarm
	}
	if recur := t.due.recur; recur != nil {
		due["recur"] = map[string]any{"rrule": recur.text, "record_on": recur.recordOn}
	}
	shown["due_info"] = due
	return shown
}
