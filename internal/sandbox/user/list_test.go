package user_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestUserIDs(t *testing.T) {
	all := []string{"3177000001", "3177000002", "3177000005", "1377016924426814987"}
	for _, exclusive := range []bool{false, true} {
		w := sandboxtest.New(t, sandbox.Options{ExclusiveFromID: exclusive})
		for _, order := range []string{"asc", "desc"} {
			seen := map[string]int{}
			from, pages := "", 0
			for ; pages < 10; pages++ {
				pairs := []string{"limit", "2", "order", order}
				if from != "" {
					pairs = append(pairs, "from_id", from)
				}
				page := w.OK(w.Get("/v1/user/ids", w.Admin(), pairs...))
				for _, id := range page["elements"].([]any) {
					seen[fmt.Sprint(id)]++
				}
				if (page["before_url"] == nil) != (from == "") {
					t.Errorf("before_url %v after from_id %q", page["before_url"], from)
				}
				if page["after_url"] == nil {
					break
				}
				after := page["after_url"].(string)
				if !strings.HasPrefix(after, "http://kapi.kakao.com/v1/user/ids?limit=2&order="+order+"&from_id=") || !strings.HasSuffix(after, "&app_key="+w.Keys.AdminKey) {
					t.Fatalf("after_url %q", after)
				}
				u, err := url.Parse(after)
				if err != nil {
					t.Fatal(err)
				}
				from = u.Query().Get("from_id")
			}
			for _, id := range all {
				if seen[id] == 0 {
					t.Errorf("exclusive %v, %s: %s is missing in %v", exclusive, order, id, seen)
				}
			}
			repeated := len(seen) != pages*2+2
			if exclusive && repeated || !exclusive && !repeated {
				t.Errorf("exclusive %v, %s: %v on %d pages", exclusive, order, seen, pages+1)
			}
		}
		for _, bad := range [][]string{{"limit", "0"}, {"limit", "101"}, {"order", "ASC"}, {"from_id", "x"}} {
			sandboxtest.WantFailure(t, w.Post("/v1/user/ids", w.Admin(), bad...), 400, "-2")
		}
	}
}

func TestUserIDsPerMinute(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for range 100 {
		w.OK(w.Get("/v1/user/ids", w.Admin()))
	}
	sandboxtest.WantFailure(t, w.Get("/v1/user/ids", w.Admin()), 429, "-10")
	sandboxtest.WantFailure(t, w.Post("/v1/user/ids", w.Admin()), 429, "-10")
	w.Advance(time.Minute)
	w.OK(w.Get("/v1/user/ids", w.Admin()))
}

func TestDailyQuota(t *testing.T) {
	// 01:02:03 UTC is 10:02:03 in Korea: the day turns in 13:57:57.
	w := sandboxtest.New(t, sandbox.Options{DailyQuota: map[string]int{"GET /v2/user/me": 2}})
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
	w.OK(w.Post("/v2/user/me", w.Bearer("joon")))
	if o := sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina")), 400, "-10"); o["msg"] != "API limit has been exceeded." {
		t.Errorf("body %v", o)
	}
	w.Advance(13*time.Hour + 57*time.Minute + 56*time.Second)
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina")), 400, "-10")
	w.Advance(time.Second)
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
}

func TestAppUsers(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	users := func(pairs ...string) []map[string]any {
		t.Helper()
		a := w.Get("/v2/app/users", w.Admin(), append(pairs, "target_id_type", "user_id")...)
		var list []map[string]any
		if err := json.Unmarshal(a.Body, &list); err != nil || a.Status != 200 {
			t.Fatalf("status %d, body %s", a.Status, a.Body)
		}
		return list
	}
	list := users("target_ids", "[3177000001, 1377016924426814987,3177000006,5]")
	if len(list) != 2 || list[0]["connected_at"] == nil || list[0]["kakao_account"] != nil {
		t.Errorf("users %v", list)
	}
	if first := w.Get("/v2/app/users", w.Admin(), "target_id_type", "user_id", "target_ids", "[3177000001,3177000002]"); !strings.HasPrefix(string(first.Body), `[{"connected_at":"2025-03-04T04:05:06Z","id":3177000002}`) {
		t.Errorf("not a bare array in an order of its own: %s", first.Body)
	}
	list = users("target_ids", "[3177000002]", "property_keys", `["kakao_account.email","has_signed_up","id"]`)
	if account := list[0]["kakao_account"].(map[string]any); account["email_needs_agreement"] != true || list[0]["has_signed_up"] != true {
		t.Errorf("users %v", list)
	}
	many := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("3177000001,", n), ",") + "]" }
	if list = users("target_ids", many(100)); len(list) != 1 {
		t.Errorf("users %v", list)
	}
	for _, pairs := range [][]string{
		{"target_ids", many(101)},
		{"target_ids", many(21), "property_keys", `["properties."]`},
		{"target_ids", `["3177000001"]`}, {"target_ids", "3177000001"}, {"target_ids", "[]"}, {"target_ids", "[1.5]"}, {},
	} {
		sandboxtest.WantFailure(t, w.Get("/v2/app/users", w.Admin(), append(pairs, "target_id_type", "user_id")...), 400, "-2")
	}
	r := w.Request(http.MethodPost, "/v2/app/users?target_id_type=user_id&target_ids=[3177000001]", w.Admin(), nil)
	if a, err := w.Do(r); err != nil || a.Status != 200 {
		t.Errorf("POST with a query: %d %v", a.Status, err)
	}
}
