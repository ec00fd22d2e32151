package sandbox

import "slices"

// Credentials are the app's published test keys and tokens. They open nothing
// but a sandbox, so they may be printed.
type Credentials struct {
	AppID              int64
	AppName            string
	RESTKey            string
	AdminKey           string
	SecondAdminKey     string // also allowed everything
	LimitedAdminKey    string // allowed the Logout category only: -3 elsewhere
	DeactivatedKey     string // answers -401
	NativeKey          string // of the wrong kind for REST calls
	JavaScriptKey      string // of the wrong kind for REST calls
	ClientSecret       string
	RedirectURIs       []string
	LogoutRedirectURIs []string
	Users              []UserCredentials
}

// UserCredentials are a seeded person and their long-lived test tokens. The
// tokens are empty for people who have never signed in to the app. A token
// stops working when a test logs its user out or unlinks them.
type UserCredentials struct {
	Name         string // for the control path, such as "mina"
	ID           int64
	About        string
	AccessToken  string
	RefreshToken string
}

// Credentials returns the test keys and tokens of the seed.
func (s *Sandbox) Credentials() Credentials {
	c := Credentials{
		AppID: appID, AppName: appName,
		RESTKey: testRESTKey, AdminKey: testAdminKey, SecondAdminKey: testSecondAdminKey, LimitedAdminKey: testLimitedKey,
		DeactivatedKey: testDeactivatedKey, NativeKey: testNativeKey, JavaScriptKey: testJavaScriptKey, ClientSecret: testClientSecret,
	}
	s.locked(func(st *state) {
		c.RedirectURIs = slices.Clone(st.app.redirectURIs)
		c.LogoutRedirectURIs = slices.Clone(st.app.logoutRedirectURIs)
		for _, u := range st.users {
			user := UserCredentials{Name: u.name, ID: u.id, About: u.about}
			if u.seedTokens {
				user.AccessToken, user.RefreshToken = seedToken("access", u.name), seedToken("refresh", u.name)
			}
			c.Users = append(c.Users, user)
		}
	})
	return c
}
