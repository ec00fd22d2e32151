package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestTheLoginURLToPasteLeadsBackToAPage: whoever signs in by it sees the code, not
// an address that nobody answers.
func TestTheLoginURLToPasteLeadsBackToAPage(t *testing.T) {
	r := begin(t, serve, "(grpcurl", append(loopback, "--sandbox"), nil)
	for line := range strings.Lines(r.stdout.String()) {
		if !strings.Contains(line, "authorize_url") {
			continue
		}
		answer, _ := paste(t, line)
		var login struct{ URL string }
		if err := json.Unmarshal([]byte(answer), &login); err != nil {
			t.Fatalf("%v: %s", err, answer)
		}
		target, err := url.Parse(login.URL)
		if err != nil {
			t.Fatal(err)
		}
		for about, address := range map[string]string{"the sign-in page": login.URL, "the way back": target.Query().Get("redirect_uri")} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			page, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = page.Body.Close()
			if page.StatusCode != http.StatusOK || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
				t.Errorf("%s, %s: %s, %s", about, address, page.Status, page.Header.Get("Content-Type"))
			}
		}
		return
	}
	t.Error("there is no login URL to paste")
}
