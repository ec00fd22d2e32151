package talk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
)

func TestMemo(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	if got := w.Post(sandboxtest.MemoPath, w.Bearer("mina"), "template_object", sandboxtest.HelloObject); string(got.Body) != `{"result_code":0}` {
		t.Errorf("status %d, body %s", got.Status, got.Body)
	}
	w.Advance(time.Minute)
	w.OK(w.Post("/v2/api/talk/memo/send", w.Bearer("haru"), "template_id", "70002", "template_args", `{"first":"장보기","more":"x"}`))
	w.OK(w.Post("/v2/api/talk/memo/scrap/send", w.Bearer("mina"), "request_url", "https://shop.example.com/p/1"))
	w.OK(w.Post("/v2/api/talk/memo/scrap/send", w.Bearer("mina"), "request_url", "https://shop.example.com/p/2?a=b",
		"template_id", "70003", "template_args", `{"greeting":"보세요:","SCRAP_TITLE":"mine"}`))

	var object map[string]any
	if err := json.Unmarshal([]byte(sandboxtest.HelloObject), &object); err != nil {
		t.Fatal(err)
	}
	sent := w.Messages()
	want := map[string]any{
		"id": json.Number("1"), "sent_at": "2026-03-02T01:02:03Z", "route": "POST " + sandboxtest.MemoPath, "from": "mina", "to": "mina",
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
	page := string(w.Get("/sandbox/messages", "").Body)
	for _, text := range []string{"안녕", "보세요: Sandbox Shop", "오늘 할 일: 장보기", "shop.example.com", "70001", "70003"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %s", text)
		}
	}
	w.Control("POST", "reset", "")
	if left := w.Messages(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestMessagesOnThePageAreEscaped(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	w.OK(w.Post(sandboxtest.MemoPath, w.Bearer("mina"), "template_object", `{"object_type":"text","text":"<script>alert(1)</script>","link":{}}`))
	if page := string(w.Get("/sandbox/messages", "").Body); strings.Contains(page, "<script>alert") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("page %s", page)
	}
}

func TestFriendsMessage(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	both := sandboxtest.UUIDs(sandboxtest.NariUUID, sandboxtest.HaruUUID)
	if got := w.Post(sandboxtest.FriendsPath, w.Bearer("mina"), "receiver_uuids", both, "template_object", sandboxtest.HelloObject, "receiver_id_type", "uuid"); string(got.Body) != `{"successful_receiver_uuids":`+both+`}` {
		t.Errorf("status %d, body %s", got.Status, got.Body)
	}
	// A receiver named twice gets one message.
	w.OK(w.Post("/v1/api/talk/friends/message/send", w.Bearer("mina"), "receiver_uuids", sandboxtest.UUIDs(sandboxtest.HaruUUID, sandboxtest.HaruUUID), "template_id", "70001",
		"template_args", `{"order":"A-17","eta":"14:30"}`))
	w.OK(w.Post("/v1/api/talk/friends/message/scrap/send", w.Bearer("haru"), "receiver_uuids", sandboxtest.UUIDs(sandboxtest.MinaUUID), "request_url", "http://shop.example.com/"))
	w.OK(w.Post("/v1/api/talk/friends/message/scrap/send", w.Bearer("haru"), "receiver_uuids", sandboxtest.UUIDs(sandboxtest.MinaUUID), "request_url", "http://shop.example.com/", "template_id", "70003"))
	var got []string
	for _, m := range w.Messages() {
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
	w := sandboxtest.New(t, sandbox.Options{})
	send := func(receivers ...string) sandboxtest.Answer {
		t.Helper()
		return w.Post(sandboxtest.FriendsPath, w.Bearer("mina"), "receiver_uuids", sandboxtest.UUIDs(receivers...), "template_object", sandboxtest.HelloObject)
	}
	w.Control("POST", "friendship", `{"user":"mina","friend":"nari","state":"ended"}`)
	got := send(sandboxtest.DuriUUID, sandboxtest.HaruUUID, sandboxtest.NariUUID)
	want := `{"failure_info":[{"code":-530,"msg":"receiver refuses messages","receiver_uuids":["` + sandboxtest.DuriUUID + `"]},` +
		`{"code":-502,"msg":"not a friend","receiver_uuids":["` + sandboxtest.NariUUID + `"]}],"successful_receiver_uuids":["` + sandboxtest.HaruUUID + `"]}`
	if got.Status != 200 || string(got.Body) != want {
		t.Errorf("status %d, body %s, want %s", got.Status, got.Body, want)
	}
	w.Control("POST", "talk", `{"user":"nari","accepts_messages":false}`)
	w.Control("POST", "friendship", `{"user":"mina","friend":"nari","state":"friend"}`)
	if got := send(sandboxtest.DuriUUID, sandboxtest.HaruUUID, sandboxtest.NariUUID); !strings.Contains(string(got.Body), `"receiver_uuids":["`+sandboxtest.DuriUUID+`","`+sandboxtest.NariUUID+`"]`) {
		t.Errorf("not one row per cause: %s", got.Body)
	}

	// One receiver that fails is an error, and so are several.
	if o := sandboxtest.WantFailure(t, send(sandboxtest.DuriUUID), 400, "-530"); fmt.Sprint(o["receiver_ids"]) != "[3177000008]" || o["msg"] != "receiver refuses messages" {
		t.Errorf("body %v", o)
	}
	if o := sandboxtest.WantFailure(t, send(sandboxtest.DuriUUID, sandboxtest.NariUUID), 400, "-530"); fmt.Sprint(o["receiver_ids"]) != "[3177000008 3177000007]" {
		t.Errorf("body %v", o)
	}
	if sent := w.Messages(); len(sent) != 2 {
		t.Errorf("messages %v", sent)
	}
}

func TestReceiversAreChecked(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	const unsatisfied = "Constraints on the parameter [receiver_uuids] are unsatisfied. "
	for receivers, want := range map[string]string{
		"":                   "The Parameter [receiver_uuids] cannot be empty.",
		"[]":                 "The Parameter [receiver_uuids] cannot be empty.",
		sandboxtest.HaruUUID: unsatisfied + "a JSON array of strings",
		"[1]":                unsatisfied + "a JSON array of strings",
		sandboxtest.UUIDs("1", "2", "3", "4", "5", "6"):                unsatisfied + "must be at most 5",
		sandboxtest.UUIDs(sandboxtest.HaruUUID, "b3RoZXItYXBwLXV1aWQ"): unsatisfied + "The input receiver id(s) is invalid format.",
		sandboxtest.UUIDs("not decodable"):                             unsatisfied + "The input receiver id(s) is invalid format.",
		sandboxtest.UUIDs(sandboxtest.HaruUUID, sandboxtest.MinaUUID):  "Cannot contain a receiver who is identical to the sender in multicast mode.",
		sandboxtest.UUIDs(sandboxtest.HaruUUID, sandboxtest.JoonUUID):  unsatisfied + "Not allowed to send a message to some of receivers.", // joon did not agree to friends
		sandboxtest.UUIDs("Ym9taS1zYW5kYm94LXV1aWQtMDAwNg"):            unsatisfied + "Not allowed to send a message to some of receivers.", // bomi is not linked
	} {
		if o := sandboxtest.WantFailure(t, w.Post(sandboxtest.FriendsPath, w.Bearer("mina"), "receiver_uuids", receivers, "template_object", sandboxtest.HelloObject), 400, "-2"); o["msg"] != want {
			t.Errorf("%s: %q, want %q", receivers, o["msg"], want)
		}
	}
	if o := sandboxtest.WantFailure(t, w.Post(sandboxtest.FriendsPath, w.Bearer("mina"), "template_object", sandboxtest.HelloObject), 400, "-2"); o["msg"] != "The Parameter [receiver_uuids] cannot be null." {
		t.Errorf("body %v", o)
	}
	w.Control("POST", "friendship", `{"user":"mina","friend":"haru","state":"hidden"}`)
	sandboxtest.WantFailure(t, w.Post(sandboxtest.FriendsPath, w.Bearer("mina"), "receiver_uuids", sandboxtest.UUIDs(sandboxtest.HaruUUID), "template_object", sandboxtest.HelloObject), 400, "-2")
	team := sandboxtest.New(t, sandbox.Options{FriendsOfTeamOnly: true})
	sandboxtest.WantFailure(t, team.Post(sandboxtest.FriendsPath, team.Bearer("mina"), "receiver_uuids", sandboxtest.UUIDs(sandboxtest.NariUUID), "template_object", sandboxtest.HelloObject), 400, "-2")
	team.OK(team.Post(sandboxtest.FriendsPath, team.Bearer("mina"), "receiver_uuids", sandboxtest.UUIDs(sandboxtest.HaruUUID), "template_object", sandboxtest.HelloObject))
	if sent := w.Messages(); len(sent) != 0 {
		t.Errorf("sent all the same: %v", sent)
	}
}

func TestMessageContentIsChecked(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
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
		{"/v1/api/talk/friends/message/send", []string{"receiver_uuids", sandboxtest.UUIDs(sandboxtest.HaruUUID), "template_id", "70002"},
			"template_type (messageType: 'kakaolink/memo API') is invalid. please use 'message API' messageType."},
		{"/v1/api/talk/friends/message/scrap/send", []string{"receiver_uuids", sandboxtest.UUIDs(sandboxtest.HaruUUID), "request_url", "https://shop.example.com", "template_id", "70002"},
			"template_type (messageType: 'kakaolink/memo API') is invalid. please use 'message API' messageType."},
		{sandboxtest.FriendsPath, []string{"receiver_uuids", sandboxtest.UUIDs(sandboxtest.HaruUUID), "template_object", sandboxtest.HelloObject, "receiver_id_type", "user_id"}, "[receiver_id_type] are unsatisfied"},
		{sandboxtest.MemoPath, nil, "[template_object] cannot be null"},
		{sandboxtest.MemoPath, []string{"template_object", ""}, "[template_object] cannot be empty"},
	} {
		if o := sandboxtest.WantFailure(t, w.Post(c.path, w.Bearer("mina"), c.pairs...), 400, "-2"); !strings.Contains(o["msg"].(string), c.want) {
			t.Errorf("%s %q: %v, want %s", c.path, c.pairs, o["msg"], c.want)
		}
	}
	// A JSON body in place of the form.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+sandboxtest.MemoPath, strings.NewReader(`{"template_object":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", w.Bearer("mina"))
	r.Header.Set("Content-Type", "application/json")
	a, err := w.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if o := sandboxtest.WantFailure(t, a, 400, "-2"); !strings.HasPrefix(o["msg"].(string), "failed to parse parameter. name=template_object, stringToParse=") {
		t.Errorf("body %v", o)
	}
	if sent := w.Messages(); len(sent) != 0 {
		t.Errorf("sent all the same: %v", sent)
	}
}

func TestMessageConsent(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for path, apiType := range map[string]string{
		sandboxtest.MemoPath: "TALK_MEMO_DEFAULT_SEND", "/v2/api/talk/memo/send": "TALK_MEMO_SEND", "/v2/api/talk/memo/scrap/send": "TALK_MEMO_SCRAP_SEND",
		sandboxtest.FriendsPath: "TALK_MESSAGE_SEND", "/v1/api/talk/friends/message/send": "TALK_MESSAGE_SEND", "/v1/api/talk/friends/message/scrap/send": "TALK_MESSAGE_SEND",
	} {
		if o := sandboxtest.WantFailure(t, w.Post(path, w.Bearer("joon")), 403, "-402"); o["api_type"] != apiType || fmt.Sprint(o["required_scopes"]) != "[talk_message]" {
			t.Errorf("%s: %v", path, o)
		}
		sandboxtest.WantFailure(t, w.Post(path, w.Admin()), 401, "-401")
	}
	off := sandboxtest.New(t, sandbox.Options{Disabled: []string{"talk_message"}})
	o := sandboxtest.WantFailure(t, off.Post(sandboxtest.FriendsPath, off.Bearer("mina")), 403, "-3")
	if o["msg"] != "[Sandbox Shop] App disabled [talk_message] scopes for [TALK_MESSAGE_SEND] API on developers.kakao.com. Enable it first." {
		t.Errorf("body %v", o)
	}
}

// TestMessageQuotas: 20 a day between two people, whom a person who writes to
// themselves both is; smaller numbers for the rest, which take long to reach.
// The day turns at midnight in Korea.
func TestMessageQuotas(t *testing.T) {
	memo := func(w *sandboxtest.World, name string) sandboxtest.Answer {
		return w.Post(sandboxtest.MemoPath, w.Bearer(name), "template_object", sandboxtest.HelloObject)
	}
	send := func(w *sandboxtest.World, name string, receivers ...string) sandboxtest.Answer {
		return w.Post(sandboxtest.FriendsPath, w.Bearer(name), "receiver_uuids", sandboxtest.UUIDs(receivers...), "template_object", sandboxtest.HelloObject)
	}

	w := sandboxtest.New(t, sandbox.Options{})
	for range 20 {
		w.OK(memo(w, "mina"))
		w.OK(send(w, "mina", sandboxtest.HaruUUID))
	}
	if o := sandboxtest.WantFailure(t, memo(w, "mina"), 400, "-536"); o["msg"] != "daily message limit per sender and receiver has been exceeded." || o["receiver_ids"] != nil {
		t.Errorf("body %v", o)
	}
	if o := sandboxtest.WantFailure(t, send(w, "mina", sandboxtest.HaruUUID), 400, "-536"); fmt.Sprint(o["receiver_ids"]) != "[1377016924426814987]" {
		t.Errorf("body %v", o)
	}
	if got := w.OK(send(w, "mina", sandboxtest.HaruUUID, sandboxtest.NariUUID)); fmt.Sprint(got["successful_receiver_uuids"]) != "["+sandboxtest.NariUUID+"]" {
		t.Errorf("answer %v", got)
	}
	w.Advance(13*time.Hour + 57*time.Minute + 57*time.Second)
	w.OK(memo(w, "mina"))

	// A receiver over the limit takes nothing from the sender's.
	w = sandboxtest.New(t, sandbox.Options{MessageQuota: talk.MessageQuota{Sender: 3, Receiver: 2}})
	w.OK(send(w, "haru", sandboxtest.NariUUID))
	w.OK(send(w, "mina", sandboxtest.NariUUID))
	if o := sandboxtest.WantFailure(t, send(w, "mina", sandboxtest.NariUUID), 400, "-533"); o["msg"] != "daily message limit per receiver has been exceeded." {
		t.Errorf("body %v", o)
	}
	w.OK(memo(w, "mina"))
	w.OK(memo(w, "mina"))
	if o := sandboxtest.WantFailure(t, memo(w, "mina"), 400, "-532"); o["msg"] != "daily message limit per sender has been exceeded." {
		t.Errorf("body %v", o)
	}
	w = sandboxtest.New(t, sandbox.Options{MessageQuota: talk.MessageQuota{Sender: 1}})
	got := w.OK(send(w, "mina", sandboxtest.NariUUID, sandboxtest.HaruUUID))
	if info := got["failure_info"].([]any); len(info) != 1 || info[0].(map[string]any)["code"] != json.Number("-532") {
		t.Errorf("answer %v", got)
	}
	w = sandboxtest.New(t, sandbox.Options{MessageQuota: talk.MessageQuota{Pair: 1}})
	w.OK(memo(w, "mina"))
	sandboxtest.WantFailure(t, memo(w, "mina"), 400, "-536")

	if _, err := sandbox.New(sandbox.Options{MessageQuota: talk.MessageQuota{Pair: -1}}); err == nil {
		t.Error("a negative quota: no error")
	}
}

// TestTemplateFailureText: the template comes back in the message, quotation
// marks and all.
func TestTemplateFailureText(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	a := w.Post("/v2/api/talk/memo/default/send", w.Bearer("mina"), "template_object", `{"object_type":"text","text":"a"}`)
	want := `{"code":-2,"msg":"failed to parse parameter. name=template_object, stringToParse={\"object_type\":\"text\",\"text\":\"a\"}, cause=link is missing"}`
	if a.Status != http.StatusBadRequest || string(a.Body) != want {
		t.Errorf("%d %s, want %s", a.Status, a.Body, want)
	}
}
