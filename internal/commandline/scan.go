package commandline

import (
	"regexp"
	"slices"
	"strings"
)

// Given is one argument, with the value that belongs to it.
type Given struct {
	// Position is where it stands, from 1.
	Position int
	// Name is the flag's, as written and without dashes; "": the argument is no
	// flag.
	Name string
	// Value is the flag's value, or the word that is no flag.
	Value string
	// Flag is the row of the table; Known is false where there is none.
	Flag  Flag
	Known bool
	// Lacking says that the flag wants a value and has none.
	Lacking bool
}

var negative = regexp.MustCompile(`^-[0-9]`)

// Scan reads --name=value, --name value and, for bare flags, --name. It refuses
// nothing, so that its caller can report everything at once; the flag packages
// at hand stop at the first fault. help is true if --help or -h is among the
// arguments.
func Scan(args []string, find func(name string) (Flag, bool)) (all []Given, help bool) {
	for i := 0; i < len(args); i++ {
		g := Given{Position: i + 1}
		text, dashed := strings.CutPrefix(args[i], "-")
		if !dashed || text == "" || text == "-" {
			g.Value = args[i]
			all = append(all, g)
			continue
		}
		var inline bool
		g.Name, g.Value, inline = strings.Cut(strings.TrimPrefix(text, "-"), "=")
		if g.Name == "help" || g.Name == "h" {
			return nil, true
		}
		g.Flag, g.Known = find(g.Name)
		// A number may be negative, and is then refused as a number.
		next := !inline && i+1 < len(args) && (!strings.HasPrefix(args[i+1], "-") || negative.MatchString(args[i+1]))
		switch {
		case inline:
		case g.Known && g.Flag.Bare && (!next || !slices.Contains(onOff, args[i+1])):
			g.Value = "true"
		case next:
			i++
			g.Value = args[i]
		default:
			g.Lacking = true
		}
		all = append(all, g)
	}
	return all, false
}

// onOff is what may stand behind a bare flag.
var onOff = []string{"true", "false"}
