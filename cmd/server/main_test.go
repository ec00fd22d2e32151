package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
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
	alone := begin(t, runSandbox, "KAKAORPC_KAKAO_BASE_URL=", []string{"--addr", "127.0.0.1:0"}, nil)
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
	if strings.Contains(r.stdout.String(), "note") {
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
	for _, part := range []string{"KAKAORPC_APPS_DEFAULT_REST_API_KEY", "KAKAORPC_APPS_DEFAULT_ADMIN_KEY", "KAKAORPC_APPS_DEFAULT_CLIENT_SECRET"} {
		if !strings.Contains(r.stdout.String(), part) {
			t.Errorf("the banner does not speak of %s:\n%s", part, r.stdout.String())
		}
	}
	answer := curl(t, []string{after(r.stdout.String(), "JSON") + "/local/v1/addresses:search?query=a"})
	if !strings.Contains(answer, "APP_KEY_NOT_CONFIGURED") && !strings.Contains(answer, "APP_UNKNOWN") {
		t.Errorf("a call without a key: %s", answer)
	}
}

func TestASandboxKeepsRealKeysOut(t *testing.T) {
	const realKey = "7e577e57cccc0001"
	r := begin(t, serve, "(grpcurl", append(loopback, "--sandbox"), []string{"KAKAORPC_APPS_DEFAULT_REST_API_KEY=" + realKey})
	if answer := curl(t, []string{"-G", after(r.stdout.String(), "JSON") + "/local/v1/addresses:search", "-d", "query=종로구"}); strings.Contains(answer, `"code"`) {
		t.Errorf("the sandbox's key is not used: %s", answer)
	}
	if strings.Contains(r.stdout.String()+r.stderr.String(), realKey) {
		t.Error("the real key is printed")
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
		{"help of endpoints", []string{"endpoints", "--help"}, nil, 0, "", "-format"},
		{"help of sandbox", []string{"sandbox", "-h"}, nil, 0, "", "-addr"},
		{"no such command", []string{key}, nil, 2, "", "endpoints"},
		{"wrong flag", []string{"--grpc.adr=:1"}, nil, 2, "", "did you mean --grpc.addr?"},
		{"wrong variable", nil, []string{"KAKAORPC_GRPC_ADR=:1"}, 2, "", "did you mean KAKAORPC_GRPC_ADDR?"},
		{"sandbox and host", []string{"--sandbox"}, []string{"KAKAORPC_KAKAO_HOSTS_KAPI=http://127.0.0.1:1"}, 2, "", "cannot go together with sandbox"},
		{"secret as a flag", []string{"--apps.default.admin_key=" + key}, nil, 2, "", "process list"},
		{"wrong format", []string{"endpoints", "--format=xml"}, nil, 2, "", "text|json"},
		{"sandbox with too much", []string{"sandbox", "x"}, nil, 2, "", "--addr"},
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
