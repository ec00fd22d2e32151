package config

import (
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/spelling"
)

// unknown refuses a name that nothing is called, with the nearest one that
// something is.
func (l *loader) unknown(where, sort, given string, names []string) {
	given = commandline.Speakable(given)
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
	near := spelling.Nearest(given, names)
	switch {
	case near == "":
		what += "; --help lists all"
	case sort == "flag":
		what += "; did you mean --" + near + "?"
	default:
		what += "; did you mean " + near + "?"
	}
	l.fault(where, "%s", what)
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

// strayPrefix is how far the beginning of a variable may be from ours to be
// a slip: KAKAO_RPC_, KAKARPC_.
const strayPrefix = 2

// strays looks for variables that would be ours but for a slip in their
// beginning. They may be somebody else's, so they are no fault.
func (l *loader) strays(environ []string) {
	byRest := map[string]string{}
	for n := range l.keys {
		byRest[strings.TrimPrefix(n.variable(), prefix)] = n.variable()
	}
	for _, k := range keysOfApp(DefaultApp) {
		byRest[strings.TrimPrefix(k.name.variable(), prefix)] = k.name.variable()
	}
	for _, entry := range environ {
		variable, text, _ := strings.Cut(entry, "=")
		for rest, ours := range byRest {
			begin, found := strings.CutSuffix(variable, rest)
			if found && text != "" && begin != prefix && strings.HasSuffix(begin, "_") && spelling.Edits(begin, prefix) <= strayPrefix {
				l.warn(variable, "is read by nobody here; did you mean %s?", ours)
			}
		}
	}
}
