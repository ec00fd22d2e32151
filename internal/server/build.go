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

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/stats"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/service"
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
}

// backend is what the server serves. There is one, made by newBackend; tests
// have others.
type backend struct {
	contract []protoreflect.ServiceDescriptor
	services services
}

// services is the part of *service.Services that is used here.
type services interface {
	Register(grpc.ServiceRegistrar)
	Names() []string
	RegisterFacade(context.Context, *runtime.ServeMux, grpc.ClientConnInterface) error
}

// Build makes a server and takes its ports, so that an address in use is found
// before anything starts. It serves when Run is called; a server that is not
// run must be closed. The log goes to log.
func Build(cfg *config.Config, log io.Writer) (*Server, error) {
	tel, err := telemetry.New(context.Background(), telemetry.Options{
		Version: ReadVersion().Version, Log: log, Level: cfg.Log.Level, Format: cfg.Log.Format,
	})
	if err != nil {
		return nil, err
	}
	b, err := newBackend(cfg, tel)
	if err != nil {
		return nil, errors.Join(err, tel.Shutdown(context.Background()))
	}
	s, err := build(cfg, tel, b)
	if err != nil {
		return nil, errors.Join(err, tel.Shutdown(context.Background()))
	}
	tel.Logger.Info("configuration", "version", ReadVersion().String(), "config", cfg)
	for _, missing := range cfg.Unconfigured() {
		tel.Logger.Warn("not configured", "what", missing)
	}
	return s, nil
}

// newBackend compiles the contract into a client of Kakao and the services.
func newBackend(cfg *config.Config, tel *telemetry.Telemetry) (backend, error) {
	client, err := kakao.New(kakao.Config{
		Hosts:            cfg.Kakao.Hosts(),
		Terminated:       cfg.Terminated(),
		App:              apps(cfg),
		Overrides:        service.Overrides(),
		MaxResponseBytes: cfg.Kakao.MaxResponseBytes,
		Logger:           tel.Logger,
		TracerProvider:   tel.Tracers,
		MeterProvider:    tel.Meters,
	}, service.Descriptors()...)
	if err != nil {
		return backend{}, err
	}
	all, err := service.New(client)
	return backend{contract: service.Descriptors(), services: all}, err
}

// apps looks up configured apps.
func apps(cfg *config.Config) func(name string) (kakao.App, bool) {
	return func(name string) (kakao.App, bool) {
		if name == "" {
			name = config.DefaultApp
		}
		app, ok := cfg.Apps[name]
		return kakao.App{RESTAPIKey: app.RESTAPIKey, AdminKey: app.AdminKey, ClientSecret: app.ClientSecret}, ok
	}
}

// build puts the parts together around a backend.
func build(cfg *config.Config, tel *telemetry.Telemetry, b backend) (*Server, error) {
	chain, err := newChain(cfg, tel.Logger, b.contract)
	if err != nil {
		return nil, err
	}
	rpcStats := newRPCStats(tel, b.contract)
	conn := newInProcess(chain, rpcStats, tel.Propagator)
	b.services.Register(conn)
	facade, err := newFacade(context.Background(), b, conn, tel, cfg.HTTP.MaxBodyBytes)
	if err != nil {
		return nil, fmt.Errorf("facade: %w", err)
	}
	s := &Server{telemetry: tel, logger: tel.Logger, shutdown: cfg.Shutdown}
	ending, end := context.WithCancel(context.Background())
	s.endStreams = end
	s.grpc, s.health = newGRPC(ending, cfg, b, chain, rpcStats)
	s.facade = newHTTP(facade, tel.Logger, cfg.HTTP.ReadTimeout, cfg.HTTP.ReadTimeout+longestCall(cfg.Deadline, b.contract)+cfg.Deadline.Read.Max)
	s.ops = newHTTP(newOps(tel.Metrics, &s.ready, ReadVersion()), tel.Logger, opsTimeout, opsTimeout)
	s.listeners, err = listen(cfg)
	return s, err
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

// Addresses returns where the server listens.
func (s *Server) Addresses() Addresses {
	return Addresses{GRPC: s.listeners.grpc.Addr(), HTTP: s.listeners.http.Addr(), Ops: s.listeners.ops.Addr()}
}
