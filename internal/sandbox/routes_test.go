package sandbox_test

import (
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

// documented are the endpoints of kauth, kapi and the small hosts, as their
// documentation lists them.
var documented = []string{
	// Kakao Login: https://developers.kakao.com/docs/latest/en/kakaologin/rest-api
	"GET kauth.kakao.com /oauth/authorize",
	"POST kauth.kakao.com /oauth/token",
	"GET kauth.kakao.com /oauth/logout",
	"POST kauth.kakao.com /oauth/tokeninfo",
	"GET kauth.kakao.com /.well-known/openid-configuration",
	"GET kauth.kakao.com /.well-known/jwks.json",
	"GET kauth.kakao.com /.well-known/sse-configuration",
	"POST kapi.kakao.com /v1/user/logout",
	"POST kapi.kakao.com /v1/user/unlink",
	"GET kapi.kakao.com /v1/user/access_token_info",
	"GET kapi.kakao.com /v2/user/me",
	"GET kapi.kakao.com /v1/user/shipping_address",
	"POST kapi.kakao.com /v1/user/update_profile",
	"GET kapi.kakao.com /v1/user/ids",
	"GET kapi.kakao.com /v2/app/users",
	"GET kapi.kakao.com /v2/user/scopes",
	"POST kapi.kakao.com /v2/user/revoke/scopes",
	"GET kapi.kakao.com /v2/user/service_terms",
	"POST kapi.kakao.com /v2/user/revoke/service_terms",
	"POST kapi.kakao.com /v2/user/upgrade/service_terms",
	"POST kapi.kakao.com /v1/user/signup",
	"GET kapi.kakao.com /v1/oidc/userinfo",

	// Kakao Talk Social and Kakao Talk Message:
	// https://developers.kakao.com/docs/latest/en/kakaotalk-social/rest-api
	// https://developers.kakao.com/docs/latest/en/kakaotalk-message/rest-api
	"GET kapi.kakao.com /v1/api/talk/profile",
	"GET kapi.kakao.com /v1/api/talk/friends",
	"POST kapi.kakao.com /v2/api/talk/memo/default/send",
	"POST kapi.kakao.com /v2/api/talk/memo/send",
	"POST kapi.kakao.com /v2/api/talk/memo/scrap/send",
	"POST kapi.kakao.com /v1/api/talk/friends/message/default/send",
	"POST kapi.kakao.com /v1/api/talk/friends/message/send",
	"POST kapi.kakao.com /v1/api/talk/friends/message/scrap/send",

	// The system itself.
	"GET kapi.kakao.com /v1/system/ips",
	"GET api-status.kakao.com /api/health/current",
	"GET api-status.kakao.com /api/health/history",

	// Karlo.
	"POST api.kakaobrain.com /v2/inference/karlo/t2i",
	"POST api.kakaobrain.com /v2/inference/karlo/variations",
	"POST api.kakaobrain.com /v2/inference/karlo/inpainting",
	"POST api.kakaobrain.com /v2/inference/karlo/upscale",
	"POST api.kakaobrain.com /v2/inference/karlo/nsfw_checker",

	// Kakao Talk Channel: https://developers.kakao.com/docs/latest/en/kakaotalk-channel/rest-api
	"GET kapi.kakao.com /v2/api/talk/channels",
	"GET kapi.kakao.com /v2/api/talk/channels/multi",
	"GET kapi.kakao.com /v1/api/talk/channels",
	"POST kapi.kakao.com /v1/talkchannel/create/target_user_file",
	"GET kapi.kakao.com /v1/talkchannel/target_user_file",
	"POST kapi.kakao.com /v1/talkchannel/update/target_users",
	"POST kapi.kakao.com /v1/talkchannel/delete/target_users",

	// Push notifications: https://developers.kakao.com/docs/latest/en/push/rest-api
	"POST kapi.kakao.com /v2/push/register",
	"GET kapi.kakao.com /v2/push/tokens",
	"POST kapi.kakao.com /v2/push/deregister",
	"POST kapi.kakao.com /v2/push/send",

	// Talk Calendar.
	"GET kapi.kakao.com /v2/api/calendar/calendars",
	"POST kapi.kakao.com /v2/api/calendar/create/calendar",
	"POST kapi.kakao.com /v2/api/calendar/update/calendar",
	"DELETE kapi.kakao.com /v2/api/calendar/delete/calendar",
	"POST kapi.kakao.com /v2/api/calendar/create/event",
	"GET kapi.kakao.com /v2/api/calendar/events",
	"GET kapi.kakao.com /v2/api/calendar/event",
	"POST kapi.kakao.com /v2/api/calendar/update/event/host",
	"POST kapi.kakao.com /v2/api/calendar/update/event/guest",
	"DELETE kapi.kakao.com /v2/api/calendar/delete/event",
	"POST kapi.kakao.com /v2/api/calendar/public/create/event",
	"GET kapi.kakao.com /v2/api/calendar/public/events",
	"GET kapi.kakao.com /v2/api/calendar/public/event",
	"POST kapi.kakao.com /v2/api/calendar/public/update/event",
	"DELETE kapi.kakao.com /v2/api/calendar/public/delete/event",
	"POST kapi.kakao.com /v2/api/calendar/public/follow",
	"GET kapi.kakao.com /v2/api/calendar/subscribable/calendars",
	"POST kapi.kakao.com /v2/api/calendar/subscribe",
	"DELETE kapi.kakao.com /v2/api/calendar/unsubscribe",
	"GET kapi.kakao.com /v2/api/calendar/holidays",

	// Tasks of Talk Calendar.
	"POST kapi.kakao.com /v1/api/calendar/create/task",
	"GET kapi.kakao.com /v1/api/calendar/tasks",
	"GET kapi.kakao.com /v1/api/calendar/task/records",
	"POST kapi.kakao.com /v1/api/calendar/update/task",
	"POST kapi.kakao.com /v1/api/calendar/complete/task",
	"DELETE kapi.kakao.com /v1/api/calendar/delete/task",
}

func TestRoutesAreTheDocumentedOnes(t *testing.T) {
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	played := map[string]bool{}
	for _, r := range s.Routes() {
		if r.Host != "dapi.kakao.com" {
			played[r.Method+" "+r.Host+" "+r.Path] = true
		}
	}
	for _, want := range documented {
		if !played[want] {
			t.Errorf("not played: %s", want)
		}
		delete(played, want)
	}
	for extra := range played {
		t.Errorf("not documented: %s", extra)
	}
}
