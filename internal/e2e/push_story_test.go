package e2e

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	pushv1 "github.com/kakaorpc/kakaorpc/gen/kakao/push/v1"
)

const pushService = "kakao.push.v1.PushService."

// pushes are the notifications that reached a device of the sandbox.
func (s *story) pushes() []map[string]any {
	s.t.Helper()
	response, err := http.Get(s.url + "/__sandbox__/pushes")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var shown struct{ Pushes []map[string]any }
	if err := json.NewDecoder(response.Body).Decode(&shown); err != nil {
		s.t.Fatal(err)
	}
	return shown.Pushes
}

// TestPushStory: a phone and a tablet are registered, listed, sent to and
// deregistered.
func TestPushStory(t *testing.T) {
	tell(t, func(s *story) {
		const dana = "9223372036854775807" // the service's own number, exact to the last digit
		list := func() []*pushv1.PushToken {
			s.t.Helper()
			return must(s, pushService+"ListPushTokens", &pushv1.ListPushTokensRequest{PushUserIds: []string{"1", dana}}, &pushv1.ListPushTokensResponse{}).GetTokens()
		}
		message := &pushv1.PushMessage{
			ForApns: &pushv1.ApnsNotification{Badge: proto.Int32(3), Message: structpb.NewStringValue("새 댓글"), ContentAvailable: proto.Int32(1)},
			ForFcm: &pushv1.FcmNotification{
				Priority: pushv1.FcmPriority_FCM_PRIORITY_HIGH,
				Other:    &structpb.Struct{Fields: map[string]*structpb.Value{"colour": structpb.NewStringValue("red")}},
			},
		}
		send := &pushv1.SendPushRequest{PushUserIds: []string{dana, "1"}, PushMessage: message}
		s.refused(pushService+"SendPush", send, &pushv1.SendPushResponse{}, codes.NotFound, "KAKAO_PUSH_TOKEN_NOT_FOUND")

		phone := &pushv1.RegisterPushTokenRequest{PushUserId: dana, DeviceId: "phone", PushType: pushv1.PushType_PUSH_TYPE_FCM, PushToken: "test-fcm-token-dana-1"}
		if got := must(s, pushService+"RegisterPushToken", phone, &pushv1.RegisterPushTokenResponse{}); got.GetExpiresInDays() != -1 {
			s.t.Errorf("the token of the phone lasts %d days", got.GetExpiresInDays())
		}
		tablet := &pushv1.RegisterPushTokenRequest{PushUserId: dana, DeviceId: "tablet", PushType: pushv1.PushType_PUSH_TYPE_APNS, PushToken: strings.Repeat("7e577e57", 8)}
		must(s, pushService+"RegisterPushToken", tablet, &pushv1.RegisterPushTokenResponse{})
		s.advance("60")
		phone.PushToken = "test-fcm-token-dana-2" // registering again replaces it
		must(s, pushService+"RegisterPushToken", phone, &pushv1.RegisterPushTokenResponse{})
		tokens := list()
		if len(tokens) != 2 || tokens[0].GetPushUserId() != dana || tokens[0].GetDeviceId() != "phone" || tokens[0].GetPushType() != "fcm" ||
			tokens[0].GetPushToken() != phone.GetPushToken() || tokens[1].GetPushToken() != tablet.GetPushToken() {
			s.t.Fatalf("%d tokens of the phone and the tablet", len(tokens))
		}
		if lag := tokens[0].GetUpdatedAt().GetSeconds() - tokens[0].GetCreatedAt().GetSeconds(); lag < 60 || lag > 120 {
			s.t.Errorf("the phone was registered again %d seconds later", lag)
		}

		// Each gets the part of its provider, and what the contract has no field
		// for gets through.
		must(s, pushService+"SendPush", send, &pushv1.SendPushResponse{})
		pushes := s.pushes()
		if len(pushes) != 2 || pushes[0]["device_id"] != "phone" || pushes[1]["device_id"] != "tablet" {
			s.t.Fatalf("pushes %v", pushes)
		}
		if got, want := pushes[0]["notification"], map[string]any{"priority": "high", "colour": "red"}; !reflect.DeepEqual(got, want) {
			s.t.Errorf("to the phone: %v", got)
		}
		if got, want := pushes[1]["notification"], map[string]any{"badge": 3.0, "message": "새 댓글", "content-available": 1.0}; !reflect.DeepEqual(got, want) {
			s.t.Errorf("to the tablet: %v", got)
		}

		gone := &pushv1.DeregisterPushTokenRequest{PushUserId: dana, DeviceId: "phone", PushType: pushv1.PushType_PUSH_TYPE_FCM}
		must(s, pushService+"DeregisterPushToken", gone, &pushv1.DeregisterPushTokenResponse{})
		must(s, pushService+"DeregisterPushToken", gone, &pushv1.DeregisterPushTokenResponse{}) // a repeat is no error
		if tokens := list(); len(tokens) != 1 || tokens[0].GetDeviceId() != "tablet" {
			s.t.Errorf("%d tokens after the phone is gone", len(tokens))
		}
		must(s, pushService+"SendPush", send, &pushv1.SendPushResponse{})
		if pushes := s.pushes(); len(pushes) != 3 || pushes[2]["device_id"] != "tablet" {
			s.t.Errorf("pushes %v", pushes)
		}
		gone = &pushv1.DeregisterPushTokenRequest{PushUserId: dana, DeviceId: "tablet", PushType: pushv1.PushType_PUSH_TYPE_APNS}
		must(s, pushService+"DeregisterPushToken", gone, &pushv1.DeregisterPushTokenResponse{})
		s.refused(pushService+"SendPush", send, &pushv1.SendPushResponse{}, codes.NotFound, "KAKAO_PUSH_TOKEN_NOT_FOUND")

		// To a token that nobody registered.
		send.Bypass = proto.Bool(true)
		s.refused(pushService+"SendPush", send, &pushv1.SendPushResponse{}, codes.InvalidArgument, "REQUEST_INVALID")
		message.ForApns, message.ForFcm.PushToken = nil, proto.String("test-fcm-token-dana-3")
		must(s, pushService+"SendPush", send, &pushv1.SendPushResponse{})
		if pushes := s.pushes(); len(pushes) != 4 || pushes[3]["bypass"] != true {
			s.t.Errorf("pushes %v", pushes)
		}
	})
}
