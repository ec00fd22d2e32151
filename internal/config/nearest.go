package config

import (
	"regexp"
	"slices"
	"strings"
)

// unknown refuses a name that nothing is called, with the nearest one that
// something is.
func (l *loader) unknown(where, sort, given string, names []string) {
	given = speakable(given)
	if strings.HasPrefix(given, "apps.") {
		if app, _, _ := strings.Cut(strings.TrimPrefix(given, "apps."), "."); !appPattern.MatchString(app) {
			l.fault(where, "an app may be called by 1 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit")
			return
		}
	}
	what := "unknown " + sort
	if sort == "key" {
		what += " " + given
	}
	if near := nearest(given, names); near != "" {
		if sort == "flag" {
			near = "--" + near
		}
		what += "; did you mean " + near + "?"
	} else {
		what += "; --help lists all"
	}
	l.fault(where, "%s", what)
}

// namePattern is what names are made of.
var namePattern = regexp.MustCompile(`^[a-zA-Z0-9._-]*`)

// speakable is as much of a foreign name as can be repeated: a value that was
// glued to it by a slip (rest_api_key:..., admin_key ...) is cut off.
func speakable(text string) string {
	const most = 100
	name := namePattern.FindString(text)
	if name = name[:min(len(name), most)]; len(name) < len(text) {
		return name + "..."
	}
	return name
}

// dottedNames are the names that an unknown dotted one may have meant.
func dottedNames(l *loader, n name) []string {
	var names []string
	for known := range l.keys {
		names = append(names, string(known))
	}
	app, ok := appOfName(n)
	if !ok {
		app = DefaultApp
	}
	for _, k := range keysOfApp(app) {
		names = append(names, string(k.name))
	}
	return names
}

// nearest returns the name with the fewest edits to the given one, or "" if
// none is near.
func nearest(given string, names []string) string {
	best, least := "", len(given)/3+2
	slices.Sort(names)
	for _, candidate := range names {
		if d := edits(given, candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
