package login

import (
	"maps"
	"net/http"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// State is what Kakao Login remembers beside codes and tokens.
type State struct {
	Sessions map[string]*session   // browsers logged in to a Kakao account
	Pages    map[string]*pageVisit // consent and logout pages being shown
	signed   int                   // ID tokens signed so far
}

func newState(*platform.State) any {
	return &State{Sessions: map[string]*session{}, Pages: map[string]*pageVisit{}}
}

// Of is what the sandbox remembers of Kakao Login.
func Of(s *platform.State) *State { return platform.PartOf[State](s) }

// dropExpired forgets what nobody can ask for any more, so that a sandbox that
// runs for weeks stays small.
func dropExpired(st *platform.State, now time.Time) {
	st.DropExpiredTokens(now)
	maps.DeleteFunc(Of(st).Sessions, func(_ string, b *session) bool { return now.After(b.expires) })
	maps.DeleteFunc(Of(st).Pages, func(_ string, p *pageVisit) bool { return now.After(p.expires) })
}

// session is a browser that is logged in to a Kakao account.
type session struct {
	user     *platform.User
	loggedIn time.Time
	expires  time.Time
}

const (
	sessionCookie = "sandbox_kakao_account"
	shortSession  = 24 * time.Hour
	longSession   = 30 * 24 * time.Hour // "stay signed in"
)

// sessionOf returns the browser session of a request, or nil.
func sessionOf(s *platform.State, r *http.Request) *session {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	found := Of(s).Sessions[cookie.Value]
	if found == nil || !s.Now().Before(found.expires) {
		return nil
	}
	return found
}
