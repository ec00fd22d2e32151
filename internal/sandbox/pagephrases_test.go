package sandbox

import (
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// TestPhrases: what the sandbox's data say in one language, the pages say in the
// other. A new person, control path, consent item or term needs a row.
func TestPhrases(t *testing.T) {
	st, err := newState(&Options{Clock: func() time.Time { return time.Unix(1772413323, 0) }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range st.users {
		if !pages.Translates(pages.Korean, u.about) {
			t.Errorf("no Korean for %q", u.about)
		}
	}
	for _, c := range controlRoutes() {
		if !pages.Translates(pages.Korean, c.about) {
			t.Errorf("no Korean for %q", c.about)
		}
	}
	for _, item := range st.app.items {
		if item.displayName != "OpenID Connect" && !pages.Translates(pages.English, item.displayName) {
			t.Errorf("no English for %q", item.displayName)
		}
	}
	for _, term := range st.app.terms {
		if !pages.Translates(pages.English, term.title) {
			t.Errorf("no English for %q", term.title)
		}
	}
}

// TestEveryCredentialAndNoteHasAText: a kind of credential without a text would
// fail the page of requests at the first such call.
func TestEveryCredentialAndNoteHasAText(t *testing.T) {
	var keys []string
	for _, name := range credentialNames {
		keys = append(keys, "credential."+name)
	}
	for _, filter := range callFilters {
		keys = append(keys, "only."+filter.name)
	}
	for _, done := range doneKeys {
		keys = append(keys, "done."+done)
	}
	for _, title := range chooserTitles {
		keys = append(keys, "choose."+title)
	}
	for _, link := range []linkState{unlinked, preregistered, linked} {
		keys = append(keys, "link."+link.String())
	}
	for kind := range templateShapes() {
		keys = append(keys, "kind."+kind)
	}
	for _, key := range keys {
		if strings.TrimSpace(pages.Text(pages.English, key)) == "" {
			t.Errorf("no text %s", key)
		}
	}
}
