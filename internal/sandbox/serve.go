package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// Server is a sandbox that listens.
type Server struct {
	url    string
	server *http.Server
	cancel context.CancelFunc
	done   chan struct{} // closed when serving has ended
	err    error         // valid once done is closed

	closing sync.Once
}

// Start listens on addr, "127.0.0.1:0" for any free port, and serves until
// Close. An address that other machines can reach is refused unless the
// options allow it.
func (s *Sandbox) Start(addr string) (*Server, error) {
	if err := s.checkAddress(addr); err != nil {
		return nil, err
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox cannot listen: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	v := &Server{
		url:    "http://" + listener.Addr().String(),
		cancel: cancel,
		done:   make(chan struct{}),
		server: &http.Server{
			Handler:           s,
			ReadHeaderTimeout: 10 * time.Second,
			ReadTimeout:       time.Minute,
			IdleTimeout:       2 * time.Minute,
			// Delays of faults end when the server closes. There is no
			// write timeout: slow and huge answers are its business.
			BaseContext: func(net.Listener) context.Context { return ctx },
		},
	}
	go func() {
		defer close(v.done)
		if err := v.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			v.err = err
		}
	}()
	return v, nil
}

// checkAddress lets loopback addresses through.
func (s *Sandbox) checkAddress(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("sandbox address %q: %w; write it as 127.0.0.1:0", addr, err)
	}
	if ip := net.ParseIP(host); s.options.AllowNonLoopback || host == "localhost" || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("sandbox address %q: other machines could reach it, and its keys are published; use 127.0.0.1", addr)
}

// URL is the base URL that stands for every Kakao host, without a trailing slash.
func (v *Server) URL() string { return v.url }

// CallbackURL is a redirect URI of the app that is there: a page that shows the code
// with which the sandbox sent the browser back, and what an app does with it.
func (v *Server) CallbackURL() string { return v.url + pages.CallbackPath }

// Wait blocks until the server has ended and returns why, nil after Close.
func (v *Server) Wait() error {
	<-v.done
	return v.err
}

// Close ends delays, waits for calls in progress until ctx ends, then cuts
// them off. It may be called more than once.
func (v *Server) Close(ctx context.Context) error {
	var err error
	v.closing.Do(func() {
		v.cancel()
		if err = v.server.Shutdown(ctx); err != nil {
			err = errors.Join(err, v.server.Close())
		}
	})
	return errors.Join(err, v.Wait())
}
