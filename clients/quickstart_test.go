//go:build clients

package clients_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// maxLines is how long a quickstart may be, so that one reads it.
const maxLines = 40

// printed is what every quickstart prints: the user's 19-digit id, which no
// double can hold, a place, and what three details of an error say.
const printed = `하루 is user 1377016924426814987
coffee at 나래커피 광화문점
KAKAO_PARAMETER_INVALID -2 property_keys`

// TestQuickstarts runs what the documents show, as they show it, against a
// server of its own: a line that no longer works, a stub that cannot be
// generated, a detail that is not decoded fail it.
func TestQuickstarts(t *testing.T) {
	server := start(t, nil, "--sandbox", "--grpc.addr=127.0.0.1:0", "--http.addr=127.0.0.1:0", "--ops.addr=127.0.0.1:0")
	// By name, as in production: every address of it is tried.
	target := "KAKAORPC_TARGET=dns:///localhost:" + server.says(t, `gRPC +127\.0\.0\.1:(\d+)`)
	facade := "KAKAORPC_URL=" + server.says(t, `JSON +(http://\S+)`)
	sandbox := server.says(t, `sandbox +(http://\S+)`)
	blocks := pastedBlocks(t)
	for _, l := range languages {
		t.Run(l.name, func(t *testing.T) {
			text, err := os.ReadFile(l.quickstart)
			if err != nil {
				t.Fatal(err)
			}
			if lines := bytes.Count(text, []byte("\n")); lines > maxLines {
				t.Errorf("%s has %d lines; %d are what a reader takes in", l.quickstart, lines, maxLines)
			}
			l.mustHave(t)
			for script, document := range blocks[l.name] {
				command := shell(t, script, target, facade)
				command.Stderr = os.Stderr
				out, err := command.Output()
				if got := last(string(out), 3); err != nil || got != printed {
					t.Errorf("%s:\n%s\n%v; it printed\n%s\nwant\n%s", document, script, err, out, printed)
				}
				t.Logf("%s:\n%s\nprinted\n%s", document, script, last(string(out), 3))
			}
			if greeting := "Hello from " + l.name; !strings.Contains(strings.ToLower(get(t, sandbox+"/__sandbox__/messages")), strings.ToLower(greeting)) {
				t.Errorf("haru has no message %q", greeting)
			}
		})
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, answer.Status, err)
	}
	return string(body)
}
