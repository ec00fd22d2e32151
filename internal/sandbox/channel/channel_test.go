package channel_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

const shop = "_sandboxshop"

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
	w := sandboxtest.New(t, sandbox.Options{})
	const (
		minaShop = "_sandboxshop ADDED 2025-02-04T04:05:06Z 2025-02-04T04:05:06Z"
		minaNews = "_sandboxnews BLOCKED 2025-03-01T04:05:06Z 2025-04-01T04:05:06Z"
	)
	all := w.OK(w.Get("/v2/api/talk/channels", w.Bearer("mina")))
	if got := relations(all["channels"]); all["user_id"] != json.Number("3177000001") || got != minaShop+", "+minaNews {
		t.Errorf("all of mina's: %v", all)
	}
	if first := all["channels"].([]any)[0].(map[string]any); first["channel_uuid"] != "@sandbox-shop" {
		t.Errorf("first %v", first)
	}
	// In the order asked for; the channel of another app is left out.
	some := w.OK(w.Get("/v2/api/talk/channels", w.Admin(), "target_id_type", "user_id", "target_id", "3177000001",
		"channel_ids", "_sandboxnews,_othershop,_sandboxshop", "channel_id_type", "channel_public_id"))
	if got := relations(some["channels"]); got != minaNews+", "+minaShop {
		t.Errorf("some of mina's: %s", got)
	}
	old := w.OK(w.Get("/v1/api/talk/channels", w.Bearer("mina"), "channel_public_ids", `["_sandboxshop"]`))
	if got := relations(old["channels"]); got != "_sandboxshop ADDED <nil> 2025-02-04T04:05:06Z" {
		t.Errorf("in the older form: %s", got)
	}

	// What a user does in Kakao Talk shows; blocking keeps the time of adding.
	w.Control("POST", "relation", `{"user_id":3177000001,"channel_public_id":"_sandboxshop","relation":"BLOCKED"}`)
	w.Advance(time.Hour)
	w.Control("POST", "relation", `{"user_id":3177000001,"channel_public_id":"_sandboxnews","relation":"NONE"}`)
	after := w.OK(w.Get("/v2/api/talk/channels", w.Bearer("mina")))
	if got := relations(after["channels"]); got != "_sandboxshop BLOCKED 2025-02-04T04:05:06Z 2026-03-02T01:02:03Z, _sandboxnews NONE <nil> <nil>" {
		t.Errorf("after: %s", got)
	}
	w.Control("POST", "relation", `{"user_id":3177000001,"channel_public_id":"_sandboxnews","relation":"BLOCKED"}`)
	if got := relations(w.OK(w.Get("/v2/api/talk/channels", w.Bearer("mina"), "channel_ids", "_sandboxnews"))["channels"]); got != "_sandboxnews BLOCKED <nil> 2026-03-02T02:02:03Z" {
		t.Errorf("blocked without being added: %s", got)
	}
	for body, field := range map[string]string{
		`{"user_id":1,"channel_public_id":"_sandboxshop","relation":"ADDED"}`:          "user_id",
		`{"user_id":3177000001,"channel_public_id":"_nope","relation":"ADDED"}`:        "channel_public_id",
		`{"user_id":3177000001,"channel_public_id":"_sandboxshop","relation":"added"}`: "relation",
		`{"user":"mina"}`: "user",
	} {
		if a := w.ControlRaw("POST", "relation", body); a.Status != 400 || a.Object(t)["field"] != field {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
}

func TestRelationFailures(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	const path = "/v2/api/talk/channels"
	// haru has added the shop, and not agreed that the app may know.
	if o := sandboxtest.WantFailure(t, w.Get(path, w.Bearer("haru")), 403, "-402"); fmt.Sprint(o["required_scopes"]) != "[plusfriends]" {
		t.Errorf("body %v", o)
	}
	for _, c := range []struct {
		about  string
		answer sandboxtest.Answer
		status int
		code   string
	}{
		{"unknown channel", w.Get(path, w.Bearer("mina"), "channel_ids", "_nope"), 400, "-541"},
		{"banned channel", w.Get(path, w.Bearer("mina"), "channel_ids", "_sandboxshop,_sandboxbanned"), 400, "-544"},
		{"unknown channel, older form", w.Get("/v1/api/talk/channels", w.Bearer("mina"), "channel_public_ids", `["_nope"]`), 400, "-541"},
		{"JSON for commas", w.Get(path, w.Bearer("mina"), "channel_ids", `["_sandboxshop"]`), 400, "-541"},
		{"empty entry", w.Get(path, w.Bearer("mina"), "channel_ids", "_sandboxshop,"), 400, "-2"},
		{"another kind of ID", w.Get(path, w.Bearer("mina"), "channel_ids", "x", "channel_id_type", "channel_uuid"), 400, "-2"},
		{"parameter of the older form", w.Get(path, w.Bearer("mina"), "channel_public_ids", `["_sandboxshop"]`), 400, "-2"},
		{"admin key without a target", w.Get(path, w.Admin()), 400, "-2"},
		{"target of another kind", w.Get(path, w.Admin(), "target_id_type", "uuid", "target_id", "3177000001"), 400, "-2"},
		{"user who is not linked", w.Get(path, w.Admin(), "target_id_type", "user_id", "target_id", "3177000006"), 400, "-101"},
		{"REST key", w.Get(path, w.RESTKey()), 401, "-401"},
		{"limited admin key", w.Get(path, "KakaoAK "+w.Keys.LimitedAdminKey, "target_id_type", "user_id", "target_id", "3177000001"), 403, "-3"},
	} {
		t.Run(c.about, func(t *testing.T) { sandboxtest.WantFailure(t, c.answer, c.status, c.code) })
	}
	w.Control("POST", "talk", `{"user":"mina","uses_talk":false,"accepts_messages":false}`)
	sandboxtest.WantFailure(t, w.Get(path, w.Bearer("mina")), 400, "-501")
	sandboxtest.WantFailure(t, w.Get("/v1/api/talk/channels", w.Bearer("mina")), 400, "-501")
	off := sandboxtest.New(t, sandbox.Options{Disabled: []string{"plusfriends"}})
	sandboxtest.WantFailure(t, off.Get(path, off.Bearer("mina")), 403, "-3")
	sandboxtest.WantFailure(t, off.Get(path+"/multi", off.Admin(), "target_id_type", "user_id", "target_ids", "3177000001"), 403, "-3")
}

func TestManyRelations(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	many := func(ids string, more ...string) sandboxtest.Answer {
		return w.Get("/v2/api/talk/channels/multi", w.Admin(), append([]string{"target_id_type", "user_id", "target_ids", ids}, more...)...)
	}
	// haru comes first and without channels, as she has not agreed; bomi is not
	// linked, and nobody has the last ID.
	rows := many("1377016924426814987,3177000006,3177000001,42", "channel_ids", shop, "channel_id_type", "channel_public_id").List(t)
	if len(rows) != 2 || rows[0]["user_id"] != json.Number("1377016924426814987") || rows[0]["channels"] != nil {
		t.Fatalf("rows %v", rows)
	}
	if got := relations(rows[1]["channels"]); rows[1]["user_id"] != json.Number("3177000001") || got != "_sandboxshop ADDED 2025-02-04T04:05:06Z 2025-02-04T04:05:06Z" {
		t.Errorf("mina: %v", rows[1])
	}
	if rows := many("3177000006").List(t); rows == nil || len(rows) != 0 {
		t.Errorf("nobody: %v", rows)
	}
	ids := strings.TrimSuffix(strings.Repeat("3177000001,", 201), ",")
	if rows := many(ids[:len(ids)-len(",3177000001")]).List(t); len(rows) != 200 {
		t.Errorf("%d rows of 200", len(rows))
	}
	sandboxtest.WantFailure(t, many(ids), 400, "-2")
	for _, id := range []string{"mina", "0", "-3177000001", "03177000001", "9223372036854775808"} {
		sandboxtest.WantFailure(t, many("3177000001,"+id), 400, "-2")
	}
	sandboxtest.WantFailure(t, many("[3177000001]"), 400, "-2")
	sandboxtest.WantFailure(t, many("3177000001", "channel_ids", "_nope"), 400, "-541")
	sandboxtest.WantFailure(t, w.Get("/v2/api/talk/channels/multi", w.Admin(), "target_ids", "3177000001"), 400, "-2")
	sandboxtest.WantFailure(t, w.Get("/v2/api/talk/channels/multi", w.Bearer("mina"), "target_id_type", "user_id", "target_ids", "3177000001"), 401, "-401")
}

const (
	createFile    = "/v1/talkchannel/create/target_user_file"
	listFiles     = "/v1/talkchannel/target_user_file"
	addCustomer   = "/v1/talkchannel/update/target_users"
	dropCustomers = "/v1/talkchannel/delete/target_users"
)

func TestCustomerFile(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	list := func() map[string]any { return w.OK(w.Get(listFiles, w.RESTKey(), "channel_public_id", shop)) }
	before := list()
	if before["using_slot"] != json.Number("2") || before["empty_slot"] != json.Number("28") {
		t.Fatalf("seed %v", before)
	}
	if rows := before["results"].([]any); rows[0].(map[string]any)["schema"] != `{"성별":"string","포인트":"number"}` || rows[1].(map[string]any)["schema"] != "{}" {
		t.Errorf("seed %v", rows)
	}
	file := w.OK(w.JSON(createFile, w.RESTKey(), `{"channel_public_id":"_sandboxshop","file_name":"봄","schema":{"성별":"string","visits":"number"}}`))["file_id"].(json.Number)
	if len(file) != 5 {
		t.Errorf("file_id %v", file)
	}
	row := func() map[string]any { rows := list()["results"].([]any); return rows[len(rows)-1].(map[string]any) }
	if got := row(); got["file_id"] != file || got["file_name"] != "봄" || got["status"] != "using" || got["update_at"] != "2026-03-02T01:02:03Z" || got["schema"] != "{}" {
		t.Errorf("new file %v", got)
	}

	w.Advance(time.Minute)
	add := func(kind, users string) string {
		o := w.OK(w.JSON(addCustomer, w.Admin(), fmt.Sprintf(`{"file_id":%s,"channel_public_id":"_sandboxshop","user_type":%q,"users":[%s]}`, file, kind, users)))
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

	files := w.Control("GET", "customer_files", "")["files"].([]any)
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
		o := w.OK(w.JSON(dropCustomers, w.RESTKey(), fmt.Sprintf(`{"file_id":%s,"channel_public_id":"_sandboxshop","user_type":%q,"user_ids":[%s]}`, file, kind, ids)))
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
	w := sandboxtest.New(t, sandbox.Options{})
	create := func(channel, name, schema string) sandboxtest.Answer {
		return w.JSON(createFile, w.RESTKey(), fmt.Sprintf(`{"channel_public_id":%q,"file_name":%q,"schema":%s}`, channel, name, schema))
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
	edit := func(path, file, channel, kind, member, list string) sandboxtest.Answer {
		return w.JSON(path, w.RESTKey(), fmt.Sprintf(`{"file_id":%s,"channel_public_id":%q,"user_type":%q,%q:%s}`, file, channel, kind, member, list))
	}
	w.OK(create(shop, "full", attributes(30)))
	w.OK(create("_sandboxnews", "regulars", number)) // a name is taken within its channel only
	w.OK(w.JSON(addCustomer, w.RESTKey(), users(2000)))
	w.OK(w.JSON(dropCustomers, w.RESTKey(), ids(2000)))
	one, two := `[{"id":"3177000001","field":{}}]`, `["3177000001"]`
	for _, c := range []struct {
		about  string
		answer sandboxtest.Answer
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
		{"form", w.Post(createFile, w.RESTKey(), "channel_public_id", shop, "file_name", "a"), 400, "-2", "INVALID_PARAMETER"},
		{"access token", w.JSON(createFile, w.Bearer("mina"), `{}`), 401, "-401", ""},
		{"list of another app's", w.Get(listFiles, w.RESTKey(), "channel_public_id", "_othershop"), 400, "-819", ""},
		{"list of no channel", w.Get(listFiles, w.RESTKey()), 400, "-2", ""},
		{"add to no file", edit(addCustomer, "48299", shop, "app", "users", one), 400, "-816", ""},
		{"add to another channel's file", edit(addCustomer, "48211", "_sandboxnews", "app", "users", one), 400, "-816", ""},
		{"add in another app", edit(addCustomer, "48211", "_othershop", "app", "users", one), 400, "-819", ""},
		{"add by another kind", edit(addCustomer, "48211", shop, "uuid", "users", one), 400, "-2", ""},
		{"add 2,001", w.JSON(addCustomer, w.RESTKey(), users(2001)), 400, "-2", ""},
		{"add nobody", edit(addCustomer, "48211", shop, "app", "users", "[]"), 400, "-2", ""},
		{"add without an ID", edit(addCustomer, "48211", shop, "app", "users", `[{"field":{}}]`), 400, "-2", ""},
		{"add no objects", edit(addCustomer, "48211", shop, "app", "users", two), 400, "-2", ""},
		{"file_id as text", edit(addCustomer, `"48211"`, shop, "app", "users", one), 400, "-2", ""},
		{"delete from no file", edit(dropCustomers, "48299", shop, "app", "user_ids", two), 400, "-816", ""},
		{"delete 2,001", w.JSON(dropCustomers, w.RESTKey(), ids(2001)), 400, "-2", ""},
		{"delete objects", edit(dropCustomers, "48211", shop, "app", "user_ids", one), 400, "-2", ""},
		{"delete by form", w.Post(dropCustomers, w.RESTKey(), "file_id", "48211"), 400, "-2", "INVALID_PARAMETER"},
	} {
		t.Run(c.about, func(t *testing.T) {
			if o := sandboxtest.WantFailure(t, c.answer, c.status, c.code); c.msg != "" && o["msg"] != c.msg {
				t.Errorf("msg %v", o["msg"])
			}
		})
	}
	off := sandboxtest.New(t, sandbox.Options{Disabled: []string{"TALK_CHANNEL"}})
	if o := sandboxtest.WantFailure(t, off.Get(listFiles, off.RESTKey(), "channel_public_id", shop), 403, "-3"); o["msg"] != "TALK_CHANNEL service property disabled" {
		t.Errorf("msg %v", o["msg"])
	}
}

func TestThirtyCustomerFiles(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	create := func(channel string, n int) sandboxtest.Answer {
		return w.JSON(createFile, w.RESTKey(), fmt.Sprintf(`{"channel_public_id":%q,"file_name":"file %d","schema":{"visits":"number"}}`, channel, n))
	}
	for n := range 28 { // two are of the seed
		w.OK(create(shop, n))
	}
	sandboxtest.WantFailure(t, create(shop, 28), 400, "-818")
	sandboxtest.WantFailure(t, create(shop, 1), 400, "-817") // whatever the room, the name is taken
	if list := w.OK(w.Get(listFiles, w.RESTKey(), "channel_public_id", shop)); list["using_slot"] != json.Number("30") || list["empty_slot"] != json.Number("0") {
		t.Errorf("slots %v %v", list["using_slot"], list["empty_slot"])
	}
	w.OK(create("_sandboxnews", 28)) // every channel has thirty of its own
	w.Control("POST", "reset", "")
	w.OK(create(shop, 28))
}
