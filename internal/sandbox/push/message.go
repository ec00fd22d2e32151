package push

import (
	"bytes"
	"encoding/json"
	"maps"
	"strconv"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Sizes that notifications may have.
// https://developers.kakao.com/docs/latest/en/push/rest-api
const (
	maxAPNsPayload = 4096
	maxVoIPPayload = 5120
	maxFCMData     = 4096 // of custom_field
	cutMark        = ".." // stands where a message was cut
)

// part is the notification for one provider.
type part map[string]any

// notPayload are the members of for_apns that APNs does not get.
var notPayload = []string{"topic", "push_alert", "return_url", "push_token"}

// readMessage reads push_message into its parts by push_type. Members that
// nobody documented are kept: Kakao takes them without a word.
func readMessage(raw json.RawMessage) (map[string]part, *platform.Failure) {
	bad := func(detail string) (map[string]part, *platform.Failure) {
		return nil, platform.NewFailure("-2", platform.Unsatisfied("push_message", detail))
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return bad("a JSON object")
	}
	parts := map[string]part{}
	for _, pushType := range []string{"apns", "fcm"} {
		text, ok := members["for_"+pushType]
		if !ok {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var part part
		if decoder.Decode(&part) != nil || part == nil {
			return bad("for_" + pushType + " is a JSON object")
		}
		parts[pushType] = part
	}
	if part := parts["apns"]; part != nil {
		part.cutMessage()
	}
	if sizeOf(parts["fcm"]["custom_field"]) > maxFCMData {
		return bad("custom_field of for_fcm has at most " + strconv.Itoa(maxFCMData) + " bytes")
	}
	return parts, nil
}

// cutMessage makes an APNs notification fit by cutting its message, if that is
// a text. A message that is an object stays: what Kakao does is not documented.
func (p part) cutMessage() {
	text, isText := p["message"].(string)
	payload := maps.Clone(p)
	for _, name := range notPayload {
		delete(payload, name)
	}
	limit := maxAPNsPayload
	if p["topic"] == "voip" {
		limit = maxVoIPPayload
	}
	if !isText || sizeOf(payload) <= limit {
		return
	}
	payload["message"] = cutMark
	left, end := limit-sizeOf(payload), 0
	for at, c := range text {
		size := sizeOf(string(c)) - len(`""`)
		if size > left {
			break
		}
		left -= size
		end = at + len(string(c))
	}
	p["message"] = text[:end] + cutMark
}

// sizeOf is the length of a value as JSON, in bytes; 0 for nil.
func sizeOf(v any) int {
	if v == nil {
		return 0
	}
	text, _ := json.Marshal(v) // it came as JSON
	return len(text)
}

// shown is the part without its secret.
func (p part) shown() map[string]any {
	shown := maps.Clone(p)
	delete(shown, "push_token")
	return shown
}
