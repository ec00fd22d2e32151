package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/config"
)

// Limits of an HTTP connection.
const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 2 * time.Minute
	// opsTimeout is for small answers to machines nearby.
	opsTimeout = 30 * time.Second
)

// listeners are the three ports.
type listeners struct {
	grpc, http, ops net.Listener
}

// listen takes the ports, all or none. It names all that are not to be had.
func listen(cfg *config.Config) (listeners, error) {
	var l listeners
	var faults []error
	for _, port := range []struct {
		key, addr string
		into      *net.Listener
	}{
		{"grpc.addr", cfg.GRPC.Addr, &l.grpc},
		{"http.addr", cfg.HTTP.Addr, &l.http},
		{"ops.addr", cfg.Ops.Addr, &l.ops},
	} {
		taken, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", port.addr)
		if err != nil {
			faults = append(faults, refusedAddress(port.key, port.addr, err))
			continue
		}
		*port.into = taken
	}
	if len(faults) > 0 {
		return listeners{}, errors.Join(append(faults, l.close())...)
	}
	return l, nil
}

// refusedAddress names the flag to change.
func refusedAddress(key, addr string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		host, _, _ := net.SplitHostPort(addr) // it was good enough to be tried
		return fmt.Errorf("address %s is already in use by another process: choose another with --%s (or %s), as %s for any free port",
			addr, key, config.Variable(key), net.JoinHostPort(host, "0"))
	}
	return fmt.Errorf("cannot listen on %s, which --%s (or %s) sets: %w", addr, key, config.Variable(key), err)
}

func (l listeners) close() error {
	var faults []error
	for _, listener := range []net.Listener{l.grpc, l.http, l.ops} {
		if listener != nil {
			if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
				faults = append(faults, err)
			}
		}
	}
	return errors.Join(faults...)
}

// newHTTP makes an HTTP server that nobody can hold up by being slow.
func newHTTP(handler http.Handler, logger *slog.Logger, read, write time.Duration) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: min(readHeaderTimeout, read),
		ReadTimeout:       read,
		WriteTimeout:      write,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}
