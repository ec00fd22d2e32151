package sandbox

import (
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

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
		AppID: platform.AppID, AppName: platform.AppName,
		RESTKey: platform.SeedRESTKey, AdminKey: platform.SeedAdminKey, SecondAdminKey: platform.SeedSecondAdminKey, LimitedAdminKey: platform.SeedLimitedKey,
		DeactivatedKey: platform.SeedDeactivatedKey, NativeKey: platform.SeedNativeKey, JavaScriptKey: platform.SeedJavaScriptKey, ClientSecret: platform.SeedClientSecret,
	}
	s.locked(func(st *platform.State) {
		c.RedirectURIs = slices.Clone(st.App.RedirectURIs)
		c.LogoutRedirectURIs = slices.Clone(st.App.LogoutRedirectURIs)
		for _, u := range st.Users {
			user := UserCredentials{Name: u.Name, ID: u.ID, About: u.About}
			if u.SeedTokens {
				user.AccessToken, user.RefreshToken = platform.SeedToken("access", u.Name), platform.SeedToken("refresh", u.Name)
			}
			c.Users = append(c.Users, user)
		}
	})
	return c
}
