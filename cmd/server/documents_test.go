package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/errorsx/catalogue"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

// printed is what a command line prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := run(process{args: args, stdout: &out, stderr: os.Stderr}); code != 0 {
		t.Fatalf("server %v ended with %d", args, code)
	}
	return out.String()
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A reason, a text or an endpoint that changed without "make generate".
func TestDocumentsAreCurrent(t *testing.T) {
	for name, want := range map[string]string{
		"errors.md":    printed(t, "errors", "--language", "en"),
		"errors.ko.md": printed(t, "errors", "--language", "ko"),
		"migrating.md": readFile(t, "../../tools/migrating.md") + printed(t, "endpoints", "--format", "markdown"),
	} {
		if readFile(t, "../../docs/"+name) != want {
			t.Errorf("docs/%s is not what the server prints: run make generate", name)
		}
	}
}

func TestErrorsAsJSON(t *testing.T) {
	for _, language := range catalogue.Languages() {
		var entries []map[string]any
		if err := json.Unmarshal([]byte(printed(t, "errors", "--format=json", "--language="+string(language))), &entries); err != nil {
			t.Fatal(err)
		}
		if want := len(catalogue.Entries(language)); len(entries) != want {
			t.Errorf("%s: %d entries, want %d", language, len(entries), want)
		}
		for _, entry := range entries {
			for _, name := range []string{"reason", "anchor", "group", "statuses", "what", "cause", "fix", "mends", "retry", "outcome_unknown", "kakao"} {
				if entry[name] == nil {
					t.Errorf("%s: %v has no %s", language, entry["reason"], name)
				}
			}
		}
	}
}

func TestWrongCommandLineOfErrors(t *testing.T) {
	for _, args := range [][]string{{"--format=xml"}, {"--language=fr"}, {"extra"}, {"--unknown"}} {
		var stderr bytes.Buffer
		if code := run(process{args: append([]string{"errors"}, args...), stdout: io.Discard, stderr: &stderr}); code != 2 || stderr.Len() == 0 {
			t.Errorf("server errors %v ended with %d and said %q", args, code, stderr.String())
		}
	}
}

// curlBlock is a code block of a document whose first line says what it is.
var curlBlock = regexp.MustCompile("(?s)```sh\n# (before|after)\n(.*?)```")

// TestCallsOfMigrating makes the calls of docs/migrating.md: those before at the
// sandbox, which stands for Kakao, those after at the server. Both must answer
// with the same data.
func TestCallsOfMigrating(t *testing.T) {
	r := begin(t, serve, "(grpcurl", append(loopback, "--sandbox"), nil)
	kakao, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := kakao.Credentials() // the same in every sandbox
	places := strings.NewReplacer(
		"\\\n", " ",
		"https://kapi.kakao.com", announced(t, r, "sandbox"), "https://dapi.kakao.com", announced(t, r, "sandbox"),
		"http://localhost:8080", announced(t, r, "JSON"),
		"ACCESS_TOKEN", c.Users[0].AccessToken, "REST_API_KEY", c.RESTKey,
	)
	want := []string{`"nickname"`, `"place_name"`, `"result_code":0`}
	blocks := curlBlock.FindAllStringSubmatch(readFile(t, "../../docs/migrating.md"), -1)
	if len(blocks) != 2*len(want) {
		t.Fatalf("%d calls, want %d", len(blocks), 2*len(want))
	}
	for i, block := range blocks {
		if kind := []string{"before", "after"}[i%2]; block[1] != kind {
			t.Errorf("call %d is %s, want %s", i, block[1], kind)
		}
		answer, ok := paste(t, places.Replace(block[2]))
		if !ok || !strings.Contains(answer, want[i/2]) {
			t.Errorf("%s%s answers %s, want %s in it", block[1], block[2], answer, want[i/2])
		}
	}
}

// announced is an address of the banner.
func announced(t *testing.T, r *running, name string) string {
	t.Helper()
	match := regexp.MustCompile(`(?m)^  ` + name + ` +(\S+)`).FindStringSubmatch(r.stdout.String())
	if match == nil {
		t.Fatalf("the banner has no %s:\n%s", name, r.stdout.String())
	}
	return match[1]
}
