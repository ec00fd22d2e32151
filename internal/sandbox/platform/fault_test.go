package platform_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestKakaoErrorFault(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for _, c := range []struct {
		fault  string
		status int
		body   string
	}{
		{`{"code":-10}`, 400, `{"code":-10,"msg":"API limit has been exceeded."}`},
		{`{"code":-10,"http_status":429,"message":"slow"}`, 429, `{"code":-10,"msg":"slow"}`},
		{`{"code":-402,"members":{"required_scopes":["friends"]}}`, 403, `{"code":-402,"msg":"insufficient scopes.","required_scopes":["friends"]}`},
		{`{"code":-813,"members":{"extras":{"detailCode":31001}}}`, 400, `{"code":-813,"extras":{"detailCode":31001},"msg":"sandbox failure"}`},
		{`{"code":"KOE322"}`, 400, `{"error":"invalid_grant","error_code":"KOE322","error_description":"expired_or_invalid_refresh_token"}`},
		{`{"code":"RequestThrottled"}`, 429, `{"errorType":"RequestThrottled","message":"API limit has been exceeded."}`},
		{`{"code":-401,"message":"ip mismatched! callerIp=192.0.2.1. check out registered ips."}`, 401, `{"code":-401,"msg":"ip mismatched! callerIp=192.0.2.1. check out registered ips."}`},
	} {
		w.Control("POST", "faults", `{"route":"GET /v2/user/me","kakao_error":`+c.fault+`}`)
		a := w.Get("/v2/user/me", w.Bearer("mina"))
		if a.Status != c.status || string(a.Body) != c.body {
			t.Errorf("%s: %d %s", c.fault, a.Status, a.Body)
		}
		if (c.status == 401) != (a.Header.Get("WWW-Authenticate") == "Bearer error=invalid_token") {
			t.Errorf("%s: challenge %q", c.fault, a.Header.Get("WWW-Authenticate"))
		}
		w.OK(w.Get("/v2/user/me", w.Bearer("mina"))) // once only
	}
	w.Control("POST", "faults", `{"route":"GET /oauth/authorize","kakao_error":{"code":"KOE004"}}`)
	if a := w.Get("/oauth/authorize", ""); a.Status != 400 || !strings.Contains(string(a.Body), "KOE004") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		t.Errorf("a fault of a page: %d %s", a.Status, a.Body)
	}
}

func TestHTTPFault(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	w.Control("POST", "faults", `{"route":"POST /v1/user/unlink","perform":true,"http":{"status":502,"body":"<html>bad gateway</html>","headers":{"Server":"nginx"}}}`)
	a := w.Post("/v1/user/unlink", w.Bearer("mina"))
	if a.Status != 502 || string(a.Body) != "<html>bad gateway</html>" || a.Header.Get("Server") != "nginx" || a.Header.Get("Content-Type") != "text/html;charset=UTF-8" {
		t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
	}
	// The call took effect all the same.
	sandboxtest.WantFailure(t, w.Post("/v1/user/unlink", w.Bearer("mina")), 401, "-401")

	w.Control("POST", "faults", `{"route":"POST /v1/user/unlink","http":{"status":200,"body":"","content_type":"text/plain"}}`)
	if a := w.Post("/v1/user/unlink", w.Bearer("joon")); a.Status != 200 || len(a.Body) != 0 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	w.OK(w.Post("/v1/user/unlink", w.Bearer("joon")))
}

func TestThrottleFault(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	w.Control("POST", "faults", `{"route":"*","times":0,"throttle":{"retry_after_seconds":7}}`)
	sandboxtest.WantFailure(t, w.Get("/v2/user/me", ""), 429, "-10")
	sandboxtest.WantFailure(t, w.Get("/v2/local/search/keyword.json", ""), 429, "RequestThrottled")
	a := w.Post("/oauth/token", "")
	sandboxtest.WantFailure(t, a, 429, "KOE237")
	if a.Header.Get("Retry-After") != "7" {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
	faults := w.Control("GET", "faults", "")["faults"].([]any)
	if one := faults[0].(map[string]any); one["fired"] != json.Number("3") || one["left"] != nil {
		t.Errorf("faults %v", faults)
	}
	if cleared := w.Control("DELETE", "faults", "")["cleared"]; cleared != json.Number("1") {
		t.Errorf("cleared %v", cleared)
	}
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
}

func TestDelayFaults(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	w.Control("POST", "faults", `{"route":"GET /v2/user/me","delay_before_headers_ms":50}`)
	begin := time.Now()
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
	if took := time.Since(begin); took < 50*time.Millisecond {
		t.Errorf("took %s", took)
	}

	w.Control("POST", "faults", `{"route":"GET /v2/user/me","delay_mid_body_ms":50}`)
	response, err := sandboxtest.Client.Do(w.Request(http.MethodGet, "/v2/user/me", w.Bearer("mina"), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	first := make([]byte, 1)
	if _, err := io.ReadFull(response.Body, first); err != nil || first[0] != '{' {
		t.Fatalf("first byte %q: %v", first, err)
	}
	begin = time.Now()
	rest, err := io.ReadAll(response.Body)
	if err != nil || !json.Valid(append(first, rest...)) {
		t.Errorf("rest %s: %v", rest, err)
	}
	if took := time.Since(begin); took < 25*time.Millisecond {
		t.Errorf("the second half came after %s", took)
	}

	// A caller that gives up is not waited for.
	w.Control("POST", "faults", `{"route":"GET /v2/user/me","delay_before_headers_ms":600000}`)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := w.Do(w.Request(http.MethodGet, "/v2/user/me", w.Bearer("mina"), nil).WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestBrokenConnectionFaults(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	w.Control("POST", "faults", `{"route":"POST /v1/user/logout","reset":true,"perform":true}`)
	if _, err := w.Do(w.Request(http.MethodPost, "/v1/user/logout", w.Bearer("mina"), nil)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reset: %v", err)
	}
	sandboxtest.WantFailure(t, w.Post("/v1/user/logout", w.Bearer("mina")), 401, "-401") // it was performed

	w.Control("POST", "faults", `{"route":"POST /v1/user/logout","truncate":true}`)
	response, err := sandboxtest.Client.Do(w.Request(http.MethodPost, "/v1/user/logout", w.Bearer("joon"), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(body) != `{"id":31` || response.ContentLength != int64(len(`{"id":3177000002}`)) {
		t.Errorf("truncated: %q of %d, %v", body, response.ContentLength, err)
	}
}

func TestHugeBodyFault(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	const size = 3<<20 + 17
	w.Control("POST", "faults", fmt.Sprintf(`{"route":"GET /v2/user/me","huge_body_bytes":%d}`, size))
	a := w.Get("/v2/user/me", w.Bearer("mina"))
	if a.Status != 200 || len(a.Body) != size || !json.Valid(a.Body) {
		t.Errorf("status %d, %d bytes", a.Status, len(a.Body))
	}
	// The largest one, by a caller that stops reading.
	w.Control("POST", "faults", `{"route":"GET /v2/user/me","huge_body_bytes":1073741824}`)
	response, err := sandboxtest.Client.Do(w.Request(http.MethodGet, "/v2/user/me", w.Bearer("mina"), nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, response.Body, 1<<16); err != nil {
		t.Error(err)
	}
	_ = response.Body.Close()
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
}

func TestFaultsFireInOrder(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	w.Control("POST", "faults", `{"route":"GET /v2/user/me","times":2,"kakao_error":{"code":-1}}`)
	w.Control("POST", "faults", `{"route":"POST /v2/user/me","kakao_error":{"code":-7}}`)
	for _, code := range []string{"-1", "-1", "-7"} {
		sandboxtest.WantFailure(t, w.Get("/v2/user/me", w.Bearer("mina")), 400, code)
		w.OK(w.Get("/v1/user/access_token_info", w.Bearer("mina"))) // other routes are left alone
	}
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
	faults := w.Control("GET", "faults", "")["faults"].([]any)
	if one := faults[0].(map[string]any); len(faults) != 2 || one["fired"] != json.Number("2") || one["left"] != json.Number("0") {
		t.Errorf("faults %v", faults)
	}
}

func TestBadFaults(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for body, field := range map[string]string{
		`{"route":"GET /nope","reset":true}`:             "route",
		`{"route":"/v2/user/me","reset":true}`:           "route",
		`{"route":"POST /oauth/authorize","reset":true}`: "route",
		`{"reset":true}`:                                           "route",
		`{"route":"*","times":-1,"reset":true}`:                    "times",
		`{"route":"*","times":1.5,"reset":true}`:                   "times",
		`{"route":"*","kakao_error":{"code":true}}`:                "kakao_error.code",
		`{"route":"*","kakao_error":{"code":-1.5}}`:                "kakao_error.code",
		`{"route":"*","kakao_error":{}}`:                           "kakao_error.code",
		`{"route":"*","kakao_error":{"code":"a b"}}`:               "kakao_error.code",
		`{"route":"*","kakao_error":{"code":-1,"http_status":99}}`: "kakao_error.http_status",
		`{"route":"*","http":{"body":"x"}}`:                        "http.status",
		`{"route":"*","http":{"status":101}}`:                      "http.status",
		`{"route":"*","delay_before_headers_ms":-1}`:               "delay_before_headers_ms",
		`{"route":"*","delay_mid_body_ms":600001}`:                 "delay_mid_body_ms",
		`{"route":"*","huge_body_bytes":1073741825}`:               "huge_body_bytes",
		`{"route":"*","huge_body_bytes":1}`:                        "huge_body_bytes",
		`{"route":"*","throttle":{"retry_after_seconds":-1}}`:      "throttle.retry_after_seconds",
		`{"route":"*","truncate":true,"perform":true}`:             "perform",
		`{"route":"*","nope":true}`:                                "nope",
		`{"route":"*","http":{"status":500,"nope":1}}`:             "nope",
		`{"route":"*","http":{"status":"500"}}`:                    "http.status",
		`{"route":"*"}`:                                            "",
		`{"route":"*","reset":true,"truncate":true}`:               "",
		`[]`:                            "",
		`{"route":"*","reset":true} {}`: "",
		``:                              "",
	} {
		a := w.ControlRaw("POST", "faults", body)
		o := a.Object(t)
		got, _ := o["field"].(string)
		if a.Status != http.StatusBadRequest || o["error"] == "" || got != field {
			t.Errorf("%s: %d %s, want field %q", body, a.Status, a.Body, field)
		}
	}
	if faults := w.Control("GET", "faults", "")["faults"].([]any); len(faults) != 0 {
		t.Errorf("armed all the same: %v", faults)
	}
}

func TestConcurrentCalls(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 10 {
				for _, r := range []*http.Request{
					w.Request(http.MethodGet, "/v2/user/me", w.Bearer("mina"), nil),
					w.Request(http.MethodPost, "/v1/user/update_profile", w.Bearer("mina"), sandboxtest.Values("properties", fmt.Sprintf(`{"tier":"%d"}`, i))),
					w.Request(http.MethodGet, "/__sandbox__/state", "", nil),
					w.Request(http.MethodGet, "/__sandbox__/calls", "", nil),
					w.Request(http.MethodGet, "/", "", nil),
				} {
					if a, err := w.Do(r); err != nil || a.Status != http.StatusOK {
						t.Errorf("%s: %d %v", r.URL.Path, a.Status, err)
					}
				}
			}
		})
	}
	wg.Wait()
}
