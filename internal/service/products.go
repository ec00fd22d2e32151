package service

import (
	"context"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
)

// product is one service of the contract: the file and name that find its
// descriptor, and its JSON facade.
type product struct {
	file   protoreflect.FileDescriptor
	name   protoreflect.Name
	facade func(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error
}

// products is every service there is, a row each.
var products = []product{
	{authv1.File_kakao_auth_v1_auth_service_proto, "AuthService",
		facade(authv1.NewAuthServiceClient, authv1.RegisterAuthServiceHandlerClient)},
	{authv1.File_kakao_auth_v1_oidc_service_proto, "OidcService",
		facade(authv1.NewOidcServiceClient, authv1.RegisterOidcServiceHandlerClient)},
	{userv1.File_kakao_user_v1_user_service_proto, "UserService",
		facade(userv1.NewUserServiceClient, userv1.RegisterUserServiceHandlerClient)},
	{userv1.File_kakao_user_v1_consent_service_proto, "ConsentService",
		facade(userv1.NewConsentServiceClient, userv1.RegisterConsentServiceHandlerClient)},
	{userv1.File_kakao_user_v1_user_admin_service_proto, "UserAdminService",
		facade(userv1.NewUserAdminServiceClient, userv1.RegisterUserAdminServiceHandlerClient)},
	{localv1.File_kakao_local_v1_local_service_proto, "LocalService",
		facade(localv1.NewLocalServiceClient, localv1.RegisterLocalServiceHandlerClient)},
}

// facade joins what the generator writes for one service: its client and the
// registration that takes it.
func facade[Client any](
	newClient func(grpc.ClientConnInterface) Client,
	register func(context.Context, *runtime.ServeMux, Client) error,
) func(context.Context, *runtime.ServeMux, grpc.ClientConnInterface) error {
	return func(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
		return register(ctx, mux, newClient(conn))
	}
}

// Descriptors returns every service of the contract, for the engine to compile.
func Descriptors() []protoreflect.ServiceDescriptor {
	services := make([]protoreflect.ServiceDescriptor, 0, len(products))
	for _, product := range products {
		services = append(services, product.file.Services().ByName(product.name))
	}
	return services
}
