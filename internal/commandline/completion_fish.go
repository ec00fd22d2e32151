package commandline

import (
	"fmt"
	"strings"
)

// fishCompletion is a line for each command and flag, as fish wants it.
func fishCompletion(p Program, as string) string {
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	name := "_" + function(as)
	line("# Completion of %s for fish. Load it by: %s completion fish | source", as, as)
	line("function %s_command", name)
	line("\tset -l words (commandline -opc)")
	line("\tif set -q words[2]; and not string match -q -- '-*' $words[2]")
	line("\t\techo $words[2]")
	line("\telse")
	line("\t\techo %s", p.Commands[0].Name)
	line("\tend")
	line("end")
	line("complete -c %s -f", as)
	for _, command := range p.Commands {
		line("complete -c %s -n 'test (count (commandline -opc)) -eq 1' -a %s -d %s", as, command.Name, fishQuoted(command.About))
	}
	for _, command := range p.Commands {
		begin := fmt.Sprintf("complete -c %s -n 'test (%s_command) = %s'", as, name, command.Name)
		for _, flag := range p.flagsOf(command) {
			value := ""
			switch {
			case flag.File:
				value = " -r -F"
			case flag.needsValue():
				value = " -x -a " + fishQuoted(strings.Join(flag.Values, " "))
			}
			line("%s -l %s%s -d %s", begin, flag.Name, value, fishQuoted(hint(flag.Doc)))
		}
		if values := command.Argument.Values; len(values) > 0 {
			line("%s -a %s", begin, fishQuoted(strings.Join(values, " ")))
		}
	}
	return text.String()
}

// fishQuoted is a text in single quotes, as fish reads it.
func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
