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
	files := map[string]string{
		"k.yaml":       "ops: {addr: '127.0.0.2:7001'}\napps: {default: {admin_key_file: /gone}}\nlog: {level: [loud]}\n",
		"slip.yaml":    "ops: {adr: '127.0.0.2:7001'}\n",
		"list.yaml":    "ops: {addr: ['127.0.0.2:7001']}\n",
		"unknown.yaml": "ops: {addr: '127.0.0.2:7001'}\nno_such_key: 1\n",
		"broken.yaml":  "ops: {addr: '127.0.0.2:7001'\n",
	}
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
	for _, c := range []struct {
		environ string
		args    []string
		want    string
	}{
		{"KAKAORPC_OPS_ADDR=nowhere", nil, "KAKAORPC_OPS_ADDR: want host:port"},
		{"KAKAORPC_OPS_ADR=:7002", nil, "KAKAORPC_OPS_ADR: unknown variable; did you mean KAKAORPC_OPS_ADDR?"},
		{"", []string{"--ops.adr", "127.0.0.1:7002"}, "--ops.adr: unknown flag; did you mean --ops.addr?"},
		{"", []string{"--bogus"}, "--bogus: unknown flag"},
		{"", []string{"bogus"}, "argument 1 is not a flag"},
		{"KAKAORPC_CONFIG=gone.yaml", nil, "KAKAORPC_CONFIG: cannot read the configuration file"},
		{"KAKAORPC_CONFIG=slip.yaml", nil, "slip.yaml line 1: unknown key ops.adr; did you mean ops.addr?"},
		{"KAKAORPC_CONFIG=list.yaml", nil, "list.yaml line 1: ops.addr: want host:port"},
		{"KAKAORPC_CONFIG=unknown.yaml", nil, "unknown.yaml line 2: unknown key no_such_key"},
		{"KAKAORPC_CONFIG=broken.yaml", nil, "is not valid YAML"},
	} {
		got, err := ask([]string{c.environ}, c.args...)
		var refused *Error
		if !errors.As(err, &refused) || len(refused.Faults) != 1 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: %q, %v; want one fault with %q", c.environ, c.args, got, err, c.want)
		}
	}
	if _, err := ask(nil, "--help"); !errors.Is(err, ErrHelp) {
		t.Errorf("--help: %v", err)
	}
}
