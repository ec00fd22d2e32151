package config

import (
	"regexp"
	"slices"
	"strings"
)

var negative = regexp.MustCompile(`^-[0-9]`)

// flags reads --name=value, --name value and, for switches, --name. The flag
// packages at hand stop at the first fault; here all are reported.
func (l *loader) flags(args []string) (settings []setting, help bool) {
	for i := 0; i < len(args); i++ {
		text, dashed := strings.CutPrefix(args[i], "-")
		if !dashed || text == "" || text == "-" {
			// The argument is not repeated: it may be a value that belongs to
			// something secret.
			l.fault("command line", "argument %d is not a flag; flags begin with --", i+1)
			continue
		}
		text = strings.TrimPrefix(text, "-")
		flag, value, inline := strings.Cut(text, "=")
		if flag == "help" || flag == "h" {
			return nil, true
		}
		// A number may be negative, and is then refused as a number.
		next := !inline && i+1 < len(args) && (!strings.HasPrefix(args[i+1], "-") || negative.MatchString(args[i+1]))
		k, known := l.flag(name(flag))
		switch {
		case inline:
		case known && k.bare && (!next || !slices.Contains([]string{"true", "false"}, args[i+1])):
			value = "true"
		case next:
			i++
			value = args[i]
		case known && !k.secret:
			l.fault("--"+flag, "has no value; want %s", k.want)
			continue
		}
		switch {
		case !known:
			l.unknown("--"+speakable(flag), "flag", flag, flagNames(l, flag))
		case k.secret:
			l.fault("--"+flag, "a secret on the command line can be read in the process list; use %s, %s_FILE or --%s%s",
				k.name.variable(), k.name.variable(), k.name, fileSuffix)
		default:
			settings = append(settings, setting{k.name, value, "--" + flag})
		}
	}
	return settings, false
}

// flag finds the key of a flag. Dashes may stand for underscores, as in most
// programs; in the name of an app they are its own.
func (l *loader) flag(n name) (key, bool) {
	if n == configKey {
		return key{name: configKey, want: pathKind.want}, true
	}
	k, known := l.lookup(n)
	if !known && !strings.HasPrefix(string(n), "apps.") {
		k, known = l.lookup(name(strings.ReplaceAll(string(n), "-", "_")))
	}
	return k, known
}

func flagNames(l *loader, flag string) []string {
	names := []string{string(configKey), "help"}
	return append(names, dottedNames(l, name(flag))...)
}
