package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/stats"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/appkeys"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/reload"
	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/site"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
)

// Server is all of kakaorpc, listening. Build makes it.
type Server struct {
	grpc       *grpc.Server
	endStreams context.CancelFunc
	health     *health.Server
	facade     *http.Server
	ops        *http.Server
	listeners  listeners
	ready      atomic.Bool
	telemetry  *telemetry.Telemetry
	logger     *slog.Logger
	shutdown   config.Shutdown
	watches    watches
	reload     config.Reload
	sandbox    *site.Sandbox // nil: none
}

// backend is what the server serves. There is one, made by newBackend; tests
// have others.
type backend struct {
	contract  []protoreflect.ServiceDescriptor
	services  services
	endpoints []kakao.Endpoint
	health    func() []kakao.Health // nil: unknown
}

// services is the part of *service.Services that is used here.
type services interface {
	Register(grpc.ServiceRegistrar)
	Names() []string
	RegisterFacade(context.Context, *runtime.ServeMux, grpc.ClientConnInterface) error
}

// Option adds to a server what its configuration does not say.
type Option func(*Server)

// WithSandbox lets the server's pages tell of the local Kakao behind it, and
// hand out its people's tokens.
func WithSandbox(sandbox site.Sandbox) Option {
	return func(s *Server) { s.sandbox = &sandbox }
}

// Build makes a server and takes its ports, so that an address in use is found
// before anything starts. It serves when Run is called; a server that is not
// run must be closed. The log goes to log.
func Build(cfg *config.Config, log io.Writer, options ...Option) (*Server, error) {
	tel, err := telemetry.New(context.Background(), telemetry.Options{
		Version: ReadVersion().Version, Log: log, Level: cfg.Log.Level, Format: cfg.Log.Format, Apps: len(cfg.Apps),
	})
	if err != nil {
		return nil, err
	}
	ring := appkeys.New(cfg.Apps, tel.Logger, time.Now)
	b, err := newBackend(cfg, tel, ring)
	if err != nil {
		return nil, errors.Join(err, tel.Shutdown(context.Background()))
	}
	s := &Server{}
	for _, option := range options {
		option(s)
	}
	err = s.build(cfg, tel, b, keyFiles(cfg, ring))
	if err != nil {
		return nil, errors.Join(err, tel.Shutdown(context.Background()))
	}
	tel.Logger.Info("configuration", "version", ReadVersion().String(), "config", cfg)
	for _, missing := range cfg.Unconfigured() {
		tel.Logger.Warn("not configured", "what", missing)
	}
	for _, warning := range cfg.Warnings {
		tel.Logger.Warn("configuration", "where", warning.Where, "what", warning.What)
	}
	return s, nil
}

// newBackend compiles the contract into a client of Kakao and the services.
func newBackend(cfg *config.Config, tel *telemetry.Telemetry, ring *appkeys.Ring) (backend, error) {
	client, err := kakao.New(kakao.Config{
		Hosts:            cfg.Kakao.Hosts(),
		Terminated:       cfg.Terminated(),
		App:              ring.App,
		KeyRefused:       ring.Refused,
		Overrides:        service.Overrides(),
		MaxResponseBytes: cfg.Kakao.MaxResponseBytes,
		Policy:           upstreamPolicy(cfg.Upstream),
		Logger:           tel.Logger,
		TracerProvider:   tel.Tracers,
		MeterProvider:    tel.Meters,
	}, service.Descriptors()...)
	if err != nil {
		return backend{}, err
	}
	all, err := service.New(client)
	return backend{contract: service.Descriptors(), services: all, endpoints: client.Endpoints(), health: client.Health}, err
}

// build puts the parts together around a backend. What else is to be reloaded
// is the backend's.
func (s *Server) build(cfg *config.Config, tel *telemetry.Telemetry, b backend, more ...reload.Subject) error {
	s.telemetry, s.logger, s.shutdown, s.reload = tel, tel.Logger, cfg.Shutdown, cfg.Reload
	gate := newGate(cfg, b.contract)
	for _, subject := range append(more, callerPolicy(gate, cfg.Authz.PolicyFile)) {
		if err := s.watches.add(tel, subject); err != nil {
			return err
		}
	}
	certificates, err := s.secure(cfg.TLS, tel)
	if err != nil {
		return err
	}
	chain, err := newChain(cfg, tel, gate, b.contract)
	if err != nil {
		return err
	}
	rpcStats := newRPCStats(tel, b.contract)
	conn := newInProcess(chain, rpcStats, tel.Propagator)
	b.services.Register(conn)
	pages, err := newSite(cfg, b, s.sandbox, s.Addresses)
	if err != nil {
		return fmt.Errorf("site: %w", err)
	}
	facade, err := newFacade(context.Background(), b, conn, tel, facadeOptions{maxBody: cfg.HTTP.MaxBodyBytes, identified: gate.identified, terminated: cfg.Terminated()}, pages...)
	if err != nil {
		return fmt.Errorf("facade: %w", err)
	}
	longest := longestCall(cfg.Deadline, callable(b.contract, cfg.Terminated()))
	ending, end := context.WithCancel(context.Background())
	s.endStreams = end
	s.grpc, s.health = newGRPC(ending, cfg, tel.Logger, b, chain, rpcStats, append(transport(certificates), gate.early(tel.Logger))...)
	s.facade = newHTTP(comeBack(facade, cfg.GRPC.MaxConnectionAge, &s.ready), tel.Logger, cfg.HTTP.ReadTimeout, cfg.HTTP.ReadTimeout+longest+cfg.Deadline.Read.Max)
	s.facade.ConnContext = rememberBirth
	if certificates != nil {
		s.facade.TLSConfig = certificates.Config(facadeProtocols...)
	}
	ops := newOps(tel.Metrics, &s.ready, ReadVersion())
	if cfg.Ops.GRPCUI {
		forms, err := newGRPCUI(b.contract, conn, s.Addresses)
		if err != nil {
			return err
		}
		ops.Handle(grpcuiPath, withTime(forms, longest+opsTimeout))
	}
	s.ops = newHTTP(ops, tel.Logger, opsTimeout, opsTimeout)
	s.listeners, err = listen(cfg)
	return err
}

// newRPCStats makes the span and the metrics of every call. Names that are not
// in the contract make none: a client could make up any number of them.
func newRPCStats(tel *telemetry.Telemetry, contract []protoreflect.ServiceDescriptor) stats.Handler {
	methods := contractMethods(contract)
	return otelgrpc.NewServerHandler(
		otelgrpc.WithTracerProvider(tel.Tracers), otelgrpc.WithMeterProvider(tel.Meters), otelgrpc.WithPropagators(tel.Propagator),
		otelgrpc.WithFilter(func(info *stats.RPCTagInfo) bool { return methods[info.FullMethodName] != nil }))
}

// Addresses says where the server listens, with the ports that were taken
// where the configuration left them open.
type Addresses struct {
	GRPC, HTTP, Ops net.Addr
}

// Reachable is an address to connect to on this machine: one that listens
// everywhere is localhost.
func Reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// Addresses returns where the server listens.
func (s *Server) Addresses() Addresses {
	return Addresses{GRPC: s.listeners.grpc.Addr(), HTTP: s.listeners.http.Addr(), Ops: s.listeners.ops.Addr()}
}
