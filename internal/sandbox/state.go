package sandbox

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"time"
)

// state is everything the sandbox remembers. Its methods expect the lock of
// Sandbox to be held (Sandbox.locked).
type state struct {
	options  *Options
	routes   *routeTable
	advanced time.Duration // by the control path

	app   *app
	users []*user

	codes         map[string]*authorizationCode
	accessTokens  map[string]*accessToken
	refreshTokens map[string]*refreshToken
	signed        int // ID tokens signed so far

	sessions map[string]*session   // browsers logged in to a Kakao account
	pages    map[string]*pageVisit // consent and logout pages being shown

	talk *talk // Kakao Talk: friends and messages

	channels *channelState
	push     *pushState

	tasks *taskBook

	calendars *calendarState

	karlo *karlo // image generation

	quotas *quotas
	faults faults
	calls  callList
}

// newState makes the seed.
func newState(options *Options, routes *routeTable) (*state, error) {
	a, err := newApp(options)
	if err != nil {
		return nil, err
	}
	st := &state{
		options: options, routes: routes, app: a, quotas: newQuotas(), karlo: newKarlo(),
		codes: map[string]*authorizationCode{}, accessTokens: map[string]*accessToken{}, refreshTokens: map[string]*refreshToken{},
		sessions: map[string]*session{}, pages: map[string]*pageVisit{},
	}
	st.users = seedUsers(a, st.now())
	st.tasks = seedTasks(st.users, st.now())
	st.calendars = seedCalendars(st.users, st.now())
	st.channels, st.push = seedChannels(st.users), seedPush(st.users)
	for _, u := range st.users {
		st.seedTokens(u)
	}
	st.talk = seedTalk(st)
	return st, nil
}

// now is the sandbox's time.
func (s *state) now() time.Time { return s.options.Clock().Add(s.advanced) }

// userByID returns the person with this ID, linked or not; nil if none.
func (s *state) userByID(id int64) *user {
	for _, u := range s.users {
		if u.id == id {
			return u
		}
	}
	return nil
}

// userByName returns the person of this seed name; nil if none.
func (s *state) userByName(name string) *user {
	for _, u := range s.users {
		if u.name == name {
			return u
		}
	}
	return nil
}

// linkedUsers are the users of the app by ascending ID.
func (s *state) linkedUsers() []*user {
	users := slices.DeleteFunc(slices.Clone(s.users), func(u *user) bool { return u.link != linked })
	slices.SortFunc(users, func(a, b *user) int { return cmp.Compare(a.id, b.id) })
	return users
}

// unlink ends the link: tokens, consents, terms and properties go with it.
func (s *state) unlink(u *user) {
	s.revokeTokens(u)
	u.forget()
}

// lapseSignups unlinks preregistered users who did not complete their signup
// within a day. https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#signup
func (s *state) lapseSignups() {
	now := s.now()
	for _, u := range s.users {
		if u.link == preregistered && !now.Before(u.signupDue) {
			s.unlink(u)
		}
	}
}

// dropExpired forgets what nobody can ask for any more, so that a sandbox that
// runs for weeks stays small. Expired tokens stay a day to be called expired.
func (s *state) dropExpired(now time.Time) {
	const grace = 24 * time.Hour
	maps.DeleteFunc(s.codes, func(_ string, c *authorizationCode) bool { return now.After(c.expires) })
	maps.DeleteFunc(s.accessTokens, func(_ string, t *accessToken) bool { return now.After(t.expires.Add(grace)) })
	maps.DeleteFunc(s.refreshTokens, func(_ string, t *refreshToken) bool { return now.After(t.expires.Add(grace)) })
	maps.DeleteFunc(s.sessions, func(_ string, b *session) bool { return now.After(b.expires) })
	maps.DeleteFunc(s.pages, func(_ string, p *pageVisit) bool { return now.After(p.expires) })
}

// session is a browser that is logged in to a Kakao account.
type session struct {
	user     *user
	loggedIn time.Time
	expires  time.Time
}

const (
	sessionCookie = "sandbox_kakao_account"
	shortSession  = 24 * time.Hour
	longSession   = 30 * 24 * time.Hour // "stay signed in"
)

// session returns the browser session of a request, or nil.
func (s *state) session(r *http.Request) *session {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	found := s.sessions[cookie.Value]
	if found == nil || !s.now().Before(found.expires) {
		return nil
	}
	return found
}

// randomText is n random bytes in base64url.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}
