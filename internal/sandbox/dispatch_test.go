package sandbox

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// TestAPanicIsOneFailedCall: the connection holds, the log says where, and the
// history has the call.
func TestAPanicIsOneFailedCall(t *testing.T) {
	var log bytes.Buffer
	s, err := New(Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	s.routes.ByKey("GET /v2/user/me").Handle = func(*platform.Request) (any, *platform.Failure) { panic("a fault of the handler") }
	server := httptest.NewServer(s)
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v2/user/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+platform.SeedToken("access", "mina"))
	answer, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	calls := s.state.Calls.Calls
	if answer.StatusCode != http.StatusInternalServerError || len(calls) != 1 || calls[0].Status != http.StatusInternalServerError {
		t.Errorf("status %d, %d calls", answer.StatusCode, len(calls))
	}
	if text := log.String(); !strings.Contains(text, "sandbox panic") || !strings.Contains(text, "dispatch_test.go") {
		t.Errorf("the log says %s", text)
	}
}
