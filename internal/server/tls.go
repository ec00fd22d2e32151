package server

import (
	"context"

	"go.opentelemetry.io/otel/metric"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles"
)

// Protocols of TLS's application layer on either listener.
var (
	grpcProtocols   = []string{"h2"}
	facadeProtocols = []string{"h2", "http/1.1"}
)

// secure loads the certificate of the listeners and keeps it up to date; nil:
// they speak without TLS.
func (s *Server) secure(cfg config.TLS, tel *telemetry.Telemetry) (*tlsfiles.Store, error) {
	if !cfg.Enabled() {
		return nil, nil
	}
	store := tlsfiles.New(tlsfiles.Files{Cert: cfg.CertFile, Key: cfg.KeyFile, ClientCA: cfg.ClientCAFile})
	if err := s.watches.add(tel, certificates(store)); err != nil {
		return nil, err
	}
	return store, observeExpiry(tel.Meters, store)
}

// observeExpiry shows when the certificate in force ends.
func observeExpiry(meters metric.MeterProvider, store *tlsfiles.Store) error {
	_, err := meters.Meter(meterName).Float64ObservableGauge("kakaorpc.tls.not_after", metric.WithUnit("s"),
		metric.WithDescription("End of the listeners' certificate, in seconds since 1970."),
		metric.WithFloat64Callback(func(_ context.Context, to metric.Float64Observer) error {
			to.Observe(float64(store.NotAfter().Unix()))
			return nil
		}))
	return err
}

// transport is the gRPC server's side of it.
func transport(store *tlsfiles.Store) []grpc.ServerOption {
	if store == nil {
		return nil
	}
	return []grpc.ServerOption{grpc.Creds(credentials.NewTLS(store.Config(grpcProtocols...)))}
}

// serveFacade serves JSON, with TLS where there is a certificate.
func (s *Server) serveFacade() error {
	if s.facade.TLSConfig == nil {
		return s.facade.Serve(s.listeners.http)
	}
	return s.facade.ServeTLS(s.listeners.http, "", "")
}
