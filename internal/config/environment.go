package config

import (
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
)

// testVariables begin like ours but are read by the tests, not by the server.
var testVariables = []string{prefix + "SAMPLES", prefix + "SHELLS"}

// environment reads the variables that begin with our prefix. An empty one is
// as good as none: compose files cannot leave a variable out.
func (l *loader) environment(environ []string) []setting {
	byVariable := map[string]name{configKey.variable(): configKey}
	for n := range l.keys {
		byVariable[n.variable()] = n
	}
	var settings []setting
	for _, entry := range slices.Sorted(slices.Values(environ)) {
		variable, text, _ := strings.Cut(entry, "=")
		rest, ours := strings.CutPrefix(variable, prefix)
		if !ours || text == "" || slices.Contains(testVariables, variable) {
			continue
		}
		if app, ok := appOfVariable(rest); ok {
			for _, k := range keysOfApp(app) {
				l.keys[k.name] = k
				byVariable[k.name.variable()] = k.name
			}
		}
		n, known := byVariable[variable]
		if !known {
			l.unknown(commandline.Speakable(variable), "variable", variable, l.variables(rest))
			continue
		}
		settings = append(settings, setting{n, text, variable})
	}
	return settings
}

// variables are the names that an unknown variable may have meant. An app may
// have any name, so every split of the unknown one is tried.
func (l *loader) variables(rest string) []string {
	names := []string{configKey.variable()}
	for n := range l.keys {
		names = append(names, n.variable())
	}
	middle, isApp := strings.CutPrefix(rest, "APPS_")
	for i, r := range middle {
		if !isApp || r != '_' || i == 0 {
			continue
		}
		for _, field := range appFields {
			variable := prefix + "APPS_" + middle[:i] + "_" + strings.ToUpper(field.name)
			names = append(names, variable, variable+strings.ToUpper(fileSuffix))
		}
	}
	return names
}
