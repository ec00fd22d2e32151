package main

import (
	"context"
	"fmt"

	"github.com/kakaorpc/kakaorpc/internal/server"
)

func printVersion(_ context.Context, p process) error {
	if done, err := noFlags(p, "version"); done {
		return err
	}
	_, err := fmt.Fprintln(p.stdout, server.ReadVersion())
	return err
}
