package commandline

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/spelling"
)

// ErrHelp is Parse's answer to --help.
var ErrHelp = errors.New("help was asked for")

// Values are what a command line says to a command, defaults included.
type Values struct {
	// Flags holds the value of every flag by its name.
	Flags map[string]string
	// Argument is the word behind the command; "": none was given.
	Argument string
}

// On reports whether a bare flag is on.
func (v Values) On(flag string) bool { return v.Flags[flag] == "true" }

// Parse reads the arguments behind the name of a command that takes no
// configuration. The error is ErrHelp, or says all that is wrong, a line each.
func Parse(command Command, args []string) (Values, error) {
	values := Values{Flags: map[string]string{}}
	for _, flag := range command.Flags {
		values.Flags[flag.Name] = flag.Default
	}
	all, help := Scan(args, command.flag)
	if help {
		return values, ErrHelp
	}
	var faults []error
	stray := false
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, g := range all {
		switch {
		case g.Name == "" && command.Argument.Name != "" && values.Argument == "":
			if values.Argument = g.Value; !command.Argument.takes(g.Value) {
				// The word is not repeated: it may be a secret that strayed.
				fault("%s: want %s%s", command.Argument.Name, oneOf(command.Argument.Values), spelling.DidYouMean(g.Value, command.Argument.Values))
			}
		case g.Name == "" && command.Argument.Name != "":
			fault("argument %d of %s is too much", g.Position, command.Name)
		case g.Name == "":
			stray = true
		case !g.Known && command.Argument.Flags && values.Argument == "":
			values.Argument = g.Name
		case !g.Known:
			fault("--%s: %s has no such flag%s", Speakable(g.Name), command.Name, didYouMeanFlag(strings.TrimSuffix(Speakable(g.Name), "..."), command.Flags))
		case g.Lacking:
			fault("--%s: has no value; want %s", g.Name, g.Flag.want())
		default:
			if problem := g.Flag.Refuses(g.Value); problem != "" {
				fault("--%s: %s", g.Name, problem)
			}
			values.Flags[g.Flag.Name] = g.Value
		}
	}
	if stray {
		fault("%s takes no arguments", command.Name)
	}
	if command.Argument.Required && values.Argument == "" && len(faults) == 0 {
		fault("%s: want %s", command.Argument.Name, oneOf(command.Argument.Values))
	}
	return values, errors.Join(faults...)
}

func (c Command) flag(name string) (Flag, bool) {
	for _, flag := range c.Flags {
		if flag.Name == name || flag.Name == strings.ReplaceAll(name, "-", "_") {
			return flag, true
		}
	}
	return Flag{}, false
}

func (a Argument) takes(word string) bool {
	return len(a.Values) == 0 || slices.Contains(a.Values, word)
}

// Refuses says what is wrong with a value of a flag whose values are counted;
// "": nothing.
func (f Flag) Refuses(value string) string {
	values := f.Values
	if f.Bare {
		values = onOff
	}
	if len(values) == 0 && value != "" || slices.Contains(values, value) {
		return ""
	}
	return "want " + f.want() + spelling.DidYouMean(value, values)
}

func (f Flag) want() string {
	switch {
	case f.Bare:
		return oneOf(onOff)
	case len(f.Values) > 0:
		return oneOf(f.Values)
	}
	return f.Value
}

func oneOf(values []string) string {
	if len(values) == 0 {
		return "a word"
	}
	return "one of " + strings.Join(values, ", ")
}

func didYouMeanFlag(given string, flags []Flag) string {
	names := []string{"help"}
	for _, flag := range flags {
		names = append(names, flag.Name)
	}
	if near := spelling.Nearest(given, names); near != "" {
		return "; did you mean --" + near + "?"
	}
	return ""
}

// namePattern is what names are made of.
var namePattern = regexp.MustCompile(`^[a-zA-Z0-9._-]*`)

// Speakable is as much of a foreign name as can be repeated: a value that was
// glued to it by a slip (rest_api_key:..., admin_key ...) is cut off.
func Speakable(text string) string {
	const most = 100
	name := namePattern.FindString(text)
	if name = name[:min(len(name), most)]; len(name) < len(text) {
		return name + "..."
	}
	return name
}
