package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

func TestStartAndClose(t *testing.T) {
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "127.0.0.1"} {
		if _, err := s.Start(addr); err == nil {
			t.Errorf("listens on %q", addr)
		}
	}
	server, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &sandboxtest.World{T: t, URL: server.URL(), Keys: s.Credentials()}
	w.OK(w.Get("/v2/user/me", w.Bearer("mina")))
	if _, err := s.Start(strings.TrimPrefix(server.URL(), "http://")); err == nil {
		t.Error("listens on a taken port")
	}

	// Close does not wait for a fault's delay.
	w.Control("POST", "faults", `{"route":"GET /v2/user/me","delay_before_headers_ms":600000}`)
	ended := make(chan error, 1)
	go func() {
		_, err := w.Do(w.Request(http.MethodGet, "/v2/user/me", w.Bearer("mina"), nil))
		ended <- err
	}()
	for len(w.Control("GET", "calls", "")["calls"].([]any)) < 2 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range 2 {
		if err := server.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	<-ended
	if err := server.Wait(); err != nil {
		t.Errorf("Wait: %v", err)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for path, status := range map[string]int{
		"/v3/user/me": 404, "/v2/user/me/": 404, "/v2/user/me%2f": 404, "/v2//user/me": 404, "/v1/user/unlink": 405, "/oauth/token": 405,
		"/v2/local/search/keyword.a/b": 404,
	} {
		a := w.Get(path, w.Bearer("mina"))
		if a.Status != status || a.Object(t)["error"] == nil {
			t.Errorf("GET %s: %d %s", path, a.Status, a.Body)
		}
		if (status == 405) != (a.Header.Get("Allow") == "POST") {
			t.Errorf("GET %s: Allow %q", path, a.Header.Get("Allow"))
		}
	}
	big := w.Post("/v2/user/me", w.Bearer("mina"), "property_keys", strings.Repeat("x", 1<<20))
	if big.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over 1 MiB: %d", big.Status)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, options := range []sandbox.Options{
		{Disabled: []string{"nope"}},
		{DailyQuota: map[string]int{"GET /nope": 1}},
		{DailyQuota: map[string]int{"POST /v2/user/me": 1}},
		{DailyQuota: map[string]int{"GET /v2/user/me": 0}},
	} {
		if _, err := sandbox.New(options); err == nil {
			t.Errorf("%+v: no error", options)
		}
	}
}
