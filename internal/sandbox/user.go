package sandbox

import (
	"maps"
	"slices"
	"time"
)

// linkState is how far a person has come with the app.
type linkState int

const (
	unlinked      linkState = iota // has a Kakao account, is no user of the app
	preregistered                  // logged in, signup not complete (manual linking)
	linked
)

// String returns the state in words.
func (l linkState) String() string { return [...]string{"unlinked", "preregistered", "linked"}[l] }

// user is a person with a Kakao account, and what the app knows about them.
type user struct {
	name       string // of the seed, such as "mina"
	about      string // one line for the pages
	id         int64  // in this app; stays the same when unlinked and linked again
	uuid       string // names the user to friends and messages
	account    account
	dormant    bool // Kakao answers -103
	seedTokens bool // has the printed test tokens from the start
	addresses  []address

	link        linkState
	connectedAt time.Time
	syncedAt    time.Time // zero: did not sign up through Kakao Sync
	signupDue   time.Time // preregistered users lapse then
	consents    map[string]time.Time
	terms       map[string]termConsent
	properties  map[string]string
}

// account is the person's Kakao account. Empty texts are values that the
// account does not have.
type account struct {
	nickname        string
	image           string // file name below imageBase; empty: the default picture
	name            string
	email           string
	emailValid      bool
	emailVerified   bool
	ageRange        string
	birthyear       string // YYYY
	birthday        string // MMDD
	birthdayType    string // SOLAR or LUNAR
	leapMonth       bool
	gender          string
	phoneNumber     string
	defaultNickname bool
}

// address is one shipping address.
type address struct {
	id            int64
	name          string
	isDefault     bool
	updatedAt     time.Time
	kind          string // NEW: road name, OLD: lot number
	base, detail  string
	receiver      string
	phone, phone2 string
	zone, zip     string
}

// termConsent is an agreed service term.
type termConsent struct {
	at time.Time
	by string // KAUTH: on the consent screen, KAPI: by the upgrade call
}

// agreed says whether the user has agreed to a consent item.
func (u *user) agreed(item string) bool {
	_, ok := u.consents[item]
	return ok
}

// agreedItems are the agreed consent items in the app's order.
func (u *user) agreedItems(a *app) []string {
	items := []string{}
	for _, item := range a.items {
		if u.agreed(item.id) {
			items = append(items, item.id)
		}
	}
	return items
}

// imageBase is where profile pictures would be. The host does not exist.
const imageBase = "http://img.sandbox.example/"

// picture returns the URL of the profile picture in a size such as 640x640.
func (u *user) picture(size string) string {
	file := u.account.image
	if file == "" {
		file = "default"
	}
	return imageBase + file + "_" + size + ".jpg"
}

// becomeLinked completes the link. Custom properties start as a copy of the
// profile, as Kakao's legacy keys do.
func (u *user) becomeLinked(now time.Time) {
	u.link = linked
	u.signupDue = time.Time{}
	if u.connectedAt.IsZero() {
		u.connectedAt = now
	}
	u.copyProfile()
}

// copyProfile puts the profile into the legacy properties.
func (u *user) copyProfile() {
	u.properties["nickname"] = u.account.nickname
	u.properties["profile_image"] = u.picture("640x640")
	u.properties["thumbnail_image"] = u.picture("110x110")
}

// forget removes everything the link stood for.
func (u *user) forget() {
	u.link = unlinked
	u.connectedAt, u.syncedAt, u.signupDue = time.Time{}, time.Time{}, time.Time{}
	clear(u.consents)
	clear(u.terms)
	clear(u.properties)
}

// unknownProperties are the keys that the app has not registered, sorted.
func (a *app) unknownProperties(properties map[string]string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(properties)), func(key string) bool {
		return slices.Contains(a.propertyKeys, key)
	})
}

// wireTime is a time as Kakao writes it: RFC 3339, UTC, whole seconds.
func wireTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
