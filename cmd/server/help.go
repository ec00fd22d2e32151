package main

import (
	"context"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
)

var helpCommand = commandline.Command{
	Name:     "help",
	About:    "explain a command, a topic, a flag or a variable",
	Text:     []string{"Without a word it lists the commands and topics; server --help prints every flag."},
	Argument: commandline.Argument{Name: "WORD", Flags: true},
	Examples: []string{"server help deadlines", "server help check", "server help KAKAORPC_GRPC_ADDR"},
}

func help(_ context.Context, p process) error {
	if p.given.Argument == "" {
		return program().Overview(p.stdout, p.width())
	}
	if err := program().Help(p.stdout, p.width(), p.given.Argument); err != nil {
		return refuse(p, err, "server help")
	}
	return nil
}
