package inspector_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// requestRows are the entries of the page of requests, as one reads them.
func (w *world) requestRows(query string) []string {
	w.T.Helper()
	var rows []string
	for node := range element(w.T, documentOf(w.T, w.page("/sandbox/requests"+query)), "requests").ChildNodes() {
		if node.Type == html.ElementNode {
			rows = append(rows, text(node))
		}
	}
	return rows
}

// TestRequestsPage: newest first, with what came of each call.
func TestRequestsPage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	if rows := w.requestRows(""); len(rows) != 1 || !strings.Contains(rows[0], "No requests yet") {
		t.Errorf("without a call: %q", rows)
	}
	w.OK(w.Get("/v2/user/me", w.Bearer("mina"), "property_keys", `["kakao_account.email"]`))
	sandboxtest.WantFailure(t, w.Get("/v2/local/search/keyword.json", w.Admin(), "query", "x"), 401, "AccessDeniedError")
	w.Control("POST", "faults", `{"route":"POST /v1/user/logout","kakao_error":{"code":-603,"http_status":504}}`)
	w.Control("POST", "faults", `{"route":"POST /v1/user/unlink","perform":true,"reset":true}`)
	w.Control("POST", "faults", `{"route":"GET /v1/user/access_token_info","throttle":{}}`)
	w.Post("/v1/user/logout", w.Bearer("haru"))
	if _, err := w.Do(w.Request("POST", "/v1/user/unlink", w.Bearer("haru"), nil)); err == nil {
		t.Error("the connection was not reset")
	}
	w.Get("/v1/user/access_token_info", w.Bearer("mina"))
	w.Get("/nowhere", "")

	rows := w.requestRows("")
	for i, want := range [][]string{
		{"10:02:03 GET", "/nowhere 404 no credential"},
		{"GET kapi.kakao.com /v1/user/access_token_info 429 -10 fault user token", "The fault answered in place of Kakao"},
		{"POST kapi.kakao.com /v1/user/unlink cut off fault user token", "before the fault spoiled it", `"id": 1377016924426814987`},
		{"POST kapi.kakao.com /v1/user/logout 504 -603 fault user token"},
		{"GET dapi.kakao.com /v2/local/search/keyword.json 401 AccessDeniedError admin key", "query x", "Www-Authenticate KakaoAK"},
		{"GET kapi.kakao.com /v2/user/me 200 user token", `["kakao_account.email"]`, `"email": "mina@example.com"`, "Body: 0 bytes"},
	} {
		for _, part := range want {
			if i >= len(rows) || !strings.Contains(rows[i], part) {
				t.Errorf("row %d lacks %q: %q", i, part, rows[i])
			}
		}
	}
	for query, n := range map[string]int{
		"?only=errors": 5, "?only=faults": 3, "?only=signin": 1, "?text=UNLINK": 1, "?text=access&only=errors": 2, "?text=429": 1, "?text=dapi": 1, "?only=nonsense": 6,
	} {
		if rows := w.requestRows(query); len(rows) != n {
			t.Errorf("%s: %d rows, want %d: %q", query, len(rows), n, rows)
		}
	}
}

// TestOlderRequests: a hundred to a page, and no call is skipped between pages.
func TestOlderRequests(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for i := range 250 {
		w.Get(fmt.Sprintf("/nowhere/%03d", i), "")
	}
	link := func(path, label string) string {
		for node := range element(t, documentOf(t, w.page(path)), "main").Descendants() {
			if href, ok := attribute(node, "href"); ok && text(node) == label {
				return href
			}
		}
		return ""
	}
	var seen []string
	path, pages := "/sandbox/requests?text=nowhere", 0
	for ; path != "" && pages < 10; pages++ {
		at, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range w.requestRows("?" + at.RawQuery) {
			_, rest, _ := strings.Cut(row, "/nowhere/")
			seen = append(seen, rest[:3])
		}
		if pages == 2 {
			if newer := link(path, "Newer"); link(newer, "Newer") == "" || link(newer, "Older") != path {
				t.Errorf("from the last page %s back to %s", path, newer)
			}
		}
		path = link(path, "Older")
	}
	if pages != 3 || len(seen) != 250 || seen[0] != "249" || seen[99] != "150" || seen[100] != "149" || seen[249] != "000" {
		t.Errorf("%d pages, %d calls: %v", pages, len(seen), seen)
	}
}

// TestTheRequestsPageHoldsNoSecret: neither what was sent nor what was answered,
// nor what Kakao's error texts repeat.
func TestTheRequestsPageHoldsNoSecret(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{Disabled: []string{"PUSH_FCM"}})}
	b := w.Browser()
	chooser := b.Authorize("state", "state-to-be-seen")
	code := sandboxtest.RedirectQuery(t, b.Submit(chooser, "/oauth/authorize", "action", "choose", "user", "mina")).Get("code")
	tokens := w.OK(w.Exchange(code))
	w.OK(w.Refresh(tokens["refresh_token"].(string)))
	w.Post("/oauth/tokeninfo", "", "id_token", tokens["id_token"].(string))
	w.OK(w.Get("/v2/user/me", "Bearer "+tokens["access_token"].(string)))
	secrets := map[string]string{
		"code": code, "access token": tokens["access_token"].(string), "refresh token": tokens["refresh_token"].(string),
		"ID token": tokens["id_token"].(string), "client secret": w.Keys.ClientSecret, "REST key": w.Keys.RESTKey,
		"visit": string(sandboxtest.RequestField.FindSubmatch(chooser.Body)[1]), "registered push token": "7e577e577e57" + strings.Repeat("0", 50) + "a1",
	}
	repeat := func(about, secret string, a sandboxtest.Answer) {
		t.Helper()
		secrets[about] = secret
		if !strings.Contains(string(a.Body), secret) {
			t.Errorf("the %s is not repeated, so that this shows nothing: %s", about, a.Body)
		}
	}
	malformed := "not-a-key-but-somebody-s-secret"
	repeat("malformed key", malformed, w.Get("/v1/user/ids", "KakaoAK "+malformed))
	repeat("deactivated key", w.Keys.DeactivatedKey, w.Get("/v1/user/ids", "KakaoAK "+w.Keys.DeactivatedKey))
	repeat("push token", "test-push-token-4711", w.Post("/v2/push/register", w.Admin(), "uuid", "3177000001", "device_id", "d1", "push_type", "fcm", "push_token", "test-push-token-4711"))
	w.Get("/v2/push/tokens", w.Admin(), "uuid", "3177000001")

	referred := w.Request("GET", "/oauth/authorize", "", nil)
	referred.Header.Set("Referer", w.URL+"/oauth/authorize?client_id="+w.Keys.RESTKey)
	b.Do(referred)

	page := string(w.page("/sandbox/requests").Body)
	for about, secret := range secrets {
		if strings.Contains(page, secret) {
			t.Errorf("the page shows the %s", about)
		}
	}
	for _, want := range []string{"state-to-be-seen", "[redacted]", "client_secret", "access_token"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
