package user_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestLogout(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	one, two := w.SignIn("mina", nil), w.SignIn("mina", nil)
	bearer := func(tokens map[string]any) string { return "Bearer " + tokens["access_token"].(string) }
	if got := w.OK(w.Post("/v1/user/logout", bearer(one))); got["id"] != json.Number("3177000001") || len(got) != 1 {
		t.Errorf("logout: %v", got)
	}
	sandboxtest.WantFailure(t, w.Post("/v1/user/logout", bearer(one)), 401, "-401")
	sandboxtest.WantFailure(t, w.Refresh(one["refresh_token"].(string)), 400, "KOE322")
	w.OK(w.Get("/v2/user/me", bearer(two)))

	w.OK(w.Post("/v1/user/logout", w.Admin(), "target_id_type", "user_id", "target_id", "3177000001"))
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", bearer(two)), 401, "-401")
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina")), 401, "-401")
	// Logged out is not unlinked.
	w.OK(w.Get("/v2/user/me", w.Admin(), "target_id_type", "user_id", "target_id", "3177000001"))
}

func TestUnlinkAndLinkAgain(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	pending := w.Code("mina", nil)
	w.OK(w.Post("/v1/user/unlink", w.Bearer("mina")))
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina")), 401, "-401")
	sandboxtest.WantFailure(t, w.Refresh(w.Person("mina").RefreshToken), 400, "KOE322")
	sandboxtest.WantFailure(t, w.Exchange(pending), 400, "KOE320")
	target := []string{"target_id_type", "user_id", "target_id", "3177000001"}
	for _, path := range []string{"/v1/user/unlink", "/v1/user/logout"} {
		if o := sandboxtest.WantFailure(t, w.Post(path, w.Admin(), target...), 400, "-101"); o["msg"] != "NotRegisteredUserException" {
			t.Errorf("%s: %v", path, o)
		}
	}
	// The same person gets the same ID, and nothing that was there before.
	tokens := w.SignIn("mina", map[string]string{"scope": "account_email"})
	if tokens["id_token"] != nil {
		t.Error("an ID token without openid in the scope")
	}
	me := w.OK(w.Get("/v2/user/me", "Bearer "+tokens["access_token"].(string)))
	properties := me["properties"].(map[string]any)
	if me["id"] != json.Number("3177000001") || properties["tier"] != nil || properties["nickname"] != "미나" {
		t.Errorf("me = %v", me)
	}
	if account := me["kakao_account"].(map[string]any); account["gender_needs_agreement"] != true || account["gender"] != nil || account["email"] != "mina@example.com" {
		t.Errorf("account = %v", account)
	}

	w.OK(w.ControlRaw("POST", "unlink", `{"user_id":1377016924426814987}`))
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("haru")), 401, "-401")
	if a := w.ControlRaw("POST", "unlink", `{"user_id":1377016924426814987}`); a.Status != 400 || a.Object(t)["field"] != "user_id" {
		t.Errorf("unlinked twice: %d %s", a.Status, a.Body)
	}
}

func TestSignup(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	sora := w.Bearer("sora")
	before := w.OK(w.Get("/v2/user/me", sora))
	if before["has_signed_up"] != false || before["properties"] != nil {
		t.Errorf("before: %v", before)
	}
	sandboxtest.WantFailure(t, w.Get("/v2/user/scopes", sora), 400, "-101")
	if o := sandboxtest.WantFailure(t, w.Post("/v1/user/signup", sora, "properties", `{"nope":"x","tier":"new"}`), 400, "-201"); o["msg"] != "user property not found ([nope] for appId=1700001)" {
		t.Errorf("body %v", o)
	}
	w.OK(w.Post("/v1/user/signup", sora, "properties", `{"tier":"new"}`))
	after := w.OK(w.Get("/v2/user/me", sora))
	if after["properties"].(map[string]any)["tier"] != "new" || after["has_signed_up"] != nil {
		t.Errorf("after: %v", after)
	}
	sandboxtest.WantFailure(t, w.Post("/v1/user/signup", sora), 400, "-102")
	sandboxtest.WantFailure(t, w.Post("/v1/user/signup", w.Admin()), 401, "-401")
}

func TestSignupLapsesAfterADay(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{ManualLinking: true})
	bearer := "Bearer " + w.SignIn("bomi", nil)["access_token"].(string)
	if me := w.OK(w.Get("/v2/user/me", bearer)); me["has_signed_up"] != false || me["properties"] != nil {
		t.Errorf("bomi: %v", me)
	}
	if me := w.OK(w.Get("/v2/user/me", w.Bearer("mina"))); me["has_signed_up"] != true {
		t.Errorf("mina: %v", me)
	}
	target := []string{"target_id_type", "user_id", "target_id", "3177000004"}
	w.Advance(24*time.Hour - time.Second)
	w.OK(w.Get("/v2/user/me", w.Admin(), target...))
	w.Advance(time.Second)
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("sora")), 401, "-401")
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Admin(), target...), 400, "-101")
}

func TestDormantAccount(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("dori")), 400, "-103")
}
