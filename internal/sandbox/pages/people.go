package pages

// PeoplePage lists the app's keys and the people with their test tokens, and
// below them what the sandbox answers.
type PeoplePage struct {
	App      App
	People   []Person
	SignIn   string // where signing in begins
	Routes   []Route
	Controls []Route
}

// App is the sandbox's one app.
type App struct {
	Name                             string
	ID                               int64
	Keys                             []Key
	RedirectURIs, LogoutRedirectURIs []string
}

// Key is a published test key.
type Key struct {
	Kind  string // of its text: key.<kind>
	Value string
}

// Person is somebody with a Kakao account.
type Person struct {
	Face
	Email, About string
	ID           int64
	UUID         string // names the person to friends and messages
	Link         string // linked, preregistered or unlinked
	Consents     []Pair // display name and ID
	Friends      []Friend
	Access       string // seeded token while it is good, or empty
	Refresh      string
	SignIn       string // where signing in as this person begins
	MessagesLink string
	CalendarLink string
}

// Friend is a friend of a person, as the person sees it.
type Friend struct {
	Face
	Favourite bool
	Listed    bool // by the list of friends
}

// Route is a path that the sandbox answers.
type Route struct{ Method, Host, Path, About string }

func (PeoplePage) template() string { return "people" }
