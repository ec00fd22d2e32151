package user_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestScopes(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	shown := func(o map[string]any) map[string]map[string]any {
		byID := map[string]map[string]any{}
		for _, s := range o["scopes"].([]any) {
			byID[s.(map[string]any)["id"].(string)] = s.(map[string]any)
		}
		return byID
	}
	all := shown(w.OK(w.Get("/v2/user/scopes", w.Bearer("joon"))))
	if len(all) != 16 || all["account_ci"] != nil || all["profile_nickname"]["revocable"] != false || all["gender"]["agreed"] != false || all["gender"]["revocable"] != nil {
		t.Errorf("joon: %v", all)
	}
	two := shown(w.OK(w.Get("/v2/user/scopes", w.Admin(), "scopes", `["account_email","friends"]`, "target_id_type", "user_id", "target_id", "3177000001")))
	if len(two) != 2 || two["account_email"]["display_name"] != "카카오계정(이메일)" || two["account_email"]["type"] != "PRIVACY" || two["friends"]["type"] != "SERVICE" || two["friends"]["revocable"] != true {
		t.Errorf("mina: %v", two)
	}
	sandboxtest.WantFailure(t, w.Get("/v2/user/scopes", w.Bearer("mina"), "scopes", `["nope"]`), 400, "-2")

	after := shown(w.OK(w.Post("/v2/user/revoke/scopes", w.Bearer("mina"), "scopes", `["account_email","friends"]`)))
	if len(after) != 16 || after["account_email"]["agreed"] != false {
		t.Errorf("after: %v", after)
	}
	if account := w.OK(w.Get("/v2/user/me", w.Bearer("mina")))["kakao_account"].(map[string]any); account["email_needs_agreement"] != true || account["email"] != nil {
		t.Errorf("account %v", account)
	}
	if o := sandboxtest.WantFailure(t, w.Post("/v2/user/revoke/scopes", w.Bearer("mina"), "scopes", `["account_email"]`), 400, "-2"); o["msg"] != "There is no scopes to revoke. check out if given scope id([account_email]) is correct again." {
		t.Errorf("body %v", o)
	}
	if o := sandboxtest.WantFailure(t, w.Post("/v2/user/revoke/scopes", w.Bearer("mina"), "scopes", `["profile_nickname"]`), 403, "-3"); o["msg"] != "[profile_nickname] is not revocable. check out if it's set as required on developers.kakao.com" {
		t.Errorf("body %v", o)
	}
	sandboxtest.WantFailure(t, w.Post("/v2/user/revoke/scopes", w.Bearer("mina")), 400, "-2")
}

func TestServiceTerms(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	tags := func(o map[string]any, member string) string {
		var list []string
		for _, term := range o[member].([]any) {
			list = append(list, term.(map[string]any)["tag"].(string))
		}
		return strings.Join(list, ",")
	}
	get := func(pairs ...string) map[string]any {
		return w.OK(w.Get("/v2/user/service_terms", w.Bearer("mina"), pairs...))
	}
	if got := tags(get(), "service_terms"); got != "shop_terms,news_opt" {
		t.Errorf("agreed: %s", got)
	}
	all := get("result", "app_service_terms")
	if got := tags(all, "service_terms"); got != "shop_terms,news_opt,ads_opt" {
		t.Errorf("all: %s", got)
	}
	first, last := all["service_terms"].([]any)[0].(map[string]any), all["service_terms"].([]any)[2].(map[string]any)
	if first["revocable"] != false || first["agreed_by"] != "KAUTH" || first["agreed_at"] != "2025-02-03T04:05:06Z" || last["agreed"] != false || last["agreed_at"] != nil {
		t.Errorf("terms %v %v", first, last)
	}
	if got := tags(get("result", "app_service_terms", "tags", "ads_opt,shop_terms"), "service_terms"); got != "shop_terms,ads_opt" {
		t.Errorf("by tags: %s", got)
	}
	if o := sandboxtest.WantFailure(t, w.Get("/v2/user/service_terms", w.Bearer("mina"), "tags", "test"), 400, "-2"); o["msg"] != "There is no tags to get service terms. check out to configured this tags([test]) in app(Sandbox Shop)." {
		t.Errorf("body %v", o)
	}

	upgraded := w.OK(w.Post("/v2/user/upgrade/service_terms", w.Admin(), "tags", "ads_opt,news_opt,nope", "target_id_type", "user_id", "target_id", "3177000001"))
	if got := tags(upgraded, "agreed_service_terms"); got != "ads_opt" || upgraded["agreed_service_terms"].([]any)[0].(map[string]any)["agreed_at"] != "2026-03-02T01:02:03Z" {
		t.Errorf("upgraded %v", upgraded)
	}
	if got := tags(get(), "service_terms"); got != "shop_terms,news_opt,ads_opt" {
		t.Errorf("after the upgrade: %s", got)
	}
	// An official SDK sends the tags in the query of the POST.
	r := w.Request(http.MethodPost, "/v2/user/revoke/service_terms?tags=news_opt", w.Bearer("mina"), nil)
	a, err := w.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if got := tags(w.OK(a), "revoked_service_terms"); got != "news_opt" {
		t.Errorf("revoked %s", got)
	}
	if got := tags(w.OK(w.Post("/v2/user/revoke/service_terms", w.Bearer("mina"), "tags", "news_opt,ads_opt")), "revoked_service_terms"); got != "ads_opt" {
		t.Errorf("revoked %s", got)
	}
	for _, tag := range []string{"shop_terms", "nope", "ads_opt,nope"} {
		sandboxtest.WantFailure(t, w.Post("/v2/user/revoke/service_terms", w.Bearer("mina"), "tags", tag), 400, "-2")
	}
	sandboxtest.WantFailure(t, w.Post("/v2/user/revoke/service_terms", w.Bearer("mina"), "tags", "ads_opt,,"), 400, "-2")
}
