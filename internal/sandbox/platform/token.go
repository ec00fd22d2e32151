package platform

import (
	"maps"
	"strings"
	"time"
)

// Lifetimes of codes and tokens.
// https://developers.kakao.com/docs/latest/en/kakaologin/common#token
const (
	CodeLife    = 10 * time.Minute
	AccessLife  = 21599 * time.Second
	RefreshLife = 5183999 * time.Second

	seedLife = 10 * 365 * 24 * time.Hour // of the printed test tokens
)

// AuthorizationCode waits for its exchange.
type AuthorizationCode struct {
	User        *User
	RedirectURI string
	Challenge   string // PKCE, or empty
	Nonce       string
	OpenID      bool
	AuthTime    time.Time
	Expires     time.Time
}

// RefreshToken and the access tokens made from it are one login.
type RefreshToken struct {
	Value    string
	User     *User
	OpenID   bool
	AuthTime time.Time
	Expires  time.Time
}

// AccessToken speaks for a user.
type AccessToken struct {
	Value   string
	User    *User
	OpenID  bool // issued together with an ID token
	Refresh *RefreshToken
	Expires time.Time
}

// seedTokens gives linked users the tokens that the start-up banner prints.
func (s *State) seedTokens(u *User) {
	if u.Link == Unlinked {
		return
	}
	u.SeedTokens = true
	expires := s.Now().Add(seedLife)
	refresh := &RefreshToken{Value: SeedToken("refresh", u.Name), User: u, OpenID: true, AuthTime: s.Now(), Expires: expires}
	access := &AccessToken{Value: SeedToken("access", u.Name), User: u, OpenID: true, Refresh: refresh, Expires: expires}
	s.RefreshTokens[refresh.Value], s.AccessTokens[access.Value] = refresh, access
}

// SeedToken is a test token of Kakao's length and alphabet.
func SeedToken(kind, name string) string {
	text := "test-" + kind + "-token-" + name + "-"
	return text + strings.Repeat("0", max(0, 56-len(text)))
}

// RevokeTokens ends all tokens and codes of a user.
func (s *State) RevokeTokens(u *User) {
	maps.DeleteFunc(s.AccessTokens, func(_ string, t *AccessToken) bool { return t.User == u })
	maps.DeleteFunc(s.RefreshTokens, func(_ string, t *RefreshToken) bool { return t.User == u })
	maps.DeleteFunc(s.Codes, func(_ string, c *AuthorizationCode) bool { return c.User == u })
}

// NewAccessToken issues an access token for a login.
func (s *State) NewAccessToken(login *RefreshToken, now time.Time) *AccessToken {
	t := &AccessToken{Value: RandomText(42), User: login.User, OpenID: login.OpenID, Refresh: login, Expires: now.Add(AccessLife)}
	s.AccessTokens[t.Value] = t
	return t
}

// NewRefreshToken starts or prolongs a login.
func (s *State) NewRefreshToken(u *User, openID bool, authTime, now time.Time) *RefreshToken {
	t := &RefreshToken{Value: RandomText(42), User: u, OpenID: openID, AuthTime: authTime, Expires: now.Add(RefreshLife)}
	s.RefreshTokens[t.Value] = t
	return t
}
