package task

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const maxContent = 1000 // characters

var alarmForm = regexp.MustCompile(`^([01][0-9]|2[0-3])[0-5][05]$`)

// input is the JSON object of the parameter task.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
type input struct {
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
func readTask(r *platform.Request) (input, *platform.Failure) {
	var in input
	decoder := json.NewDecoder(bytes.NewReader(r.Raw("task")))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&in)
	if err == nil {
		if _, more := decoder.Token(); more != io.EOF {
			err = more
		}
	}
	if err != nil {
		return in, platform.NewFailure("-2", platform.Unsatisfied("task", "must be a task: "+err.Error()))
	}
	return in, nil
}

// badTask is the failure of a member of the parameter task.
func badTask(member, detail string) *platform.Failure {
	return platform.NewFailure("-2", platform.Unsatisfied("task."+member, detail))
}

// take puts the input into the task, all of it or nothing.
func (t *Task) take(in input, now time.Time) *platform.Failure {
	if in.Content == nil || *in.Content == "" {
		return badTask("content", "must not be empty")
	}
	if utf8.RuneCountInString(*in.Content) > maxContent {
		return badTask("content", "must be at most 1000 characters")
	}
	due, e := in.due(now)
	if e != nil {
		return e
	}
	t.Content, t.Bookmark, t.Due = *in.Content, in.Bookmark != nil && *in.Bookmark, due
	return nil
}

// due reads due_info.
func (i input) due(now time.Time) (*Due, *platform.Failure) {
	if i.DueInfo == nil {
		return nil, nil
	}
	date, err := time.Parse(DayForm, orEmpty(i.DueInfo.DueDate))
	if err != nil {
		return nil, badTask("due_info.due_date", "must be a day, yyyyMMdd")
	}
	due := &Due{Date: date, zoneName: cmp.Or(orEmpty(i.DueInfo.TimeZone), "Asia/Seoul"), Alarm: orEmpty(i.DueInfo.AlarmTime)}
	var e *platform.Failure
	if due.zone, e = calendar.ZoneOf("task.due_info.time_zone", due.zoneName); e != nil {
		return nil, e
	}
	if date.Before(calendar.DayOf(now, due.zone)) {
		return nil, badTask("due_info.due_date", "must not lie in the past")
	}
	if i.DueInfo.AlarmTime != nil && !alarmForm.MatchString(due.Alarm) {
		return nil, badTask("due_info.alarm_time", "must be HHmm in steps of 5 minutes")
	}
	if i.DueInfo.Recur == nil {
		return due, nil
	}
	recur, wrong := parseRule(orEmpty(i.DueInfo.Recur.RRule), date)
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
