package server

import (
	"context"
	"fmt"
	"sync"

	"github.com/kakaorpc/kakaorpc/internal/appkeys"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/reload"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles"
)

// watches keep up to date what the server reads from files.
type watches []*reload.Watch

// add loads a subject for the first time. A subject without files has no watch.
func (w *watches) add(tel *telemetry.Telemetry, subject reload.Subject) error {
	if len(subject.Paths) == 0 {
		return nil
	}
	watch, err := reload.New(subject, tel.Logger, tel.Meters)
	if err != nil {
		return err
	}
	*w = append(*w, watch)
	return nil
}

// run watches until ctx ends.
func (w watches) run(ctx context.Context, every config.Reload) {
	var group sync.WaitGroup
	for _, watch := range w {
		group.Go(func() { watch.Run(ctx, every.Interval) })
	}
	group.Wait()
}

// certificates is the subject of the listeners' TLS.
func certificates(store *tlsfiles.Store) reload.Subject {
	return reload.Subject{What: "TLS certificates", Paths: store.Paths(), Load: store.Load}
}

// callerPolicy is the subject of the gate.
func callerPolicy(g *gate, file string) reload.Subject {
	if file == "" {
		return reload.Subject{}
	}
	return reload.Subject{What: "caller policy", Paths: []string{file}, Load: func(contents [][]byte) error {
		if err := g.load(contents[0]); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		return nil
	}}
}

// keyFiles is the subject of the apps' keys.
func keyFiles(cfg *config.Config, ring *appkeys.Ring) reload.Subject {
	return reload.Subject{What: "app keys", Paths: cfg.KeyFiles(), Load: func(contents [][]byte) error {
		apps, err := cfg.AppsFrom(contents)
		if err == nil {
			ring.Replace(apps)
		}
		return err
	}}
}
