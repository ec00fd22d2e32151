package server

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"
)

// TestPagesAreOpenAndHealthIsNot: where callers have to show a certificate, a
// stranger sees what this is and how to call it, and nothing of how it does.
func TestPagesAreOpenAndHealthIsNot(t *testing.T) {
	e := startEdge(t, "")
	for _, caller := range []struct {
		names  []string
		health int
	}{{nil, http.StatusUnauthorized}, {[]string{frontCaller}, http.StatusOK}} {
		client := e.httpClient(t, caller.names...)
		for path, want := range map[string]int{
			"/": 200, "/openapi.json": 200, "/ui/site.css": 200, "/ui/site.js": 200, "/ui/swagger/": 200, "/ui/swagger/start.js": 200,
			"/ui/health.json": caller.health, "/ui/": 404, "/ui/swagger": 200,
		} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.http+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept", "text/html")
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("%v: %s answers %d, want %d", caller.names, path, response.StatusCode, want)
			}
			if want == http.StatusUnauthorized {
				if f := parseFailure(t, string(body)); f.reason() != "CALLER_UNAUTHENTICATED" {
					t.Errorf("%s is refused as %s", path, f.reason())
				}
			}
			if path == "/" && strings.Contains(string(body), ReadVersion().Go) {
				t.Error("strangers are told what runs here")
			}
		}
	}
}

// TestGRPCUI: off unless it is switched on; then on this machine's own names
// alone, with the interceptors, and not for a page that lies about its origin.
func TestGRPCUI(t *testing.T) {
	off := startScripted(t, nothingDone)
	if code, _, _ := off.do(http.MethodGet, off.ops+"/grpcui/", "", nil); code != http.StatusNotFound {
		t.Errorf("switched off it answers %d", code)
	}
	var reached atomic.Int32
	r := startScripted(t, func(context.Context, string, proto.Message) (proto.Message, error) {
		reached.Add(1)
		return nil, nil
	}, "--ops.grpcui")
	code, header, body := r.do(http.MethodGet, r.ops+"/grpcui/", "", nil)
	if code != http.StatusOK || !strings.Contains(body, "kakao.local.v1.LocalService") || !strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("%d %v", code, header)
	}
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	_, token, _ := strings.Cut(cookie, "=")
	invoke := func(host, query string, header http.Header) (int, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.ops+"/grpcui/invoke/kakao.local.v1.LocalService.SearchKeyword",
			strings.NewReader(`{"metadata":[],"data":[{"query":"`+query+`"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header, request.Host = header, host
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		text, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(text)
	}
	trusted := func() http.Header {
		return http.Header{"Cookie": {cookie}, "X-Grpcui-Csrf-Token": {token}}
	}
	if code, text := invoke("kakaorpc.example", "커피", trusted()); code != http.StatusForbidden {
		t.Errorf("under another name: %d %s", code, text)
	}
	if code, text := invoke("", "커피", http.Header{}); code != http.StatusUnauthorized {
		t.Errorf("without its token: %d %s", code, text)
	}
	if reached.Load() != 0 {
		t.Error("a refused request was a call")
	}
	for _, host := range []string{"", "localhost", "localhost:9091", "[::1]:9091"} {
		if code, text := invoke(host, "커피", trusted()); code != http.StatusOK || strings.Contains(text, `"error": {`) || reached.Swap(0) != 1 {
			t.Errorf("as %q: %d %s", host, code, text)
		}
	}
	// The interceptors: validation, and its details in words.
	code, text := invoke("", "", trusted())
	if code != http.StatusOK || !strings.Contains(text, "REQUEST_INVALID") || reached.Load() != 0 {
		t.Errorf("an invalid request: %d %s", code, text)
	}
	calls := r.log.lines(t, "call")
	if !slices.ContainsFunc(calls, func(line map[string]any) bool { return line["reason"] == "REQUEST_INVALID" }) {
		t.Errorf("the calls are not in the log: %v", calls)
	}
}

func nothingDone(context.Context, string, proto.Message) (proto.Message, error) { return nil, nil }

// TestGRPCUIDescribesSeveralMessagesAtOnce would catch, under the race detector,
// pages that use grpcui's one printer at the same time.
func TestGRPCUIDescribesSeveralMessagesAtOnce(t *testing.T) {
	r := startScripted(t, nothingDone, "--ops.grpcui")
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			code, _, body := r.do(http.MethodGet, r.ops+"/grpcui/metadata?method=kakao.local.v1.LocalService.SearchKeyword", "", nil)
			if code != http.StatusOK || !strings.Contains(body, "category_group_code") {
				t.Errorf("%d %.200s", code, body)
			}
		})
	}
	readers.Wait()
}
