package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/preflight"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/secret"
	"github.com/kakaorpc/kakaorpc/internal/server"
)

var serveCommand = commandline.Command{
	Name:       "serve",
	About:      "serve gRPC, JSON and the ops port",
	Configured: true,
	Examples: []string{
		"server --sandbox                    # against a local Kakao; needs nothing else",
		"server --config ./kakaorpc.yaml     # against Kakao",
	},
}

// serve is the server: read the configuration, build, say hello, run.
func serve(ctx context.Context, p process) error {
	read, err := config.Read(config.Input{Args: p.args, Elsewhere: elsewhere, Environ: p.environ})
	switch {
	case errors.Is(err, config.ErrHelp):
		return program().Help(p.stdout, p.width(), serveCommand.Name)
	case err != nil:
		return err
	}
	preflight.Look(ctx, read, time.Now())
	if err := read.Err(); err != nil {
		return refuse(p, err, "server help FLAG")
	}
	cfg := read.Config
	var local *localKakao
	var options []server.Option
	if cfg.Sandbox {
		if local, err = startSandbox("127.0.0.1:0", sandbox.Options{}); err != nil { //nolint:contextcheck // it lives until stop
			return err
		}
		defer local.stop(context.WithoutCancel(ctx))
		if err := local.replaceKakao(cfg); err != nil {
			return err
		}
		options = append(options, server.WithSandbox(local.forPages()))
	}
	s, err := server.Build(cfg, p.stderr, options...) //nolint:contextcheck // what it starts lives until Run or Close has ended
	if err != nil {
		return err
	}
	if err := greet(p.stdout, s.Addresses(), local, cfg); err != nil {
		return errors.Join(err, s.Close(ctx))
	}
	if local == nil {
		return s.Run(ctx)
	}
	return local.behind(ctx, s.Run)
}

// behind runs a server for which the sandbox is Kakao until one of the two ends: a
// server whose Kakao is gone for good would answer nothing but errors.
func (k *localKakao) behind(ctx context.Context, run func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	gone := make(chan error, 1)
	go func() {
		select {
		case err := <-k.ended:
			stop()
			gone <- fmt.Errorf("the sandbox has ended: %w", cmp.Or(err, errNoSandbox))
		case <-ctx.Done():
			gone <- nil
		}
	}()
	err := run(ctx)
	stop()
	return errors.Join(err, <-gone)
}

// errNoSandbox is the end of a sandbox that nobody has asked to end.
var errNoSandbox = errors.New("its listener is closed")

// replaceKakao points every host at the sandbox. The keys of every configured app
// give way to the sandbox's: a real key has no business there, and a call may name
// its app as it does elsewhere.
func (k *localKakao) replaceKakao(cfg *config.Config) error {
	base, err := url.Parse(k.server.URL())
	if err != nil {
		return err
	}
	cfg.Kakao.BaseURL = base
	for _, app := range append(cfg.AppNames(), config.DefaultApp) {
		cfg.Apps[app] = config.App{
			RESTAPIKey:   secret.New(k.credentials.RESTKey),
			AdminKey:     secret.New(k.credentials.AdminKey),
			ClientSecret: secret.New(k.credentials.ClientSecret),
		}
	}
	return nil
}
