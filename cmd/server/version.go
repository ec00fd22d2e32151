package main

import (
	"context"
	"fmt"

	"github.com/kakaorpc/kakaorpc/internal/server"
)

func printVersion(_ context.Context, p process) error {
	_, err := fmt.Fprintln(p.stdout, server.ReadVersion())
	return err
}
