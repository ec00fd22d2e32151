package talk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestTalkProfile(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for name, want := range map[string]map[string]any{
		"mina": {
			"nickName": "미나", "countryISO": "KR", "profileImageURL": "https://img.sandbox.example/mina_640x640.jpg",
			"thumbnailURL": "https://img.sandbox.example/mina_110x110.jpg",
		},
		"nari": {"nickName": "나리", "countryISO": "KR", "profileImageURL": "", "thumbnailURL": ""},
		"joon": {"nickName": "준", "countryISO": "KR"}, // agreed to no picture
	} {
		if got := w.OK(w.Get("/v1/api/talk/profile", w.Bearer(name), "secure_resource", "true")); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for pair, want := range map[[2]string]string{
		{"secure_resource", "1"}: "true or false", {"offset", "1"}: "is unknown",
	} {
		if o := sandboxtest.WantFailure(t, w.Get("/v1/api/talk/profile", w.Bearer("mina"), pair[0], pair[1]), 400, "-2"); !strings.Contains(o["msg"].(string), want) {
			t.Errorf("%v: %v", pair, o)
		}
	}
}

// friendNames lists a page of friends.
func friendNames(page map[string]any) []string {
	names := []string{}
	for _, element := range page["elements"].([]any) {
		names = append(names, element.(map[string]any)["profile_nickname"].(string))
	}
	return names
}

func TestFriends(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	all := w.OK(w.Get("/v1/api/talk/friends", w.Bearer("mina")))
	haru := map[string]any{
		"id": json.Number("1377016924426814987"), "uuid": "aGFydS1zYW5kYm94LXV1aWQtMDAwMw", "favorite": true, "profile_nickname": "하루",
		"profile_thumbnail_image": "https://img.sandbox.example/haru_110x110.jpg", "allowed_msg": true,
	}
	if first := all["elements"].([]any)[0]; !reflect.DeepEqual(first, haru) {
		t.Errorf("first friend %v, want %v", first, haru)
	}
	if all["total_count"] != json.Number("3") || all["favorite_count"] != json.Number("1") || all["before_url"] != nil || all["after_url"] != nil {
		t.Errorf("answer %v", all)
	}
	for query, want := range map[string]string{
		"":                                    "[하루 나리 두리]",
		"friend_order=favorite&order=asc":     "[하루 나리 두리]",
		"friend_order=favorite&order=desc":    "[두리 나리 하루]",
		"friend_order=nickname":               "[나리 두리 하루]",
		"friend_order=nickname&order=desc":    "[하루 두리 나리]",
		"friend_order=age":                    "[나리 두리 하루]",
		"offset=1":                            "[나리 두리]",
		"offset=1&limit=1":                    "[나리]",
		"offset=3":                            "[]",
		"offset=2147483647&limit=100":         "[]",
		"limit=100&secure_resource=true":      "[하루 나리 두리]",
		"limit=1&order=desc&friend_order=age": "[하루]",
	} {
		pairs, _ := url.ParseQuery(query)
		if got := friendNames(w.OK(w.Call(http.MethodGet, "/v1/api/talk/friends", w.Bearer("mina"), pairs))); fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	for _, bad := range [][]string{
		{"limit", "0"}, {"limit", "101"}, {"offset", "-1"}, {"order", "ASC"}, {"friend_order", "name"}, {"limit", "ten"}, {"page", "1"},
	} {
		sandboxtest.WantFailure(t, w.Get("/v1/api/talk/friends", w.Bearer("mina"), bad...), 400, "-2")
	}
}

// TestFriendPages follows the page URLs to the end and back.
func TestFriendPages(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	page := w.OK(w.Get("/v1/api/talk/friends", w.Bearer("mina"), "limit", "1", "friend_order", "nickname"))
	var seen []string
	for range 5 {
		seen = append(seen, friendNames(page)...)
		after, _ := page["after_url"].(string)
		if after == "" {
			break
		}
		want := fmt.Sprintf("https://kapi.kakao.com/v1/api/talk/friends?offset=%d&limit=1&order=asc&friend_order=nickname", len(seen))
		if after != want {
			t.Fatalf("after_url %s, want %s", after, want)
		}
		next, err := url.Parse(after)
		if err != nil {
			t.Fatal(err)
		}
		page = w.OK(w.Call(http.MethodGet, next.Path, w.Bearer("mina"), next.Query()))
	}
	if fmt.Sprint(seen) != "[나리 두리 하루]" {
		t.Errorf("seen %v", seen)
	}
	if page["before_url"] != "https://kapi.kakao.com/v1/api/talk/friends?offset=1&limit=1&order=asc&friend_order=nickname" {
		t.Errorf("before_url %v", page["before_url"])
	}
	page = w.OK(w.Get("/v1/api/talk/friends", w.Bearer("mina"), "offset", "1"))
	if page["before_url"] != "https://kapi.kakao.com/v1/api/talk/friends?offset=0&limit=10&order=asc" {
		t.Errorf("before_url %v", page["before_url"])
	}
}

// TestWhoIsListed: a friend shows who is linked, agreed to friends, and is
// neither hidden nor gone.
func TestWhoIsListed(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	expect := func(about, want string) {
		t.Helper()
		if got := friendNames(w.OK(w.Get("/v1/api/talk/friends", w.Bearer("mina")))); fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", about, got, want)
		}
	}
	expect("at the start", "[하루 나리 두리]")
	w.SignIn("joon", map[string]string{"scope": "friends"})
	expect("joon agreed to friends", "[하루 나리 두리 준]")
	w.Control("POST", "friendship", `{"user":"mina","friend":"haru","state":"hidden"}`)
	expect("haru is hidden", "[나리 두리 준]")
	w.Control("POST", "friendship", `{"user":"mina","friend":"nari","state":"ended"}`)
	expect("nari is gone", "[두리 준]")
	w.Control("POST", "friendship", `{"user":"mina","friend":"nari","state":"friend","favorite":true}`)
	expect("nari is back, a favourite", "[나리 두리 준]")
	w.Control("POST", "talk", `{"user":"duri","uses_talk":false}`)
	expect("duri left Kakao Talk", "[나리 준]")
	w.OK(w.Post("/v2/user/revoke/scopes", w.Bearer("joon"), "scopes", `["friends"]`))
	expect("joon took his consent back", "[나리]")
	w.OK(w.Post("/v1/user/unlink", w.Bearer("nari")))
	expect("nari unlinked", "[]")

	team := sandboxtest.New(t, sandbox.Options{FriendsOfTeamOnly: true})
	if got := friendNames(team.OK(team.Get("/v1/api/talk/friends", team.Bearer("mina")))); fmt.Sprint(got) != "[하루]" {
		t.Errorf("without permission: %v", got)
	}
}

// TestTalkOrderOfChecks puts right what is wrong one by one: who calls comes
// before what the call says.
func TestTalkOrderOfChecks(t *testing.T) {
	const path = "/v1/api/talk/friends"
	off := sandboxtest.New(t, sandbox.Options{Disabled: []string{"friends"}})
	sandboxtest.WantFailure(t, off.Get(path, "Bearer test-nobody", "limit", "0"), 401, "-401")
	sandboxtest.WantFailure(t, off.Get(path, off.Bearer("sora"), "limit", "0"), 400, "-101")
	sandboxtest.WantFailure(t, off.Get(path, off.Bearer("dori"), "limit", "0"), 400, "-103")
	o := sandboxtest.WantFailure(t, off.Get(path, off.Bearer("joon"), "limit", "0"), 403, "-3")
	if o["msg"] != "[Sandbox Shop] App disabled [friends] scopes for [FRIENDS] API on developers.kakao.com. Enable it first." {
		t.Errorf("body %v", o)
	}

	w := sandboxtest.New(t, sandbox.Options{DailyQuota: map[string]int{"GET " + path: 1}})
	w.Control("POST", "talk", `{"user":"joon","uses_talk":false}`)
	o = sandboxtest.WantFailure(t, w.Get(path, w.Bearer("joon"), "limit", "0"), 403, "-402")
	if o["api_type"] != "FRIENDS" || fmt.Sprint(o["required_scopes"]) != "[friends]" || fmt.Sprint(o["allowed_scopes"]) != "[openid profile_nickname]" {
		t.Errorf("body %v", o)
	}
	w.SignIn("joon", map[string]string{"scope": "friends"})
	if o := sandboxtest.WantFailure(t, w.Get(path, w.Bearer("joon"), "limit", "0"), 400, "-501"); o["msg"] != "given account is not connected to any talk user." {
		t.Errorf("body %v", o)
	}
	sandboxtest.WantFailure(t, w.Get("/v1/api/talk/profile", w.Bearer("joon")), 400, "-501")
	w.Control("POST", "talk", `{"user":"joon","uses_talk":true}`)
	sandboxtest.WantFailure(t, w.Get(path, w.Bearer("joon"), "limit", "0"), 400, "-2")
	w.OK(w.Get(path, w.Bearer("joon"), "limit", "1"))
	sandboxtest.WantFailure(t, w.Get(path, w.Bearer("joon"), "limit", "0"), 400, "-2")
	sandboxtest.WantFailure(t, w.Get(path, w.Bearer("joon"), "limit", "1"), 400, "-10")
	for _, authorization := range []string{"", "KakaoAK " + w.Keys.RESTKey, "KakaoAK " + w.Keys.AdminKey} {
		sandboxtest.WantFailure(t, w.Get(path, authorization), 401, "-401")
	}
}

func TestTalkControl(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for _, c := range [][3]string{
		{"friendship", `{"user":"nobody","friend":"haru","state":"friend"}`, "user"},
		{"friendship", `{"user":"mina","friend":"nobody","state":"friend"}`, "friend"},
		{"friendship", `{"user":"mina","friend":"mina","state":"friend"}`, "friend"},
		{"friendship", `{"user":"mina","friend":"haru","state":"enemy"}`, "state"},
		{"friendship", `{"user":"mina","friend":"haru","state":"friend","x":1}`, "x"},
		{"talk", `{"user":"nobody"}`, "user"},
		{"talk", `{"user":"mina","uses_talk":"no"}`, "uses_talk"},
	} {
		if a := w.ControlRaw("POST", c[0], c[1]); a.Status != 400 || a.Object(t)["field"] != c[2] {
			t.Errorf("%s %s: %d %s", c[0], c[1], a.Status, a.Body)
		}
	}
	w.Control("POST", "friendship", `{"user":"mina","friend":"haru","state":"none"}`)
	w.Control("POST", "talk", `{"user":"mina","uses_talk":false}`)
	sandboxtest.WantFailure(t, w.Get("/v1/api/talk/friends", w.Bearer("mina")), 400, "-501")
	w.Control("POST", "talk", `{"user":"mina","uses_talk":true,"team_member":false}`)
	if got := friendNames(w.OK(w.Get("/v1/api/talk/friends", w.Bearer("mina")))); len(got) != 2 {
		t.Errorf("friends %v", got)
	}
	w.Control("POST", "reset", "")
	if got := friendNames(w.OK(w.Get("/v1/api/talk/friends", w.Bearer("mina")))); len(got) != 3 {
		t.Errorf("friends after the reset %v", got)
	}
}
