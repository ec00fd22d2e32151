package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The switches of push notifications: the product, and the credentials of each
// provider.
const (
	pushService     = "PUSH"
	apnsCredentials = "PUSH_APNS"
	fcmCredentials  = "PUSH_FCM"

	categoryPush = "Push notification" // of an admin key's list of available APIs
	maxPushUsers = 100
	maxPushes    = 1000 // remembered deliveries; older ones are forgotten

	// neverExpires is what registering answers in place of a number of days.
	neverExpires = -1
)

// pushCredentials are the switches by push_type.
var pushCredentials = map[string]string{"apns": apnsCredentials, "fcm": fcmCredentials}

// pushDevice is a registered device. It is known by all three of userID,
// deviceID and pushType.
type pushDevice struct {
	userID    int64 // the service's own, which Kakao calls uuid here
	deviceID  string
	pushType  string // apns or fcm
	token     string // secret
	createdAt time.Time
	updatedAt time.Time
}

// pushState is all the sandbox knows of push notifications.
type pushState struct {
	devices   []*pushDevice // in the order of their first registration
	delivered []delivery
	last      int // id of a delivery
}

// delivery is a notification that reached a device. GET /__sandbox__/pushes
// shows it; a push token is never part of it.
type delivery struct {
	SentAt       string         `json:"sent_at"`
	UUID         string         `json:"uuid,omitempty"`      // empty for bypass
	DeviceID     string         `json:"device_id,omitempty"` // empty for bypass
	PushType     string         `json:"push_type"`
	Bypass       bool           `json:"bypass,omitempty"`
	Notification map[string]any `json:"notification"`

	id int
}

// seedPush registers devices of mina, joon and haru. Their user ids in the app
// serve as the service's own.
func seedPush(users []*user) *pushState {
	p := &pushState{}
	for _, u := range users {
		switch u.name {
		case "mina":
			p.register(u.id, "mina-phone", "fcm", "test-fcm-token-mina", date(2025, 2, 3))
			p.register(u.id, "mina-tablet", "apns", seedAPNsToken("a1"), date(2025, 2, 10))
		case "joon":
			p.register(u.id, "joon-phone", "apns", seedAPNsToken("b2"), date(2025, 3, 4))
		case "haru":
			p.register(u.id, "haru-phone", "fcm", "test-fcm-token-haru", date(2024, 12, 24))
		}
	}
	return p
}

// seedAPNsToken is 64 characters that are plainly nobody's token.
func seedAPNsToken(pair string) string { return fmt.Sprintf("7e577e577e57%050d%s", 0, pair) }

// register stores a token. Registering again replaces it and keeps the time of
// the first registration.
func (p *pushState) register(userID int64, deviceID, pushType, token string, now time.Time) {
	for _, d := range p.devices {
		if d.userID == userID && d.deviceID == deviceID && d.pushType == pushType {
			d.token, d.updatedAt = token, now
			return
		}
	}
	p.devices = append(p.devices, &pushDevice{userID, deviceID, pushType, token, now, now})
}

// devicesOf are the devices of users, by user as asked and then by first
// registration.
func (p *pushState) devicesOf(userIDs []int64) []*pushDevice {
	var devices []*pushDevice
	for _, id := range userIDs {
		for _, d := range p.devices {
			if d.userID == id {
				devices = append(devices, d)
			}
		}
	}
	return devices
}

// deliver remembers a delivery and forgets the oldest beyond maxPushes.
func (p *pushState) deliver(d delivery) {
	if len(p.delivered) == maxPushes {
		p.delivered = slices.Delete(p.delivered, 0, 1)
	}
	p.last++
	d.id = p.last
	p.delivered = append(p.delivered, d)
}

// pushRoutes are the routes of push notifications. Their answers are no
// objects: a number, an array, nothing.
func pushRoutes() []route {
	post := []string{http.MethodPost}
	uuid, pushType := param{name: "uuid", kind: integer(1, maxInt64), required: true}, param{name: "push_type", kind: enum("apns", "fcm"), required: true}
	rows := []route{
		{methods: post, path: "/v2/push/register", handle: postRegisterPush,
			params: []param{
				uuid, {name: "device_id", kind: text(), required: true}, pushType, {name: "push_token", kind: text(), required: true},
			}},
		{methods: []string{http.MethodGet, http.MethodPost}, path: "/v2/push/tokens", handle: listPushTokens,
			params: []param{{name: "uuid", kind: integer(1, maxInt64)}, {name: "uuids", kind: pushUsers()}}},
		{methods: post, path: "/v2/push/deregister", handle: postDeregisterPush,
			params: []param{uuid, {name: "device_id", kind: text()}, pushType}},
		{methods: post, path: "/v2/push/send", handle: postSendPush,
			params: []param{
				{name: "uuids", kind: pushUsers(), required: true}, {name: "push_message", kind: jsonValue(), required: true}, {name: "bypass", kind: boolean()},
			}},
	}
	for i := range rows {
		rows[i].host, rows[i].accepts, rows[i].category, rows[i].apiType = kapiHost, adminKey, categoryPush, "PUSH"
	}
	return rows
}

// pushUsers is a JSON array of 1 to 100 user numbers; it parses to []int64.
// They are documented as texts; clients send numbers too.
func pushUsers() kind {
	return jsonList(maxPushUsers, "whole numbers from 1 as texts", func(raw json.RawMessage) (int64, bool) {
		text := string(raw)
		if jsonTypeOf(raw) == jsonString {
			text, _ = jsonText(raw)
		}
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil && n >= 1 && decimalText(n) == text
	})
}

// emptyAnswer is HTTP 200 and nothing else.
func emptyAnswer() *reply { return newReply(http.StatusOK, "", nil) }

// checkPush asks whether push notifications are on, and the credentials for
// the provider there.
func checkPush(r *request, pushType string) *kakaoError {
	a := r.state.app
	if a.enabled(pushService) && (pushType == "" || a.enabled(pushCredentials[pushType])) {
		return nil
	}
	// Kakao's own text, push token and all.
	return newFailure("-2", fmt.Sprintf("[%s] Invalid Kpusher Param. ( appName=%d, uid=%d, did=%s, pushType=%s, pushToken=%s )",
		a.name, a.id, r.int64("uuid", 0), r.text("device_id"), pushType, r.text("push_token")))
}

// postRegisterPush is POST /v2/push/register.
// https://developers.kakao.com/docs/latest/en/push/rest-api
func postRegisterPush(r *request) (any, *kakaoError) {
	pushType := r.text("push_type")
	if e := checkPush(r, pushType); e != nil {
		return nil, e
	}
	r.state.push.register(r.int64("uuid", 0), r.text("device_id"), pushType, r.text("push_token"), r.now)
	return neverExpires, nil
}

// listPushTokens is /v2/push/tokens. Kakao does not say which of uuid and uuids
// counts if both are sent, so both are refused.
func listPushTokens(r *request) (any, *kakaoError) {
	if e := checkPush(r, ""); e != nil {
		return nil, e
	}
	if r.has("uuid") == r.has("uuids") {
		return nil, newFailure("-2", unsatisfied("uuid", "either uuid or uuids"))
	}
	userIDs := r.int64s("uuids")
	if r.has("uuid") {
		userIDs = []int64{r.int64("uuid", 0)}
	}
	shown := []map[string]any{}
	for _, d := range r.state.push.devicesOf(userIDs) {
		shown = append(shown, map[string]any{
			"uuid": decimalText(d.userID), "device_id": d.deviceID, "push_type": d.pushType, "push_token": d.token,
			"created_at": wireTime(d.createdAt), "updated_at": wireTime(d.updatedAt),
		})
	}
	return shown, nil
}

// postDeregisterPush is POST /v2/push/deregister: without device_id all of the
// user's devices of the type go.
func postDeregisterPush(r *request) (any, *kakaoError) {
	if e := checkPush(r, ""); e != nil {
		return nil, e
	}
	p := r.state.push
	p.devices = slices.DeleteFunc(p.devices, func(d *pushDevice) bool {
		return d.userID == r.int64("uuid", 0) && d.pushType == r.text("push_type") && (!r.has("device_id") || d.deviceID == r.text("device_id"))
	})
	return emptyAnswer(), nil
}

// postSendPush is POST /v2/push/send.
func postSendPush(r *request) (any, *kakaoError) {
	if e := checkPush(r, ""); e != nil {
		return nil, e
	}
	parts, e := readPushMessage(r.raw("push_message"))
	if e != nil {
		return nil, e
	}
	if r.bool("bypass") {
		return bypassPush(r, parts)
	}
	devices := r.state.push.devicesOf(r.int64s("uuids"))
	if len(devices) == 0 {
		return nil, newFailure("-901", "")
	}
	reached := slices.DeleteFunc(devices, func(d *pushDevice) bool { return parts[d.pushType] == nil })
	for _, d := range reached {
		if e := checkPush(r, d.pushType); e != nil {
			return nil, e
		}
	}
	for _, d := range reached {
		r.state.push.deliver(delivery{
			SentAt: wireTime(r.now), UUID: decimalText(d.userID), DeviceID: d.deviceID, PushType: d.pushType, Notification: parts[d.pushType].shown(),
		})
	}
	return emptyAnswer(), nil
}

// bypassPush sends to the tokens in the message.
func bypassPush(r *request, parts map[string]pushPart) (any, *kakaoError) {
	for pushType, part := range parts {
		if token, _ := part["push_token"].(string); token == "" {
			return nil, newFailure("-2", unsatisfied("push_message", "for_"+pushType+" needs a push_token with bypass"))
		}
		if e := checkPush(r, pushType); e != nil {
			return nil, e
		}
	}
	for _, pushType := range slices.Sorted(maps.Keys(parts)) {
		r.state.push.deliver(delivery{SentAt: wireTime(r.now), PushType: pushType, Bypass: true, Notification: parts[pushType].shown()})
	}
	return emptyAnswer(), nil
}

// showPushes is GET /__sandbox__/pushes.
func showPushes(st *state, _ []byte) (any, *controlError) {
	return map[string]any{"pushes": append([]delivery{}, st.push.delivered...)}, nil
}
