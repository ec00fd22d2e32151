// Package pages draws the sandbox's own pages: the sign-in pages that an app's
// user sees, and the pages that show a developer what the sandbox holds.
//
// It owns templates, style sheet, script and the texts in English and Korean.
// What stands on a page comes in as a view, a plain struct; the package knows
// nothing of the sandbox's state, reads no request, and imports nothing of the
// project. Every page works without its script, which only saves the reader a
// click: it refreshes lists, copies a token, and submits a filter that changed.
package pages

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
)

//go:embed html/*.html
var templateFiles embed.FS

// View is what one page shows; the types of this package that end in "Page".
type View interface {
	// template is the name of the page's file, without its ending.
	template() string
}

// Frame is what stands around a view.
type Frame struct {
	Language Language
	Theme    Theme
	// Path is the page's own path and query: where the switches for language
	// and theme lead back.
	Path string
	// Counts stand beside the names in the navigation. Sign-in pages have none.
	Counts Counts
}

// Counts are how many entries the pages have.
type Counts struct{ Messages, Pushes, Requests, Faults int }

// NavigationRow is an entry of the navigation.
type NavigationRow struct {
	Name string // of the page's template
	Path string
	// Count is shown if it is not 0.
	Count   int
	Current bool
}

// Paths of the pages. No path of Kakao begins with /sandbox.
const (
	PeoplePath   = "/"
	MessagesPath = "/sandbox/messages"
	CalendarPath = "/sandbox/calendar"
	FilesPath    = "/sandbox/files"
	PushPath     = "/sandbox/push"
	RequestsPath = "/sandbox/requests"
	FaultsPath   = "/sandbox/faults"
	CallbackPath = "/sandbox/callback"

	// The forms post here.
	SettingsPath      = "/sandbox/settings"
	ArmPath           = "/sandbox/faults/arm"
	DisarmPath        = "/sandbox/faults/clear"
	ClockPath         = "/sandbox/clock"
	ResetPath         = "/sandbox/reset"
	ClearRequestsPath = "/sandbox/requests/clear"
)

// sheet is what a template works on.
type sheet struct {
	Name  string // of the page, such as "messages"
	Frame Frame
	View  View
}

// Navigation lists the pages.
func (s sheet) Navigation() []NavigationRow {
	c := s.Frame.Counts
	rows := []NavigationRow{
		{Name: "people", Path: PeoplePath},
		{Name: "messages", Path: MessagesPath, Count: c.Messages},
		{Name: "calendar", Path: CalendarPath},
		{Name: "files", Path: FilesPath},
		{Name: "push", Path: PushPath, Count: c.Pushes},
		{Name: "requests", Path: RequestsPath, Count: c.Requests},
		{Name: "faults", Path: FaultsPath, Count: c.Faults},
	}
	for i := range rows {
		rows[i].Current = rows[i].Name == s.Name
	}
	return rows
}

// parsed holds the templates with the functions of each language. They are
// part of the program, so that a file that does not parse cannot get past the
// first test.
var parsed = func() map[Language]*template.Template {
	all := map[Language]*template.Template{}
	for language, table := range tables {
		all[language] = template.Must(template.New("").Funcs(table.functions()).ParseFS(templateFiles, "html/*.html"))
	}
	return all
}()

// Render draws a page. It fails only on a fault of a template, such as a text
// that its language does not have.
func Render(frame Frame, view View) ([]byte, error) {
	if tables[frame.Language] == nil {
		frame.Language = English
	}
	var b bytes.Buffer
	if err := parsed[frame.Language].ExecuteTemplate(&b, view.template()+".html", sheet{view.template(), frame, view}); err != nil {
		return nil, fmt.Errorf("page %s: %w", view.template(), err)
	}
	return b.Bytes(), nil
}
