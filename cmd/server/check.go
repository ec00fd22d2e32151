package main

import (
	"context"
	"errors"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/preflight"
)

var checkCommand = commandline.Command{
	Name:       "check",
	About:      "look at the configuration, and at the way to Kakao",
	Configured: true,
	Text: []string{
		"It reads the configuration as the server would, from the same flags, environment and file, and the files that it names: certificates, " +
			"policy, keys. It prints all that is wrong or worth knowing, and serves nothing. Whether the ports are free is not looked at, " +
			"so that it can run beside the server; one that starts on a taken port says so.",
		"With --reach it also asks each Kakao host in use for an answer, whatever its status: name, connection, TLS with verification, HTTP. It " +
			"goes the way that calls go, overrides and proxies included, and sends no key.",
		"The exit code is 0 if the server can start, also with warnings; 1 if a host was not reached; 2 if the configuration is refused.",
	},
	Flags: []commandline.Flag{
		{Name: "reach", Bare: true, Default: "false", Doc: "reach each Kakao host in use"},
		timeoutFlag,
		{Name: "show", Bare: true, Default: "false", Doc: "print every key in force, with what set it; secrets are masked"},
		formatFlag,
	},
	Examples: []string{
		"server check --config ./kakaorpc.yaml",
		"server check --reach",
		"server check --show --format json | jq '.settings[] | select(.origin != \"default\")'",
	},
}

var formatFlag = commandline.Flag{
	Name: "format", Value: "text|json", Values: []string{"text", "json"}, Default: "text", Doc: "text for people or JSON for programs",
}

var timeoutFlag = commandline.Flag{
	Name: "timeout", Value: "DURATION", Default: "10s", Limits: "from 1s to 5m", Doc: "time that all hosts together have to answer",
}

// Bounds of --timeout.
const (
	leastReach   = time.Second
	longestReach = 5 * time.Minute
)

// errNotReached says that the report told of a host that was not reached.
var errNotReached = errors.New("not every host was reached")

// check is the command.
func check(ctx context.Context, p process) error {
	read, err := config.Read(config.Input{Args: p.args, Own: checkCommand.Flags, Elsewhere: elsewhere, Environ: p.environ})
	switch {
	case errors.Is(err, config.ErrHelp):
		return program().Help(p.stdout, p.width(), checkCommand.Name)
	case err != nil:
		return err
	}
	timeout, err := time.ParseDuration(read.Own[timeoutFlag.Name])
	if err != nil || timeout < leastReach || timeout > longestReach {
		read.Refuse(timeoutFlag.Name, "want a duration "+timeoutFlag.Limits+", like 5s")
	}
	write, known := reports[read.Own[formatFlag.Name]]
	if !known { // which is among the faults
		write = reports[formatFlag.Default]
	}
	preflight.Look(ctx, read, time.Now())
	found := report{Good: len(read.Faults) == 0, Faults: read.Faults, Warnings: read.Config.Warnings, Missing: read.Config.Unconfigured(), Asked: read.Own["reach"] == "true"}
	if read.Config.Sandbox {
		found.Missing = nil // the sandbox brings its own keys
	}
	if read.Own["show"] == "true" {
		found.Settings = read.Settings()
	}
	if found.Asked && found.Good {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		found.Hosts = preflight.Reach(ctx, preflight.Targets(read.Config), kakao.NewTransport)
	}
	if err := write(p.stdout, found, p.width()); err != nil {
		return err
	}
	if !found.Good {
		return errUsage
	}
	for _, host := range found.Hosts {
		if host.Fault != "" {
			return errNotReached
		}
	}
	return nil
}
