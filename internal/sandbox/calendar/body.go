package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar/recurrence"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// The members of the parameter event, by what the route does.
var (
	hostMembers   = []string{"title", "time", "rrule", "description", "location", "reminders", colourName}
	guestMembers  = []string{colourName, "reminders", "memo"} // Kakao does not list them
	publicMembers = []string{"title", "time", "description", "location", "reminders", colourName, "banner", "notification_message"}
)

const (
	maxTitle        = 50
	maxDescription  = 5000
	maxLocationName = 100
	maxReminders    = 2
	timeStep        = 5 * time.Minute
)

// sentEvent is the parameter event. What was left out is nil.
type sentEvent struct {
	Title       *string         `json:"title"`
	Time        *sentTime       `json:"time"`
	Rule        *string         `json:"rrule"`
	Description *string         `json:"description"`
	Location    *EventLocation  `json:"location"`
	Reminders   *[]int          `json:"reminders"`
	Colour      *string         `json:"color"`
	Memo        *string         `json:"memo"`
	Banner      *eventBanner    `json:"banner"`
	Notices     json.RawMessage `json:"notification_message"`
}

// sentTime is the member time.
type sentTime struct {
	StartAt  string  `json:"start_at"`
	EndAt    string  `json:"end_at"`
	TimeZone *string `json:"time_zone"`
	AllDay   bool    `json:"all_day"`
	Lunar    bool    `json:"lunar"`
}

// badEvent refuses the parameter event; detail says what is right.
func badEvent(detail string) *platform.Failure {
	return platform.NewFailure("-2", platform.Unsatisfied("event", detail))
}

// readEvent reads the parameter event: a JSON object of the given members only,
// none of them null.
func readEvent(r *platform.Request, members []string) (sentEvent, *platform.Failure) {
	var in sentEvent
	var raws map[string]json.RawMessage
	if json.Unmarshal(r.Raw("event"), &raws) != nil {
		return in, badEvent("a JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(raws)) {
		if !slices.Contains(members, name) {
			return in, badEvent("it has no member " + name)
		}
		if string(raws[name]) == "null" {
			return in, badEvent(name + " must not be null")
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(r.Raw("event")))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&in)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return in, badEvent(wrongType.Field + ": a JSON " + wrongType.Value + " does not fit here")
	case err != nil:
		return in, badEvent(err.Error())
	}
	return in, nil
}

// take changes the event as the request says, and checks the outcome. Nothing
// of the event may be used when it fails.
func (e *Event) take(in sentEvent) *platform.Failure {
	for _, take := range []func(sentEvent) *platform.Failure{e.takeTexts, e.takeTime, e.takeRule, e.takeLook} {
		if failure := take(in); failure != nil {
			return failure
		}
	}
	return nil
}

func (e *Event) takeTexts(in sentEvent) *platform.Failure {
	if in.Title != nil {
		if n := utf8.RuneCountInString(*in.Title); n < 1 || n > maxTitle {
			return badEvent("title must have 1 to 50 characters")
		}
		e.Title = *in.Title
	}
	if in.Description != nil {
		if utf8.RuneCountInString(*in.Description) > maxDescription {
			return badEvent("description must have at most 5000 characters")
		}
		e.Description = in.Description
	}
	if in.Location != nil {
		if in.Location.Name != nil && utf8.RuneCountInString(*in.Location.Name) > maxLocationName {
			return badEvent("location.name must have at most 100 characters")
		}
		e.Location = in.Location
	}
	if in.Memo != nil {
		e.Memo = *in.Memo
	}
	return nil
}

func (e *Event) takeTime(in sentEvent) *platform.Failure {
	if in.Time == nil {
		return nil
	}
	read, failure := in.Time.read()
	if failure != nil {
		return failure
	}
	e.Time = read
	return nil
}

// read checks the time. Kakao takes times with an offset too.
func (s sentTime) read() (EventTime, *platform.Failure) {
	zone := "Asia/Seoul"
	if s.TimeZone != nil {
		zone = *s.TimeZone
	}
	t := EventTime{Zone: zone, AllDay: s.AllDay, lunar: s.Lunar}
	var failure *platform.Failure
	if t.location, failure = ZoneOf("time_zone", zone); failure != nil || zone == "" {
		return t, badEvent("time.time_zone must be the ID of a time zone, such as Asia/Seoul")
	}
	for _, end := range []struct {
		name, text string
		into       *time.Time
	}{{"start_at", s.StartAt, &t.start}, {"end_at", s.EndAt, &t.end}} {
		at, err := time.Parse(time.RFC3339, end.text)
		at = at.UTC()
		switch {
		case err != nil:
			return t, badEvent("time." + end.name + " must be a time in UTC, such as 2030-03-05T02:00:00Z")
		case !at.Equal(at.Truncate(timeStep)):
			return t, badEvent("time." + end.name + " must be at a full step of 5 minutes")
		case t.AllDay && !at.Equal(at.Truncate(24*time.Hour)):
			return t, badEvent("time." + end.name + " of an all-day event must be midnight in UTC")
		}
		*end.into = at
	}
	if !t.end.After(t.start) {
		return t, badEvent("time.end_at must be later than time.start_at")
	}
	return t, nil
}

// takeRule also looks whether there is any occurrence left after a change of
// the time.
func (e *Event) takeRule(in sentEvent) *platform.Failure {
	if in.Rule != nil {
		rule, err := recurrence.Parse(*in.Rule)
		if err != nil {
			return badEvent("rrule: " + err.Error())
		}
		e.Rule = rule
	}
	switch {
	case e.Rule == nil || in.Rule == nil && in.Time == nil:
	case e.Time.lunar:
		return badEvent("the sandbox cannot count the recurrence of lunar dates")
	case !e.settle():
		return badEvent("rrule has no occurrence")
	}
	return nil
}

func (e *Event) takeLook(in sentEvent) *platform.Failure {
	if in.Reminders != nil {
		e.Reminders = *in.Reminders
	}
	low := 0
	if e.Time.AllDay {
		low = minDayReminder
	}
	if len(e.Reminders) > maxReminders {
		return badEvent("reminders must be at most 2")
	}
	for _, minutes := range e.Reminders {
		if minutes%reminderStep != 0 || minutes < low || minutes > maxReminder {
			return badEvent("reminders must be multiples of 5 from 0, of an all-day event from -1440, to 43200")
		}
	}
	if in.Colour != nil {
		if !slices.Contains(colours, *in.Colour) {
			return badEvent(colourName + " must be one of the colours, such as RED")
		}
		e.Colour = *in.Colour
	}
	if in.Banner != nil {
		e.banner = in.Banner
	}
	if in.Notices != nil {
		e.notices = in.Notices
	}
	return nil
}
