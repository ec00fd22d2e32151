package config

import (
	"regexp"
	"strconv"
	"strings"
)

// parserLine and unknownAlias are the parts of a YAML error that say where it
// is. The rest is not repeated: the parser quotes anchors, tags and values.
var (
	parserLine   = regexp.MustCompile(`line (\d+)`)
	unknownAlias = regexp.MustCompile(`unknown anchor '([^']*)' referenced`)
)

// yamlLine is the line of a YAML error, from 1. The parser leaves it out for
// the first line and for an alias without anchor.
func yamlLine(err error, data []byte) int {
	if found := parserLine.FindStringSubmatch(err.Error()); found != nil {
		if line, err := strconv.Atoi(found[1]); err == nil {
			return line
		}
	}
	if found := unknownAlias.FindStringSubmatch(err.Error()); found != nil {
		if before, _, there := strings.Cut(string(data), "*"+found[1]); there {
			return 1 + strings.Count(before, "\n")
		}
	}
	return 1
}

const noTabs = "indent with spaces, not with a tab"

// yamlProblems are what the parser means by what it says, in plain words. The
// first that fits counts.
var yamlProblems = []struct{ says, means string }{
	{"found a tab character", noTabs},
	{"did not find expected ',' or '}'", "a { is not closed, or a comma is missing"},
	{"did not find expected ',' or ']'", "a [ is not closed, or a comma is missing"},
	{"did not find expected node content", "a value is missing: a [ or { is not closed, or a ] or } has none to close"},
	{"did not find expected key", "a key is missing: the indentation is not that of the lines before, or a ] or } has none to close"},
	{"did not find expected '-' indicator", "a list goes on without its -, or the indentation is not that of the lines before"},
	{"mapping values are not allowed", "a key is not expected here: the indentation is not that of the lines before, or a value with a colon in it wants quotes"},
	{"unexpected end of stream", "a quotation mark is not closed"},
	{"unknown anchor", "an alias (*name) has no anchor (&name); a value that begins with * wants quotes"},
	{"cannot start any token", "a value that begins with @, ` or % wants quotes"},
	{"unknown escape", `a \ in double quotes begins no escape; single quotes leave it as it is`},
	{"control characters", "a control character is not allowed"},
	{"UTF-8", "the file is not UTF-8"},
}

// yamlProblem says what is wrong with a document that the parser refuses; "":
// nobody knows.
func yamlProblem(err error, data []byte) string {
	for _, problem := range yamlProblems {
		if !strings.Contains(err.Error(), problem.says) {
			continue
		}
		if lines := strings.Split(string(data), "\n"); problem.says == "cannot start any token" && isTabbed(lines[min(yamlLine(err, data), len(lines))-1]) {
			return noTabs
		}
		return problem.means
	}
	return ""
}

// isTabbed reports whether a line has a tab in front of its text.
func isTabbed(line string) bool {
	return strings.Contains(line[:len(line)-len(strings.TrimLeft(line, " \t"))], "\t")
}
