package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"plain text, with a - in it":                    "plain text, with a - in it",
		`"authorization: Bearer <access token>"`:        `"authorization: Bearer \<access token\>"`,
		"in <b>, entities such as &#39; and &lt;":       `in \<b\>, entities such as \&#39; and \&lt;`,
		"a=1&b=2; and R&D":                              "a=1&b=2; and R&D",
		"key=value&key2=value2.":                        "key=value&key2=value2.",
		"1~9, 10~14 and 2*3*4":                          `1\~9, 10\~14 and 2\*3\*4`,
		"the parameter [event], a \\ too":               `the parameter \[event\], a \\ too`,
		"a span `Bearer <token>` and <b>":               "a span `Bearer <token>` and \\<b\\>",
		"half a span `<b>":                              "half a span `\\<b\\>",
		"snake_case, _ExampleShop":                      "snake_case, _ExampleShop",
		"one line\nand its end\n\n- a rule\n  too\n- b": "one line and its end\n\n- a rule too\n- b",
	} {
		if got := markdown(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// eaten is what a reader of Markdown does not see as it is written: tags,
// entities, emphasis, links, lines struck through, and breaks inside a paragraph.
var eaten = regexp.MustCompile(`[<>]|&#?\w+;|\*\S|\S\*|~\S|\]\(|(?:^|\W)_[^_\s][^_]*[^_\s]_(?:\W|$)|\S\n(?:[^\n-]|-\S)`)

var (
	codeSpan = regexp.MustCompile("`[^`]*`")
	escaped  = regexp.MustCompile(`\\[^\w\s]`)
)

// TestDescriptionsAreMarkdown finds texts that come out otherwise than they were
// written: "the words that matched stand in <b>" without its <b>.
func TestDescriptionsAreMarkdown(t *testing.T) {
	for d, document := range served(t) {
		texts, escapes := 0, 0
		walk("#", document, func(pointer string, value any) {
			text, isText := value.(string)
			if !isText || !strings.HasSuffix(pointer, "/description") || insideExample.MatchString(pointer) {
				return
			}
			texts++
			escapes += len(escaped.FindAllString(text, -1))
			bare := codeSpan.ReplaceAllString(escaped.ReplaceAllString(text, ""), "")
			if pointer == "#/info/description" { // written as Markdown
				bare = strings.ReplaceAll(bare, "**", "")
			}
			if found := eaten.FindString(bare); found != "" {
				t.Errorf("%s: %s: %q would not be seen as it is written: %s", d.file, pointer, found, text)
			}
		})
		t.Logf("%s: %d descriptions, %d escapes", d.file, texts, escapes)
		if escapes == 0 {
			t.Errorf("%s: nothing is escaped; the contract has texts with <b>", d.file)
		}
	}
}
