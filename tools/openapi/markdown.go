package main

import (
	"regexp"
	"strings"
)

// OpenAPI's descriptions are Markdown, with HTML in it. The contract's comments
// and the rules' messages are plain text: written as they are, a reader would not
// see the <b> in "stand in <b>", and &#39; would be an apostrophe. info.description
// alone is written as Markdown.

// descriptions makes Markdown of every description. Examples are not its to
// change: what stands there went over the wire.
func (w *writer) descriptions() {
	for name, inner := range w.document.all() {
		if name != "info" {
			eachDescription(inner, markdown)
		}
	}
	for _, tag := range w.document.objects("tags") {
		eachDescription(tag, markdown)
	}
	eachDescription(w.document.object("info"), flowing)
}

func eachDescription(value any, change func(string) string) {
	switch value := value.(type) {
	case *object:
		for _, name := range value.names {
			switch text, isText := value.values[name].(string); {
			case name == "example", name == "examples", name == "x-example":
			case name == "description" && isText:
				value.set(name, change(text))
			default:
				eachDescription(value.values[name], change)
			}
		}
	case []any:
		for _, element := range value {
			eachDescription(element, change)
		}
	}
}

// markdown is a plain text as Markdown: the same to read, with its code spans and
// its lists.
func markdown(text string) string {
	parts := strings.Split(flowing(text), "`")
	for i := range parts {
		if inSpan := i%2 == 1 && i < len(parts)-1; !inSpan {
			parts[i] = entity.ReplaceAllString(special.ReplaceAllString(parts[i], `\$0`), `\$0`)
		}
	}
	return strings.Join(parts, "`")
}

var (
	// An underscore within a word, or before one, is no emphasis, and a hyphen is a
	// list only where a line begins, which is meant.
	special = regexp.MustCompile(`[\\<>*~\[\]]`)
	entity  = regexp.MustCompile(`&(#[0-9]+|#[xX][0-9a-fA-F]+|[0-9A-Za-z]+);`)
)

// flowing is a text without the line breaks inside of a paragraph or of a list's
// element, which some readers show.
func flowing(text string) string {
	var lines []string
	inParagraph := false
	for line := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if inParagraph && trimmed != "" && !strings.HasPrefix(trimmed, "- ") {
			lines[len(lines)-1] += " " + trimmed
			continue
		}
		lines = append(lines, trimmed)
		inParagraph = trimmed != ""
	}
	return strings.Join(lines, "\n")
}
