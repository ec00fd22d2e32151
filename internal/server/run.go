package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
)

// flushTimeout bounds how long telemetry may take to leave at the end.
const flushTimeout = 5 * time.Second

// Run serves until ctx ends or a listener fails, and then shuts down:
//
//	health NOT_SERVING    load balancers stop sending
//	grace                 what they still send is served
//	GracefulStop          no new calls; those under way finish, within a bound
//	Stop                  what is left is cut off
//	flush                 telemetry leaves, within a bound
//
// It returns what failed, nil after an orderly end.
func (s *Server) Run(ctx context.Context) error {
	serving, stop := context.WithCancel(ctx)
	defer stop()
	var group errgroup.Group
	serve := func(name string, run func() error) {
		group.Go(func() error {
			defer stop() // one listener down, all down
			if err := run(); err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, grpc.ErrServerStopped) {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		})
	}
	// The listeners take connections since Build, so that whoever can ask whether
	// this is ready is served as soon.
	s.ready.Store(true)
	serve("ops listener", func() error { return s.ops.Serve(s.listeners.ops) })
	serve("gRPC listener", func() error { return s.grpc.Serve(s.listeners.grpc) })
	serve("facade listener", func() error { return s.serveFacade() })
	group.Go(func() error { s.watches.run(serving, s.reload); return nil })
	at := s.Addresses()
	s.logger.Info("serving", "grpc", at.GRPC.String(), "http", at.HTTP.String(), "ops", at.Ops.String())

	<-serving.Done()
	s.leave()
	if ctx.Err() != nil { // else a listener failed, and there is nothing to wait for
		time.Sleep(s.shutdown.Grace) // until what leave has said has got around
	}
	after := context.WithoutCancel(ctx) // what follows has bounds of its own
	s.finish(after)
	s.flush(after)
	return group.Wait()
}

// leave says that this replica takes no more calls.
func (s *Server) leave() {
	s.ready.Store(false)
	s.health.Shutdown()
	s.logger.Info("shutting down", "grace", s.shutdown.Grace.String(), "timeout", s.shutdown.Timeout.String())
}

// finish ends the calls under way, and then the listeners. The ops port goes
// last, so that the end can be watched.
func (s *Server) finish(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, s.shutdown.Timeout)
	defer cancel()
	var group errgroup.Group
	s.endStreams()
	group.Go(func() error { stopGRPC(ctx, s.grpc); return nil })
	group.Go(func() error { return stopHTTP(ctx, s.facade) })
	if err := group.Wait(); err != nil {
		s.logger.Warn("calls were cut off", "error", err.Error())
	}
	_ = s.ops.Close()
}

func stopHTTP(ctx context.Context, server *http.Server) error {
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// flush gives telemetry its last chance. What cannot be exported in time is
// lost, which is no reason to fail.
func (s *Server) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	if err := s.telemetry.Shutdown(ctx); err != nil {
		s.logger.Warn("telemetry was not flushed", "error", err.Error())
	}
}

// Close frees what Build took, of a server that is not run.
func (s *Server) Close(ctx context.Context) error {
	s.endStreams()
	s.flush(ctx)
	return s.listeners.close()
}
