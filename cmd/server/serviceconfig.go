package main

import (
	"context"

	"github.com/kakaorpc/kakaorpc/internal/server"
)

// printServiceConfig prints clients/service-config.json.
func printServiceConfig(_ context.Context, p process) error {
	if done, err := noFlags(p, "service-config"); done {
		return err
	}
	config, err := server.ServiceConfig()
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(config)
	return err
}
