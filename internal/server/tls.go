package server

import (
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
	return store, s.watches.add(tel, certificates(store))
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
