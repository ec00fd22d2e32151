package service

import (
	"context"
	"fmt"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// Services is the contract's services, run by a client.
type Services struct {
	client       *kakao.Client
	descriptions []*grpc.ServiceDesc
}

// New ties the services to the client that runs their calls. The error names an
// rpc whose messages have no generated type.
func New(client *kakao.Client) (*Services, error) {
	services := &Services{client: client}
	for _, descriptor := range Descriptors() {
		description, err := services.describe(descriptor)
		if err != nil {
			return nil, err
		}
		services.descriptions = append(services.descriptions, description)
	}
	return services, nil
}

// Register offers every service on a gRPC server.
func (s *Services) Register(registrar grpc.ServiceRegistrar) {
	for _, description := range s.descriptions {
		registrar.RegisterService(description, nil)
	}
}

// Names returns the full names of the services, for health checks.
func (s *Services) Names() []string {
	names := make([]string, 0, len(s.descriptions))
	for _, description := range s.descriptions {
		names = append(names, description.ServiceName)
	}
	return names
}

// RegisterFacade offers every service as JSON. Calls go through conn, which has
// to run the server's interceptors.
func (s *Services) RegisterFacade(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	for _, product := range products {
		if err := product.facade(ctx, mux, conn); err != nil {
			return fmt.Errorf("JSON facade of %s: %w", product.name, err)
		}
	}
	return nil
}

// describe builds what protoc-gen-go-grpc writes for a service. All methods
// have the same body, so the table is made from the descriptor.
func (s *Services) describe(service protoreflect.ServiceDescriptor) (*grpc.ServiceDesc, error) {
	description := &grpc.ServiceDesc{
		ServiceName: string(service.FullName()),
		Metadata:    service.ParentFile().Path(),
	}
	methods := service.Methods()
	for i := range methods.Len() {
		method := methods.Get(i)
		request, err := protoregistry.GlobalTypes.FindMessageByName(method.Input().FullName())
		if err != nil {
			return nil, fmt.Errorf("rpc %s: %w", method.FullName(), err)
		}
		description.Methods = append(description.Methods, grpc.MethodDesc{
			MethodName: string(method.Name()),
			Handler:    s.handler(method, request),
		})
	}
	return description, nil
}

func (s *Services) handler(method protoreflect.MethodDescriptor, request protoreflect.MessageType) grpc.MethodHandler {
	name := method.FullName()
	info := &grpc.UnaryServerInfo{FullMethod: fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())}
	call := func(ctx context.Context, message any) (any, error) {
		caller, err := callerOf(ctx)
		if err != nil {
			return nil, err
		}
		response, err := s.client.Call(ctx, name, caller, message.(proto.Message))
		if err != nil {
			return nil, err
		}
		return response, nil
	}
	return func(_ any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
		message := request.New().Interface()
		if err := decode(message); err != nil {
			return nil, err
		}
		if interceptor == nil {
			return call(ctx, message)
		}
		return interceptor(ctx, message, info, call)
	}
}
