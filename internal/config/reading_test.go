package config

import (
	"strings"
	"testing"
)

// TestEveryKeyHasItsTopic holds that --help leaves no key out and shows none
// twice, and says of each what there is to say.
func TestEveryKeyHasItsTopic(t *testing.T) {
	seen := map[string]int{}
	for _, topic := range Topics() {
		for _, flag := range topic.Flags {
			seen[flag.Name]++
			if flag.Doc == "" || flag.Variable == "" || flag.Change == "" || flag.Value == "" || strings.HasSuffix(flag.Doc, ".") {
				t.Errorf("%s: %+v", flag.Name, flag)
			}
		}
	}
	for _, k := range append(staticKeys(), append(keysOfApp(anyApp), fileKey)...) {
		if seen[string(k.name)] != 1 {
			t.Errorf("%s stands in %d topics, want one (topics.go)", k.name, seen[string(k.name)])
		}
	}
}

func TestVariablesWithASlipInTheirPrefixAreWarnedOf(t *testing.T) {
	r, err := Read(Input{Environ: []string{
		"KAKAORCP_GRPC_ADDR=:1", "KAKAO_RPC_APPS_DEFAULT_ADMIN_KEY=" + adminKey, "kakaorpc_sandbox=1",
		"KAKAO_GRPC_ADDR=:1", "GRPC_ADDR=:1", "OTHER_LOG_LEVEL=debug", "KAKAORPC_LOG_LEVEL=warn", "KAKARPC_LOG_FORMAT=",
	}})
	if err != nil || r.Err() != nil {
		t.Fatal(err, r.Err())
	}
	var got []string
	for _, warning := range r.Config.Warnings {
		got = append(got, warning.String())
	}
	want := "KAKAORCP_GRPC_ADDR: is read by nobody here; did you mean KAKAORPC_GRPC_ADDR?|" +
		"KAKAO_RPC_APPS_DEFAULT_ADMIN_KEY: is read by nobody here; did you mean KAKAORPC_APPS_DEFAULT_ADMIN_KEY?"
	if text := strings.Join(got, "|"); text != want {
		t.Errorf("got %s", text)
	}
}

// TestWhatIsOddAboutTheWayToKakaoIsWarnedOf: an address by which keys travel in the
// clear, and one that is the server's own.
func TestWhatIsOddAboutTheWayToKakaoIsWarnedOf(t *testing.T) {
	for _, row := range []struct {
		args []string
		want string // the warnings, joined
	}{
		{[]string{"--kakao.base_url=https://egress.example"}, ""},
		{[]string{"--kakao.base_url=http://localhost:9900"}, ""},
		{[]string{"--kakao.base_url=http://[::1]:9900", "--kakao.hosts.kapi=http://127.0.0.2:8080"}, ""},
		{[]string{"--kakao.base_url=http://egress.example/kakao"},
			"--kakao.base_url: keys and tokens travel to egress.example in the clear; write https:// unless something else encrypts the way there"},
		{[]string{"--kakao.hosts.kauth=http://10.0.0.1:80"},
			"--kakao.hosts.kauth: keys and tokens travel to 10.0.0.1:80 in the clear; write https:// unless something else encrypts the way there"},
		{[]string{"--kakao.base_url=http://localhost:8080"},
			"--kakao.base_url: is the address of --http.addr, which is this server's own: calls to Kakao would come back here"},
		{[]string{"--insecure", "--grpc.addr=:443", "--kakao.hosts.kapi=https://127.0.0.1"},
			"--kakao.hosts.kapi: is the address of --grpc.addr, which is this server's own: calls to Kakao would come back here"},
		{[]string{"--grpc.addr=127.0.0.1:0", "--kakao.base_url=http://127.0.0.1:9090"}, ""},
		{[]string{"--insecure", "--kakao.base_url=https://egress.example:8080"}, ""},
	} {
		r, err := Read(Input{Args: row.args})
		if err != nil || r.Err() != nil {
			t.Fatal(err, r.Err())
		}
		var got []string
		for _, warning := range r.Config.Warnings {
			got = append(got, warning.String())
		}
		if text := strings.Join(got, "|"); text != row.want {
			t.Errorf("%q:\n got %s\nwant %s", row.args, text, row.want)
		}
	}
}

func TestOriginsAreThoseOfTheSourceThatWon(t *testing.T) {
	files := map[string]string{"./k.yaml": "log: {level: warn,\n format: text}\nops.addr: 127.0.0.1:1\n", "./key": restKey}
	r, err := Read(Input{
		Args: []string{"--config=./k.yaml", "--grpc.addr=127.0.0.1:2"}, Environ: []string{"KAKAORPC_LOG_LEVEL=error", "KAKAORPC_APPS_DEFAULT_REST_API_KEY_FILE=./key"},
		ReadFile: func(path string) ([]byte, error) { return []byte(files[path]), nil },
	})
	if err != nil || r.Err() != nil {
		t.Fatal(err, r.Err())
	}
	for key, want := range map[string]string{
		"log.level": "KAKAORPC_LOG_LEVEL", "log.format": "./k.yaml line 2: log.format", "ops.addr": "./k.yaml line 3: ops.addr", "grpc.addr": "--grpc.addr",
		"http.addr": "--http.addr", "config": "--config", "apps.default.rest_api_key": "KAKAORPC_APPS_DEFAULT_REST_API_KEY_FILE",
	} {
		if got := r.Origin(key); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	for _, s := range r.Settings() {
		if s.Key == "http.addr" && (s.Origin != defaultOrigin || s.Value != "127.0.0.1:8080") || strings.Contains(s.Value, restKey) {
			t.Errorf("%+v", s)
		}
	}
	if r.File != "./k.yaml" || r.FileHoldsKeys {
		t.Errorf("file %s, holds keys: %t", r.File, r.FileHoldsKeys)
	}
}
