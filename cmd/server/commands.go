package main

import (
	"context"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/config"
)

// command is a subcommand: what is known of it (its help and the completions
// are made from that), and what runs it.
type command struct {
	commandline.Command
	run func(context.Context, process) error
}

// commands are the subcommands; the first is the default. A new one is a line
// here; its table stands beside what runs it.
func commands() []command {
	return []command{
		{serveCommand, serve},
		{checkCommand, check},
		{healthcheckCommand, healthcheck},
		{sandboxCommand, runSandbox},
		{endpointsCommand, printEndpoints},
		{errorsCommand, printErrors},
		{serviceConfigCommand, printServiceConfig},
		{completionCommand, printCompletion},
		{helpCommand, help},
		{versionCommand, printVersion},
	}
}

// named returns the command of a name.
func named(name string) (command, bool) {
	for _, command := range commands() {
		if command.Name == name {
			return command, true
		}
	}
	return command{}, false
}

// elsewhere says where a flag is that the configuration does not know; "": nowhere.
func elsewhere(flag string) string {
	if slices.Contains([]string{"v", "V", "version"}, flag) {
		return "is no flag here; server --version, alone, and server version print the version"
	}
	var owners []string
	for _, command := range commands() {
		if slices.ContainsFunc(command.Flags, func(own commandline.Flag) bool { return own.Name == flag }) {
			owners = append(owners, "server "+command.Name)
		}
	}
	if len(owners) == 0 {
		return ""
	}
	return "is a flag of " + strings.Join(owners, ", ")
}

// program is everything that the help and the completions are made from.
func program() commandline.Program {
	p := commandline.Program{
		Name:   "server",
		About:  "kakaorpc: Kakao's REST platform as gRPC and JSON. Begin with server --sandbox, which needs nothing else.",
		Topics: config.Topics(),
	}
	for _, command := range commands() {
		p.Commands = append(p.Commands, command.Command)
	}
	words := p.HelpWords()
	for i := range p.Commands {
		if p.Commands[i].Name == helpCommand.Name {
			p.Commands[i].Argument.Values = words // and flags and variables, which are too many to list
		}
	}
	return p
}
