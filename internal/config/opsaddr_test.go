package config

import (
	"errors"
	"strings"
	"testing"
)

// TestTheOpsPortIsFoundWhereverItWasSet would catch a health check that looks at
// another port than the one the server took, and one that fails because of a
// key that has nothing to do with it.
func TestTheOpsPortIsFoundWhereverItWasSet(t *testing.T) {
	files := map[string]string{"k.yaml": "ops: {addr: '127.0.0.2:7001'}\napps: {default: {admin_key_file: /gone}}\nno_such_key: 1\n"}
	ask := func(environ []string, args ...string) (string, error) {
		return OpsAddr(Input{Args: args, Environ: environ, ReadFile: func(path string) ([]byte, error) {
			text, ok := files[path]
			if !ok {
				return nil, errors.New("there is none")
			}
			return []byte(text), nil
		}})
	}
	for _, c := range []struct {
		environ []string
		args    []string
		want    string
	}{
		{nil, nil, "127.0.0.1:9091"},
		{[]string{"KAKAORPC_OPS_ADDR=:7002"}, nil, "127.0.0.1:7002"},
		{[]string{"KAKAORPC_OPS_ADDR=[::]:7002"}, nil, "127.0.0.1:7002"},
		{[]string{"KAKAORPC_CONFIG=k.yaml"}, nil, "127.0.0.2:7001"},
		{[]string{"KAKAORPC_CONFIG=k.yaml", "KAKAORPC_OPS_ADDR=:7002"}, []string{"--ops.addr=127.0.0.3:7003"}, "127.0.0.3:7003"},
		{[]string{"KAKAORPC_TLS_CERT_FILE=/gone", "KAKAORPC_LOG_LEVEL=loud"}, []string{"--insecure"}, "127.0.0.1:9091"},
	} {
		if got, err := ask(c.environ, c.args...); err != nil || got != c.want {
			t.Errorf("%v %v: %s, %v; want %s", c.environ, c.args, got, err, c.want)
		}
	}
	for want, environ := range map[string]string{
		"KAKAORPC_OPS_ADDR":  "KAKAORPC_OPS_ADDR=nowhere",
		"configuration file": "KAKAORPC_CONFIG=gone.yaml",
	} {
		if got, err := ask([]string{environ}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v; want an error that names %s", environ, got, err, want)
		}
	}
	if _, err := ask(nil, "--help"); !errors.Is(err, ErrHelp) {
		t.Errorf("--help: %v", err)
	}
}
