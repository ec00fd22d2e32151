package sandboxtest

import "encoding/json"

// What tests of messages share.
const (
	MemoPath    = "/v2/api/talk/memo/default/send"            // to oneself
	FriendsPath = "/v1/api/talk/friends/message/default/send" // to friends
	HelloObject = `{"object_type":"text","text":"안녕","link":{"web_url":"https://shop.example.com"}}`

	HaruUUID = "aGFydS1zYW5kYm94LXV1aWQtMDAwMw"
	NariUUID = "bmFyaS1zYW5kYm94LXV1aWQtMDAwNw"
	DuriUUID = "ZHVyaS1zYW5kYm94LXV1aWQtMDAwOA"
	JoonUUID = "am9vbi1zYW5kYm94LXV1aWQtMDAwMg"
	MinaUUID = "bWluYS1zYW5kYm94LXV1aWQtMDAwMQ"
)

// Messages are the messages sent so far, by control path.
func (w *World) Messages() []map[string]any {
	w.T.Helper()
	var sent []map[string]any
	for _, m := range w.Control("GET", "messages", "")["messages"].([]any) {
		sent = append(sent, m.(map[string]any))
	}
	return sent
}

// UUIDs writes receiver_uuids.
func UUIDs(list ...string) string {
	text, _ := json.Marshal(list)
	return string(text)
}
