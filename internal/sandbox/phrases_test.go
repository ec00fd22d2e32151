package sandbox

import (
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// TestPhrases: what the sandbox's data say in one language, the pages say in the
// other. A new person, control path, consent item or term needs a row.
func TestPhrases(t *testing.T) {
	s, err := New(Options{Clock: func() time.Time { return time.Unix(1772413323, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	st := s.state
	for _, u := range st.Users {
		if !pages.Translates(pages.Korean, u.About) {
			t.Errorf("no Korean for %q", u.About)
		}
	}
	for _, c := range s.inspector.Controls {
		if !pages.Translates(pages.Korean, c.About) {
			t.Errorf("no Korean for %q", c.About)
		}
	}
	for _, item := range st.App.Items {
		if item.DisplayName != "OpenID Connect" && !pages.Translates(pages.English, item.DisplayName) {
			t.Errorf("no English for %q", item.DisplayName)
		}
	}
	for _, term := range st.App.Terms {
		if !pages.Translates(pages.English, term.Title) {
			t.Errorf("no English for %q", term.Title)
		}
	}
}
