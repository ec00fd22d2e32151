package inspector

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/push"
)

// showPushPage shows notifications, newest first, and devices.
func showPushPage(v visitor) pages.View {
	p := push.Of(v.state)
	page := pages.PushPage{}
	for _, d := range slices.Backward(p.Delivered) {
		page.Notifications = append(page.Notifications, notificationOf(v.state, d))
	}
	for _, d := range p.Devices {
		page.Devices = append(page.Devices, pages.Device{
			Person: platform.FaceOf(v.state.UserByID(d.UserID)), User: platform.DecimalText(d.UserID), ID: d.DeviceID, Provider: d.PushType, Updated: d.UpdatedAt.In(platform.KoreaZone),
		})
	}
	return page
}

func notificationOf(st *platform.State, d push.Delivery) pages.Notification {
	at, _ := time.Parse(time.RFC3339, d.SentAt)   // WireTime wrote it
	text, _ := json.Marshal(d.Notification)       // it came as JSON
	userID, _ := strconv.ParseInt(d.UUID, 10, 64) // empty with bypass: nobody
	shown := pages.Notification{
		ID: d.ID, At: at.In(platform.KoreaZone), Provider: d.PushType, Bypass: d.Bypass, Person: platform.FaceOf(st.UserByID(userID)), User: d.UUID,
		Device: d.DeviceID, JSON: platform.Indented(text),
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
