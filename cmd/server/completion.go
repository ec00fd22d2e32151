package main

import (
	"context"
	"io"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
)

var completionCommand = commandline.Command{
	Name:     "completion",
	About:    "print the completion script of a shell",
	Text:     []string{"It completes commands, flags, the values of those that have only so many, and file names, for the name that this program was started by."},
	Argument: commandline.Argument{Name: "SHELL", Values: commandline.Shells(), Required: true},
	Examples: []string{
		"source <(server completion bash)         # in ~/.bashrc",
		"source <(server completion zsh)          # in ~/.zshrc, after compinit",
		"server completion fish | source          # in ~/.config/fish/config.fish",
	},
}

func printCompletion(_ context.Context, p process) error {
	_, err := io.WriteString(p.stdout, program().Completion(p.given.Argument, p.program))
	return err
}
