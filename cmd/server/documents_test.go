package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

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

// testName is how documents name tests and benchmarks.
var testName = regexp.MustCompile("`((?:Test|Benchmark)[A-Z][A-Za-z0-9]*)`")

// A claim whose test is gone or was renamed.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	var sources strings.Builder
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			sources.WriteString(readFile(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, page := range append(pages, "../../DESIGN.md") {
		for _, match := range testName.FindAllStringSubmatch(readFile(t, page), -1) {
			named++
			if !strings.Contains(sources.String(), "\nfunc "+match[1]+"(") {
				t.Errorf("%s names %s, which is no test", filepath.Base(page), match[1])
			}
		}
	}
	if named < 60 {
		t.Errorf("only %d tests are named", named)
	}
}

// codeBlock is what Markdown shows as it stands.
var codeBlock = regexp.MustCompile("(?s)```.*?```")

// prose is a page without code, in which nothing is a link.
func prose(page string) string {
	return inlineCode.ReplaceAllString(codeBlock.ReplaceAllString(page, ""), "")
}

// link is one to a file of the repository, with or without a fragment.
var link = regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`)

// A link to a file or a section of a document that is not there.
func TestLinksOfDocuments(t *testing.T) {
	var pages []string
	for _, folder := range []string{"../../", "../../docs/"} {
		found, err := filepath.Glob(folder + "*.md")
		if err != nil || len(found) < 4 {
			t.Fatalf("%s: %v: %v", folder, found, err)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		for _, match := range link.FindAllStringSubmatch(prose(readFile(t, page)), -1) {
			target := page
			if match[1] != "" {
				target = filepath.Join(filepath.Dir(page), match[1])
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", filepath.Base(page), match[1])
				continue
			}
			if fragment := strings.TrimPrefix(match[2], "#"); fragment != "" && !anchors(readFile(t, target))[fragment] {
				t.Errorf("%s links to %s%s, where there is no such section", filepath.Base(page), match[1], match[2])
			}
		}
	}
}

// anchors are what GitHub makes of the headings of a page: small letters, digits,
// underscores and hyphens, and hyphens in place of spaces.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for line := range strings.Lines(page) {
		if !strings.HasPrefix(line, "#") {
			continue
		}
		heading := strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "#")))
		found[strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '_', r == '-':
				return r
			}
			return -1
		}, heading)] = true
	}
	return found
}

// inlineCode is a name, a flag or a command within a sentence.
var inlineCode = regexp.MustCompile("`([^`\n]+)`")

// TestReadmesSayTheSame would catch a flag, a header or a service that one
// language has and the other has not.
func TestReadmesSayTheSame(t *testing.T) {
	names := func(page string) map[string]bool {
		found := map[string]bool{}
		for _, match := range inlineCode.FindAllStringSubmatch(codeBlock.ReplaceAllString(readFile(t, "../../"+page), ""), -1) {
			found[match[1]] = true
		}
		return found
	}
	english, korean := names("README.md"), names("README.ko.md")
	for name := range english {
		if !korean[name] {
			t.Errorf("README.ko.md does not have `%s`", name)
		}
	}
	for name := range korean {
		if !english[name] {
			t.Errorf("README.md does not have `%s`", name)
		}
	}
	if len(english) < 60 {
		t.Errorf("only %d names", len(english))
	}
}
