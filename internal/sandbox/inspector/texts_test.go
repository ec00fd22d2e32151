package inspector

import (
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// TestEveryCredentialAndNoteHasAText: a kind of credential without a text would
// fail the page of requests at the first such call.
func TestEveryCredentialAndNoteHasAText(t *testing.T) {
	var keys []string
	for _, name := range platform.CredentialNames {
		keys = append(keys, "credential."+name)
	}
	for _, filter := range callFilters {
		keys = append(keys, "only."+filter.name)
	}
	for _, done := range doneKeys {
		keys = append(keys, "done."+done)
	}
	for _, link := range []platform.LinkState{platform.Unlinked, platform.Preregistered, platform.Linked} {
		keys = append(keys, "link."+link.String())
	}
	for _, key := range keys {
		if strings.TrimSpace(pages.Text(pages.English, key)) == "" {
			t.Errorf("no text %s", key)
		}
	}
}
