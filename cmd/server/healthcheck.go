package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/config"
)

var healthcheckCommand = commandline.Command{
	Name:       "healthcheck",
	About:      "say whether the server on this machine is ready",
	Configured: true,
	Text: []string{
		"It finds the ops port as the server does, in the same flags, environment and file, and asks it. It is for images without a shell.",
		"The exit code is 0 if the server is ready, else 1.",
	},
	Examples: []string{"server healthcheck", "server healthcheck --ops.addr=127.0.0.1:9191"},
}

// healthcheckTimeout bounds the question; a server that is well answers it in a
// millisecond.
const healthcheckTimeout = 2 * time.Second

// healthcheck asks the server of the same configuration on this machine whether
// it is ready. It asks the ops port, which never speaks TLS, so that a health check needs
// neither the name in the server's certificate nor an authority for it; and if
// one listener fails, all end.
func healthcheck(ctx context.Context, p process) error {
	addr, err := config.OpsAddr(config.Input{Args: p.args, Elsewhere: elsewhere, Environ: p.environ})
	switch {
	case errors.Is(err, config.ErrHelp):
		return program().Help(p.stdout, p.width(), healthcheckCommand.Name)
	case err != nil:
		return err // 1, not 2: Docker keeps 2 for itself
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", http.NoBody)
	if err != nil {
		return err
	}
	// A proxy of the environment has no business between a server and itself.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 256)) // what it said only decorates the status
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s is not ready: %s: %q", addr, answer.Status, said)
	}
	_, err = fmt.Fprintln(p.stdout, "ready")
	return err
}
