package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/commandline"
)

// Test keys, recognisable wherever they turn up.
const (
	restKey  = "7e577e57aaaa0001"
	adminKey = "7e577e57aaaa0002"
)

// load runs Load on files that exist only here.
func load(t *testing.T, files map[string]string, environ []string, args ...string) (*Config, error) {
	t.Helper()
	return Load(Input{Args: args, Environ: environ, ReadFile: func(path string) ([]byte, error) {
		text, ok := files[path]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(text), nil
	}})
}

func TestDefaultsStandWhenNothingIsSet(t *testing.T) {
	c, err := load(t, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.GRPC.Addr, c.HTTP.Addr, c.Ops.Addr, c.Sandbox, c.HTTP.MaxBodyBytes, c.Deadline, c.Log, c.Shutdown)
	want := "127.0.0.1:9090127.0.0.1:8080127.0.0.1:9091false1048576{{5s 15s} {10s 30s} 20ms 100ms} {info json 10} {5s 25s}"
	if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("defaults\n got %s\nwant %s", got, want)
	}
	want = "no app is configured: every call is refused, also with a user's token; set KAKAORPC_APPS_DEFAULT_REST_API_KEY or KAKAORPC_APPS_DEFAULT_REST_API_KEY_FILE, " +
		"or in the file apps.default.rest_api_key or apps.default.rest_api_key_file, and likewise admin_key and client_secret where calls want them"
	if got := strings.Join(c.Unconfigured(), "|"); got != want {
		t.Errorf("unconfigured = %q", got)
	}
}

func TestFlagsWinOverEnvironmentWinsOverFile(t *testing.T) {
	files := map[string]string{"k.yaml": "grpc: {addr: ':1'}\nhttp: {addr: ':1'}\nops.addr: ':1'\nlog: {level: warn}\n"}
	environ := []string{"KAKAORPC_CONFIG=k.yaml", "KAKAORPC_GRPC_ADDR=:2", "KAKAORPC_HTTP_ADDR=:2", "KAKAORPC_LOG_FORMAT=", "HOME=/x", "KAKAORPC_SAMPLES=/y"}
	c, err := load(t, files, environ, "--grpc.addr", ":3", "--sandbox", "--insecure")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join([]string{c.GRPC.Addr, c.HTTP.Addr, c.Ops.Addr, c.Log.Level, c.Log.Format, strconv.FormatBool(c.Sandbox), c.Shutdown.Grace.String()}, " ")
	if want := ":3 :2 :1 warn json true 0s"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryStaticKeyIsTakenFromEverySource(t *testing.T) {
	right := map[string]string{
		addressKind.want: ":7", switchKind.want: "true", urlKind.want: "http://127.0.0.1:7/x",
		sizeKind(64 << 20).want: "2MiB", sizeKind(256 << 20).want: "2MiB",
		durationKind(time.Second).want: "7s", durationKind(time.Millisecond).want: "7s", durationKind(0).want: "7s", durationKind(10 * time.Millisecond).want: "7s", pathKind.want: "f.pem",
		countKind(1, 3).want: "2", countKind(0, 100).want: "7", countKind(0, 10000).want: "7",
		attemptKind.want: "25%", choiceKind("debug", "info", "warn", "error").want: "debug", choiceKind("json", "text").want: "text",
	}
	relaxed := []string{"--deadline.floor=10s", "--deadline.read.max=1h", "--deadline.write.max=1h",
		"--insecure=true", "--tls.cert_file=c.pem", "--tls.key_file=k.pem", "--tls.client_ca_file=ca.pem"}
	for _, k := range staticKeys() {
		value, ok := right[k.want]
		if !ok {
			t.Fatalf("%s: no value for %q", k.name, k.want)
		}
		args := relaxed
		if strings.HasSuffix(string(k.name), ".max") || k.name == "deadline.floor" {
			value, args = "20s", []string{"--deadline.read.max=1h", "--deadline.write.max=1h"}
			if k.name != "deadline.floor" {
				args = nil
			}
		}
		if k.name == grpcuiKey {
			args = nil // not beside certificates, and not for others
		}
		sources := map[string]func() (*Config, error){
			"flag": func() (*Config, error) { return load(t, nil, nil, append(args, "--"+string(k.name)+"="+value)...) },
			"environment": func() (*Config, error) {
				return load(t, nil, []string{k.name.variable() + "=" + value}, without(args, k.name)...)
			},
			"file": func() (*Config, error) {
				return load(t, map[string]string{"f": string(k.name) + ": " + value}, nil, append(without(args, k.name), "--config", "f")...)
			},
		}
		for source, get := range sources {
			c, err := get()
			if err != nil {
				t.Errorf("%s from %s: %v", k.name, source, err)
			} else if got := k.show(c); got != value {
				t.Errorf("%s from %s = %q, want %q", k.name, source, got, value)
			}
		}
	}
}

func TestKarloIsOffUnlessThereIsASandboxOrItIsSet(t *testing.T) {
	for _, row := range []struct {
		args []string
		want bool
	}{
		{nil, false},
		{[]string{"--karlo.enabled"}, true},
		{[]string{"--sandbox"}, true},
		{[]string{"--sandbox", "--karlo.enabled=false"}, false},
	} {
		c, err := load(t, nil, nil, row.args...)
		if err != nil {
			t.Fatal(err)
		}
		terminated := "[HOST_KAKAOBRAIN]"
		if row.want {
			terminated = "[]"
		}
		if c.Karlo.Enabled != row.want || fmt.Sprint(c.Terminated()) != terminated {
			t.Errorf("%q: enabled %t, terminated %v", row.args, c.Karlo.Enabled, c.Terminated())
		}
	}
}

func without(args []string, n name) []string {
	var kept []string
	for _, arg := range args {
		if !strings.HasPrefix(arg, "--"+string(n)+"=") {
			kept = append(kept, arg)
		}
	}
	return kept
}

func TestSwitchesAreTakenInTheUsualNotations(t *testing.T) {
	for _, row := range []struct {
		args, environ []string
		want          bool
	}{
		{[]string{"--sandbox"}, nil, true},
		{[]string{"--sandbox", "--log.level=warn"}, nil, true},
		{[]string{"-sandbox=true"}, nil, true},
		{[]string{"--sandbox", "false"}, nil, false},
		{nil, []string{"KAKAORPC_SANDBOX=1"}, true},
		{[]string{"--sandbox=0"}, []string{"KAKAORPC_SANDBOX=true"}, false},
	} {
		if c, err := load(t, nil, row.environ, row.args...); err != nil || c.Sandbox != row.want {
			t.Errorf("%q %q: %v, want %t", row.args, row.environ, err, row.want)
		}
	}
}

func TestEveryKakaoHostHasItsKey(t *testing.T) {
	for _, host := range kakaoHosts() {
		variable := "KAKAORPC_KAKAO_HOSTS_" + strings.TrimPrefix(host.String(), "HOST_")
		c, err := load(t, nil, []string{variable + "=http://127.0.0.1:1", "KAKAORPC_KAKAO_BASE_URL=https://proxy.example/kakao/"})
		if err != nil {
			t.Fatal(err)
		}
		for other, u := range c.Kakao.Hosts() {
			want := "https://proxy.example/kakao"
			if other == host {
				want = "http://127.0.0.1:1"
			}
			if u.String() != want {
				t.Errorf("%s set: %s is at %s, want %s", variable, other, u, want)
			}
		}
		if len(c.Kakao.Hosts()) != len(kakaoHosts()) {
			t.Errorf("%d hosts, want %d", len(c.Kakao.Hosts()), len(kakaoHosts()))
		}
	}
	if c, _ := load(t, nil, nil); len(c.Kakao.Hosts()) != 0 || c.Kakao.Hosts()[apiv1.Host_HOST_KAPI] != nil {
		t.Error("hosts are set although none was configured")
	}
}

func TestAppsComeFromVariablesFilesAndYAML(t *testing.T) {
	files := map[string]string{
		"./admin": adminKey + "\n",
		"k.yaml": `
apps:
  default: {rest_api_key: ` + restKey + `, admin_key_file: ./admin}
  team-a:
    client_secret: 7e577e57aaaa0003
`}
	c, err := load(t, files, []string{"KAKAORPC_APPS_TEAM_A_REST_API_KEY=7e577e57aaaa0004", "KAKAORPC_APPS_SHOP_CLIENT_SECRET_FILE=./admin"}, "--config=k.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ what, got, want string }{
		{"names", strings.Join(c.AppNames(), " "), "default shop team-a"},
		{"default rest", c.Apps["default"].RESTAPIKey.Reveal(), restKey},
		{"default admin", c.Apps["default"].AdminKey.Reveal(), adminKey},
		{"default admin file", c.Apps["default"].AdminKeyFile, "./admin"},
		{"team-a rest", c.Apps["team-a"].RESTAPIKey.Reveal(), "7e577e57aaaa0004"},
		{"team-a secret", c.Apps["team-a"].ClientSecret.Reveal(), "7e577e57aaaa0003"},
		{"shop secret", c.Apps["shop"].ClientSecret.Reveal(), adminKey},
		{"missing", strings.Join(c.Unconfigured(), "|"), strings.Join([]string{
			"app default has no client secret: token requests go without it; set KAKAORPC_APPS_DEFAULT_CLIENT_SECRET or KAKAORPC_APPS_DEFAULT_CLIENT_SECRET_FILE, " +
				"or in the file apps.default.client_secret or apps.default.client_secret_file",
			"app shop has no REST API key: sign-in, local and search are refused; set KAKAORPC_APPS_SHOP_REST_API_KEY or KAKAORPC_APPS_SHOP_REST_API_KEY_FILE, " +
				"or in the file apps.shop.rest_api_key or apps.shop.rest_api_key_file",
			"app shop has no admin key: calls without a user token are refused where Kakao wants the admin key; set KAKAORPC_APPS_SHOP_ADMIN_KEY or KAKAORPC_APPS_SHOP_ADMIN_KEY_FILE, " +
				"or in the file apps.shop.admin_key or apps.shop.admin_key_file",
			"app team-a has no admin key: calls without a user token are refused where Kakao wants the admin key; set KAKAORPC_APPS_TEAM_A_ADMIN_KEY or KAKAORPC_APPS_TEAM_A_ADMIN_KEY_FILE, " +
				"or in the file apps.team-a.admin_key or apps.team-a.admin_key_file",
		}, "|")},
	} {
		if row.got != row.want {
			t.Errorf("%s = %q, want %q", row.what, row.got, row.want)
		}
	}
}

func TestFaultsAreNamedWithWhatWouldBeRight(t *testing.T) {
	for _, row := range []struct {
		title   string
		files   map[string]string
		environ []string
		args    []string
		want    []string // parts of the error
	}{
		{title: "unknown variable", environ: []string{"KAKAORPC_GPRC_ADDR=:1"}, want: []string{"KAKAORPC_GPRC_ADDR: unknown variable; did you mean KAKAORPC_GRPC_ADDR?"}},
		{title: "unknown variable of an app", environ: []string{"KAKAORPC_APPS_TEAM_A_REST_KEY=" + restKey}, want: []string{"did you mean KAKAORPC_APPS_TEAM_A_REST_API_KEY?"}},
		{title: "unknown variable like none", environ: []string{"KAKAORPC_FROBNICATE_THE_WHATSIT=1"}, want: []string{"KAKAORPC_FROBNICATE_THE_WHATSIT: unknown variable; --help lists all"}},
		{title: "unknown flag", args: []string{"--grpc.adr=:1"}, want: []string{"--grpc.adr: unknown flag; did you mean --grpc.addr?"}},
		{title: "unknown YAML key", files: map[string]string{"f": "grpc:\n  adddr: :1\n"}, args: []string{"--config=f"}, want: []string{"f line 2: unknown key grpc.adddr; did you mean grpc.addr?"}},
		{title: "unknown YAML section", files: map[string]string{"f": "gprc:\n  addr: :1\n"}, args: []string{"--config=f"}, want: []string{"f line 1: unknown key gprc"}},
		{title: "unknown host", environ: []string{"KAKAORPC_KAKAO_HOSTS_KAPPI=http://x"}, want: []string{"did you mean KAKAORPC_KAKAO_HOSTS_KAPI?"}},
		{title: "bad address", environ: []string{"KAKAORPC_GRPC_ADDR=9090"}, want: []string{"KAKAORPC_GRPC_ADDR: want host:port or :port"}},
		{title: "bad port", args: []string{"--http.addr=:65536"}, want: []string{"--http.addr: want host:port"}},
		{title: "bad switch", args: []string{"--sandbox=maybe"}, want: []string{"--sandbox: want true or false"}},
		{title: "URL with a password", environ: []string{"KAKAORPC_KAKAO_BASE_URL=http://me:" + restKey + "@host"}, want: []string{"KAKAORPC_KAKAO_BASE_URL: want an http:// or https:// URL"}},
		{title: "URL with a query", environ: []string{"KAKAORPC_KAKAO_BASE_URL=http://host?x=1"}, want: []string{"without user, query and fragment"}},
		{title: "URL of another scheme", environ: []string{"KAKAORPC_KAKAO_HOSTS_KAPI=ftp://host"}, want: []string{"KAKAORPC_KAKAO_HOSTS_KAPI: want an http://"}},
		{title: "duration without unit", args: []string{"--deadline.read.max=15"}, want: []string{"--deadline.read.max: want a duration from 1ms to 24h"}},
		{title: "size too large", args: []string{"--http.max_body_bytes=9999MiB"}, want: []string{"want a size from 1KiB to 64MiB"}},
		{title: "a negative number", args: []string{"--concurrency.limit", "-1"}, want: []string{"--concurrency.limit"}},
		{title: "choice", args: []string{"--log.level=loud"}, want: []string{"want one of debug, info, warn, error"}},
		{title: "flag without value", args: []string{"--grpc.addr"}, want: []string{"--grpc.addr: has no value"}},
		{title: "secret as flag", args: []string{"--apps.default.rest_api_key=" + restKey}, want: []string{"process list", "KAKAORPC_APPS_DEFAULT_REST_API_KEY_FILE"}},
		{title: "secret as flag and argument", args: []string{"--apps.default.admin_key", adminKey}, want: []string{"process list"}},
		{title: "secret behind an unknown flag", args: []string{"--admin_key", adminKey}, want: []string{"--admin_key: unknown flag"}},
		{title: "secret glued to a flag", args: []string{"--apps.default.admin_key:" + adminKey}, want: []string{"unknown flag"}},
		{title: "stray argument", args: []string{restKey}, want: []string{"command line: argument 1 is not a flag"}},
		{title: "key with a space", environ: []string{"KAKAORPC_APPS_DEFAULT_REST_API_KEY=" + restKey + " x"}, want: []string{"KAKAORPC_APPS_DEFAULT_REST_API_KEY: want a key of"}},
		{title: "value and file", files: map[string]string{"./a": adminKey}, environ: []string{"KAKAORPC_APPS_DEFAULT_ADMIN_KEY=" + adminKey, "KAKAORPC_APPS_DEFAULT_ADMIN_KEY_FILE=./a"}, want: []string{"KAKAORPC_APPS_DEFAULT_ADMIN_KEY_FILE: the admin key of app default is also given by KAKAORPC_APPS_DEFAULT_ADMIN_KEY"}},
		{title: "missing key file", environ: []string{"KAKAORPC_APPS_DEFAULT_ADMIN_KEY_FILE=./gone"}, want: []string{"cannot read the admin key", "gone"}},
		{title: "empty key file", files: map[string]string{"./a": "\n"}, environ: []string{"KAKAORPC_APPS_DEFAULT_ADMIN_KEY_FILE=./a"}, want: []string{"a does not hold a key"}},
		{title: "huge key file", files: map[string]string{"./a": strings.Repeat(restKey, 999)}, environ: []string{"KAKAORPC_APPS_DEFAULT_ADMIN_KEY_FILE=./a"}, want: []string{"nothing but the key"}},
		{title: "missing file", args: []string{"--config=./gone"}, want: []string{"--config: cannot read the configuration file", "gone"}},
		{title: "broken YAML", files: map[string]string{"f": "a: b: *" + restKey}, args: []string{"--config=f"}, want: []string{"f line 1: is not valid YAML"}},
		{title: "broken YAML further down", files: map[string]string{"f": "log: {level: info}\ngrpc:\n  addr: 'x\n"}, args: []string{"--config=f"}, want: []string{"f line 3: is not valid YAML"}},
		{title: "undefined alias further down", files: map[string]string{"f": "log: {level: info}\n\ngrpc: *" + restKey}, args: []string{"--config=f"}, want: []string{"f line 3: is not valid YAML"}},
		{title: "undefined alias", files: map[string]string{"f": "apps: {default: {rest_api_key: *x" + restKey + "}}"}, args: []string{"--config=f"}, want: []string{"f line 1: is not valid YAML"}},
		{title: "secret glued to a key", files: map[string]string{"f": "apps: {default: {rest_api_key:" + restKey + "}}"}, args: []string{"--config=f"}, want: []string{"f line 1: unknown key apps.default.rest_api_key..."}},
		{title: "secret as mapping", files: map[string]string{"f": "apps: {default: {rest_api_key: {" + restKey + ": 1}}}"}, args: []string{"--config=f"}, want: []string{"apps.default.rest_api_key: want a key"}},
		{title: "list at the top", files: map[string]string{"f": "- a"}, args: []string{"--config=f"}, want: []string{"f line 1: want a mapping"}},
		{title: "two documents", files: map[string]string{"f": "sandbox: false\n---\nsandbox: true\n"}, args: []string{"--config=f"}, want: []string{"f line 2: begins another YAML document"}},
		{title: "key twice", files: map[string]string{"f": "grpc.addr: 127.0.0.1:1\ngrpc: {addr: '127.0.0.1:2'}\n"}, args: []string{"--config=f"}, want: []string{"grpc.addr is already set in line 1"}},
		{title: "config in the file", files: map[string]string{"f": "config: g"}, args: []string{"--config=f"}, want: []string{"cannot be set in the file itself"}},
		{title: "app name", files: map[string]string{"f": "apps: {Team_A: {admin_key: x}}"}, args: []string{"--config=f"}, want: []string{"an app may be called by"}},
		{title: "section as value", files: map[string]string{"f": "grpc: 5"}, args: []string{"--config=f"}, want: []string{"grpc: want a mapping"}},
		{title: "sandbox and base URL", environ: []string{"KAKAORPC_SANDBOX=true", "KAKAORPC_KAKAO_BASE_URL=http://x"}, want: []string{"KAKAORPC_KAKAO_BASE_URL: cannot go together with sandbox"}},
		{title: "sandbox and host", environ: []string{"KAKAORPC_KAKAO_HOSTS_DAPI=http://x"}, args: []string{"--sandbox"}, want: []string{"KAKAORPC_KAKAO_HOSTS_DAPI: cannot go together with sandbox"}},
		{title: "default over max", args: []string{"--deadline.read.default=20s"}, want: []string{"--deadline.read.default: 20s is more than --deadline.read.max (15s by default)"}},
		{title: "floor over max", args: []string{"--deadline.floor=20s"}, want: []string{"--deadline.floor: 20s is more than --deadline.read.max (15s by default)"}},
		{title: "shave over floor", args: []string{"--deadline.shave=2s"}, want: []string{"--deadline.shave: 2s is more than --deadline.floor (100ms by default)"}},
		{title: "max under default", environ: []string{"KAKAORPC_DEADLINE_READ_MAX=2s"}, want: []string{"KAKAORPC_DEADLINE_READ_MAX: 2s is less than KAKAORPC_DEADLINE_READ_DEFAULT (5s by default)"}},
		{title: "both in a file", files: map[string]string{"f": "deadline:\n  write: {max: 1s,\n    default: 2s}"}, args: []string{"--config=f"}, want: []string{"f line 3: deadline.write.default: 2s is more than f line 2: deadline.write.max (1s)"}},
		{title: "one port for two", args: []string{"--http.addr=:9090", "--insecure"}, want: []string{"--http.addr: :9090 is also the address of --grpc.addr"}},
		{title: "near choice", args: []string{"--log.level=dbug"}, want: []string{"--log.level: want one of debug, info, warn, error; did you mean debug?"}},
		{title: "near choice in a variable", environ: []string{"KAKAORPC_LOG_FORMAT=jsno"}, want: []string{"KAKAORPC_LOG_FORMAT: want one of json, text; did you mean json?"}},
		{title: "near choice in a file", files: map[string]string{"f": "log:\n  level: wran"}, args: []string{"--config=f"}, want: []string{"f line 2: log.level: want one of debug, info, warn, error; did you mean warn?"}},
		{title: "near switch", args: []string{"--sandbox=ture"}, want: []string{"--sandbox: want true or false; did you mean true?"}},
	} {
		t.Run(row.title, func(t *testing.T) {
			c, err := load(t, row.files, row.environ, row.args...)
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, %v; want an *Error", c, err)
			}
			for _, part := range row.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error lacks %q:\n%v", part, err)
				}
			}
			if len(refused.Faults) != 1 {
				t.Errorf("%d faults, want 1:\n%v", len(refused.Faults), err)
			}
			mustNotHold(t, err.Error(), restKey, adminKey)
		})
	}
}

// TestBrokenYAMLIsExplained: in plain words, and without what stands in the file.
func TestBrokenYAMLIsExplained(t *testing.T) {
	for text, want := range map[string]string{
		"grpc:\n\taddr: ':1'\n":                   "f line 2: is not valid YAML here, or just before: indent with spaces, not with a tab",
		"\tgrpc.addr: ':1'\n":                     "f line 1: is not valid YAML here, or just before: indent with spaces, not with a tab",
		"log:\n  level: info\n\tformat: text\n":   "indent with spaces, not with a tab",
		"log: {level: " + restKey + "\n":          "f line 1: is not valid YAML here, or just before: a { is not closed, or a comma is missing",
		"log:\n  level: [" + restKey + "\nx: 1\n": "a [ is not closed, or a comma is missing",
		"log: [":                "a [ or { is not closed",
		"log: {level: info}}\n": "a ] or } has none to close",
		"log:\n  level: info\n    format: text\n": "f line 3: is not valid YAML here, or just before: a key is not expected here: the indentation is not that of the lines before",
		"grpc:\n  addr: '" + restKey + "\n":       "a quotation mark is not closed",
		"log.level: *" + restKey + "\n":           "an alias (*name) has no anchor (&name)",
		"log.level: @" + restKey + "\n":           "a value that begins with @, ` or % wants quotes",
		"log.level: \"\\q" + restKey + "\"\n":     `a \ in double quotes begins no escape`,
		"log.level: \x01" + restKey + "\n":        "a control character is not allowed",
		"log.level: \xff" + restKey + "\n":        "the file is not UTF-8",
		"- a\n" + restKey + ": 1\n":               "a list goes on without its -",
		"log.level: info\n log.format: text\n":    "the indentation is not that of the lines before",
	} {
		_, err := load(t, map[string]string{"f": text}, nil, "--config=f")
		var refused *Error
		if !errors.As(err, &refused) || len(refused.Faults) != 1 || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
			continue
		}
		mustNotHold(t, err.Error(), restKey)
	}
}

func TestAllFaultsOfAllSourcesAreReportedAtOnce(t *testing.T) {
	_, err := load(t, map[string]string{"f": "grpc: {addr: 1}\nnope: 1\n"},
		[]string{"KAKAORPC_OPS_ADDR=x", "KAKAORPC_NOPE=1"}, "--config=f", "--http.addr=y", "--nope=1", "--log.level=loud")
	var refused *Error
	if !errors.As(err, &refused) || len(refused.Faults) != 7 {
		t.Fatalf("want 7 faults, got %v", err)
	}
}

func TestHelpListsEveryKey(t *testing.T) {
	if _, err := load(t, nil, nil, "--grpc.addr=bad", "--help"); !errors.Is(err, ErrHelp) {
		t.Fatalf("--help gives %v", err)
	}
	var help bytes.Buffer
	if err := (commandline.Program{Name: "server", Commands: []commandline.Command{{Name: "serve", Configured: true}}, Topics: Topics()}).Everything(&help, 80); err != nil {
		t.Fatal(err)
	}
	for _, k := range staticKeys() {
		if !strings.Contains(help.String(), "--"+string(k.name)) || !strings.Contains(help.String(), k.name.variable()) || k.doc == "" {
			t.Errorf("--help lacks %s", k.name)
		}
	}
	if !strings.Contains(help.String(), "KAKAORPC_APPS_<NAME>_REST_API_KEY_FILE") {
		t.Errorf("--help lacks the keys of apps:\n%s", help.String())
	}
}

func TestTheStartUpLineMasksSecrets(t *testing.T) {
	c, err := load(t, nil, []string{"KAKAORPC_APPS_DEFAULT_REST_API_KEY=" + restKey, "KAKAORPC_APPS_DEFAULT_ADMIN_KEY=" + adminKey})
	if err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	slog.New(slog.NewJSONHandler(&line, nil)).Info("configuration", "config", c)
	for _, part := range []string{`"grpc.addr":"127.0.0.1:9090"`, `"apps.default.rest_api_key":"[redacted]"`} {
		if !strings.Contains(line.String(), part) {
			t.Errorf("start-up line lacks %s:\n%s", part, line.String())
		}
	}
	mustNotHold(t, line.String(), restKey, adminKey)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		mustNotHold(t, fmt.Sprintf(verb, c), restKey, adminKey, fmt.Sprintf("%x", restKey))
		mustNotHold(t, fmt.Sprintf(verb, *c), restKey, adminKey, fmt.Sprintf("%x", restKey))
	}
}

func mustNotHold(tb testing.TB, text string, secrets ...string) {
	tb.Helper()
	for _, s := range secrets {
		if strings.Contains(text, s) {
			tb.Errorf("a secret is printed:\n%s", text)
		}
	}
}

// FuzzLoad holds that no input makes the loader panic or print a secret.
func FuzzLoad(f *testing.F) {
	f.Add("grpc: {addr: ':1'}", "KAKAORPC_LOG_LEVEL=debug", "--sandbox --http.addr=:1")
	f.Add("apps: {default: {admin_key: [1]}}", "KAKAORPC_APPS_X_ADMIN_KEY=1", "--config=g --deadline.read.max 5s")
	f.Add("a: &a {b: *a}\n<<: *a", "KAKAORPC_=1", "--=1 -- - --apps.default.rest_api_key")
	f.Add("? [a]\n: b\n---\n", "KAKAORPC_APPS__ADMIN_KEY=1", "--config")
	f.Fuzz(func(t *testing.T, yaml, variable, args string) {
		// The secrets stand where secrets belong; whatever surrounds them is
		// arbitrary.
		document := "apps:\n  default:\n    rest_api_key: " + restKey + "\n    client_secret_file: ./key\n" + yaml
		c, err := Load(Input{
			Args:    append(strings.Fields(args), "--config=doc"),
			Environ: []string{"KAKAORPC_APPS_DEFAULT_ADMIN_KEY=" + adminKey, variable},
			ReadFile: func(path string) ([]byte, error) {
				if path == "./key" {
					return []byte(adminKey), nil
				}
				return []byte(document), nil
			},
		})
		var refused *Error
		switch {
		case err == nil:
			mustNotHold(t, fmt.Sprintf("%+v %#v %v", c, c, c.LogValue()), restKey, adminKey)
		case errors.As(err, &refused):
			mustNotHold(t, err.Error(), restKey, adminKey)
		case !errors.Is(err, ErrHelp):
			t.Errorf("unexpected kind of error: %v", err)
		}
	})
}
