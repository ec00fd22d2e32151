// Package push plays push notifications: devices, and what was sent to them.
// https://developers.kakao.com/docs/latest/en/push/rest-api
package push

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const (
	category  = "Push notification" // of an admin key's list of available APIs
	maxUsers  = 100
	maxPushes = 1000 // remembered deliveries; older ones are forgotten

	// neverExpires is what registering answers in place of a number of days.
	neverExpires = -1
)

// credentialsOf are the switches by push_type.
var credentialsOf = map[string]string{"apns": platform.APNsCredentials, "fcm": platform.FCMCredentials}

// Device is a registered device. It is known by all three of UserID,
// DeviceID and PushType.
type Device struct {
	UserID    int64 // the service's own, which Kakao calls uuid here
	DeviceID  string
	PushType  string // apns or fcm
	token     string // secret
	CreatedAt time.Time
	UpdatedAt time.Time
}

// State is all the sandbox knows of push notifications.
type State struct {
	Devices   []*Device // in the order of their first registration
	Delivered []Delivery
	last      int // id of a delivery
}

// Delivery is a notification that reached a device. GET /__sandbox__/pushes
// shows it; a push token is never part of it.
type Delivery struct {
	SentAt       string         `json:"sent_at"`
	UUID         string         `json:"uuid,omitempty"`      // empty for bypass
	DeviceID     string         `json:"device_id,omitempty"` // empty for bypass
	PushType     string         `json:"push_type"`
	Bypass       bool           `json:"bypass,omitempty"`
	Notification map[string]any `json:"notification"`

	ID int `json:"-"` // counts up from 1
}

// Product is push notifications.
func Product() platform.Product {
	return platform.Product{
		Routes:   routes(),
		Seed:     func(s *platform.State) any { return seed(s.Users) },
		Controls: []platform.ControlRoute{{Method: "GET", Name: "pushes", About: "the push notifications that reached a device, without push tokens", Serve: showPushes}},
	}
}

// Of is what the sandbox remembers of push notifications.
func Of(s *platform.State) *State { return platform.PartOf[State](s) }

// seed registers devices of mina, joon and haru. Their user ids in the app
// serve as the service's own.
func seed(users []*platform.User) *State {
	p := &State{}
	for _, u := range users {
		switch u.Name {
		case "mina":
			p.register(u.ID, "mina-phone", "fcm", "test-fcm-token-mina", platform.SeedDate(2025, 2, 3))
			p.register(u.ID, "mina-tablet", "apns", seedAPNsToken("a1"), platform.SeedDate(2025, 2, 10))
		case "joon":
			p.register(u.ID, "joon-phone", "apns", seedAPNsToken("b2"), platform.SeedDate(2025, 3, 4))
		case "haru":
			p.register(u.ID, "haru-phone", "fcm", "test-fcm-token-haru", platform.SeedDate(2024, 12, 24))
		}
	}
	return p
}

// seedAPNsToken is 64 characters that are plainly nobody's token.
func seedAPNsToken(pair string) string { return fmt.Sprintf("7e577e577e57%050d%s", 0, pair) }

// register stores a token. Registering again replaces it and keeps the time of
// the first registration.
func (p *State) register(userID int64, deviceID, pushType, token string, now time.Time) {
	for _, d := range p.Devices {
		if d.UserID == userID && d.DeviceID == deviceID && d.PushType == pushType {
			d.token, d.UpdatedAt = token, now
			return
		}
	}
	p.Devices = append(p.Devices, &Device{userID, deviceID, pushType, token, now, now})
}

// devicesOf are the devices of users, by user as asked and then by first
// registration.
func (p *State) devicesOf(userIDs []int64) []*Device {
	var devices []*Device
	for _, id := range userIDs {
		for _, d := range p.Devices {
			if d.UserID == id {
				devices = append(devices, d)
			}
		}
	}
	return devices
}

// deliver remembers a delivery and forgets the oldest beyond maxPushes.
func (p *State) deliver(d Delivery) {
	if len(p.Delivered) == maxPushes {
		p.Delivered = slices.Delete(p.Delivered, 0, 1)
	}
	p.last++
	d.ID = p.last
	p.Delivered = append(p.Delivered, d)
}

// routes are the routes of push notifications. Their answers are no
// objects: a number, an array, nothing.
func routes() []platform.Route {
	post := []string{http.MethodPost}
	uuid, pushType := platform.Param{Name: "uuid", Kind: platform.Integer(1, math.MaxInt64), Required: true}, platform.Param{Name: "push_type", Kind: platform.Enum("apns", "fcm"), Required: true}
	rows := []platform.Route{
		{Methods: post, Path: "/v2/push/register", Handle: postRegisterPush,
			Params: []platform.Param{
				uuid, {Name: "device_id", Kind: platform.Text(), Required: true}, pushType, {Name: "push_token", Kind: platform.Text(), Required: true},
			}},
		{Methods: []string{http.MethodGet, http.MethodPost}, Path: "/v2/push/tokens", Handle: listPushTokens,
			Params: []platform.Param{{Name: "uuid", Kind: platform.Integer(1, math.MaxInt64)}, {Name: "uuids", Kind: userNumbers()}}},
		{Methods: post, Path: "/v2/push/deregister", Handle: postDeregisterPush,
			Params: []platform.Param{uuid, {Name: "device_id", Kind: platform.Text()}, pushType}},
		{Methods: post, Path: "/v2/push/send", Handle: postSendPush,
			Params: []platform.Param{
				{Name: "uuids", Kind: userNumbers(), Required: true}, {Name: "push_message", Kind: platform.JSONValue(), Required: true}, {Name: "bypass", Kind: platform.Boolean()},
			}},
	}
	for i := range rows {
		rows[i].Host, rows[i].Accepts, rows[i].Category, rows[i].APIType = platform.KapiHost, platform.AdminKey, category, "PUSH"
	}
	return rows
}

// userNumbers is a JSON array of 1 to 100 user numbers; it parses to []int64.
// They are documented as texts; clients send numbers too.
func userNumbers() platform.Kind {
	return platform.JSONList(maxUsers, "whole numbers from 1 as texts", func(raw json.RawMessage) (int64, bool) {
		text := string(raw)
		if platform.JSONTypeOf(raw) == platform.JSONString {
			text, _ = platform.JSONText(raw)
		}
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil && n >= 1 && platform.DecimalText(n) == text
	})
}

// emptyAnswer is HTTP 200 and nothing else.
func emptyAnswer() *platform.Reply { return platform.NewReply(http.StatusOK, "", nil) }

// checkSwitches asks whether push notifications are on, and the credentials for
// the provider there.
func checkSwitches(r *platform.Request, pushType string) *platform.Failure {
	a := r.State.App
	if a.Enabled(platform.PushService) && (pushType == "" || a.Enabled(credentialsOf[pushType])) {
		return nil
	}
	// Kakao's own text, push token and all.
	return platform.NewFailure("-2", fmt.Sprintf("[%s] Invalid Kpusher Param. ( appName=%d, uid=%d, did=%s, pushType=%s, pushToken=%s )",
		a.Name, a.ID, r.Int64("uuid", 0), r.Text("device_id"), pushType, r.Text("push_token")))
}

// postRegisterPush is POST /v2/push/register.
// https://developers.kakao.com/docs/latest/en/push/rest-api
func postRegisterPush(r *platform.Request) (any, *platform.Failure) {
	pushType := r.Text("push_type")
	if e := checkSwitches(r, pushType); e != nil {
		return nil, e
	}
	Of(r.State).register(r.Int64("uuid", 0), r.Text("device_id"), pushType, r.Text("push_token"), r.Now)
	return neverExpires, nil
}

// listPushTokens is /v2/push/tokens. Kakao does not say which of uuid and uuids
// counts if both are sent, so both are refused.
func listPushTokens(r *platform.Request) (any, *platform.Failure) {
	if e := checkSwitches(r, ""); e != nil {
		return nil, e
	}
	if r.Has("uuid") == r.Has("uuids") {
		return nil, platform.NewFailure("-2", platform.Unsatisfied("uuid", "either uuid or uuids"))
	}
	userIDs := r.Int64s("uuids")
	if r.Has("uuid") {
		userIDs = []int64{r.Int64("uuid", 0)}
	}
	shown := []map[string]any{}
	for _, d := range Of(r.State).devicesOf(userIDs) {
		shown = append(shown, map[string]any{
			"uuid": platform.DecimalText(d.UserID), "device_id": d.DeviceID, "push_type": d.PushType, "push_token": d.token,
			"created_at": platform.WireTime(d.CreatedAt), "updated_at": platform.WireTime(d.UpdatedAt),
		})
	}
	return shown, nil
}

// postDeregisterPush is POST /v2/push/deregister: without device_id all of the
// user's devices of the type go.
func postDeregisterPush(r *platform.Request) (any, *platform.Failure) {
	if e := checkSwitches(r, ""); e != nil {
		return nil, e
	}
	p := Of(r.State)
	p.Devices = slices.DeleteFunc(p.Devices, func(d *Device) bool {
		return d.UserID == r.Int64("uuid", 0) && d.PushType == r.Text("push_type") && (!r.Has("device_id") || d.DeviceID == r.Text("device_id"))
	})
	return emptyAnswer(), nil
}

// postSendPush is POST /v2/push/send.
func postSendPush(r *platform.Request) (any, *platform.Failure) {
	if e := checkSwitches(r, ""); e != nil {
		return nil, e
	}
	parts, e := readMessage(r.Raw("push_message"))
	if e != nil {
		return nil, e
	}
	if r.Bool("bypass") {
		return bypass(r, parts)
	}
	devices := Of(r.State).devicesOf(r.Int64s("uuids"))
	if len(devices) == 0 {
		return nil, platform.NewFailure("-901", "")
	}
	reached := slices.DeleteFunc(devices, func(d *Device) bool { return parts[d.PushType] == nil })
	for _, d := range reached {
		if e := checkSwitches(r, d.PushType); e != nil {
			return nil, e
		}
	}
	for _, d := range reached {
		Of(r.State).deliver(Delivery{
			SentAt: platform.WireTime(r.Now), UUID: platform.DecimalText(d.UserID), DeviceID: d.DeviceID, PushType: d.PushType, Notification: parts[d.PushType].shown(),
		})
	}
	return emptyAnswer(), nil
}

// bypass sends to the tokens in the message.
func bypass(r *platform.Request, parts map[string]part) (any, *platform.Failure) {
	for pushType, part := range parts {
		if token, _ := part["push_token"].(string); token == "" {
			return nil, platform.NewFailure("-2", platform.Unsatisfied("push_message", "for_"+pushType+" needs a push_token with bypass"))
		}
		if e := checkSwitches(r, pushType); e != nil {
			return nil, e
		}
	}
	for _, pushType := range slices.Sorted(maps.Keys(parts)) {
		Of(r.State).deliver(Delivery{SentAt: platform.WireTime(r.Now), PushType: pushType, Bypass: true, Notification: parts[pushType].shown()})
	}
	return emptyAnswer(), nil
}

// showPushes is GET /__sandbox__/pushes.
func showPushes(st *platform.State, _ []byte) (any, *platform.ControlError) {
	return map[string]any{"pushes": append([]Delivery{}, Of(st).Delivered...)}, nil
}
