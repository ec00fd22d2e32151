package sandbox_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

func TestLogout(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	one, two := w.signIn("mina", nil), w.signIn("mina", nil)
	bearer := func(tokens map[string]any) string { return "Bearer " + tokens["access_token"].(string) }
	if got := w.ok(w.post("/v1/user/logout", bearer(one))); got["id"] != json.Number("3177000001") || len(got) != 1 {
		t.Errorf("logout: %v", got)
	}
	wantFailure(t, w.post("/v1/user/logout", bearer(one)), 401, "-401")
	wantFailure(t, w.refresh(one["refresh_token"].(string)), 400, "KOE322")
	w.ok(w.get("/v2/user/me", bearer(two)))

	w.ok(w.post("/v1/user/logout", w.admin(), "target_id_type", "user_id", "target_id", "3177000001"))
	wantFailure(t, w.get("/v2/user/me", bearer(two)), 401, "-401")
	wantFailure(t, w.get("/v2/user/me", w.bearer("mina")), 401, "-401")
	// Logged out is not unlinked.
	w.ok(w.get("/v2/user/me", w.admin(), "target_id_type", "user_id", "target_id", "3177000001"))
}

func TestUnlinkAndLinkAgain(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	pending := w.code("mina", nil)
	w.ok(w.post("/v1/user/unlink", w.bearer("mina")))
	wantFailure(t, w.get("/v2/user/me", w.bearer("mina")), 401, "-401")
	wantFailure(t, w.refresh(w.person("mina").RefreshToken), 400, "KOE322")
	wantFailure(t, w.exchange(pending), 400, "KOE320")
	target := []string{"target_id_type", "user_id", "target_id", "3177000001"}
	for _, path := range []string{"/v1/user/unlink", "/v1/user/logout"} {
		if o := wantFailure(t, w.post(path, w.admin(), target...), 400, "-101"); o["msg"] != "NotRegisteredUserException" {
			t.Errorf("%s: %v", path, o)
		}
	}
	// The same person gets the same ID, and nothing that was there before.
	tokens := w.signIn("mina", map[string]string{"scope": "account_email"})
	if tokens["id_token"] != nil {
		t.Error("an ID token without openid in the scope")
	}
	me := w.ok(w.get("/v2/user/me", "Bearer "+tokens["access_token"].(string)))
	properties := me["properties"].(map[string]any)
	if me["id"] != json.Number("3177000001") || properties["tier"] != nil || properties["nickname"] != "미나" {
		t.Errorf("me = %v", me)
	}
	if account := me["kakao_account"].(map[string]any); account["gender_needs_agreement"] != true || account["gender"] != nil || account["email"] != "mina@example.com" {
		t.Errorf("account = %v", account)
	}

	w.ok(w.controlRaw("POST", "unlink", `{"user_id":1377016924426814987}`))
	wantFailure(t, w.get("/v2/user/me", w.bearer("haru")), 401, "-401")
	if a := w.controlRaw("POST", "unlink", `{"user_id":1377016924426814987}`); a.status != 400 || a.object(t)["field"] != "user_id" {
		t.Errorf("unlinked twice: %d %s", a.status, a.body)
	}
}

func TestSignup(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	sora := w.bearer("sora")
	before := w.ok(w.get("/v2/user/me", sora))
	if before["has_signed_up"] != false || before["properties"] != nil {
		t.Errorf("before: %v", before)
	}
	wantFailure(t, w.get("/v2/user/scopes", sora), 400, "-101")
	if o := wantFailure(t, w.post("/v1/user/signup", sora, "properties", `{"nope":"x","tier":"new"}`), 400, "-201"); o["msg"] != "user property not found ([nope] for appId=1700001)" {
		t.Errorf("body %v", o)
	}
	w.ok(w.post("/v1/user/signup", sora, "properties", `{"tier":"new"}`))
	after := w.ok(w.get("/v2/user/me", sora))
	if after["properties"].(map[string]any)["tier"] != "new" || after["has_signed_up"] != nil {
		t.Errorf("after: %v", after)
	}
	wantFailure(t, w.post("/v1/user/signup", sora), 400, "-102")
	wantFailure(t, w.post("/v1/user/signup", w.admin()), 401, "-401")
}

func TestSignupLapsesAfterADay(t *testing.T) {
	w := newWorld(t, sandbox.Options{ManualLinking: true})
	bearer := "Bearer " + w.signIn("bomi", nil)["access_token"].(string)
	if me := w.ok(w.get("/v2/user/me", bearer)); me["has_signed_up"] != false || me["properties"] != nil {
		t.Errorf("bomi: %v", me)
	}
	if me := w.ok(w.get("/v2/user/me", w.bearer("mina"))); me["has_signed_up"] != true {
		t.Errorf("mina: %v", me)
	}
	target := []string{"target_id_type", "user_id", "target_id", "3177000004"}
	w.advance(24*time.Hour - time.Second)
	w.ok(w.get("/v2/user/me", w.admin(), target...))
	w.advance(time.Second)
	wantFailure(t, w.get("/v2/user/me", w.bearer("sora")), 401, "-401")
	wantFailure(t, w.get("/v2/user/me", w.admin(), target...), 400, "-101")
}

func TestDormantAccount(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	wantFailure(t, w.get("/v2/user/me", w.bearer("dori")), 400, "-103")
}
