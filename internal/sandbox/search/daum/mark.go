package daum

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
)

// marker writes text as Kakao's HTML: the words of the search in <b>, special
// characters as entities.
type marker struct{ found *regexp.Regexp }

// newMarker marks words, in any case. Of two words that begin alike, the longer
// one is marked.
func newMarker(words []string) marker {
	if len(words) == 0 {
		return marker{}
	}
	longest := slices.SortedFunc(slices.Values(words), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for i, word := range longest {
		longest[i] = regexp.QuoteMeta(word)
	}
	return marker{regexp.MustCompile("(?i)" + strings.Join(longest, "|"))}
}

func (m marker) html(text string) string {
	if m.found == nil {
		return html.EscapeString(text)
	}
	var b strings.Builder
	end := 0
	for _, at := range m.found.FindAllStringIndex(text, -1) {
		b.WriteString(html.EscapeString(text[end:at[0]]))
		b.WriteString("<b>" + html.EscapeString(text[at[0]:at[1]]) + "</b>")
		end = at[1]
	}
	b.WriteString(html.EscapeString(text[end:]))
	return b.String()
}
