package inspector

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/push"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
)

// PagePrefix is where the sandbox's own pages are, the first one aside.
const PagePrefix = "/sandbox/"

// ownPage is one of the sandbox's own pages.
type ownPage struct {
	path string
	// show makes the view, under the state's lock.
	show func(visitor) pages.View
}

// visitor is who looks at a page of the sandbox's own.
type visitor struct {
	state    *platform.State
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

// ServePage answers a page, a form of one, or a file that they load.
func (i *Inspector) ServePage(w http.ResponseWriter, r *http.Request) {
	_ = i.pageAnswer(w, r).Write(w) // the caller may have gone
}

// pageAnswer finds what a path of the pages answers.
func (i *Inspector) pageAnswer(w http.ResponseWriter, r *http.Request) *platform.Reply {
	if name, ok := strings.CutPrefix(r.URL.Path, pages.AssetsPath); ok && r.Method == http.MethodGet {
		return assetReply(r, name)
	}
	var allowed []string
	for _, page := range ownPages() {
		if page.path != r.URL.Path {
			continue
		}
		if r.Method == http.MethodGet {
			return i.shownPage(r, page.show)
		}
		allowed = append(allowed, http.MethodGet)
	}
	for _, form := range pageForms() {
		if form.path != r.URL.Path {
			continue
		}
		if r.Method == http.MethodPost {
			return i.takeForm(w, r, form)
		}
		allowed = append(allowed, http.MethodPost)
	}
	var answer *platform.Reply
	i.locked(func(st *platform.State) { answer = Nowhere(st, r, allowed) })
	return answer
}

// Nowhere answers a path that the sandbox does not have, or has with other methods
// alone: a browser gets a page that leads back, everybody else the JSON of
// platform.NoRoute.
func Nowhere(st *platform.State, r *http.Request, allowed []string) *platform.Reply {
	answer := platform.NoRoute(allowed)
	if !strings.Contains(r.Header.Get("Accept"), "text/html") { // which browsers send, and programs do not
		return answer
	}
	page := toolPage(answer.Status, pageFrame(st, r), pages.NowherePage{Method: r.Method, Path: r.URL.Path, Allowed: answer.Header.Get("Allow")})
	if len(allowed) > 0 {
		page.Header.Set("Allow", answer.Header.Get("Allow"))
	}
	return page
}

// shownPage renders a page. A reader who has this version already, which the
// page's script asks for every moment, gets no second one.
func (i *Inspector) shownPage(r *http.Request, show func(visitor) pages.View) *platform.Reply {
	var view pages.View
	var frame pages.Frame
	i.locked(func(st *platform.State) {
		v := visitor{state: st, http: r, query: r.URL.Query(), language: platform.LanguageOf(r)}
		view, frame = show(v), pageFrame(st, r)
	})
	answer := toolPage(http.StatusOK, frame, view)
	sum := sha256.Sum256(answer.Body)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	answer.Header.Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		answer.Status, answer.Body = http.StatusNotModified, nil
	}
	return answer
}

// toolPage renders a view as a page of the sandbox's own, which has a script.
func toolPage(status int, frame pages.Frame, view pages.View) *platform.Reply {
	answer := platform.PageReply(status, frame, view)
	answer.Header.Set("Content-Security-Policy", platform.ToolPolicy)
	return answer
}

// assetReply is a file that pages load. With its version in the query it never
// changes.
func assetReply(r *http.Request, name string) *platform.Reply {
	asset, ok := pages.FindAsset(name)
	if !ok {
		return platform.NoRoute(nil)
	}
	answer := platform.NewReply(http.StatusOK, asset.ContentType, asset.Body)
	answer.Header.Set("X-Content-Type-Options", "nosniff")
	answer.Header.Set("Cache-Control", "no-cache")
	if r.URL.RawQuery == "v="+asset.Version {
		answer.Header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return answer
}

// pageFrame is what stands around a page for this reader.
func pageFrame(st *platform.State, r *http.Request) pages.Frame {
	return pages.Frame{
		Language: platform.LanguageOf(r), Theme: pages.ThemeOf(platform.CookieText(r, platform.ThemeCookie)), Path: r.URL.RequestURI(),
		Counts: pages.Counts{
			Messages: len(talk.Of(st).Messages.Sent), Pushes: len(push.Of(st).Delivered), Requests: len(st.Calls.Calls), Faults: st.Faults.Waiting(),
		},
	}
}

// withParameter is a link to a page with one parameter.
func withParameter(path, name, text string) string {
	if text == "" {
		return path
	}
	return path + "?" + url.Values{name: {text}}.Encode()
}
