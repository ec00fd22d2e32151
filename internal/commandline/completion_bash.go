package commandline

import (
	"fmt"
	"slices"
	"strings"
)

// bashCompletion needs nothing but bash 3.2: no package of completions, and
// nothing of later bashes. readline splits words at =, so that --flag=value
// arrives as three.
func bashCompletion(p Program, as string) string {
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	name := function(as)
	line("# Completion of %s for bash. Load it by: source <(%s completion bash)", as, as)
	line("%s() {", name)
	line(`	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}`)
	line(`	local command=%s flag= glued= words= files= IFS=$' \t\n'`, p.Commands[0].Name)
	line(`	if [ "$COMP_CWORD" -gt 1 ] && [[ ${COMP_WORDS[1]} != -* ]]; then command=${COMP_WORDS[1]}; fi`)
	line(`	if [[ $cur == "=" ]]; then flag=$prev cur= glued=1`)
	line(`	elif [[ $prev == "=" ]]; then flag=${COMP_WORDS[COMP_CWORD-2]} glued=1`)
	line(`	elif [[ $cur == --*=* ]]; then flag=${cur%%%%=*} glued=$flag=; cur=${cur#*=}`)
	line(`	elif [[ $prev == --* ]]; then flag=$prev; fi`)
	line(`	case "$command $flag" in`)
	for _, group := range p.valueGroups() {
		what := "words=" + quoted(strings.Join(group.values, " "))
		switch {
		case group.file:
			what = "files=1"
		case len(group.values) == 0:
			what = "return"
		}
		if group.bare {
			what = `if [ -n "$glued" ]; then ` + what + "; else flag=; fi"
		}
		line("\t%s)\n\t\t%s ;;", strings.Join(group.patterns, "|"), what)
	}
	line("\t*) flag= ;;")
	line("\tesac")
	line(`	if [ -z "$flag" ]; then`)
	line(`		if [ "$COMP_CWORD" -eq 1 ] && [[ $cur != -* ]]; then`)
	line("\t\t\twords=%s", quoted(strings.Join(p.commandNames(), " ")))
	line("\t\telse")
	line("\t\t\tcase $command in")
	for _, command := range p.Commands {
		var words []string
		for _, flag := range p.flagsOf(command) {
			words = append(words, "--"+flag.Name)
		}
		flags, values := quoted(strings.Join(words, " ")), quoted(strings.Join(command.Argument.Values, " "))
		if len(command.Argument.Values) == 0 {
			values = flags
		}
		line("\t\t\t%s)\n\t\t\t\tif [[ $cur == -* ]]; then words=%s; else words=%s; fi ;;", command.Name, flags, values)
	}
	line("\t\t\tesac")
	line("\t\tfi")
	line("\tfi")
	line(`	if [ -n "$files" ]; then`)
	line(`		compopt -o filenames 2>/dev/null`)
	line(`		IFS=$'\n'; COMPREPLY=($(compgen -f -- "$cur"))`)
	line("\telse")
	line(`		[[ $glued == --* ]] || glued=`)
	line(`		COMPREPLY=($(compgen -P "$glued" -W "$words" -- "$cur"))`)
	line("\tfi")
	line("}")
	line("complete -F %s %s", name, as)
	return text.String()
}

func (p Program) commandNames() []string {
	names := make([]string, 0, len(p.Commands))
	for _, command := range p.Commands {
		names = append(names, command.Name)
	}
	return names
}

// valueGroup are flags whose values are completed alike.
type valueGroup struct {
	patterns   []string // "command --flag", quoted
	values     []string
	file, bare bool
}

// valueGroups gathers the flags of all commands by how their values are
// completed.
func (p Program) valueGroups() []*valueGroup {
	var groups []*valueGroup
	for _, command := range p.Commands {
		for _, flag := range p.flagsOf(command) {
			if flag.Name == "help" {
				continue
			}
			same := slices.IndexFunc(groups, func(g *valueGroup) bool {
				return g.file == flag.File && g.bare == flag.Bare && slices.Equal(g.values, flag.choices())
			})
			if same < 0 {
				same = len(groups)
				groups = append(groups, &valueGroup{values: flag.choices(), file: flag.File, bare: flag.Bare})
			}
			groups[same].patterns = append(groups[same].patterns, quoted(command.Name+" --"+flag.Name))
		}
	}
	return groups
}
