package sandbox_test

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
)

func TestKakaoErrorFault(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
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
		w.control("POST", "faults", `{"route":"GET /v2/user/me","kakao_error":`+c.fault+`}`)
		a := w.get("/v2/user/me", w.bearer("mina"))
		if a.status != c.status || string(a.body) != c.body {
			t.Errorf("%s: %d %s", c.fault, a.status, a.body)
		}
		if (c.status == 401) != (a.header.Get("WWW-Authenticate") == "Bearer error=invalid_token") {
			t.Errorf("%s: challenge %q", c.fault, a.header.Get("WWW-Authenticate"))
		}
		w.ok(w.get("/v2/user/me", w.bearer("mina"))) // once only
	}
	w.control("POST", "faults", `{"route":"GET /oauth/authorize","kakao_error":{"code":"KOE004"}}`)
	if a := w.get("/oauth/authorize", ""); a.status != 400 || !strings.Contains(string(a.body), "KOE004") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("a fault of a page: %d %s", a.status, a.body)
	}
}

func TestHTTPFault(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.control("POST", "faults", `{"route":"POST /v1/user/unlink","perform":true,"http":{"status":502,"body":"<html>bad gateway</html>","headers":{"Server":"nginx"}}}`)
	a := w.post("/v1/user/unlink", w.bearer("mina"))
	if a.status != 502 || string(a.body) != "<html>bad gateway</html>" || a.header.Get("Server") != "nginx" || a.header.Get("Content-Type") != "text/html;charset=UTF-8" {
		t.Errorf("%d %s %v", a.status, a.body, a.header)
	}
	// The call took effect all the same.
	wantFailure(t, w.post("/v1/user/unlink", w.bearer("mina")), 401, "-401")

	w.control("POST", "faults", `{"route":"POST /v1/user/unlink","http":{"status":200,"body":"","content_type":"text/plain"}}`)
	if a := w.post("/v1/user/unlink", w.bearer("joon")); a.status != 200 || len(a.body) != 0 {
		t.Errorf("%d %s", a.status, a.body)
	}
	w.ok(w.post("/v1/user/unlink", w.bearer("joon")))
}

func TestThrottleFault(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.control("POST", "faults", `{"route":"*","times":0,"throttle":{"retry_after_seconds":7}}`)
	wantFailure(t, w.get("/v2/user/me", ""), 429, "-10")
	wantFailure(t, w.get("/v2/local/search/keyword.json", ""), 429, "RequestThrottled")
	a := w.post("/oauth/token", "")
	wantFailure(t, a, 429, "KOE237")
	if a.header.Get("Retry-After") != "7" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	faults := w.control("GET", "faults", "")["faults"].([]any)
	if one := faults[0].(map[string]any); one["fired"] != json.Number("3") || one["left"] != nil {
		t.Errorf("faults %v", faults)
	}
	if cleared := w.control("DELETE", "faults", "")["cleared"]; cleared != json.Number("1") {
		t.Errorf("cleared %v", cleared)
	}
	w.ok(w.get("/v2/user/me", w.bearer("mina")))
}

func TestDelayFaults(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.control("POST", "faults", `{"route":"GET /v2/user/me","delay_before_headers_ms":50}`)
	begin := time.Now()
	w.ok(w.get("/v2/user/me", w.bearer("mina")))
	if took := time.Since(begin); took < 50*time.Millisecond {
		t.Errorf("took %s", took)
	}

	w.control("POST", "faults", `{"route":"GET /v2/user/me","delay_mid_body_ms":50}`)
	response, err := client.Do(w.request(http.MethodGet, "/v2/user/me", w.bearer("mina"), nil))
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
	w.control("POST", "faults", `{"route":"GET /v2/user/me","delay_before_headers_ms":600000}`)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := w.do(w.request(http.MethodGet, "/v2/user/me", w.bearer("mina"), nil).WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestBrokenConnectionFaults(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.control("POST", "faults", `{"route":"POST /v1/user/logout","reset":true,"perform":true}`)
	if _, err := w.do(w.request(http.MethodPost, "/v1/user/logout", w.bearer("mina"), nil)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reset: %v", err)
	}
	wantFailure(t, w.post("/v1/user/logout", w.bearer("mina")), 401, "-401") // it was performed

	w.control("POST", "faults", `{"route":"POST /v1/user/logout","truncate":true}`)
	response, err := client.Do(w.request(http.MethodPost, "/v1/user/logout", w.bearer("joon"), nil))
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
	w := newWorld(t, sandbox.Options{})
	const size = 3<<20 + 17
	w.control("POST", "faults", fmt.Sprintf(`{"route":"GET /v2/user/me","huge_body_bytes":%d}`, size))
	a := w.get("/v2/user/me", w.bearer("mina"))
	if a.status != 200 || len(a.body) != size || !json.Valid(a.body) {
		t.Errorf("status %d, %d bytes", a.status, len(a.body))
	}
	// The largest one, by a caller that stops reading.
	w.control("POST", "faults", `{"route":"GET /v2/user/me","huge_body_bytes":1073741824}`)
	response, err := client.Do(w.request(http.MethodGet, "/v2/user/me", w.bearer("mina"), nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, response.Body, 1<<16); err != nil {
		t.Error(err)
	}
	_ = response.Body.Close()
	w.ok(w.get("/v2/user/me", w.bearer("mina")))
}

func TestFaultsFireInOrder(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.control("POST", "faults", `{"route":"GET /v2/user/me","times":2,"kakao_error":{"code":-1}}`)
	w.control("POST", "faults", `{"route":"POST /v2/user/me","kakao_error":{"code":-7}}`)
	for _, code := range []string{"-1", "-1", "-7"} {
		wantFailure(t, w.get("/v2/user/me", w.bearer("mina")), 400, code)
		w.ok(w.get("/v1/user/access_token_info", w.bearer("mina"))) // other routes are left alone
	}
	w.ok(w.get("/v2/user/me", w.bearer("mina")))
	faults := w.control("GET", "faults", "")["faults"].([]any)
	if one := faults[0].(map[string]any); len(faults) != 2 || one["fired"] != json.Number("2") || one["left"] != json.Number("0") {
		t.Errorf("faults %v", faults)
	}
}

func TestBadFaults(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
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
		a := w.controlRaw("POST", "faults", body)
		o := a.object(t)
		got, _ := o["field"].(string)
		if a.status != http.StatusBadRequest || o["error"] == "" || got != field {
			t.Errorf("%s: %d %s, want field %q", body, a.status, a.body, field)
		}
	}
	if faults := w.control("GET", "faults", "")["faults"].([]any); len(faults) != 0 {
		t.Errorf("armed all the same: %v", faults)
	}
}

func TestConcurrentCalls(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 10 {
				for _, r := range []*http.Request{
					w.request(http.MethodGet, "/v2/user/me", w.bearer("mina"), nil),
					w.request(http.MethodPost, "/v1/user/update_profile", w.bearer("mina"), values("properties", fmt.Sprintf(`{"tier":"%d"}`, i))),
					w.request(http.MethodGet, "/__sandbox__/state", "", nil),
					w.request(http.MethodGet, "/__sandbox__/calls", "", nil),
					w.request(http.MethodGet, "/", "", nil),
				} {
					if a, err := w.do(r); err != nil || a.status != http.StatusOK {
						t.Errorf("%s: %d %v", r.URL.Path, a.status, err)
					}
				}
			}
		})
	}
	wg.Wait()
}
