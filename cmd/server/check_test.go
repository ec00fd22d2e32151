package main

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

// checked runs server check.
func checked(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, faults buffer
	code = run(process{program: "server", args: append([]string{"check"}, args...), environ: environ, stdout: &out, stderr: &faults})
	return code, unwrapped(out.String()), faults.String()
}

// unwrapped is a text without its line breaks.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestCheckTellsEverythingAtOnce: faults of every source and of the files that
// they name, and what is worth knowing, each with what set it.
func TestCheckTellsEverythingAtOnce(t *testing.T) {
	folder := t.TempDir()
	authority := tlstest.NewAuthority(t, "callers")
	own := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "server")
	other := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "other")
	ca := authority.WriteCA(t, folder, "ca.pem")
	const key = "7e577e57cccc0003"
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	policy := file("policy.yaml", "callers:\n  a.example:\n    rpcs: [kakao.user.v1.UserService/GetMee]\n    apps: [shop]\n", 0o600)
	settings := file("kakaorpc.yaml", "log: {level: dbug}\ncache.life: 1h\ninsecure: true\napps: {second: {rest_api_key: "+key+"}}\n", 0o644)
	open := file("key", key, 0o644)
	code, stdout, stderr := checked(t, []string{
		"KAKAORPC_CONFIG=" + settings, "KAKAORPC_TLS_CERT_FILE=" + own.Cert, "KAKAORPC_TLS_KEY_FILE=" + other.Key,
		"KAKAORPC_APPS_SECOND_ADMIN_KEY_FILE=" + open, "KAKARPC_OPS_ADDR=:1",
	}, "--tls.client_ca_file="+ca, "--authz.policy_file="+policy, "--allow_admin_without_policy", "--karlo.enabled", "--show")
	if code != 2 || stderr != "" {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
	for _, part := range []string{
		"The configuration is refused.",
		settings + " line 1: log.level: want one of debug, info, warn, error; did you mean debug?",
		"KAKAORPC_TLS_CERT_FILE: " + own.Cert + " and " + other.Key + " are no certificate with its key",
		"--authz.policy_file: " + policy + ": line 3: kakao.user.v1.UserService/GetMee: there is no such rpc",
		"--authz.policy_file: " + policy + ": line 4: shop: there is no such app in the configuration; want one of second",
		settings + " line 3: insecure: does nothing beside a certificate",
		"--allow_admin_without_policy: does nothing beside a policy",
		settings + " line 2: cache.life: keeps answers of Local and Daum search for 1h: Kakao's terms",
		"KAKAORPC_CONFIG: " + settings + " holds keys of apps and can be read by everybody",
		"KAKAORPC_APPS_SECOND_ADMIN_KEY_FILE: " + open + " holds a key and can be read by everybody",
		"apps: none is called default: every call has to name one of second",
		"--shutdown.timeout: calls of Karlo may take 120s",
		"KAKARPC_OPS_ADDR: is read by nobody here; did you mean KAKAORPC_OPS_ADDR?",
		"app second has no client secret: token requests go without it; set KAKAORPC_APPS_SECOND_CLIENT_SECRET or",
		"apps.second.admin_key [redacted] KAKAORPC_APPS_SECOND_ADMIN_KEY_FILE",
	} {
		if !strings.Contains(stdout, part) {
			t.Errorf("the report lacks %q", part)
		}
	}
	if strings.Contains(stdout, key) {
		t.Error("a key is printed")
	}
	if t.Failed() {
		t.Log(stdout)
	}
}

func TestCheckShowsWhatSetWhat(t *testing.T) {
	code, stdout, stderr := checked(t, []string{"KAKAORPC_LOG_LEVEL=warn", "KAKAORPC_APPS_DEFAULT_REST_API_KEY=7e577e57cccc0004"},
		"--show", "--format=json", "--grpc.addr", "127.0.0.1:7")
	var r struct {
		Good     bool
		Settings []struct{ Key, Value, Origin string }
	}
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != 0 || !r.Good || stderr != "" {
		t.Fatalf("exit code %d, %v:\n%s%s", code, err, stdout, stderr)
	}
	got := map[string]string{}
	for _, s := range r.Settings {
		got[s.Key] = s.Value + " by " + s.Origin
	}
	for key, want := range map[string]string{
		"grpc.addr": "127.0.0.1:7 by --grpc.addr", "log.level": "warn by KAKAORPC_LOG_LEVEL", "ops.addr": "127.0.0.1:9091 by default",
		"apps.default.rest_api_key": "[redacted] by KAKAORPC_APPS_DEFAULT_REST_API_KEY", "grpc.max_connection_age": "5m by default",
	} {
		if got[key] != want {
			t.Errorf("%s = %s, want %s", key, got[key], want)
		}
	}
}

// TestCheckRefusesTheExportersThatTheServerRefuses: a good report for an
// environment with which the server ends at once is worse than none.
func TestCheckRefusesTheExportersThatTheServerRefuses(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "foo")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "foo")
	var out, faults buffer
	code := run(process{args: loopback, stdout: &out, stderr: &faults})
	checkCode, report, _ := checked(t, nil)
	for what, text := range map[string]string{"check": report, "server": unwrapped(faults.String())} {
		for _, part := range []string{`OTEL_TRACES_EXPORTER: "foo" is unknown; want one of otlp, console, none`, "OTEL_EXPORTER_OTLP_ENDPOINT: want a URL with a host"} {
			if !strings.Contains(text, part) {
				t.Errorf("%s lacks %q:\n%s", what, part, text)
			}
		}
	}
	if code != 2 || checkCode != 2 {
		t.Errorf("exit codes: server %d, check %d; want 2 of both", code, checkCode)
	}
}

// TestAFileWithoutAKeyIsNotSaidToHoldOne: what is said of a file that holds nothing
// is that, and not that others can read its key as well.
func TestAFileWithoutAKeyIsNotSaidToHoldOne(t *testing.T) {
	certificate := tlstest.NewAuthority(t, "own").Issue(t, tlstest.Leaf{}).Write(t, t.TempDir(), "server").Cert
	code, report, _ := checked(t, []string{"KAKAORPC_APPS_DEFAULT_ADMIN_KEY_FILE=/dev/null"}, "--tls.cert_file="+certificate, "--tls.key_file=/dev/null")
	if code != 2 || !strings.Contains(report, "KAKAORPC_APPS_DEFAULT_ADMIN_KEY_FILE: /dev/null does not hold a key") ||
		!strings.Contains(report, "/dev/null are no certificate with its key") || strings.Contains(report, "can be read by everybody") {
		t.Errorf("exit code %d:\n%s", code, report)
	}
}

func TestCheckOfCheckItself(t *testing.T) {
	for _, row := range []struct{ args, want string }{
		{"--format=jsn", "--format: want one of text, json; did you mean json?"},
		{"--timeout=0s", "--timeout: want a duration from 1s to 5m, like 5s"},
		{"--reach=ye", "--reach: want one of true, false"},
		{"--raech", "--raech: unknown flag; did you mean --reach?"},
		{"--timeout", "--timeout: has no value; want DURATION"},
	} {
		if code, stdout, stderr := checked(t, nil, row.args); code != 2 || !strings.Contains(stdout+stderr, row.want) {
			t.Errorf("%s: exit code %d:\n%s%s", row.args, code, stdout, stderr)
		}
	}
}

// TestCheckReachesKakaoTheWayThatTheServerDoes: the program itself, with the
// authorities of its machine (SSL_CERT_FILE), against a server with TLS, and
// without it.
func TestCheckReachesKakaoTheWayThatTheServerDoes(t *testing.T) {
	folder := t.TempDir()
	authority := tlstest.NewAuthority(t, "everyone trusts it")
	var seen http.Header
	kakao := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		w.WriteHeader(http.StatusNotFound)
	}))
	kakao.TLS = &tls.Config{Certificates: []tls.Certificate{authority.Issue(t, tlstest.Leaf{}).TLS(t)}, MinVersion: tls.VersionTLS12}
	kakao.StartTLS()
	defer kakao.Close()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	key := "KAKAORPC_APPS_DEFAULT_REST_API_KEY=7e577e57cccc0005"
	for _, row := range []struct {
		title, roots string
		code         int
		want         string
	}{
		{"trusted", authority.WriteCA(t, folder, "ca.pem"), 0, "reached, HTTP 404 in "},
		{"not trusted", tlstest.NewAuthority(t, "nobody knows it").WriteCA(t, folder, "other.pem"), 1, "NOT REACHED: its certificate is of an authority that this machine does not trust"},
	} {
		command := exec.CommandContext(t.Context(), program, "check", "--reach", "--timeout=5s", "--kakao.base_url="+kakao.URL)
		command.Env = []string{asServer + "=1", "SSL_CERT_FILE=" + row.roots, "SSL_CERT_DIR=/nowhere", key}
		output, _ := command.CombinedOutput()
		out := unwrapped(string(output))
		if got := command.ProcessState.ExitCode(); got != row.code || !strings.Contains(out, row.want) ||
			!strings.Contains(out, "api-status.kakao.com, dapi.kakao.com, kapi.kakao.com, kauth.kakao.com at "+kakao.URL) {
			t.Errorf("%s: exit code %d, want %d:\n%s", row.title, got, row.code, out)
		}
	}
	for name, values := range seen {
		if strings.Contains(strings.Join(values, " "), "7e577e57") || name == "Authorization" {
			t.Errorf("a key was sent in %s", name)
		}
	}
	if code, stdout, _ := checked(t, nil, "--reach", "--sandbox"); code != 0 || !strings.Contains(stdout, "there is nothing to reach") {
		t.Errorf("with a sandbox: exit code %d:\n%s", code, stdout)
	}
}

// TestCheckOfOneHostAmongOthers: an override that refuses, beside one that
// answers.
func TestCheckOfOneHostAmongOthers(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	code, stdout, stderr := checked(t, nil, "--reach", "--kakao.base_url="+plain.URL, "--kakao.hosts.kapi=http://"+closed.Addr().String(), "--timeout=5s", "--format", "json")
	var r struct {
		Hosts []struct {
			Hosts  []string
			Fault  string
			Status int `json:"http_status"`
		}
	}
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || len(r.Hosts) != 2 || code != 1 || !strings.Contains(stderr, "not every host") {
		t.Fatalf("exit code %d, %v:\n%s%s", code, err, stdout, stderr)
	}
	for _, host := range r.Hosts {
		if refused := host.Hosts[0] == "kapi.kakao.com"; refused != strings.Contains(host.Fault, "the connection is refused") || refused == (host.Status == 404) {
			t.Errorf("%+v", host)
		}
	}
}

// TestTheServerSaysWhatCheckSays about files: at the start, with exit code 2,
// and warnings where people and logs have them.
func TestTheServerSaysWhatCheckSays(t *testing.T) {
	folder := t.TempDir()
	own := tlstest.NewAuthority(t, "own").Issue(t, tlstest.Leaf{}).Write(t, folder, "server")
	r := begin(t, dispatch, "  ops", append(loopback, "--tls.cert_file="+own.Cert, "--tls.key_file="+own.Key, "--insecure"), nil)
	for where, text := range map[string]string{"banner": r.stdout.String(), "log": r.stderr.String()} {
		if !strings.Contains(text, "does nothing beside a certificate") {
			t.Errorf("the %s lacks the warning:\n%s", where, text)
		}
	}
}
