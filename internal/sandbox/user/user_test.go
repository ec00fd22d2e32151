package user_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestMe(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	mina := w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
	account := mina["kakao_account"].(map[string]any)
	for member, want := range map[string]any{
		"name": "김미나", "email": "mina@example.com", "is_email_valid": true, "is_email_verified": true, "age_range": "30~39",
		"birthyear": "1994", "birthday": "0506", "birthday_type": "SOLAR", "gender": "female", "phone_number": "+82 10-0000-0001",
		"gender_needs_agreement": false, "profile_nickname_needs_agreement": false,
	} {
		if account[member] != want {
			t.Errorf("%s = %v, want %v", member, account[member], want)
		}
	}
	if _, has := account["ci_needs_agreement"]; has {
		t.Error("an item that the app has not set up shows")
	}
	if mina["for_partner"].(map[string]any)["uuid"] == "" || mina["connected_at"] != "2025-02-03T04:05:06Z" {
		t.Errorf("mina = %v", mina)
	}

	joon := w.OK(w.Get("/v2/user/me", w.Bearer("joon")))
	account = joon["kakao_account"].(map[string]any)
	for member, v := range account {
		needs := strings.HasSuffix(member, "_needs_agreement") && member != "profile_nickname_needs_agreement"
		if needs && v != true {
			t.Errorf("joon: %s = %v", member, v)
		}
	}
	if account["email"] != nil || account["profile"].(map[string]any)["nickname"] != "준" || joon["for_partner"] != nil {
		t.Errorf("joon = %v", joon)
	}

	haru := w.OK(w.Post("/v2/user/me", w.Bearer("haru")))
	account = haru["kakao_account"].(map[string]any)
	if haru["id"] != json.Number("1377016924426814987") || account["birthday_type"] != "LUNAR" || account["is_leap_month"] != true {
		t.Errorf("haru = %v", haru)
	}
}

func TestMeByPropertyKeys(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{Disabled: []string{"gender"}})
	for _, c := range []struct {
		keys    string
		account []string
		more    map[string]any
	}{
		{`["kakao_account.email"]`, []string{"email", "email_needs_agreement", "is_email_valid", "is_email_verified"}, nil},
		{`["kakao_account.profile"]`, []string{"profile", "profile_image_needs_agreement", "profile_nickname_needs_agreement"}, nil},
		{`["properties.tier"]`, nil, map[string]any{"properties": map[string]any{"tier": "gold"}}},
		{`["properties.", "kakao_account.age_range"]`, []string{"age_range", "age_range_needs_agreement"}, nil},
	} {
		got := w.OK(w.Get("/v2/user/me", w.Bearer("mina"), "property_keys", c.keys))
		account, _ := got["kakao_account"].(map[string]any)
		for _, member := range c.account {
			if _, has := account[member]; !has {
				t.Errorf("%s: no %s", c.keys, member)
			}
		}
		if len(account) != len(c.account) {
			t.Errorf("%s: %v", c.keys, account)
		}
		for member, want := range c.more {
			if !reflect.DeepEqual(got[member], want) {
				t.Errorf("%s: %s = %v", c.keys, member, got[member])
			}
		}
	}
	if whole := w.OK(w.Get("/v2/user/me", w.Bearer("mina"), "property_keys", `["kakao_account."]`)); len(whole["kakao_account"].(map[string]any)) < 15 || whole["properties"] != nil {
		t.Errorf("all of kakao_account: %v", whole)
	}
	for keys, code := range map[string]string{
		`["kakao_account.shoe"]`: "-2", `["kakao_account"]`: "-2", `["id"]`: "-2", `kakao_account.email`: "-2", `[]`: "-2", `[1]`: "-2", `[null]`: "-2",
		`["properties.shoe"]`: "-201",
	} {
		sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina"), "property_keys", keys), 400, code)
	}
	o := sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina"), "property_keys", `["kakao_account.gender"]`), 403, "-3")
	if o["msg"] != "[Sandbox Shop] App disabled [gender] scopes for [USER_ME] API on developers.kakao.com. Enable it first." {
		t.Errorf("body %v", o)
	}
}

func TestSecureResource(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for secure, scheme := range map[string]string{"true": "https://", "false": "http://"} {
		me := w.OK(w.Get("/v2/user/me", w.Bearer("mina"), "secure_resource", secure))
		picture := me["kakao_account"].(map[string]any)["profile"].(map[string]any)["profile_image_url"].(string)
		legacy := me["properties"].(map[string]any)["profile_image"].(string)
		if !strings.HasPrefix(picture, scheme) || !strings.HasPrefix(legacy, scheme) {
			t.Errorf("secure_resource=%s: %s, %s", secure, picture, legacy)
		}
	}
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina"), "secure_resource", "1"), 400, "-2")
}

func TestUpdateProfile(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	w.OK(w.Post("/v1/user/update_profile", w.Bearer("mina"), "properties", `{"theme":"light","shoe_size":"240"}`))
	got := w.OK(w.Get("/v2/user/me", w.Bearer("mina")))["properties"].(map[string]any)
	if got["theme"] != "light" || got["shoe_size"] != "240" || got["tier"] != "gold" {
		t.Errorf("properties %v", got)
	}
	if o := sandboxtest.WantFailure(t, w.Post("/v1/user/update_profile", w.Bearer("mina"), "properties", `{"gender":"x","age":"y"}`), 400, "-201"); o["msg"] != "user property not found ([age, gender] for appId=1700001)" {
		t.Errorf("body %v", o)
	}
	for _, bad := range []string{"", "x", "[]", "null", `{"tier":1}`, `{"tier":null}`, `{"tier":"a"`} {
		sandboxtest.WantFailure(t, w.Post("/v1/user/update_profile", w.Bearer("mina"), "properties", bad), 400, "-2")
	}
	sandboxtest.WantFailure(t, w.Post("/v1/user/update_profile", w.Bearer("mina")), 400, "-2")
}

func TestShippingAddressPages(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	var seen []string
	var from json.Number = "0"
	for range 10 {
		page := w.OK(w.Get("/v1/user/shipping_address", w.Bearer("mina"), "page_size", "2", "from_updated_at", from.String()))
		addresses := page["shipping_addresses"].([]any)
		if page["user_id"] != json.Number("3177000001") || page["shipping_addresses_needs_agreement"] != false {
			t.Fatalf("page %v", page)
		}
		if len(addresses) == 0 {
			break
		}
		for _, a := range addresses {
			one := a.(map[string]any)
			seen = append(seen, fmt.Sprint(one["id"]))
			if one["is_default"] == false {
				from = one["updated_at"].(json.Number)
			}
		}
	}
	want := []string{"710001", "710002", "710003", "710004", "710005", "710006"}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("addresses %v, want %v", seen, want)
	}
	one := w.OK(w.Get("/v1/user/shipping_address", w.Bearer("mina"), "address_id", "710003"))["shipping_addresses"].([]any)
	if len(one) != 1 || one[0].(map[string]any)["type"] != "OLD" || one[0].(map[string]any)["detail_address"] != nil {
		t.Errorf("one address: %v", one)
	}
	for _, bad := range [][]string{{"page_size", "1"}, {"page_size", "two"}, {"page_size", "+2"}, {"from_updated_at", "-1"}} {
		sandboxtest.WantFailure(t, w.Get("/v1/user/shipping_address", w.Bearer("mina"), bad...), 400, "-2")
	}
	o := sandboxtest.WantFailure(t, w.Get("/v1/user/shipping_address", w.Bearer("joon")), 403, "-402")
	if fmt.Sprint(o["required_scopes"]) != "[shipping_address]" || fmt.Sprint(o["allowed_scopes"]) != "[openid profile_nickname]" || o["api_type"] != "USER_SHIPPING_ADDRESS" {
		t.Errorf("body %v", o)
	}
	w.SignIn("joon", map[string]string{"scope": "shipping_address"})
	w.OK(w.Get("/v1/user/shipping_address", w.Bearer("joon")))

	off := sandboxtest.New(t, sandbox.Options{Disabled: []string{"shipping_address"}})
	sandboxtest.WantFailure(t, off.Get("/v1/user/shipping_address", off.Bearer("mina")), 403, "-3")
}
