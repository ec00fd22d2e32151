package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

const (
	memoPath    = "/v2/api/talk/memo/default/send"
	friendsPath = "/v1/api/talk/friends/message/default/send"
	helloObject = `{"object_type":"text","text":"안녕","link":{"web_url":"https://shop.example.com"}}`

	haruUUID = "aGFydS1zYW5kYm94LXV1aWQtMDAwMw"
	nariUUID = "bmFyaS1zYW5kYm94LXV1aWQtMDAwNw"
	duriUUID = "ZHVyaS1zYW5kYm94LXV1aWQtMDAwOA"
	joonUUID = "am9vbi1zYW5kYm94LXV1aWQtMDAwMg"
	minaUUID = "bWluYS1zYW5kYm94LXV1aWQtMDAwMQ"
)

// messages are the messages sent so far.
func (w *world) messages() []map[string]any {
	w.t.Helper()
	var sent []map[string]any
	for _, m := range w.control("GET", "messages", "")["messages"].([]any) {
		sent = append(sent, m.(map[string]any))
	}
	return sent
}

// uuids writes receiver_uuids.
func uuids(list ...string) string {
	text, _ := json.Marshal(list)
	return string(text)
}

func TestMemo(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	if got := w.post(memoPath, w.bearer("mina"), "template_object", helloObject); string(got.body) != `{"result_code":0}` {
		t.Errorf("status %d, body %s", got.status, got.body)
	}
	w.advance(time.Minute)
	w.ok(w.post("/v2/api/talk/memo/send", w.bearer("haru"), "template_id", "70002", "template_args", `{"first":"장보기","more":"x"}`))
	w.ok(w.post("/v2/api/talk/memo/scrap/send", w.bearer("mina"), "request_url", "https://shop.example.com/p/1"))
	w.ok(w.post("/v2/api/talk/memo/scrap/send", w.bearer("mina"), "request_url", "https://shop.example.com/p/2?a=b",
		"template_id", "70003", "template_args", `{"greeting":"보세요:","SCRAP_TITLE":"mine"}`))

	var object map[string]any
	if err := json.Unmarshal([]byte(helloObject), &object); err != nil {
		t.Fatal(err)
	}
	sent := w.messages()
	want := map[string]any{
		"id": json.Number("1"), "sent_at": "2026-03-02T01:02:03Z", "route": "POST " + memoPath, "from": "mina", "to": "mina",
		"template_object": object, "text": "안녕",
	}
	if len(sent) != 4 || !reflect.DeepEqual(sent[0], want) {
		t.Fatalf("messages %v, the first should be %v", sent, want)
	}
	if m := sent[1]; m["from"] != "haru" || m["to"] != "haru" || m["template_id"] != json.Number("70002") || m["text"] != "오늘 할 일: 장보기, " || m["sent_at"] != "2026-03-02T01:03:03Z" {
		t.Errorf("message %v", m)
	}
	if m := sent[2]; m["request_url"] != "https://shop.example.com/p/1" || m["text"] != "Sandbox Shop · 모의 페이지 /p/1" || m["template_id"] != nil {
		t.Errorf("message %v", m)
	}
	if m := sent[3]; m["text"] != "보세요: Sandbox Shop (shop.example.com): https://shop.example.com/p/2?a=b" {
		t.Errorf("message %v", m)
	}
	page := string(w.get("/sandbox/messages", "").body)
	for _, text := range []string{"안녕", "보세요: Sandbox Shop", "오늘 할 일: 장보기", "shop.example.com", "70001", "70003"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %s", text)
		}
	}
	w.control("POST", "reset", "")
	if left := w.messages(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestMessagesOnThePageAreEscaped(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.ok(w.post(memoPath, w.bearer("mina"), "template_object", `{"object_type":"text","text":"<script>alert(1)</script>","link":{}}`))
	if page := string(w.get("/sandbox/messages", "").body); strings.Contains(page, "<script>alert") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("page %s", page)
	}
}

func TestFriendsMessage(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	both := uuids(nariUUID, haruUUID)
	if got := w.post(friendsPath, w.bearer("mina"), "receiver_uuids", both, "template_object", helloObject, "receiver_id_type", "uuid"); string(got.body) != `{"successful_receiver_uuids":`+both+`}` {
		t.Errorf("status %d, body %s", got.status, got.body)
	}
	// A receiver named twice gets one message.
	w.ok(w.post("/v1/api/talk/friends/message/send", w.bearer("mina"), "receiver_uuids", uuids(haruUUID, haruUUID), "template_id", "70001",
		"template_args", `{"order":"A-17","eta":"14:30"}`))
	w.ok(w.post("/v1/api/talk/friends/message/scrap/send", w.bearer("haru"), "receiver_uuids", uuids(minaUUID), "request_url", "http://shop.example.com/"))
	w.ok(w.post("/v1/api/talk/friends/message/scrap/send", w.bearer("haru"), "receiver_uuids", uuids(minaUUID), "request_url", "http://shop.example.com/", "template_id", "70003"))
	var got []string
	for _, m := range w.messages() {
		got = append(got, fmt.Sprint(m["from"], " to ", m["to"], ": ", m["text"]))
	}
	want := []string{
		"mina to nari: 안녕", "mina to haru: 안녕", "mina to haru: 주문 A-17: 14:30 도착 예정", "haru to mina: Sandbox Shop · 모의 페이지 /",
		"haru to mina:  Sandbox Shop (shop.example.com): http://shop.example.com/",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("messages %q, want %q", got, want)
	}
}

// TestPartialFailure: duri refuses messages, nari is no friend any more; the
// status is 200 as long as anybody got the message.
func TestPartialFailure(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	send := func(receivers ...string) answer {
		t.Helper()
		return w.post(friendsPath, w.bearer("mina"), "receiver_uuids", uuids(receivers...), "template_object", helloObject)
	}
	w.control("POST", "friendship", `{"user":"mina","friend":"nari","state":"ended"}`)
	got := send(duriUUID, haruUUID, nariUUID)
	want := `{"failure_info":[{"code":-530,"msg":"receiver refuses messages","receiver_uuids":["` + duriUUID + `"]},` +
		`{"code":-502,"msg":"not a friend","receiver_uuids":["` + nariUUID + `"]}],"successful_receiver_uuids":["` + haruUUID + `"]}`
	if got.status != 200 || string(got.body) != want {
		t.Errorf("status %d, body %s, want %s", got.status, got.body, want)
	}
	w.control("POST", "talk", `{"user":"nari","accepts_messages":false}`)
	w.control("POST", "friendship", `{"user":"mina","friend":"nari","state":"friend"}`)
	if got := send(duriUUID, haruUUID, nariUUID); !strings.Contains(string(got.body), `"receiver_uuids":["`+duriUUID+`","`+nariUUID+`"]`) {
		t.Errorf("not one row per cause: %s", got.body)
	}

	// One receiver that fails is an error, and so are several.
	if o := wantFailure(t, send(duriUUID), 400, "-530"); fmt.Sprint(o["receiver_ids"]) != "[3177000008]" || o["msg"] != "receiver refuses messages" {
		t.Errorf("body %v", o)
	}
	if o := wantFailure(t, send(duriUUID, nariUUID), 400, "-530"); fmt.Sprint(o["receiver_ids"]) != "[3177000008 3177000007]" {
		t.Errorf("body %v", o)
	}
	if sent := w.messages(); len(sent) != 2 {
		t.Errorf("messages %v", sent)
	}
}

func TestReceiversAreChecked(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	const unsatisfied = "Constraints on the parameter [receiver_uuids] are unsatisfied. "
	for receivers, want := range map[string]string{
		"":                                      "The Parameter [receiver_uuids] cannot be empty.",
		"[]":                                    "The Parameter [receiver_uuids] cannot be empty.",
		haruUUID:                                unsatisfied + "a JSON array of strings",
		"[1]":                                   unsatisfied + "a JSON array of strings",
		uuids("1", "2", "3", "4", "5", "6"):     unsatisfied + "must be at most 5",
		uuids(haruUUID, "b3RoZXItYXBwLXV1aWQ"):  unsatisfied + "The input receiver id(s) is invalid format.",
		uuids("not decodable"):                  unsatisfied + "The input receiver id(s) is invalid format.",
		uuids(haruUUID, minaUUID):               "Cannot contain a receiver who is identical to the sender in multicast mode.",
		uuids(haruUUID, joonUUID):               unsatisfied + "Not allowed to send a message to some of receivers.", // joon did not agree to friends
		uuids("Ym9taS1zYW5kYm94LXV1aWQtMDAwNg"): unsatisfied + "Not allowed to send a message to some of receivers.", // bomi is not linked
	} {
		if o := wantFailure(t, w.post(friendsPath, w.bearer("mina"), "receiver_uuids", receivers, "template_object", helloObject), 400, "-2"); o["msg"] != want {
			t.Errorf("%s: %q, want %q", receivers, o["msg"], want)
		}
	}
	if o := wantFailure(t, w.post(friendsPath, w.bearer("mina"), "template_object", helloObject), 400, "-2"); o["msg"] != "The Parameter [receiver_uuids] cannot be null." {
		t.Errorf("body %v", o)
	}
	w.control("POST", "friendship", `{"user":"mina","friend":"haru","state":"hidden"}`)
	wantFailure(t, w.post(friendsPath, w.bearer("mina"), "receiver_uuids", uuids(haruUUID), "template_object", helloObject), 400, "-2")
	team := newWorld(t, sandbox.Options{FriendsOfTeamOnly: true})
	wantFailure(t, team.post(friendsPath, team.bearer("mina"), "receiver_uuids", uuids(nariUUID), "template_object", helloObject), 400, "-2")
	team.ok(team.post(friendsPath, team.bearer("mina"), "receiver_uuids", uuids(haruUUID), "template_object", helloObject))
	if sent := w.messages(); len(sent) != 0 {
		t.Errorf("sent all the same: %v", sent)
	}
}

func TestMessageContentIsChecked(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for _, c := range []struct {
		path  string
		pairs []string
		want  string
	}{
		{"/v2/api/talk/memo/send", []string{"template_id", "70009"}, "[template_id] are unsatisfied"},
		{"/v2/api/talk/memo/send", []string{"template_id", "x"}, "[template_id] are unsatisfied"},
		{"/v2/api/talk/memo/send", []string{"template_args", "{}"}, "[template_id] cannot be null"},
		{"/v2/api/talk/memo/send", []string{"template_id", "70001", "template_args", `{"order":17}`}, "a JSON object of strings"},
		{"/v2/api/talk/memo/scrap/send", nil, "[request_url] cannot be null"},
		{"/v2/api/talk/memo/scrap/send", []string{"request_url", "https://elsewhere.example/p"}, "the domain is not registered"},
		{"/v2/api/talk/memo/scrap/send", []string{"request_url", "shop.example.com/p"}, "[request_url] are unsatisfied"},
		{"/v2/api/talk/memo/scrap/send", []string{"request_url", "ftp://shop.example.com/p"}, "[request_url] are unsatisfied"},
		{"/v2/api/talk/memo/scrap/send", []string{"request_url", "https://shop.example.com:p"}, "[request_url] are unsatisfied"},
		{"/v2/api/talk/memo/scrap/send", []string{"request_url", "https://shop.example.com", "template_args", "{}"}, "[template_args] are unsatisfied"},
		{"/v2/api/talk/memo/scrap/send", []string{"request_url", "https://shop.example.com", "template_id", "70009"}, "[template_id] are unsatisfied"},
		{"/v1/api/talk/friends/message/send", []string{"receiver_uuids", uuids(haruUUID), "template_id", "70002"},
			"template_type (messageType: 'kakaolink/memo API') is invalid. please use 'message API' messageType."},
		{"/v1/api/talk/friends/message/scrap/send", []string{"receiver_uuids", uuids(haruUUID), "request_url", "https://shop.example.com", "template_id", "70002"},
			"template_type (messageType: 'kakaolink/memo API') is invalid. please use 'message API' messageType."},
		{friendsPath, []string{"receiver_uuids", uuids(haruUUID), "template_object", helloObject, "receiver_id_type", "user_id"}, "[receiver_id_type] are unsatisfied"},
		{memoPath, nil, "[template_object] cannot be null"},
		{memoPath, []string{"template_object", ""}, "[template_object] cannot be empty"},
	} {
		if o := wantFailure(t, w.post(c.path, w.bearer("mina"), c.pairs...), 400, "-2"); !strings.Contains(o["msg"].(string), c.want) {
			t.Errorf("%s %q: %v, want %s", c.path, c.pairs, o["msg"], c.want)
		}
	}
	// A JSON body in place of the form.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+memoPath, strings.NewReader(`{"template_object":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", w.bearer("mina"))
	r.Header.Set("Content-Type", "application/json")
	a, err := w.do(r)
	if err != nil {
		t.Fatal(err)
	}
	if o := wantFailure(t, a, 400, "-2"); !strings.HasPrefix(o["msg"].(string), "failed to parse parameter. name=template_object, stringToParse=") {
		t.Errorf("body %v", o)
	}
	if sent := w.messages(); len(sent) != 0 {
		t.Errorf("sent all the same: %v", sent)
	}
}

func TestMessageConsent(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for path, apiType := range map[string]string{
		memoPath: "TALK_MEMO_DEFAULT_SEND", "/v2/api/talk/memo/send": "TALK_MEMO_SEND", "/v2/api/talk/memo/scrap/send": "TALK_MEMO_SCRAP_SEND",
		friendsPath: "TALK_MESSAGE_SEND", "/v1/api/talk/friends/message/send": "TALK_MESSAGE_SEND", "/v1/api/talk/friends/message/scrap/send": "TALK_MESSAGE_SEND",
	} {
		if o := wantFailure(t, w.post(path, w.bearer("joon")), 403, "-402"); o["api_type"] != apiType || fmt.Sprint(o["required_scopes"]) != "[talk_message]" {
			t.Errorf("%s: %v", path, o)
		}
		wantFailure(t, w.post(path, w.admin()), 401, "-401")
	}
	off := newWorld(t, sandbox.Options{Disabled: []string{"talk_message"}})
	o := wantFailure(t, off.post(friendsPath, off.bearer("mina")), 403, "-3")
	if o["msg"] != "[Sandbox Shop] App disabled [talk_message] scopes for [TALK_MESSAGE_SEND] API on developers.kakao.com. Enable it first." {
		t.Errorf("body %v", o)
	}
}

// TestMessageQuotas: 20 a day between two people, whom a person who writes to
// themselves both is; smaller numbers for the rest, which take long to reach.
// The day turns at midnight in Korea.
func TestMessageQuotas(t *testing.T) {
	memo := func(w *world, name string) answer {
		return w.post(memoPath, w.bearer(name), "template_object", helloObject)
	}
	send := func(w *world, name string, receivers ...string) answer {
		return w.post(friendsPath, w.bearer(name), "receiver_uuids", uuids(receivers...), "template_object", helloObject)
	}

	w := newWorld(t, sandbox.Options{})
	for range 20 {
		w.ok(memo(w, "mina"))
		w.ok(send(w, "mina", haruUUID))
	}
	if o := wantFailure(t, memo(w, "mina"), 400, "-536"); o["msg"] != "daily message limit per sender and receiver has been exceeded." || o["receiver_ids"] != nil {
		t.Errorf("body %v", o)
	}
	if o := wantFailure(t, send(w, "mina", haruUUID), 400, "-536"); fmt.Sprint(o["receiver_ids"]) != "[1377016924426814987]" {
		t.Errorf("body %v", o)
	}
	if got := w.ok(send(w, "mina", haruUUID, nariUUID)); fmt.Sprint(got["successful_receiver_uuids"]) != "["+nariUUID+"]" {
		t.Errorf("answer %v", got)
	}
	w.advance(13*time.Hour + 57*time.Minute + 57*time.Second)
	w.ok(memo(w, "mina"))

	// A receiver over the limit takes nothing from the sender's.
	w = newWorld(t, sandbox.Options{MessageQuota: sandbox.MessageQuota{Sender: 3, Receiver: 2}})
	w.ok(send(w, "haru", nariUUID))
	w.ok(send(w, "mina", nariUUID))
	if o := wantFailure(t, send(w, "mina", nariUUID), 400, "-533"); o["msg"] != "daily message limit per receiver has been exceeded." {
		t.Errorf("body %v", o)
	}
	w.ok(memo(w, "mina"))
	w.ok(memo(w, "mina"))
	if o := wantFailure(t, memo(w, "mina"), 400, "-532"); o["msg"] != "daily message limit per sender has been exceeded." {
		t.Errorf("body %v", o)
	}
	w = newWorld(t, sandbox.Options{MessageQuota: sandbox.MessageQuota{Sender: 1}})
	got := w.ok(send(w, "mina", nariUUID, haruUUID))
	if info := got["failure_info"].([]any); len(info) != 1 || info[0].(map[string]any)["code"] != json.Number("-532") {
		t.Errorf("answer %v", got)
	}
	w = newWorld(t, sandbox.Options{MessageQuota: sandbox.MessageQuota{Pair: 1}})
	w.ok(memo(w, "mina"))
	wantFailure(t, memo(w, "mina"), 400, "-536")

	if _, err := sandbox.New(sandbox.Options{MessageQuota: sandbox.MessageQuota{Pair: -1}}); err == nil {
		t.Error("a negative quota: no error")
	}
}
