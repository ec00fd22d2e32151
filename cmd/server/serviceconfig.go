package main

import (
	"context"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/server"
)

var serviceConfigCommand = commandline.Command{
	Name:  "service-config",
	About: "print the gRPC service config for clients",
	Text:  []string{"Clients in every language take it as it is: calls go to all replicas in turn, reads are repeated when one is gone, writes never."},
}

// printServiceConfig prints clients/service-config.json.
func printServiceConfig(_ context.Context, p process) error {
	config, err := server.ServiceConfig()
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(config)
	return err
}
