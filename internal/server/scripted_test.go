package server

import (
	"context"
	"testing"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
)

// scripted answers every rpc of the real contract with one function of the
// test, in place of Kakao and the engine.
type scripted func(ctx context.Context, rpc string, request proto.Message) (proto.Message, error)

// Register implements services.
func (s scripted) Register(registrar grpc.ServiceRegistrar) {
	for _, descriptor := range service.Descriptors() {
		description := &grpc.ServiceDesc{ServiceName: string(descriptor.FullName()), Metadata: descriptor.ParentFile().Path()}
		methods := descriptor.Methods()
		for i := range methods.Len() {
			description.Methods = append(description.Methods, grpc.MethodDesc{
				MethodName: string(methods.Get(i).Name()), Handler: s.handler(methods.Get(i)),
			})
		}
		registrar.RegisterService(description, nil)
	}
}

func (s scripted) handler(method protoreflect.MethodDescriptor) grpc.MethodHandler {
	info := &grpc.UnaryServerInfo{FullMethod: fullMethod(method)}
	return func(_ any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
		request := newMessage(method.Input())
		if err := decode(request); err != nil {
			return nil, err
		}
		return interceptor(ctx, request, info, func(ctx context.Context, request any) (any, error) {
			response, err := s(ctx, info.FullMethod, request.(proto.Message))
			if err == nil && response == nil {
				response = newMessage(method.Output())
			}
			return response, err
		})
	}
}

func newMessage(descriptor protoreflect.MessageDescriptor) proto.Message {
	known, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
	if err != nil {
		panic(err)
	}
	return known.New().Interface()
}

// Names implements services.
func (scripted) Names() []string {
	var names []string
	for _, descriptor := range service.Descriptors() {
		names = append(names, string(descriptor.FullName()))
	}
	return names
}

// RegisterFacade implements services, with the generated code of the contract.
func (scripted) RegisterFacade(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	return (&service.Services{}).RegisterFacade(ctx, mux, conn)
}

// startScripted runs a server whose rpcs are the test's.
func startScripted(t *testing.T, s scripted, flags ...string) *running {
	t.Helper()
	log := &lockedBuffer{}
	cfg := testConfig(t, "http://127.0.0.1:1", flags...)
	tel, err := telemetry.New(t.Context(), telemetry.Options{Log: log, Level: cfg.Log.Level, Format: cfg.Log.Format})
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, buildScripted(t, cfg, tel, s), log)
}

func buildScripted(t *testing.T, cfg *config.Config, tel *telemetry.Telemetry, s scripted) *Server {
	t.Helper()
	server := &Server{}
	if err := server.build(cfg, tel, backend{contract: service.Descriptors(), services: s}); err != nil {
		t.Fatal(err)
	}
	return server
}
