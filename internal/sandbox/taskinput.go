package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"regexp"
	"time"
	"unicode/utf8"
)

const maxTaskContent = 1000 // characters

var alarmForm = regexp.MustCompile(`^([01][0-9]|2[0-3])[0-5][05]$`)

// taskInput is the JSON object of the parameter task.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
type taskInput struct {
	Content  *string `json:"content"`
	Bookmark *bool   `json:"bookmark"`
	DueInfo  *struct {
		DueDate   *string `json:"due_date"`
		TimeZone  *string `json:"time_zone"`
		AlarmTime *string `json:"alarm_time"`
		Recur     *struct {
			RRule    *string `json:"rrule"`
			RecordOn *bool   `json:"record_on"`
		} `json:"recur"`
	} `json:"due_info"`
}

// readTask decodes the parameter task. Members that it does not have are
// refused: they would be lost.
func readTask(r *request) (taskInput, *kakaoError) {
	var in taskInput
	decoder := json.NewDecoder(bytes.NewReader(r.raw("task")))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&in)
	if err == nil {
		if _, more := decoder.Token(); more != io.EOF {
			err = more
		}
	}
	if err != nil {
		return in, newFailure("-2", unsatisfied("task", "must be a task: "+err.Error()))
	}
	return in, nil
}

// badTask is the failure of a member of the parameter task.
func badTask(member, detail string) *kakaoError {
	return newFailure("-2", unsatisfied("task."+member, detail))
}

// take puts the input into the task, all of it or nothing.
func (t *task) take(in taskInput, now time.Time) *kakaoError {
	if in.Content == nil || *in.Content == "" {
		return badTask("content", "must not be empty")
	}
	if utf8.RuneCountInString(*in.Content) > maxTaskContent {
		return badTask("content", "must be at most 1000 characters")
	}
	due, e := in.due(now)
	if e != nil {
		return e
	}
	t.content, t.bookmark, t.due = *in.Content, in.Bookmark != nil && *in.Bookmark, due
	return nil
}

// due reads due_info.
func (i taskInput) due(now time.Time) (*taskDue, *kakaoError) {
	if i.DueInfo == nil {
		return nil, nil
	}
	date, err := time.Parse(dayForm, orEmpty(i.DueInfo.DueDate))
	if err != nil {
		return nil, badTask("due_info.due_date", "must be a day, yyyyMMdd")
	}
	due := &taskDue{date: date, zoneName: cmp.Or(orEmpty(i.DueInfo.TimeZone), "Asia/Seoul"), alarm: orEmpty(i.DueInfo.AlarmTime)}
	var e *kakaoError
	if due.zone, e = taskZone("task.due_info.time_zone", due.zoneName); e != nil {
		return nil, e
	}
	if date.Before(dayOf(now, due.zone)) {
		return nil, badTask("due_info.due_date", "must not lie in the past")
	}
	if i.DueInfo.AlarmTime != nil && !alarmForm.MatchString(due.alarm) {
		return nil, badTask("due_info.alarm_time", "must be HHmm in steps of 5 minutes")
	}
	if i.DueInfo.Recur == nil {
		return due, nil
	}
	recur, wrong := parseTaskRule(orEmpty(i.DueInfo.Recur.RRule), date)
	if wrong != "" {
		return nil, badTask("due_info.recur.rrule", wrong)
	}
	recur.recordOn = i.DueInfo.Recur.RecordOn != nil && *i.DueInfo.Recur.RecordOn
	due.recur = recur
	return due, nil
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
