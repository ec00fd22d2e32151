//go:build clients

package clients_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// complete are the documents that show how to run every quickstart.
var complete = []string{"README.md", "README.ko.md", "docs/clients.md"}

// marked is a code block behind a mark: <!-- run: python --> is pasted into a
// shell, <!-- excerpt: clients/go/quickstart/main.go --> stands in that file.
var marked = regexp.MustCompile("(?s)<!-- (run|excerpt): (\\S+) -->\n```\\w*\n(.*?)```")

// block is a marked code block of a document.
type block struct{ document, kind, of, text string }

// markedBlocks reads the README in all its languages, and everything in docs.
func markedBlocks(t *testing.T) []block {
	t.Helper()
	var found []block
	for _, pattern := range []string{"README*.md", "docs/*.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			document, _ := filepath.Rel(root, path)
			blocks := marked.FindAllStringSubmatch(string(text), -1)
			if marks := strings.Count(string(text), "<!-- run:") + strings.Count(string(text), "<!-- excerpt:"); marks != len(blocks) {
				t.Errorf("%s: %d marks, but %d of them stand right before a code block", document, marks, len(blocks))
			}
			for _, m := range blocks {
				found = append(found, block{document, m[1], m[2], m[3]})
			}
		}
	}
	return found
}

// pastedBlocks are the scripts that documents show, by language, each once with
// the document that shows it.
func pastedBlocks(t *testing.T) map[string]map[string]string {
	t.Helper()
	scripts, shown := map[string]map[string]string{}, map[[2]string]bool{}
	for _, l := range languages {
		scripts[l.name] = map[string]string{}
	}
	for _, b := range markedBlocks(t) {
		if b.kind != "run" {
			continue
		}
		if scripts[b.of] == nil {
			t.Errorf("%s: <!-- run: %s --> names no language that has a quickstart", b.document, b.of)
			continue
		}
		scripts[b.of][b.text] = b.document
		shown[[2]string{b.document, b.of}] = true
	}
	for _, document := range complete {
		for _, l := range languages {
			if !shown[[2]string{document, l.name}] {
				t.Errorf("%s does not show how to run the quickstart of %s: want <!-- run: %[2]s --> and a code block", document, l.name)
			}
		}
	}
	return scripts
}

// TestExcerpts holds code in documents to the files it was taken from.
func TestExcerpts(t *testing.T) {
	excerpts := 0
	for _, b := range markedBlocks(t) {
		if b.kind != "excerpt" {
			continue
		}
		excerpts++
		text, err := os.ReadFile(filepath.Join(root, b.of))
		if err != nil {
			t.Errorf("%s: %v", b.document, err)
			continue
		}
		if !strings.Contains(flush(string(text)), flush(b.text)) {
			t.Errorf("%s: this is not in %s:\n%s", b.document, b.of, b.text)
		}
	}
	if excerpts == 0 {
		t.Error("no document shows a piece of a quickstart")
	}
}

// flush moves every line to the margin: an excerpt may be indented otherwise.
func flush(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}
