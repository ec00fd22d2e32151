package config

import (
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
)

// flags reads the command line, for which own are the command's flags besides
// those of the configuration.
func (l *loader) flags(args []string, own []commandline.Flag) (settings []setting, help bool) {
	given, help := commandline.Scan(args, func(flag string) (commandline.Flag, bool) {
		for _, other := range own {
			if other.Name == flag {
				return other, true
			}
		}
		k, known := l.flag(name(flag))
		return k.flag(), known
	})
	for _, g := range given {
		if s, ok := l.take(g, own); ok {
			settings = append(settings, s)
		}
	}
	return settings, help
}

// take makes a setting of a flag, or a fault, or keeps a flag of the command's
// own.
func (l *loader) take(g commandline.Given, own []commandline.Flag) (s setting, ok bool) {
	where := "--" + g.Name
	switch {
	case g.Name == "":
		// The argument is not repeated: it may be a value that belongs to
		// something secret.
		l.fault("command line", "argument %d is not a flag; flags begin with --, and a command stands before them", g.Position)
	case !g.Known && l.elsewhere(g.Name) != "":
		l.fault("--"+commandline.Speakable(g.Name), "%s", l.elsewhere(g.Name))
	case !g.Known:
		l.unknown("--"+commandline.Speakable(g.Name), "flag", g.Name, flagNames(l, g.Name, own))
	case g.Flag.Secret:
		n := name(g.Flag.Name)
		l.fault(where, "a secret on the command line can be read in the process list; use %s, %s_FILE or --%s%s",
			n.variable(), n.variable(), n, fileSuffix)
	case g.Lacking && isOwn(g.Flag, own):
		l.fault(where, "has no value; want %s", g.Flag.Value)
	case isOwn(g.Flag, own):
		if problem := g.Flag.Refuses(g.Value); problem != "" {
			l.fault(where, "%s", problem)
		}
		l.own[g.Flag.Name] = g.Value
	case g.Lacking:
		l.fault(where, "has no value; want %s", l.wanted(name(g.Flag.Name)))
	default:
		return setting{name(g.Flag.Name), g.Value, where}, true
	}
	return setting{}, false
}

func isOwn(flag commandline.Flag, own []commandline.Flag) bool {
	for _, other := range own {
		if other.Name == flag.Name {
			return true
		}
	}
	return false
}

// wanted says what a right value of a key looks like.
func (l *loader) wanted(n name) string {
	k, _ := l.flag(n)
	return k.want
}

// flag finds the key of a flag. Dashes may stand for underscores, as in most
// programs; in the name of an app they are its own.
func (l *loader) flag(n name) (key, bool) {
	if n == configKey {
		return fileKey, true
	}
	k, known := l.lookup(n)
	if !known && !strings.HasPrefix(string(n), "apps.") {
		k, known = l.lookup(name(strings.ReplaceAll(string(n), "-", "_")))
	}
	return k, known
}

func flagNames(l *loader, flag string, own []commandline.Flag) []string {
	names := []string{string(configKey), "help"}
	for _, other := range own {
		names = append(names, other.Name)
	}
	return append(names, dottedNames(l, name(flag))...)
}
