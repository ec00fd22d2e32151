package calendar

import (
	"crypto/rand"
	"encoding/hex"
	"time"
	_ "time/tzdata" // the zones of events and tasks, on machines without them

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// DayOf is the day that a clock in the zone shows.
func DayOf(now time.Time, zone *time.Location) time.Time {
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// ZoneOf reads the name of a time zone; empty means Korea's.
func ZoneOf(name, zone string) (*time.Location, *platform.Failure) {
	if zone == "" || zone == "Asia/Seoul" {
		return platform.KoreaZone, nil
	}
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return nil, Unparsed(name, zone)
	}
	return location, nil
}

// Unparsed is the failure of a value that is no day or zone, in the words that
// Talk Calendar has been seen to use.
func Unparsed(name, value string) *platform.Failure {
	return platform.NewFailure("-2", "failed to parse parameter. name="+name+", stringToParse="+value+", paramString="+value+", paramStringAlias=null")
}

// NewID is 24 hexadecimal digits, of events and of tasks.
func NewID() string {
	var id [12]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	return hex.EncodeToString(id[:])
}
