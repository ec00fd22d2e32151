package pages

// ChooserPage lets a person choose the account to sign in with.
type ChooserPage struct {
	App     string
	Request string // hidden field that ties the answer to the page
	// Title is the key of the heading: choose, again or create.
	Title    string
	Hint     string // login_hint as it came, or empty
	Accounts []Account
}

// Account is a row of the chooser.
type Account struct {
	Face
	Email, About string
	Link         string // linked, preregistered or unlinked
	Hinted       bool   // the app named it
}

// ConsentPage asks for what the app wants.
type ConsentPage struct {
	App, Request string
	Person       Face
	Email        string
	Terms, Items []Box
	Channels     []string // public IDs
}

// Box is a check box of the consent page.
type Box struct {
	Field    string // name in the form
	Title    string
	ID       string
	Required bool
}

// LogoutPage asks whether the Kakao account is to be signed out too.
type LogoutPage struct {
	App, Request string
	Person       Face
	Email        string
}

// ErrorPage says why a sign-in cannot go on.
type ErrorPage struct{ Code, Message string }

func (ChooserPage) template() string { return "choose" }
func (ConsentPage) template() string { return "consent" }
func (LogoutPage) template() string  { return "logout" }
func (ErrorPage) template() string   { return "error" }
