package commandline

import (
	"maps"
	"slices"
	"strings"
)

// completions are the scripts by shell.
var completions = map[string]func(p Program, as string) string{
	"bash": bashCompletion,
	"zsh":  zshCompletion,
	"fish": fishCompletion,
}

// Shells are those that Completion knows.
func Shells() []string { return slices.Sorted(maps.Keys(completions)) }

// Completion is the script that completes the command lines of the program in
// a shell of Shells, for the name that the program is started by. It holds all
// that it needs, so that a key press starts no process.
func (p Program) Completion(shell, as string) string { return completions[shell](p, as) }

// function is a name for shell functions of the program.
func function(as string) string {
	return "_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, as)
}

// quoted is a text in single quotes, as bash and zsh read it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// hint is what fits beside a flag in a list: the doc up to its first stop.
func hint(doc string) string {
	for _, stop := range []string{"; ", ": ", " ("} {
		doc, _, _ = strings.Cut(doc, stop)
	}
	return doc
}

// needsValue reports whether what follows the flag is its value.
func (f Flag) needsValue() bool { return !f.Bare && f.Name != "help" }

// choices are the values that can be offered.
func (f Flag) choices() []string {
	if f.Bare {
		return onOff
	}
	return f.Values
}
