package commandline

import (
	"fmt"
	"strings"
)

// zshCompletion leaves the work to zsh's _arguments and _describe.
func zshCompletion(p Program, as string) string {
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	name := function(as)
	line("#compdef %s", as)
	line("# Completion of %s for zsh. Load it by: source <(%s completion zsh)", as, as)
	line("%s() {", name)
	line("\tlocal command=%s", p.Commands[0].Name)
	line("\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then")
	line("\t\tlocal -a commands=(")
	for _, command := range p.Commands {
		line("\t\t\t%s", quoted(command.Name+":"+command.About))
	}
	line("\t\t)")
	line("\t\t_describe -t commands command commands")
	line("\t\treturn")
	line("\tfi")
	line("\tif [[ $words[2] != -* ]]; then")
	line("\t\tcommand=$words[2]; words=(\"$words[1]\" \"${(@)words[3,-1]}\"); (( CURRENT-- ))")
	line("\tfi")
	line("\tcase $command in")
	for _, command := range p.Commands {
		line("\t%s)", command.Name)
		line("\t\t_arguments \\")
		for _, flag := range p.flagsOf(command) {
			line("\t\t\t%s \\", quoted(flag.zshSpec()))
		}
		if argument := command.Argument; argument.Name != "" {
			line("\t\t\t%s \\", quoted("1:"+zshText(argument.Name)+":("+strings.Join(argument.Values, " ")+")"))
		}
		line("\t\t\t&& return ;;")
	}
	line("\tesac")
	line("}")
	line("compdef %s %s", name, as)
	return text.String()
}

// zshSpec is the flag as _arguments wants it. A flag may stand more than once,
// and the last counts.
func (f Flag) zshSpec() string {
	doc := "[" + zshText(hint(f.Doc)) + "]"
	switch {
	case !f.needsValue():
		return "*--" + f.Name + doc
	case f.File:
		return "*--" + f.Name + "=" + doc + ":" + zshText(f.Value) + ":_files"
	}
	return "*--" + f.Name + "=" + doc + ":" + zshText(f.Value) + ":(" + strings.Join(f.Values, " ") + ")"
}

// zshText escapes what has a meaning in a specification.
func zshText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`).Replace(text)
}
