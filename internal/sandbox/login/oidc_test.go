package login_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// verified checks an ID token against the key set as a client would, and
// returns its key ID and claims.
func verified(t *testing.T, w *sandboxtest.World, token string) (string, map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token %q", token)
	}
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var header map[string]string
	var claims map[string]any
	if err := json.Unmarshal(decode(parts[0]), &header); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(decode(parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	if header["alg"] != "RS256" || header["typ"] != "JWT" {
		t.Errorf("header %v", header)
	}
	for _, k := range w.OK(w.Get("/.well-known/jwks.json", ""))["keys"].([]any) {
		key := k.(map[string]any)
		if key["kid"] != header["kid"] {
			continue
		}
		public := rsa.PublicKey{
			N: new(big.Int).SetBytes(decode(key["n"].(string))), E: int(new(big.Int).SetBytes(decode(key["e"].(string))).Int64()),
		}
		sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		if err := rsa.VerifyPKCS1v15(&public, crypto.SHA256, sum[:], decode(parts[2])); err != nil {
			t.Errorf("signature: %v", err)
		}
		if public.N.BitLen() != 2048 || key["e"] != "AQAB" || key["kty"] != "RSA" || key["alg"] != "RS256" || key["use"] != "sig" {
			t.Errorf("key %v", key)
		}
		return header["kid"], claims
	}
	t.Fatalf("no key %q in the set", header["kid"])
	return "", nil
}

func TestIDToken(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	tokens := w.SignIn("haru", map[string]string{"nonce": "n-81"})
	first, claims := verified(t, w, tokens["id_token"].(string))
	for claim, want := range map[string]any{
		"iss": "https://kauth.kakao.com", "aud": w.Keys.RESTKey, "sub": "1377016924426814987", "nonce": "n-81",
		"iat": float64(sandboxtest.Start.Unix()), "exp": float64(sandboxtest.Start.Unix() + 21599), "auth_time": float64(sandboxtest.Start.Unix()),
		"nickname": "하루", "picture": "http://img.sandbox.example/haru_110x110.jpg", "email": "haru@example.com",
	} {
		if claims[claim] != want {
			t.Errorf("%s = %v, want %v", claim, claims[claim], want)
		}
	}
	w.Advance(time.Hour)
	second, claims := verified(t, w, w.OK(w.Refresh(tokens["refresh_token"].(string)))["id_token"].(string))
	if first == second {
		t.Error("both ID tokens are signed by one key")
	}
	if claims["auth_time"] != float64(sandboxtest.Start.Unix()) || claims["iat"] != float64(sandboxtest.Start.Unix()+3600) || claims["nonce"] != nil {
		t.Errorf("claims after a refresh: %v", claims)
	}
	// joon's e-mail is neither agreed to nor verified, his picture not agreed to.
	_, claims = verified(t, w, w.SignIn("joon", map[string]string{"scope": "account_email openid"})["id_token"].(string))
	if claims["email"] != nil || claims["picture"] != nil || claims["nickname"] != "준" {
		t.Errorf("joon's claims: %v", claims)
	}

	off := sandboxtest.New(t, sandbox.Options{Disabled: []string{"openid"}})
	if tokens := off.SignIn("mina", nil); tokens["id_token"] != nil {
		t.Error("an ID token with OpenID Connect switched off")
	}
}

func TestTokenInfo(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	token := w.SignIn("mina", nil)["id_token"].(string)
	info := func(token string) sandboxtest.Answer { return w.Post("/oauth/tokeninfo", "", "id_token", token) }
	if got := w.OK(info(token)); got["sub"] != "3177000001" || got["exp"] != json.Number("1772434922") {
		t.Errorf("claims %v", got)
	}
	parts := strings.Split(token, ".")
	encode := base64.RawURLEncoding.EncodeToString
	claims := func(s string) string { return parts[0] + "." + encode([]byte(s)) + "." + parts[2] }
	for about, c := range map[string]struct{ token, code string }{
		"missing":        {"", "KOE400"},
		"two parts":      {parts[0] + "." + parts[1], "KOE400"},
		"not base64url":  {token + "=", "KOE400"},
		"not JSON":       {claims("x"), "KOE400"},
		"no exp":         {claims(`{"iss":"https://kauth.kakao.com"}`), "KOE400"},
		"other issuer":   {claims(`{"iss":"https://accounts.example.com","exp":1}`), "KOE401"},
		"changed":        {claims(`{"iss":"https://kauth.kakao.com","exp":99999999999}`), "KOE402"},
		"unknown key":    {encode([]byte(`{"alg":"RS256","kid":"x"}`)) + "." + parts[1] + "." + parts[2], "KOE402"},
		"no algorithm":   {encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", "KOE402"},
		"expired forged": {claims(`{"iss":"https://kauth.kakao.com","exp":1}`), "KOE402"},
	} {
		t.Run(about, func(t *testing.T) {
			if o := sandboxtest.WantFailure(t, info(c.token), 400, c.code); o["error"] != "invalid_token" {
				t.Errorf("body %v", o)
			}
		})
	}
	w.Advance(21598 * time.Second)
	w.OK(info(token))
	w.Advance(time.Second)
	sandboxtest.WantFailure(t, info(token), 400, "KOE403")
	sandboxtest.WantFailure(t, w.Post("/oauth/tokeninfo", "Bearer x", "id_token", token), 400, "KOE001")
}

func TestUserInfo(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	mina := w.OK(w.Get("/v1/oidc/userinfo", w.Bearer("mina")))
	for claim, want := range map[string]any{
		"sub": "3177000001", "name": "김미나", "nickname": "미나", "picture": "http://img.sandbox.example/mina_640x640.jpg", "email": "mina@example.com",
		"email_verified": true, "gender": "female", "birthdate": "1994-05-06", "phone_number": "+82 10-0000-0001", "phone_number_verified": true,
	} {
		if mina[claim] != want {
			t.Errorf("%s = %v, want %v", claim, mina[claim], want)
		}
	}
	if haru := w.OK(w.Get("/v1/oidc/userinfo", w.Bearer("haru"))); haru["birthdate"] != "0000-04-15" || haru["phone_number_verified"] != nil {
		t.Errorf("haru: %v", haru)
	}
	if joon := w.OK(w.Get("/v1/oidc/userinfo", w.Bearer("joon"))); len(joon) != 2 {
		t.Errorf("joon: %v", joon)
	}
	w.SignIn("joon", map[string]string{"scope": "birthyear"})
	if joon := w.OK(w.Get("/v1/oidc/userinfo", w.Bearer("joon"))); joon["birthdate"] != "2001" {
		t.Errorf("joon with birth year: %v", joon)
	}
	without := "Bearer " + w.SignIn("mina", map[string]string{"scope": "account_email"})["access_token"].(string)
	if o := sandboxtest.WantFailure(t, w.Get("/v1/oidc/userinfo", without), 403, "-402"); o["required_scopes"].([]any)[0] != "openid" {
		t.Errorf("body %v", o)
	}
}

func TestDocuments(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	discovery := w.OK(w.Get("/.well-known/openid-configuration", ""))
	if discovery["issuer"] != "https://kauth.kakao.com" || discovery["userinfo_endpoint"] != "https://kapi.kakao.com/v1/oidc/userinfo" ||
		discovery["request_uri_parameter_supported"] != false || len(discovery) != 14 {
		t.Errorf("discovery %v", discovery)
	}
	if keys := w.OK(w.Get("/.well-known/jwks.json", ""))["keys"].([]any); len(keys) != 2 {
		t.Errorf("%d keys", len(keys))
	}
	sse := w.OK(w.Get("/.well-known/sse-configuration", ""))
	if _, isText := sse["delivery_methods_supported"].(string); !isText || len(sse) != 3 {
		t.Errorf("sse %v", sse)
	}
	sandboxtest.WantFailure(t, w.Get("/.well-known/jwks.json", "", "v", "2"), 400, "KOE204")
}
