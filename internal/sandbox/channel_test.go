package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

const shop = "_sandboxshop"

// channelEndpoints are the endpoints about channels and customer files.
// https://developers.kakao.com/docs/latest/en/kakaotalk-channel/rest-api
var channelEndpoints = []string{
	"GET kapi.kakao.com /v2/api/talk/channels",
	"GET kapi.kakao.com /v2/api/talk/channels/multi",
	"GET kapi.kakao.com /v1/api/talk/channels",
	"POST kapi.kakao.com /v1/talkchannel/create/target_user_file",
	"GET kapi.kakao.com /v1/talkchannel/target_user_file",
	"POST kapi.kakao.com /v1/talkchannel/update/target_users",
	"POST kapi.kakao.com /v1/talkchannel/delete/target_users",
}

// list decodes a JSON array of objects, keeping numbers exact.
func (a answer) list(t *testing.T) []map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(a.body)))
	decoder.UseNumber()
	var rows []map[string]any
	if err := decoder.Decode(&rows); a.status != http.StatusOK || err != nil {
		t.Fatalf("status %d, body %s: %v", a.status, a.body, err)
	}
	return rows
}

// json posts a JSON body.
func (w *world) json(path, authorization, body string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", authorization)
	a, err := w.do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) restKey() string { return "KakaoAK " + w.keys.RESTKey }

// relations writes the rows of an answer as "id relation created updated".
func relations(rows any) string {
	var texts []string
	list, _ := rows.([]any)
	for _, row := range list {
		one := row.(map[string]any)
		texts = append(texts, fmt.Sprint(one["channel_public_id"], " ", one["relation"], " ", one["created_at"], " ", one["updated_at"]))
	}
	return strings.Join(texts, ", ")
}

func TestRelations(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	const (
		minaShop = "_sandboxshop ADDED 2025-02-04T04:05:06Z 2025-02-04T04:05:06Z"
		minaNews = "_sandboxnews BLOCKED 2025-03-01T04:05:06Z 2025-04-01T04:05:06Z"
	)
	all := w.ok(w.get("/v2/api/talk/channels", w.bearer("mina")))
	if got := relations(all["channels"]); all["user_id"] != json.Number("3177000001") || got != minaShop+", "+minaNews {
		t.Errorf("all of mina's: %v", all)
	}
	if first := all["channels"].([]any)[0].(map[string]any); first["channel_uuid"] != "@sandbox-shop" {
		t.Errorf("first %v", first)
	}
	// In the order asked for; the channel of another app is left out.
	some := w.ok(w.get("/v2/api/talk/channels", w.admin(), "target_id_type", "user_id", "target_id", "3177000001",
		"channel_ids", "_sandboxnews,_othershop,_sandboxshop", "channel_id_type", "channel_public_id"))
	if got := relations(some["channels"]); got != minaNews+", "+minaShop {
		t.Errorf("some of mina's: %s", got)
	}
	old := w.ok(w.get("/v1/api/talk/channels", w.bearer("mina"), "channel_public_ids", `["_sandboxshop"]`))
	if got := relations(old["channels"]); got != "_sandboxshop ADDED <nil> 2025-02-04T04:05:06Z" {
		t.Errorf("in the older form: %s", got)
	}

	// What a user does in Kakao Talk shows; blocking keeps the time of adding.
	w.control("POST", "relation", `{"user_id":3177000001,"channel_public_id":"_sandboxshop","relation":"BLOCKED"}`)
	w.advance(time.Hour)
	w.control("POST", "relation", `{"user_id":3177000001,"channel_public_id":"_sandboxnews","relation":"NONE"}`)
	after := w.ok(w.get("/v2/api/talk/channels", w.bearer("mina")))
	if got := relations(after["channels"]); got != "_sandboxshop BLOCKED 2025-02-04T04:05:06Z 2026-03-02T01:02:03Z, _sandboxnews NONE <nil> <nil>" {
		t.Errorf("after: %s", got)
	}
	w.control("POST", "relation", `{"user_id":3177000001,"channel_public_id":"_sandboxnews","relation":"BLOCKED"}`)
	if got := relations(w.ok(w.get("/v2/api/talk/channels", w.bearer("mina"), "channel_ids", "_sandboxnews"))["channels"]); got != "_sandboxnews BLOCKED <nil> 2026-03-02T02:02:03Z" {
		t.Errorf("blocked without being added: %s", got)
	}
	for body, field := range map[string]string{
		`{"user_id":1,"channel_public_id":"_sandboxshop","relation":"ADDED"}`:          "user_id",
		`{"user_id":3177000001,"channel_public_id":"_nope","relation":"ADDED"}`:        "channel_public_id",
		`{"user_id":3177000001,"channel_public_id":"_sandboxshop","relation":"added"}`: "relation",
		`{"user":"mina"}`: "user",
	} {
		if a := w.controlRaw("POST", "relation", body); a.status != 400 || a.object(t)["field"] != field {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}

func TestRelationFailures(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	const path = "/v2/api/talk/channels"
	// haru has added the shop, and not agreed that the app may know.
	if o := wantFailure(t, w.get(path, w.bearer("haru")), 403, "-402"); fmt.Sprint(o["required_scopes"]) != "[plusfriends]" {
		t.Errorf("body %v", o)
	}
	for _, c := range []struct {
		about  string
		answer answer
		status int
		code   string
	}{
		{"unknown channel", w.get(path, w.bearer("mina"), "channel_ids", "_nope"), 400, "-541"},
		{"banned channel", w.get(path, w.bearer("mina"), "channel_ids", "_sandboxshop,_sandboxbanned"), 400, "-544"},
		{"unknown channel, older form", w.get("/v1/api/talk/channels", w.bearer("mina"), "channel_public_ids", `["_nope"]`), 400, "-541"},
		{"JSON for commas", w.get(path, w.bearer("mina"), "channel_ids", `["_sandboxshop"]`), 400, "-541"},
		{"empty entry", w.get(path, w.bearer("mina"), "channel_ids", "_sandboxshop,"), 400, "-2"},
		{"another kind of ID", w.get(path, w.bearer("mina"), "channel_ids", "x", "channel_id_type", "channel_uuid"), 400, "-2"},
		{"parameter of the older form", w.get(path, w.bearer("mina"), "channel_public_ids", `["_sandboxshop"]`), 400, "-2"},
		{"admin key without a target", w.get(path, w.admin()), 400, "-2"},
		{"target of another kind", w.get(path, w.admin(), "target_id_type", "uuid", "target_id", "3177000001"), 400, "-2"},
		{"user who is not linked", w.get(path, w.admin(), "target_id_type", "user_id", "target_id", "3177000006"), 400, "-101"},
		{"REST key", w.get(path, w.restKey()), 401, "-401"},
		{"limited admin key", w.get(path, "KakaoAK "+w.keys.LimitedAdminKey, "target_id_type", "user_id", "target_id", "3177000001"), 403, "-3"},
	} {
		t.Run(c.about, func(t *testing.T) { wantFailure(t, c.answer, c.status, c.code) })
	}
	w.control("POST", "talk", `{"user":"mina","uses_talk":false,"accepts_messages":false}`)
	wantFailure(t, w.get(path, w.bearer("mina")), 400, "-501")
	wantFailure(t, w.get("/v1/api/talk/channels", w.bearer("mina")), 400, "-501")
	off := newWorld(t, sandbox.Options{Disabled: []string{"plusfriends"}})
	wantFailure(t, off.get(path, off.bearer("mina")), 403, "-3")
	wantFailure(t, off.get(path+"/multi", off.admin(), "target_id_type", "user_id", "target_ids", "3177000001"), 403, "-3")
}

func TestManyRelations(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	many := func(ids string, more ...string) answer {
		return w.get("/v2/api/talk/channels/multi", w.admin(), append([]string{"target_id_type", "user_id", "target_ids", ids}, more...)...)
	}
	// haru comes first and without channels, as she has not agreed; bomi is not
	// linked, and nobody has the last ID.
	rows := many("1377016924426814987,3177000006,3177000001,42", "channel_ids", shop, "channel_id_type", "channel_public_id").list(t)
	if len(rows) != 2 || rows[0]["user_id"] != json.Number("1377016924426814987") || rows[0]["channels"] != nil {
		t.Fatalf("rows %v", rows)
	}
	if got := relations(rows[1]["channels"]); rows[1]["user_id"] != json.Number("3177000001") || got != "_sandboxshop ADDED 2025-02-04T04:05:06Z 2025-02-04T04:05:06Z" {
		t.Errorf("mina: %v", rows[1])
	}
	if rows := many("3177000006").list(t); rows == nil || len(rows) != 0 {
		t.Errorf("nobody: %v", rows)
	}
	ids := strings.TrimSuffix(strings.Repeat("3177000001,", 201), ",")
	if rows := many(ids[:len(ids)-len(",3177000001")]).list(t); len(rows) != 200 {
		t.Errorf("%d rows of 200", len(rows))
	}
	wantFailure(t, many(ids), 400, "-2")
	for _, id := range []string{"mina", "0", "-3177000001", "03177000001", "9223372036854775808"} {
		wantFailure(t, many("3177000001,"+id), 400, "-2")
	}
	wantFailure(t, many("[3177000001]"), 400, "-2")
	wantFailure(t, many("3177000001", "channel_ids", "_nope"), 400, "-541")
	wantFailure(t, w.get("/v2/api/talk/channels/multi", w.admin(), "target_ids", "3177000001"), 400, "-2")
	wantFailure(t, w.get("/v2/api/talk/channels/multi", w.bearer("mina"), "target_id_type", "user_id", "target_ids", "3177000001"), 401, "-401")
}

const (
	createFile    = "/v1/talkchannel/create/target_user_file"
	listFiles     = "/v1/talkchannel/target_user_file"
	addCustomer   = "/v1/talkchannel/update/target_users"
	dropCustomers = "/v1/talkchannel/delete/target_users"
)

func TestCustomerFile(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	list := func() map[string]any { return w.ok(w.get(listFiles, w.restKey(), "channel_public_id", shop)) }
	before := list()
	if before["using_slot"] != json.Number("2") || before["empty_slot"] != json.Number("28") {
		t.Fatalf("seed %v", before)
	}
	if rows := before["results"].([]any); rows[0].(map[string]any)["schema"] != `{"성별":"string","포인트":"number"}` || rows[1].(map[string]any)["schema"] != "{}" {
		t.Errorf("seed %v", rows)
	}
	file := w.ok(w.json(createFile, w.restKey(), `{"channel_public_id":"_sandboxshop","file_name":"봄","schema":{"성별":"string","visits":"number"}}`))["file_id"].(json.Number)
	if len(file) != 5 {
		t.Errorf("file_id %v", file)
	}
	row := func() map[string]any { rows := list()["results"].([]any); return rows[len(rows)-1].(map[string]any) }
	if got := row(); got["file_id"] != file || got["file_name"] != "봄" || got["status"] != "using" || got["update_at"] != "2026-03-02T01:02:03Z" || got["schema"] != "{}" {
		t.Errorf("new file %v", got)
	}

	w.advance(time.Minute)
	add := func(kind, users string) string {
		o := w.ok(w.json(addCustomer, w.admin(), fmt.Sprintf(`{"file_id":%s,"channel_public_id":"_sandboxshop","user_type":%q,"users":[%s]}`, file, kind, users)))
		if o["file_id"] != file {
			t.Errorf("answer %v", o)
		}
		return fmt.Sprint(o["success_count"], " of ", o["request_count"])
	}
	for _, c := range []struct{ kind, users, want, about string }{
		{"app", `{"id":"3177000002","field":{"visits":1}}`, "0 of 1", "joon has blocked the shop"},
		{"app", `{"id":"42","field":{"visits":1}}`, "0 of 1", "nobody"},
		{"app", `{"id":"3177000001","field_data":{"visits":1}}`, "0 of 1", "field under another name"},
		{"app", `{"id":"3177000001","field":{"vists":1}}`, "0 of 1", "attribute that the schema does not have"},
		{"app", `{"id":"3177000001","field":{"visits":"1"}}`, "0 of 1", "text for a number"},
		{"app", `{"id":"3177000001","field":{"성별":1}}`, "0 of 1", "number for a text"},
		{"app", `{"id":"3177000001","field":["성별"]}`, "0 of 1", "no object"},
		{"app", `{"id":"3177000001","field":null}`, "0 of 1", "null"},
		{"phone", `{"id":"01000000001","field":{"visits":1}}`, "0 of 1", "phone number without country code"},
		{"phone", `{"id":"3177000001","field":{"visits":1}}`, "0 of 1", "user ID as phone number"},
	} {
		if got := add(c.kind, c.users); got != c.want {
			t.Errorf("%s: %s, want %s", c.about, got, c.want)
		}
	}
	if got := row(); got["schema"] != "{}" || got["update_at"] != "2026-03-02T01:02:03Z" {
		t.Errorf("after nobody was stored: %v", got)
	}
	if got := add("app", `{"id":"3177000001","field":{"성별":"여자","visits":19}},{"id":"3177000002","field":{}},{"id":1377016924426814987,"field":{"visits":0.5}}`); got != "2 of 3" {
		t.Errorf("mina, joon and haru: %s", got)
	}
	if got := add("phone", `{"id":"821000000001","field":{}}`); got != "1 of 1" {
		t.Errorf("mina by phone: %s", got)
	}
	if got := row(); got["schema"] != `{"visits":"number","성별":"string"}` || got["update_at"] != "2026-03-02T01:03:03Z" {
		t.Errorf("after adding: %v", got)
	}
	add("app", `{"id":"3177000001","field":{"visits":20}}`) // replaces

	files := w.control("GET", "customer_files", "")["files"].([]any)
	var stored []string
	for _, c := range files[len(files)-1].(map[string]any)["customers"].([]any) {
		one := c.(map[string]any)
		stored = append(stored, fmt.Sprint(one["user_type"], " ", one["id"], " ", one["field"]))
	}
	want := "app 1377016924426814987 map[visits:0.5]\napp 3177000001 map[visits:20]\nphone 821000000001 map[]"
	if strings.Join(stored, "\n") != want {
		t.Errorf("customers:\n%s\nwant:\n%s", strings.Join(stored, "\n"), want)
	}

	remove := func(kind, ids string) string {
		o := w.ok(w.json(dropCustomers, w.restKey(), fmt.Sprintf(`{"file_id":%s,"channel_public_id":"_sandboxshop","user_type":%q,"user_ids":[%s]}`, file, kind, ids)))
		return fmt.Sprint(o["success_count"], " of ", o["request_count"])
	}
	for _, c := range []struct{ kind, ids, want string }{
		{"app", `"3177000001","3177000002"`, "1 of 2"},
		{"app", `"3177000001"`, "0 of 1"},
		{"app", `"821000000001"`, "0 of 1"},
		{"phone", `"821000000001"`, "1 of 1"},
		{"app", `"1377016924426814987"`, "1 of 1"},
	} {
		if got := remove(c.kind, c.ids); got != c.want {
			t.Errorf("removing %s %s: %s, want %s", c.kind, c.ids, got, c.want)
		}
	}
	if got := row()["schema"]; got != "{}" {
		t.Errorf("schema of the emptied file: %v", got)
	}
}

func TestCustomerFileFailures(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	create := func(channel, name, schema string) answer {
		return w.json(createFile, w.restKey(), fmt.Sprintf(`{"channel_public_id":%q,"file_name":%q,"schema":%s}`, channel, name, schema))
	}
	const number = `{"visits":"number"}`
	attributes := func(n int) string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf(`"a%d":"number"`, i)
		}
		return "{" + strings.Join(names, ",") + "}"
	}
	users := func(n int) string {
		body := strings.TrimSuffix(strings.Repeat(`{"id":"3177000001","field":{}},`, n), ",")
		return `{"file_id":48211,"channel_public_id":"_sandboxshop","user_type":"app","users":[` + body + `]}`
	}
	ids := func(n int) string {
		body := strings.TrimSuffix(strings.Repeat(`"1",`, n), ",")
		return `{"file_id":48211,"channel_public_id":"_sandboxshop","user_type":"app","user_ids":[` + body + `]}`
	}
	edit := func(path, file, channel, kind, member, list string) answer {
		return w.json(path, w.restKey(), fmt.Sprintf(`{"file_id":%s,"channel_public_id":%q,"user_type":%q,%q:%s}`, file, channel, kind, member, list))
	}
	w.ok(create(shop, "full", attributes(30)))
	w.ok(create("_sandboxnews", "regulars", number)) // a name is taken within its channel only
	w.ok(w.json(addCustomer, w.restKey(), users(2000)))
	w.ok(w.json(dropCustomers, w.restKey(), ids(2000)))
	one, two := `[{"id":"3177000001","field":{}}]`, `["3177000001"]`
	for _, c := range []struct {
		about  string
		answer answer
		status int
		code   string
		msg    string // empty: any
	}{
		{"name taken", create(shop, "regulars", number), 400, "-817", "INVALID_FILE_NAME"},
		{"channel of another app", create("_othershop", "a", number), 400, "-819", "INVALID_APP_ID"},
		{"unknown channel", create("_nope", "a", number), 400, "-541", ""},
		{"banned channel", create("_sandboxbanned", "a", number), 400, "-544", ""},
		{"31 attributes", create(shop, "a", attributes(31)), 400, "-2", ""},
		{"no attribute", create(shop, "a", `{}`), 400, "-2", ""},
		{"type in capitals", create(shop, "a", `{"visits":"NUMBER"}`), 400, "-2", ""},
		{"the column of user IDs", create(shop, "a", `{"앱유저아이디":"string"}`), 400, "-2", ""},
		{"schema as text", create(shop, "a", `"{\"visits\":\"number\"}"`), 400, "-2", ""},
		{"no name", create(shop, "", number), 400, "-2", ""},
		{"form", w.post(createFile, w.restKey(), "channel_public_id", shop, "file_name", "a"), 400, "-2", "INVALID_PARAMETER"},
		{"access token", w.json(createFile, w.bearer("mina"), `{}`), 401, "-401", ""},
		{"list of another app's", w.get(listFiles, w.restKey(), "channel_public_id", "_othershop"), 400, "-819", ""},
		{"list of no channel", w.get(listFiles, w.restKey()), 400, "-2", ""},
		{"add to no file", edit(addCustomer, "48299", shop, "app", "users", one), 400, "-816", ""},
		{"add to another channel's file", edit(addCustomer, "48211", "_sandboxnews", "app", "users", one), 400, "-816", ""},
		{"add in another app", edit(addCustomer, "48211", "_othershop", "app", "users", one), 400, "-819", ""},
		{"add by another kind", edit(addCustomer, "48211", shop, "uuid", "users", one), 400, "-2", ""},
		{"add 2,001", w.json(addCustomer, w.restKey(), users(2001)), 400, "-2", ""},
		{"add nobody", edit(addCustomer, "48211", shop, "app", "users", "[]"), 400, "-2", ""},
		{"add without an ID", edit(addCustomer, "48211", shop, "app", "users", `[{"field":{}}]`), 400, "-2", ""},
		{"add no objects", edit(addCustomer, "48211", shop, "app", "users", two), 400, "-2", ""},
		{"file_id as text", edit(addCustomer, `"48211"`, shop, "app", "users", one), 400, "-2", ""},
		{"delete from no file", edit(dropCustomers, "48299", shop, "app", "user_ids", two), 400, "-816", ""},
		{"delete 2,001", w.json(dropCustomers, w.restKey(), ids(2001)), 400, "-2", ""},
		{"delete objects", edit(dropCustomers, "48211", shop, "app", "user_ids", one), 400, "-2", ""},
		{"delete by form", w.post(dropCustomers, w.restKey(), "file_id", "48211"), 400, "-2", "INVALID_PARAMETER"},
	} {
		t.Run(c.about, func(t *testing.T) {
			if o := wantFailure(t, c.answer, c.status, c.code); c.msg != "" && o["msg"] != c.msg {
				t.Errorf("msg %v", o["msg"])
			}
		})
	}
	off := newWorld(t, sandbox.Options{Disabled: []string{"TALK_CHANNEL"}})
	if o := wantFailure(t, off.get(listFiles, off.restKey(), "channel_public_id", shop), 403, "-3"); o["msg"] != "TALK_CHANNEL service property disabled" {
		t.Errorf("msg %v", o["msg"])
	}
}

func TestThirtyCustomerFiles(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	create := func(channel string, n int) answer {
		return w.json(createFile, w.restKey(), fmt.Sprintf(`{"channel_public_id":%q,"file_name":"file %d","schema":{"visits":"number"}}`, channel, n))
	}
	for n := range 28 { // two are of the seed
		w.ok(create(shop, n))
	}
	wantFailure(t, create(shop, 28), 400, "-818")
	wantFailure(t, create(shop, 1), 400, "-817") // whatever the room, the name is taken
	if list := w.ok(w.get(listFiles, w.restKey(), "channel_public_id", shop)); list["using_slot"] != json.Number("30") || list["empty_slot"] != json.Number("0") {
		t.Errorf("slots %v %v", list["using_slot"], list["empty_slot"])
	}
	w.ok(create("_sandboxnews", 28)) // every channel has thirty of its own
	w.control("POST", "reset", "")
	w.ok(create(shop, 28))
}
