package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// showPushPage shows notifications, newest first, and devices.
func showPushPage(v visitor) pages.View {
	p := v.state.push
	page := pages.PushPage{}
	for _, d := range slices.Backward(p.delivered) {
		page.Notifications = append(page.Notifications, notificationOf(v.state, d))
	}
	for _, d := range p.devices {
		page.Devices = append(page.Devices, pages.Device{
			Person: faceOf(v.state.userByID(d.userID)), User: decimalText(d.userID), ID: d.deviceID, Provider: d.pushType, Updated: d.updatedAt.In(koreaZone),
		})
	}
	return page
}

func notificationOf(st *state, d delivery) pages.Notification {
	at, _ := time.Parse(time.RFC3339, d.SentAt)   // wireTime wrote it
	text, _ := json.Marshal(d.Notification)       // it came as JSON
	userID, _ := strconv.ParseInt(d.UUID, 10, 64) // empty with bypass: nobody
	shown := pages.Notification{
		ID: d.id, At: at.In(koreaZone), Provider: d.PushType, Bypass: d.Bypass, Person: faceOf(st.userByID(userID)), User: d.UUID,
		Device: d.DeviceID, JSON: indented(text),
	}
	shown.Title, shown.Text = notificationTexts(d.Notification)
	return shown
}

// notificationTexts are what a notification says to people: for APNs the
// message, a text or an object; for FCM what the app puts into custom_field,
// which by habit has a title and a body or message.
// https://developers.kakao.com/docs/latest/en/push/rest-api
func notificationTexts(notification map[string]any) (title, text string) {
	words := func(object any) (string, string) {
		members, _ := object.(map[string]any)
		title, _ := members["title"].(string)
		for _, name := range []string{"body", "message", "text"} {
			if text, ok := members[name].(string); ok {
				return title, text
			}
		}
		return title, ""
	}
	if text, ok := notification["message"].(string); ok {
		return "", text
	}
	if message, ok := notification["message"]; ok {
		return words(message)
	}
	return words(notification["custom_field"])
}
