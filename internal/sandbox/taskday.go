package sandbox

import (
	"time"
	_ "time/tzdata" // the zones of tasks, on machines without them
)

// dayForm is how a task writes a day. Days are midnights in UTC.
const dayForm = "20060102"

// dayOf is the day that a clock in the zone shows.
func dayOf(now time.Time, zone *time.Location) time.Time {
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// taskDay reads a parameter that is a day.
func taskDay(r *request, name string) (time.Time, *kakaoError) {
	day, err := time.Parse(dayForm, r.text(name))
	if err != nil {
		return day, unparsed(name, r.text(name))
	}
	return day, nil
}

// taskZone reads the name of a time zone; empty means Korea's.
func taskZone(name, zone string) (*time.Location, *kakaoError) {
	if zone == "" || zone == "Asia/Seoul" {
		return koreaZone, nil
	}
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return nil, unparsed(name, zone)
	}
	return location, nil
}

// unparsed is the failure of a value that is no day or zone, in the words that
// Talk Calendar has been seen to use.
func unparsed(name, value string) *kakaoError {
	return newFailure("-2", "failed to parse parameter. name="+name+", stringToParse="+value+", paramString="+value+", paramStringAlias=null")
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
