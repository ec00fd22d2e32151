package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		main()
	}
	goleak.VerifyTestMain(m)
}

// buffer can be read while a command writes it.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// running is a command that has not ended.
type running struct {
	stdout, stderr buffer
}

// begin runs a command until the test ends, and waits until it has printed a
// line that starts with ready.
func begin(t *testing.T, command func(context.Context, process) error, ready string, args, environ []string) *running {
	t.Helper()
	r := &running{}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- command(ctx, process{args: args, environ: environ, stdout: &r.stdout, stderr: &r.stderr})
	}()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the command ended with %v", err)
		}
	})
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if strings.HasPrefix(r.stdout.String(), ready) || strings.Contains(r.stdout.String(), "\n"+ready) {
			return r
		}
	}
	t.Fatalf("no line %q after 10s:\n%s%s", ready, r.stdout.String(), r.stderr.String())
	return nil
}

var loopback = []string{"--grpc.addr=127.0.0.1:0", "--http.addr=127.0.0.1:0", "--ops.addr=127.0.0.1:0", "--shutdown.grace=0s"}

// TestEveryLineToPasteAnswersWithData starts the server as the README says and
// does what each line of the banner does.
func TestEveryLineToPasteAnswersWithData(t *testing.T) {
	r := begin(t, serve, "(grpcurl", append(loopback, "--sandbox"), nil)
	want := map[string]string{ // a part of the line -> a part of the answer
		"/user/v1/me'":         `"nickname"`,
		"shipping_addresses":   `"base_address"`,
		"/user/v1/me/scopes":   `"agreed"`,
		"/talk/v1/friends":     `"profile_nickname"`,
		"messages:sendToMe":    `"result_code":0`,
		"/calendar/v1/events":  `"events":[{`,
		"/search/v1/books":     `"isbn"`,
		"searchKeyword":        `"place_name"`,
		"addresses:search":     `"address_name"`,
		"transform":            `"x"`,
		"authorize_url":        `/oauth/authorize?`,
		"/readyz":              "ok",
		"list\n":               "kakao.user.v1.UserService",
		"Health/Check":         `SERVING`,
		"UserService/GetMe":    `"nickname"`,
		"Service/SearchKeywor": `"place_name"`,
	}
	pasted := 0
	for line := range strings.Lines(r.stdout.String()) {
		answer, ok := paste(t, line)
		if !ok {
			continue
		}
		pasted++
		for part, data := range want {
			if strings.Contains(line, part) {
				if !strings.Contains(answer, data) {
					t.Errorf("%s answers without %s:\n%s", strings.TrimSpace(line), data, answer)
				}
				delete(want, part)
			}
		}
	}
	if len(want) > 0 || pasted < 16 {
		t.Errorf("%d lines to paste; none for %v\n%s", pasted, want, r.stdout.String())
	}
	for _, user := range []string{"mina", "joon", "haru"} {
		if !strings.Contains(r.stdout.String(), "test-access-token-"+user) {
			t.Errorf("the banner lacks %s's token", user)
		}
	}
	if strings.Contains(r.stderr.String(), "test-access-token") {
		t.Errorf("the log holds a token:\n%s", r.stderr.String())
	}
	t.Logf("%d lines pasted", pasted)
}

// TestTheSandboxAloneSaysHowToUseIt starts the sandbox, then a server with the
// environment that it printed.
func TestTheSandboxAloneSaysHowToUseIt(t *testing.T) {
	alone := begin(t, dispatch, "KAKAORPC_KAKAO_BASE_URL=", []string{"sandbox", "--addr", "127.0.0.1:0"}, nil)
	var environ []string
	var token string
	for line := range strings.Lines(alone.stdout.String()) {
		for _, word := range strings.Fields(line) {
			if strings.HasPrefix(word, "KAKAORPC_") {
				environ = append(environ, word)
			}
			if token == "" && strings.HasPrefix(word, "test-access-token-") {
				token = word
			}
		}
	}
	if len(environ) != 7 || token == "" {
		t.Fatalf("environment %q, token %q:\n%s", environ, token, alone.stdout.String())
	}
	r := begin(t, serve, "  ops", loopback, environ)
	address := after(r.stdout.String(), "JSON")
	if answer := curl(t, []string{"-H", "authorization: Bearer " + token, address + "/user/v1/me"}); !strings.Contains(answer, `"nickname"`) {
		t.Errorf("a server on the sandbox answers %s", answer)
	}
	if strings.Contains(r.stdout.String(), "KAKAORPC_APPS_") {
		t.Errorf("all is configured, and yet:\n%s", r.stdout.String())
	}
}

// after returns the word behind a label of the banner.
func after(text, label string) string {
	words := strings.Fields(text)
	for i, word := range words[:len(words)-1] {
		if word == label {
			return words[i+1]
		}
	}
	return ""
}

func TestWithoutKeysTheServerSaysWhatItCannotDo(t *testing.T) {
	r := begin(t, serve, "  ops", loopback, nil)
	for _, part := range []string{"every call is refused, also with a user's token", "KAKAORPC_APPS_DEFAULT_REST_API_KEY", "admin_key", "client_secret"} {
		if !strings.Contains(r.stdout.String(), part) {
			t.Errorf("the banner does not speak of %s:\n%s", part, r.stdout.String())
		}
	}
	for _, call := range [][]string{{"/local/v1/addresses:search?query=a"}, {"/user/v1/me", "-H", "authorization: Bearer test-access-token"}} {
		call[0] = after(r.stdout.String(), "JSON") + call[0]
		if answer := curl(t, call); !strings.Contains(answer, "APP_UNKNOWN") {
			t.Errorf("%q without a key: %s", call, answer)
		}
	}
}

func TestASandboxKeepsRealKeysOut(t *testing.T) {
	const realKey = "7e577e57cccc0001"
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(realKey), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{"KAKAORPC_APPS_DEFAULT_REST_API_KEY=" + realKey, "KAKAORPC_APPS_SHOP_REST_API_KEY=" + realKey, "KAKAORPC_APPS_FILED_REST_API_KEY_FILE=" + file}
	r := begin(t, serve, "(grpcurl", append(loopback, "--sandbox", "--reload.interval=10ms"), environ)
	for _, app := range []string{"default", "shop", "filed"} {
		call := []string{"-G", after(r.stdout.String(), "JSON") + "/local/v1/addresses:search", "-d", "query=종로구", "-H", "x-kakao-app: " + app}
		if answer := curl(t, call); strings.Contains(answer, `"code"`) {
			t.Errorf("the sandbox's key is not used for app %s: %s", app, answer)
		}
	}
	const told = "--sandbox: stands in place of Kakao for every app: the keys that are configured for the apps default, filed, shop are not used"
	code, report, _ := checked(t, environ, "--sandbox", "--show")
	if code != 0 || !strings.Contains(report, told) || strings.Contains(report, "rest_api_key [redacted]") {
		t.Errorf("check does not say which keys count, exit code %d:\n%s", code, report)
	}
	if strings.Count(r.stdout.String(), told) != 1 || !strings.Contains(r.stderr.String(), "the apps default, filed, shop are not used") {
		t.Errorf("nobody says that the configured keys are not used:\n%s%s", r.stdout.String(), r.stderr.String())
	}
	if strings.Contains(r.stdout.String()+r.stderr.String()+report, realKey) {
		t.Error("the real key is printed")
	}
}

// TestASandboxThatClosesEndsTheServerToo, and one that does not leaves its end to
// whoever asked for it.
func TestASandboxThatClosesEndsTheServerToo(t *testing.T) {
	bounded, enough := context.WithTimeout(t.Context(), 10*time.Second)
	defer enough()
	closed := &localKakao{ended: make(chan error, 1)}
	closed.ended <- nil
	if err := closed.behind(bounded, func(ctx context.Context) error { <-ctx.Done(); return nil }); !errors.Is(err, errNoSandbox) {
		t.Errorf("the server ended with %v", err)
	}
	failed := errors.New("a listener failed")
	up := &localKakao{ended: make(chan error)}
	if err := up.behind(bounded, func(context.Context) error { return failed }); !errors.Is(err, failed) || errors.Is(err, errNoSandbox) {
		t.Errorf("the end of the server itself: %v", err)
	}
	if err := up.behind(bounded, func(context.Context) error { return nil }); err != nil {
		t.Errorf("an orderly end: %v", err)
	}
}

func TestCommandsAndTheirExitCodes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	const key = "7e577e57cccc0002"
	for _, row := range []struct {
		title          string
		args           []string
		environ        []string
		code           int
		stdout, stderr string
	}{
		{"version", []string{"version"}, nil, 0, "kakaorpc ", ""},
		{"help", []string{"--help"}, nil, 0, "--kakao.base_url", ""},
		{"help of serve", []string{"serve", "--help"}, nil, 0, "--kakao.base_url", ""},
		{"short help", []string{"-h"}, nil, 0, "--kakao.base_url", ""},
		{"version as a flag", []string{"--version"}, nil, 0, "kakaorpc ", ""},
		{"help of endpoints", []string{"endpoints", "--help"}, nil, 0, "--format text|json", ""},
		{"help of sandbox", []string{"sandbox", "-h"}, nil, 0, "--addr ADDRESS", ""},
		{"help of check", []string{"check", "--help"}, nil, 0, "--reach", ""},
		{"help of completion", []string{"completion", "--help"}, nil, 0, "bash, fish, zsh", ""},
		{"help of help", []string{"help", "--help"}, nil, 0, "server help deadlines", ""},
		{"help of version", []string{"version", "--help"}, nil, 0, "print the version", ""},
		{"overview", []string{"help"}, nil, 0, "completion", ""},
		{"help on a command", []string{"help", "check"}, nil, 0, "--timeout DURATION", ""},
		{"help on a topic", []string{"help", "deadlines"}, nil, 0, "--deadline.shave DURATION", ""},
		{"help on a flag", []string{"help", "--grpc.addr"}, nil, 0, "KAKAORPC_GRPC_ADDR", ""},
		{"help on a flag with dashes", []string{"help", "allow-admin-without-policy"}, nil, 0, "KAKAORPC_ALLOW_ADMIN_WITHOUT_POLICY", ""},
		{"help on a variable", []string{"help", "KAKAORPC_CACHE_LIFE"}, nil, 0, "--cache.life", ""},
		{"help on nothing", []string{"help", "deadlnes"}, nil, 2, "", "no such command, topic or flag; did you mean deadlines?"},
		{"help on a secret", []string{"help", key}, nil, 2, "", "no such command, topic or flag\n"},
		{"no such command", []string{key}, nil, 2, "", "endpoints"},
		{"near a command", []string{"endponts"}, nil, 2, "", "did you mean endpoints?"},
		{"near a shell", []string{"completion", "bsh"}, nil, 2, "", "SHELL: want one of bash, fish, zsh; did you mean bash?"},
		{"no shell", []string{"completion"}, nil, 2, "", "SHELL: want one of bash, fish, zsh"},
		{"near a format", []string{"endpoints", "--format=jsn"}, nil, 2, "", "--format: want one of text, json, markdown; did you mean json?"},
		{"near a flag of a command", []string{"sandbox", "--adr=127.0.0.1:0"}, nil, 2, "", "sandbox has no such flag; did you mean --addr?"},
		{"beginning of a flag", []string{"errors", "--lang=ko"}, nil, 2, "", "errors has no such flag; did you mean --language?"},
		{"flag without value", []string{"sandbox", "--addr"}, nil, 2, "", "--addr: has no value; want ADDRESS"},
		{"version with too much", []string{"version", "x"}, nil, 2, "", "version takes no arguments"},
		{"version with one dash", []string{"-version"}, nil, 0, "kakaorpc ", ""},
		{"version as a letter", []string{"-v"}, nil, 2, "", "--v: is no flag here; server --version, alone, and server version print the version"},
		{"version behind a flag", []string{"--insecure", "--version"}, nil, 2, "", "server version print the version"},
		{"flag of another command", []string{"--reach"}, nil, 2, "", "--reach: is a flag of server check\n"},
		{"flag of three other commands", []string{"--format=json"}, nil, 2, "", "--format: is a flag of server check, server endpoints, server errors\n"},
		{"far from every shell", []string{"completion", "tcsh"}, nil, 2, "", "SHELL: want one of bash, fish, zsh\n"},
		{"help on a section", []string{"help", "grpc"}, nil, 0, "--grpc.max_connection_age DURATION", ""},
		{"help on a section with its topic", []string{"help", "tls"}, nil, 0, "server help callers has all of it", ""},
		{"help on a deeper section", []string{"help", "kakao.hosts"}, nil, 0, "--kakao.hosts.kapi URL", ""},
		{"help on many variables", []string{"help", "KAKAORPC_DEADLINE_READ"}, nil, 0, "--deadline.read.max DURATION", ""},
		{"help on an app", []string{"help", "apps.default"}, nil, 0, "(no flag) apps.<name>.admin_key", ""},
		{"help on a key of an app", []string{"help", "apps.default.admin_key"}, nil, 0, "KAKAORPC_APPS_<NAME>_ADMIN_KEY", ""},
		{"help on another word for a topic", []string{"help", "upstream"}, nil, 0, "--retry.attempts NUMBER", ""},
		{"near a value", []string{"--log.level=dbug"}, nil, 2, "", "did you mean debug?"},
		{"command behind flags", []string{"--sandbox", "--insecure", "check"}, nil, 2, "", "a command stands before them"},
		{"certificate that is not there", []string{"--tls.cert_file=/nowhere/c.pem", "--tls.key_file=/nowhere/k.pem"}, nil, 2, "", "--tls.key_file: cannot read the certificate's key: open /nowhere/k.pem"},
		{"policy that is not there", []string{"--tls.cert_file=/nowhere/c.pem", "--tls.key_file=/nowhere/k.pem", "--tls.client_ca_file=/nowhere/a.pem"},
			[]string{"KAKAORPC_AUTHZ_POLICY_FILE=/nowhere/p.yaml"}, 2, "", "KAKAORPC_AUTHZ_POLICY_FILE: cannot read the caller policy: open /nowhere/p.yaml"},
		{"wrong flag", []string{"--grpc.adr=:1"}, nil, 2, "", "did you mean --grpc.addr?"},
		{"wrong variable", nil, []string{"KAKAORPC_GRPC_ADR=:1"}, 2, "", "did you mean KAKAORPC_GRPC_ADDR?"},
		{"sandbox and host", []string{"--sandbox"}, []string{"KAKAORPC_KAKAO_HOSTS_KAPI=http://127.0.0.1:1"}, 2, "", "cannot go together with sandbox"},
		{"secret as a flag", []string{"--apps.default.admin_key=" + key}, nil, 2, "", "process list"},
		{"wrong format", []string{"endpoints", "--format=xml"}, nil, 2, "", "want one of text, json"},
		{"sandbox with too much", []string{"sandbox", "x"}, nil, 2, "", "server sandbox --help"},
		{"sandbox for everyone", []string{"sandbox", "--addr", "0.0.0.0:0"}, nil, 1, "", "127.0.0.1"},
		{"sandbox on a taken port", []string{"sandbox", "--addr", taken.Addr().String()}, nil, 1, "", "--addr"},
		{"taken port", []string{"--grpc.addr=" + taken.Addr().String(), "--http.addr=127.0.0.1:0", "--ops.addr=127.0.0.1:0"}, nil, 1, "", "--grpc.addr"},
	} {
		t.Run(row.title, func(t *testing.T) {
			var stdout, stderr buffer
			code := run(process{args: row.args, environ: row.environ, stdout: &stdout, stderr: &stderr})
			if code != row.code || !strings.Contains(stdout.String(), row.stdout) || !strings.Contains(stderr.String(), row.stderr) {
				t.Errorf("exit code %d, want %d\nstdout: %s\nstderr: %s", code, row.code, stdout.String(), stderr.String())
			}
			if strings.Contains(stdout.String()+stderr.String(), key) {
				t.Error("a secret is printed")
			}
		})
	}
}

func TestEndpointsPrintTheTable(t *testing.T) {
	var asText, asJSON buffer
	if code := run(process{args: []string{"endpoints", "--format", "json"}, stdout: &asJSON, stderr: io.Discard}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(asJSON.String()), &rows); err != nil {
		t.Fatal(err)
	}
	var me map[string]any
	for _, row := range rows {
		if row["rpc"] == "kakao.user.v1.UserService/GetMe" {
			me = row
		}
		if len(row) != 9 {
			t.Errorf("row %v has %d members, want 9", row["rpc"], len(row))
		}
	}
	for key, value := range map[string]any{
		"facade": "GET /user/v1/me", "method": "GET", "host": "kapi.kakao.com", "path": "/v2/user/me",
		"auth": "user_or_admin", "encoding": "query", "retry": kakao.RetryRead, "override": false,
	} {
		if me[key] != value {
			t.Errorf("GetMe: %s = %v, want %v", key, me[key], value)
		}
	}
	if code := run(process{args: []string{"endpoints"}, stdout: &asText, stderr: os.Stderr}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	if lines := strings.Count(asText.String(), "\n"); lines != len(rows)+1 {
		t.Errorf("%d lines of text for %d rows", lines, len(rows))
	}
}
