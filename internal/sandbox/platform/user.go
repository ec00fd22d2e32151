package platform

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// LinkState is how far a person has come with the app.
type LinkState int

// How far a person can have come.
const (
	Unlinked      LinkState = iota // has a Kakao account, is no user of the app
	Preregistered                  // logged in, signup not complete (manual linking)
	Linked
)

// String returns the state in words.
func (l LinkState) String() string { return [...]string{"unlinked", "preregistered", "linked"}[l] }

// User is a person with a Kakao account, and what the app knows about them.
type User struct {
	Name       string // of the seed, such as "mina"
	About      string // one line for the pages
	ID         int64  // in this app; stays the same when unlinked and linked again
	UUID       string // names the user to friends and messages
	Account    Account
	Dormant    bool // Kakao answers -103
	SeedTokens bool // has the printed test tokens from the start
	Addresses  []Address

	Link        LinkState
	ConnectedAt time.Time
	SyncedAt    time.Time // zero: did not sign up through Kakao Sync
	SignupDue   time.Time // preregistered users lapse then
	Consents    map[string]time.Time
	Terms       map[string]TermConsent
	Properties  map[string]string
}

// Account is the person's Kakao account. Empty texts are values that the
// account does not have.
type Account struct {
	Nickname        string
	Image           string // file name below ImageBase; empty: the default picture
	Name            string
	Email           string
	EmailValid      bool
	EmailVerified   bool
	AgeRange        string
	Birthyear       string // YYYY
	Birthday        string // MMDD
	BirthdayType    string // SOLAR or LUNAR
	LeapMonth       bool
	Gender          string
	PhoneNumber     string
	DefaultNickname bool
}

// Address is one shipping address.
type Address struct {
	ID            int64
	Name          string
	IsDefault     bool
	UpdatedAt     time.Time
	Kind          string // NEW: road name, OLD: lot number
	Base, Detail  string
	Receiver      string
	Phone, Phone2 string
	Zone, Zip     string
}

// TermConsent is an agreed service term.
type TermConsent struct {
	At time.Time
	By string // KAUTH: on the consent screen, KAPI: by the upgrade call
}

// Agreed says whether the user has agreed to a consent item.
func (u *User) Agreed(item string) bool {
	_, ok := u.Consents[item]
	return ok
}

// AgreedItems are the agreed consent items in the app's order.
func (u *User) AgreedItems(a *App) []string {
	items := []string{}
	for _, item := range a.Items {
		if u.Agreed(item.ID) {
			items = append(items, item.ID)
		}
	}
	return items
}

// ImageBase is where profile pictures would be. The host does not exist.
const ImageBase = "http://img.sandbox.example/"

// Picture returns the URL of the profile picture in a size such as 640x640.
func (u *User) Picture(size string) string {
	file := u.Account.Image
	if file == "" {
		file = "default"
	}
	return ImageBase + file + "_" + size + ".jpg"
}

// BecomeLinked completes the link. Custom properties start as a copy of the
// profile, as Kakao's legacy keys do.
func (u *User) BecomeLinked(now time.Time) {
	u.Link = Linked
	u.SignupDue = time.Time{}
	if u.ConnectedAt.IsZero() {
		u.ConnectedAt = now
	}
	u.copyProfile()
}

// copyProfile puts the profile into the legacy properties.
func (u *User) copyProfile() {
	u.Properties["nickname"] = u.Account.Nickname
	u.Properties["profile_image"] = u.Picture("640x640")
	u.Properties["thumbnail_image"] = u.Picture("110x110")
}

// forget removes everything the link stood for.
func (u *User) forget() {
	u.Link = Unlinked
	u.ConnectedAt, u.SyncedAt, u.SignupDue = time.Time{}, time.Time{}, time.Time{}
	clear(u.Consents)
	clear(u.Terms)
	clear(u.Properties)
}

// UnknownProperties are the keys that the app has not registered, sorted.
func (a *App) UnknownProperties(properties map[string]string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(properties)), func(key string) bool {
		return slices.Contains(a.PropertyKeys, key)
	})
}

// WireTime is a time as Kakao writes it: RFC 3339, UTC, whole seconds.
func WireTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// DecimalText writes an ID.
func DecimalText(n int64) string { return strconv.FormatInt(n, 10) }
