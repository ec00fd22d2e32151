package task

import (
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
)

// Book holds the tasks of everybody, by user ID, in the order in which they
// were made. They belong to the person and outlive the link to the app.
type Book struct{ byUser map[int64][]*Task }

// Of returns the tasks of a user in a list of the caller's own.
func (b *Book) Of(userID int64) []*Task { return slices.Clone(b.byUser[userID]) }

func (b *Book) add(userID int64, tasks ...*Task) {
	b.byUser[userID] = append(b.byUser[userID], tasks...)
}

func (b *Book) remove(userID int64, gone *Task) {
	b.byUser[userID] = slices.DeleteFunc(b.byUser[userID], func(t *Task) bool { return t == gone })
}

// Task is one task of a person.
type Task struct {
	ID       string
	Content  string
	Bookmark bool
	Due      *Due // nil: no due date
	Sticker  bool // on the KakaoTalk profile sticker: -521

	Done   bool            // of a task that does not repeat
	DoneOn map[string]bool // the days, yyyyMMdd, on which a task that repeats was done
}

// Due is when a task is due.
type Due struct {
	Date     time.Time
	zone     *time.Location
	zoneName string
	Alarm    string // HHmm; empty: none
	recur    *Recur
}

// Repeats returns how the task repeats, nil if it does not.
func (t *Task) Repeats() *Recur {
	if t.Due == nil {
		return nil
	}
	return t.Due.recur
}

// within says whether the task is due in a range of days. One without a due
// date is due on any day.
func (t *Task) within(from, to time.Time) bool {
	if t.Due == nil {
		return true
	}
	if recur := t.Repeats(); recur != nil {
		return len(recur.Days(from, to)) > 0
	}
	return !t.Due.Date.Before(from) && !t.Due.Date.After(to)
}

// firstDay is the day by which tasks are sorted: those without a due date come
// last.
func (t *Task) firstDay() time.Time {
	if t.Due == nil {
		return time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return t.Due.Date
}

// complete marks the task, or its current occurrence in its own time zone.
func (t *Task) complete(done bool, now time.Time) {
	if recur := t.Repeats(); recur != nil {
		t.DoneOn[recur.current(calendar.DayOf(now, t.Due.zone)).Format(DayForm)] = done
		return
	}
	t.Done = done
}

// status is TODO or COMPLETED.
func (t *Task) status(today time.Time) string {
	done := t.Done
	if recur := t.Repeats(); recur != nil {
		done = t.DoneOn[recur.current(today).Format(DayForm)]
	}
	if done {
		return statusCompleted
	}
	return statusTodo
}

// show is the task as the sandbox answers with it.
func (t *Task) show(today time.Time) map[string]any {
	shown := map[string]any{"id": t.ID, "content": t.Content, "status": t.status(today), "bookmark": t.Bookmark}
	if t.Due == nil {
		return shown
	}
	due := map[string]any{"due_date": t.Due.Date.Format(DayForm), "time_zone": t.Due.zoneName}
	if t.Due.Alarm != "" {
		due["alarm_time"] = t.Due.Alarm
	}
	if recur := t.Due.recur; recur != nil {
		due["recur"] = map[string]any{"rrule": recur.Text, "record_on": recur.recordOn}
	}
	shown["due_info"] = due
	return shown
}
