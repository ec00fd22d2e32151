package pages

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// verbs are the places for values in a text.
var verbs = regexp.MustCompile(`%[a-z]`)

// TestLanguagesHaveTheSameTexts fails for a key that one language lacks, and
// for a translation that takes other values.
func TestLanguagesHaveTheSameTexts(t *testing.T) {
	english, korean := tables[English].texts, tables[Korean].texts
	for key, text := range english {
		if strings.TrimSpace(korean[key]) == "" {
			t.Errorf("Korean has no %s", key)
		} else if a, b := verbs.FindAllString(text, -1), verbs.FindAllString(korean[key], -1); !slices.Equal(a, b) {
			t.Errorf("%s takes %v in English and %v in Korean", key, a, b)
		}
	}
	for key := range korean {
		if strings.TrimSpace(english[key]) == "" {
			t.Errorf("English has no %s", key)
		}
	}
}

var (
	namedText  = regexp.MustCompile(`[{( ]t "([^"]+)"`)
	prefixText = regexp.MustCompile(`[{( ]t \(print "([^"]+)"`)
)

// textsFromGo are the keys that views name: pages.Text.
var textsFromGo = []string{"messages.everybody"}

// TestEveryTextIsUsed fails for a text that no page shows any more, and for one
// that a template names and no language has.
func TestEveryTextIsUsed(t *testing.T) {
	used, prefixes := map[string]bool{}, map[string]bool{}
	for _, key := range textsFromGo {
		used[key] = true
	}
	files, err := fs.Glob(templateFiles, "html/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("templates %v, %v", files, err)
	}
	for _, file := range files {
		text, err := templateFiles.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range namedText.FindAllSubmatch(text, -1) {
			used[string(found[1])] = true
			if _, ok := englishTexts[string(found[1])]; !ok {
				t.Errorf("%s: there is no text %s", file, found[1])
			}
		}
		for _, found := range prefixText.FindAllSubmatch(text, -1) {
			prefixes[string(found[1])] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(englishTexts)) {
		prefix, _, _ := strings.Cut(key, ".")
		if !used[key] && !prefixes[prefix+"."] {
			t.Errorf("no page shows %s", key)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	for _, c := range []struct {
		chosen, accepted string
		want             Language
	}{
		{"", "", English},
		{"", "ko", Korean},
		{"", "ko-KR,ko;q=0.9,en-US;q=0.8", Korean},
		{"", "fr-FR, KO ;q=0.5, en", Korean},
		{"", "kok,fr", English}, // Konkani is not Korean
		{"en", "ko", English},
		{"ko", "en", Korean},
		{"fr", "ko", Korean},
		{"<script>", "", English},
	} {
		if got := LanguageOf(c.chosen, c.accepted); got != c.want {
			t.Errorf("LanguageOf(%q, %q) = %s, want %s", c.chosen, c.accepted, got, c.want)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 28000: "28,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

// TestATextThatIsMissingFailsThePage: a page that shows a hole in place of a
// text would not be noticed.
func TestATextThatIsMissingFailsThePage(t *testing.T) {
	if _, err := Render(Frame{Language: Korean}, PeoplePage{People: []Person{{Link: "nowhere"}}}); err == nil || !strings.Contains(err.Error(), "link.nowhere") {
		t.Errorf("error %v", err)
	}
	if page, err := Render(Frame{Language: "fr"}, ErrorPage{Code: "KOE101"}); err != nil || !strings.Contains(string(page), `<html lang="en">`) {
		t.Errorf("an unknown language: %v, %s", err, page)
	}
}

func TestEffectsHaveTexts(t *testing.T) {
	for _, effect := range (FaultsPage{}).Effects() {
		keys := []string{"effect." + effect.Name}
		for _, field := range effect.Fields {
			keys = append(keys, "field."+field.Name)
		}
		for _, key := range keys {
			if englishTexts[key] == "" {
				t.Errorf("no text %s", key)
			}
		}
	}
}
