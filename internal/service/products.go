package service

import (
	"context"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	calendarv1 "github.com/kakaorpc/kakaorpc/gen/kakao/calendar/v1"
	channelv1 "github.com/kakaorpc/kakaorpc/gen/kakao/channel/v1"
	karlov1 "github.com/kakaorpc/kakaorpc/gen/kakao/karlo/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	pushv1 "github.com/kakaorpc/kakaorpc/gen/kakao/push/v1"
	searchv1 "github.com/kakaorpc/kakaorpc/gen/kakao/search/v1"
	systemv1 "github.com/kakaorpc/kakaorpc/gen/kakao/system/v1"
	talkv1 "github.com/kakaorpc/kakaorpc/gen/kakao/talk/v1"
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
	{talkv1.File_kakao_talk_v1_talk_service_proto, "TalkService",
		facade(talkv1.NewTalkServiceClient, talkv1.RegisterTalkServiceHandlerClient)},
	{talkv1.File_kakao_talk_v1_message_service_proto, "MessageService",
		facade(talkv1.NewMessageServiceClient, talkv1.RegisterMessageServiceHandlerClient)},
	{channelv1.File_kakao_channel_v1_channel_service_proto, "ChannelService",
		facade(channelv1.NewChannelServiceClient, channelv1.RegisterChannelServiceHandlerClient)},
	{channelv1.File_kakao_channel_v1_customer_file_service_proto, "CustomerFileService",
		facade(channelv1.NewCustomerFileServiceClient, channelv1.RegisterCustomerFileServiceHandlerClient)},
	{pushv1.File_kakao_push_v1_push_service_proto, "PushService",
		facade(pushv1.NewPushServiceClient, pushv1.RegisterPushServiceHandlerClient)},
	{calendarv1.File_kakao_calendar_v1_calendar_service_proto, "CalendarService",
		facade(calendarv1.NewCalendarServiceClient, calendarv1.RegisterCalendarServiceHandlerClient)},
	{calendarv1.File_kakao_calendar_v1_event_service_proto, "EventService",
		facade(calendarv1.NewEventServiceClient, calendarv1.RegisterEventServiceHandlerClient)},
	{calendarv1.File_kakao_calendar_v1_public_event_service_proto, "PublicEventService",
		facade(calendarv1.NewPublicEventServiceClient, calendarv1.RegisterPublicEventServiceHandlerClient)},
	{calendarv1.File_kakao_calendar_v1_subscription_service_proto, "SubscriptionService",
		facade(calendarv1.NewSubscriptionServiceClient, calendarv1.RegisterSubscriptionServiceHandlerClient)},
	{calendarv1.File_kakao_calendar_v1_holiday_service_proto, "HolidayService",
		facade(calendarv1.NewHolidayServiceClient, calendarv1.RegisterHolidayServiceHandlerClient)},
	{calendarv1.File_kakao_calendar_v1_task_service_proto, "TaskService",
		facade(calendarv1.NewTaskServiceClient, calendarv1.RegisterTaskServiceHandlerClient)},
	{localv1.File_kakao_local_v1_local_service_proto, "LocalService",
		facade(localv1.NewLocalServiceClient, localv1.RegisterLocalServiceHandlerClient)},
	{searchv1.File_kakao_search_v1_search_service_proto, "SearchService",
		facade(searchv1.NewSearchServiceClient, searchv1.RegisterSearchServiceHandlerClient)},
	{karlov1.File_kakao_karlo_v1_karlo_service_proto, "KarloService",
		facade(karlov1.NewKarloServiceClient, karlov1.RegisterKarloServiceHandlerClient)},
	{systemv1.File_kakao_system_v1_system_service_proto, "SystemService",
		facade(systemv1.NewSystemServiceClient, systemv1.RegisterSystemServiceHandlerClient)},
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
