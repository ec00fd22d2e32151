package platform

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"
)

// State is everything the sandbox remembers: what all products share, and a part
// for each product. It has no lock of its own; the sandbox hands it out to one
// call at a time.
type State struct {
	options  Options
	Products []Product
	Routes   *RouteTable
	advanced time.Duration

	App   *App
	Users []*User

	Codes         map[string]*AuthorizationCode
	AccessTokens  map[string]*AccessToken
	RefreshTokens map[string]*RefreshToken

	parts map[reflect.Type]any // of the products, see PartOf

	Quotas *Quotas
	Faults Faults
	Calls  CallList
}

// NewState makes the routes of the products and the seed. It fails when routes
// contradict each other, and when an option names what does not exist.
func NewState(options Options, products []Product) (*State, error) {
	var all []Route
	for _, p := range products {
		all = append(all, p.Routes...)
	}
	routes, err := newRouteTable(all)
	if err != nil {
		return nil, fmt.Errorf("routes: %w", err)
	}
	if err := options.check(routes); err != nil {
		return nil, err
	}
	st := &State{options: options, Products: products, Routes: routes}
	return st, st.Reset()
}

// Reset makes the seed: the app, its people and their tokens, and then the
// products' parts in their order. The clock goes back to its start.
func (s *State) Reset() error {
	a, err := newApp(s.options)
	if err != nil {
		return err
	}
	*s = State{
		options: s.options, Products: s.Products, Routes: s.Routes, App: a, Quotas: newQuotas(), parts: map[reflect.Type]any{},
		Codes: map[string]*AuthorizationCode{}, AccessTokens: map[string]*AccessToken{}, RefreshTokens: map[string]*RefreshToken{},
	}
	s.Users = seedUsers(a, s.Now())
	for _, u := range s.Users {
		s.seedTokens(u)
	}
	for _, p := range s.Products {
		if p.Seed != nil {
			part := p.Seed(s)
			s.parts[reflect.TypeOf(part).Elem()] = part
		}
	}
	return nil
}

// Options configure what all products share.
type Options struct {
	// Clock is the sandbox's time before any advance over the control path.
	Clock func() time.Time
	// ManualLinking turns the app's automatic linking off.
	ManualLinking bool
	// Disabled names consent items and services that are off in the app.
	Disabled []string
	// DailyQuota limits the calls per Korean day of the routes it names.
	DailyQuota map[string]int
}

// check holds the daily quotas against the routes.
func (o Options) check(routes *RouteTable) error {
	for key, limit := range o.DailyQuota {
		if r := routes.ByKey(key); r == nil || r.Key() != key {
			return fmt.Errorf("option DailyQuota: no route %q; write it with its first method, as %q", key, "GET /v2/user/me")
		}
		if limit < 1 {
			return fmt.Errorf("option DailyQuota: %q has %d calls a day; at least 1 is needed", key, limit)
		}
	}
	return nil
}

// Now is the sandbox's time.
func (s *State) Now() time.Time { return s.options.Clock().Add(s.advanced) }

// Advance moves the sandbox's time on. It never goes back, but by Reset.
func (s *State) Advance(by time.Duration) { s.advanced += by }

// Ahead is by how much the sandbox's time has been advanced.
func (s *State) Ahead() time.Duration { return s.advanced }

// UserByID returns the person with this ID, linked or not; nil if none.
func (s *State) UserByID(id int64) *User {
	for _, u := range s.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// UserByName returns the person of this seed name; nil if none.
func (s *State) UserByName(name string) *User {
	for _, u := range s.Users {
		if u.Name == name {
			return u
		}
	}
	return nil
}

// UserByUUID returns the person with this uuid in the app; nil if none.
func (s *State) UserByUUID(uuid string) *User {
	i := slices.IndexFunc(s.Users, func(u *User) bool { return u.UUID == uuid })
	if i < 0 {
		return nil
	}
	return s.Users[i]
}

// LinkedUsers are the users of the app by ascending ID.
func (s *State) LinkedUsers() []*User {
	users := slices.DeleteFunc(slices.Clone(s.Users), func(u *User) bool { return u.Link != Linked })
	slices.SortFunc(users, func(a, b *User) int { return cmp.Compare(a.ID, b.ID) })
	return users
}

// Unlink ends the link: tokens, consents, terms and properties go with it.
func (s *State) Unlink(u *User) {
	s.RevokeTokens(u)
	u.forget()
}

// LapseSignups unlinks preregistered users who did not complete their signup
// within a day. https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#signup
func (s *State) LapseSignups() {
	now := s.Now()
	for _, u := range s.Users {
		if u.Link == Preregistered && !now.Before(u.SignupDue) {
			s.Unlink(u)
		}
	}
}

// DropExpiredTokens forgets the codes and tokens that nobody can ask for any
// more, so that a sandbox that runs for weeks stays small. Expired tokens stay a
// day to be called expired.
func (s *State) DropExpiredTokens(now time.Time) {
	const grace = 24 * time.Hour
	maps.DeleteFunc(s.Codes, func(_ string, c *AuthorizationCode) bool { return now.After(c.Expires) })
	maps.DeleteFunc(s.AccessTokens, func(_ string, t *AccessToken) bool { return now.After(t.Expires.Add(grace)) })
	maps.DeleteFunc(s.RefreshTokens, func(_ string, t *RefreshToken) bool { return now.After(t.Expires.Add(grace)) })
}

// RandomText is n random bytes in base64url.
func RandomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}
