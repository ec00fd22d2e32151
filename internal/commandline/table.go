package commandline

import (
	"cmp"
	"slices"
)

// Flag is one flag of a command.
type Flag struct {
	// Name is what follows the two dashes.
	Name string
	// Instance is the name that completions offer where a part of Name stands
	// for others (<name>); "": Name.
	Instance string
	// Value is what stands for its value in the help: DURATION, text|json.
	Value string
	// Doc says what it is for: a sentence without capital and full stop.
	Doc string
	// Values are all that it takes, where there are only so many.
	Values []string
	// File says that its value is the name of a file.
	File bool
	// Bare says that it may stand without value, which is then true.
	Bare bool
	// Secret says that it cannot be given on the command line, which others can
	// read; it is listed for its Variable.
	Secret bool
	// Variable is the environment variable that does the same; "": none.
	Variable string
	// Default is the value of a flag that is not given; "": none.
	Default string
	// Limits says from where to where the value may go; "": it is free.
	Limits string
	// Change says what a change of the value takes; "": it is not said, as for
	// a command that ends at once.
	Change string
}

// Topic is a group of flags under a heading.
type Topic struct {
	// Name is the word for it on the command line: help NAME.
	Name string
	// Also are other words for it, which are not listed.
	Also []string
	// Title is the heading.
	Title string
	// Text says in sentences what the flags have in common; "": nothing.
	Text string
	// Flags are its flags.
	Flags []Flag
}

// Command is a subcommand.
type Command struct {
	// Name is the word for it.
	Name string
	// About says in a few words what it does.
	About string
	// Text says the rest in sentences, a paragraph each.
	Text []string
	// Flags are its own.
	Flags []Flag
	// Configured says that it takes the flags of the configuration as well.
	Configured bool
	// Argument is the one word that may stand behind it; zero: none may.
	Argument Argument
	// Examples are lines to paste.
	Examples []string
}

// Argument is a word of a command line that is no flag.
type Argument struct {
	// Name stands for it in the help: SHELL; "": there is none.
	Name string
	// Values are what it may be; nil: anything.
	Values []string
	// Flags says that it may be the name of a flag, with its dashes.
	Flags bool
	// Required says that the command does nothing without it.
	Required bool
}

// Program is all that a command line can begin with.
type Program struct {
	// Name is how the program is called.
	Name string
	// About says what it is.
	About string
	// Commands are its subcommands; the first needs no name.
	Commands []Command
	// Topics are the flags of the configuration.
	Topics []Topic
}

// find returns the command of a name.
func (p Program) find(name string) (Command, bool) {
	for _, command := range p.Commands {
		if command.Name == name {
			return command, true
		}
	}
	return Command{}, false
}

// flagsOf are all flags of a command, its own first, without those that cannot
// be given on a command line.
func (p Program) flagsOf(command Command) []Flag {
	flags := slices.Clone(command.Flags)
	if command.Configured {
		for _, topic := range p.Topics {
			for _, flag := range topic.Flags {
				if flag.Secret {
					continue
				}
				flag.Name = cmp.Or(flag.Instance, flag.Name)
				flags = append(flags, flag)
			}
		}
	}
	return append(flags, Flag{Name: "help", Bare: true, Doc: "explain the command and its flags"})
}
