package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// pagePrefix is where the sandbox's own pages are, the first one aside.
const pagePrefix = "/sandbox/"

// ownPage is one of the sandbox's own pages.
type ownPage struct {
	path string
	// show makes the view, under the state's lock.
	show func(visitor) pages.View
}

// visitor is who looks at a page of the sandbox's own.
type visitor struct {
	state    *state
	http     *http.Request
	query    url.Values
	language pages.Language
}

// ownPages is the table of pages.
func ownPages() []ownPage {
	return []ownPage{
		{pages.PeoplePath, showPeople},
		{pages.MessagesPath, showMessagesPage},
		{pages.CalendarPath, showCalendarPage},
		{pages.FilesPath, showFilesPage},
		{pages.PushPath, showPushPage},
		{pages.RequestsPath, showRequestsPage},
		{pages.CallbackPath, showCallback},
		{pages.FaultsPath, func(v visitor) pages.View { return faultsPage(v, nil, "") }},
	}
}

// servePage answers a page, a form of one, or a file that they load.
func (s *Sandbox) servePage(w http.ResponseWriter, r *http.Request) {
	if why := s.foreign(r); why != "" {
		_ = foreignReply(why).write(w) // the caller may have gone
		return
	}
	_ = s.pageAnswer(w, r).write(w)
}

// pageAnswer finds what a path of the pages answers.
func (s *Sandbox) pageAnswer(w http.ResponseWriter, r *http.Request) *reply {
	if name, ok := strings.CutPrefix(r.URL.Path, pages.AssetsPath); ok && r.Method == http.MethodGet {
		return assetReply(r, name)
	}
	var allowed []string
	for _, page := range ownPages() {
		if page.path != r.URL.Path {
			continue
		}
		if r.Method == http.MethodGet {
			return s.shownPage(r, page.show)
		}
		allowed = append(allowed, http.MethodGet)
	}
	for _, form := range pageForms() {
		if form.path != r.URL.Path {
			continue
		}
		if r.Method == http.MethodPost {
			return s.takeForm(w, r, form)
		}
		allowed = append(allowed, http.MethodPost)
	}
	return noRoute(allowed)
}

// shownPage renders a page. A reader who has this version already, which the
// page's script asks for every moment, gets no second one.
func (s *Sandbox) shownPage(r *http.Request, show func(visitor) pages.View) *reply {
	var view pages.View
	var frame pages.Frame
	s.locked(func(st *state) {
		v := visitor{state: st, http: r, query: r.URL.Query(), language: languageOf(r)}
		view, frame = show(v), pageFrame(st, r)
	})
	answer := pageReply(http.StatusOK, frame, view)
	answer.header.Set("Content-Security-Policy", toolPolicy)
	sum := sha256.Sum256(answer.body)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	answer.header.Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		answer.status, answer.body = http.StatusNotModified, nil
	}
	return answer
}

// What pages may load and do. Sign-in pages have no form-action: browsers
// apply it to the redirect back to the app too. They have no script either.
const (
	signInPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
	toolPolicy   = signInPolicy + "; script-src 'self'; connect-src 'self'; form-action 'self'"
)

// pageReply renders a view. What goes wrong there is a fault of ours.
func pageReply(status int, frame pages.Frame, view pages.View) *reply {
	body, err := pages.Render(frame, view)
	if err != nil {
		return newReply(http.StatusInternalServerError, "text/plain;charset=UTF-8", []byte("sandbox "+err.Error()))
	}
	answer := newReply(status, plainHTML, body)
	answer.header.Set("Cache-Control", "no-store")
	answer.header.Set("X-Frame-Options", "DENY")
	answer.header.Set("Referrer-Policy", "same-origin") // with none at all, forms would not say that they are ours
	answer.header.Set("X-Content-Type-Options", "nosniff")
	answer.header.Set("Content-Security-Policy", signInPolicy)
	return answer
}

// assetReply is a file that pages load. With its version in the query it never
// changes.
func assetReply(r *http.Request, name string) *reply {
	asset, ok := pages.FindAsset(name)
	if !ok {
		return noRoute(nil)
	}
	answer := newReply(http.StatusOK, asset.ContentType, asset.Body)
	answer.header.Set("X-Content-Type-Options", "nosniff")
	answer.header.Set("Cache-Control", "no-cache")
	if r.URL.RawQuery == "v="+asset.Version {
		answer.header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return answer
}

// The reader's choices are kept in cookies of the browser.
const (
	languageCookie = "sandbox_language"
	themeCookie    = "sandbox_theme"
)

// pageFrame is what stands around a page for this reader.
func pageFrame(st *state, r *http.Request) pages.Frame {
	return pages.Frame{
		Language: languageOf(r), Theme: pages.ThemeOf(cookieText(r, themeCookie)), Path: r.URL.RequestURI(),
		Counts: pages.Counts{
			Messages: len(st.talk.messages.sent), Pushes: len(st.push.delivered), Requests: len(st.calls.calls), Faults: st.faults.waiting(),
		},
	}
}

func languageOf(r *http.Request) pages.Language {
	return pages.LanguageOf(cookieText(r, languageCookie), r.Header.Get("Accept-Language"))
}

func cookieText(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// keepChoice remembers a choice of the reader's for a year.
func keepChoice(answer *reply, name, text string) {
	cookie := &http.Cookie{ //nolint:gosec // Secure would keep the cookie from plain http on loopback.
		Name: name, Value: text, MaxAge: 365 * 24 * 60 * 60, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	answer.header.Add("Set-Cookie", cookie.String())
}

// faceOf is a person as the pages draw one; the zero Face for nobody.
func faceOf(u *user) pages.Face {
	if u == nil {
		return pages.Face{}
	}
	return pages.Face{Name: u.name, Nickname: cmp.Or(u.account.nickname, u.name)}
}

// withParameter is a link to a page with one parameter.
func withParameter(path, name, text string) string {
	if text == "" {
		return path
	}
	return path + "?" + url.Values{name: {text}}.Encode()
}
