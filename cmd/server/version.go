package main

import (
	"context"
	"fmt"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/server"
)

var versionCommand = commandline.Command{Name: "version", About: "print the version"}

func printVersion(_ context.Context, p process) error {
	_, err := fmt.Fprintln(p.stdout, server.ReadVersion())
	return err
}
