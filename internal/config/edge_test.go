package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestWithoutTLSTheListenersStayOnThisMachine(t *testing.T) {
	tls := []string{"--tls.cert_file=c.pem", "--tls.key_file=k.pem"}
	for _, row := range []struct {
		title string
		args  []string
		want  string
	}{
		{"nothing", nil, "127.0.0.1:9090 127.0.0.1:8080 127.0.0.1:9091"},
		{"sandbox", []string{"--sandbox"}, "127.0.0.1:9090 127.0.0.1:8080 127.0.0.1:9091"},
		{"TLS", tls, ":9090 :8080 :9091"},
		{"insecure", []string{"--insecure"}, ":9090 :8080 :9091"},
		{"sandbox for others", []string{"--sandbox", "--insecure"}, ":9090 :8080 :9091"},
		{"own loopback addresses", []string{"--grpc.addr=localhost:1", "--http.addr=[::1]:2", "--ops.addr=127.0.0.2:3"}, "localhost:1 [::1]:2 127.0.0.2:3"},
		{"one address with TLS", append(tls, "--grpc.addr=10.0.0.1:1"), "10.0.0.1:1 :8080 :9091"},
	} {
		c, err := load(t, nil, nil, row.args...)
		if err != nil {
			t.Errorf("%s: %v", row.title, err)
			continue
		}
		if got := strings.Join([]string{c.GRPC.Addr, c.HTTP.Addr, c.Ops.Addr}, " "); got != row.want {
			t.Errorf("%s: %s, want %s", row.title, got, row.want)
		}
	}
	for _, addr := range []string{":1", "0.0.0.0:1", "[::]:1", "10.0.0.1:1", "kakaorpc.example:1"} {
		for _, key := range []string{"grpc.addr", "http.addr", "ops.addr"} {
			_, err := load(t, nil, nil, "--"+key+"="+addr)
			if err == nil || !strings.Contains(err.Error(), "--"+key+": write 127.0.0.1:1 to stay on this machine; to be reached from elsewhere set --tls.cert_file") ||
				!strings.Contains(err.Error(), "--insecure") {
				t.Errorf("--%s=%s: %v", key, addr, err)
			}
		}
	}
}

func TestWhatGoesTogetherAtTheEdge(t *testing.T) {
	tls := []string{"--tls.cert_file=c.pem", "--tls.key_file=k.pem"}
	files := map[string]string{
		"./cert.yaml": "tls.cert_file: c.pem", "./ca.yaml": "tls: {client_ca_file: a.pem}", "./open.yaml": "grpc.addr: ':1'",
		"./ui.yaml": "ops.grpcui: true\ninsecure: true", "./late.yaml": "deadline.read.default: 20s", "./port.yaml": "grpc.addr: 127.0.0.1:8080",
	}
	if _, err := load(t, nil, []string{"KAKAORPC_GRPC_ADDR=:1"}); err == nil || !strings.Contains(err.Error(), "set KAKAORPC_TLS_CERT_FILE and KAKAORPC_TLS_KEY_FILE, or KAKAORPC_INSECURE=true where") {
		t.Errorf("for others by a variable: %v", err)
	}
	for _, row := range []struct {
		title string
		args  []string
		want  string
	}{
		{"certificate alone", []string{"--tls.cert_file=c.pem"}, "--tls.cert_file: a certificate needs its key; set --tls.key_file, too"},
		{"key alone", []string{"--tls.key_file=k.pem"}, "--tls.key_file: a certificate needs its key; set --tls.cert_file"},
		{"authorities alone", []string{"--tls.client_ca_file=a.pem"}, "callers show certificates over TLS only"},
		{"grpcui beside certificates", append(slices.Clone(tls), "--tls.client_ca_file=a.pem", "--ops.addr=127.0.0.1:1", "--ops.grpcui"), "--ops.grpcui: grpcui makes calls without a certificate"},
		{"grpcui for others", []string{"--insecure", "--ops.grpcui"}, "--ops.grpcui: grpcui makes calls for whoever reaches the ops port, which is to be this machine alone; set --ops.addr=127.0.0.1:9091, too"},
		{"grpcui for others with TLS", append(slices.Clone(tls), "--ops.grpcui"), "set --ops.addr=127.0.0.1:9091"},
		{"certificate alone in the file", []string{"--config=./cert.yaml"}, "./cert.yaml line 1: tls.cert_file: a certificate needs its key; set tls.key_file, too"},
		{"authorities alone in the file", []string{"--config=./ca.yaml"}, "set tls.cert_file and tls.key_file, too"},
		{"for others in the file", []string{"--config=./open.yaml"}, "write 127.0.0.1:1 to stay on this machine; to be reached from elsewhere set tls.cert_file and tls.key_file, or insecure: true where"},
		{"grpcui for others in the file", []string{"--config=./ui.yaml"}, "set ops.addr: 127.0.0.1:9091, too"},
		{"default over max in the file", []string{"--config=./late.yaml"}, "20s is more than deadline.read.max (15s by default)"},
		{"one port for two in the file", []string{"--config=./port.yaml"}, "./port.yaml line 1: grpc.addr: 127.0.0.1:8080 is also the address of http.addr"},
		{"policy alone", []string{"--authz.policy_file=p.yaml"}, "set --tls.client_ca_file"},
	} {
		_, err := load(t, files, nil, row.args...)
		var refused *Error
		if !errors.As(err, &refused) || len(refused.Faults) != 1 || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.title, err, row.want)
		}
	}
	for _, row := range []struct {
		args []string
		want string
	}{
		{nil, "false false"},
		{[]string{"--sandbox"}, "true true"},
		{[]string{"--sandbox", "--allow_admin_without_policy=false", "--grpc.reflection=false"}, "false false"},
		{[]string{"--allow-admin-without-policy", "--grpc.reflection"}, "true true"}, // dashes as in other programs
	} {
		c, err := load(t, nil, nil, row.args...)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(c.AllowAdminWithoutPolicy, c.GRPC.Reflection); got != row.want {
			t.Errorf("%q: admin and reflection %s, want %s", row.args, got, row.want)
		}
	}
}

func TestKeysAreReadAnewFromTheirFiles(t *testing.T) {
	c, err := load(t, map[string]string{"./one": restKey, "./two": adminKey, "./three": adminKey},
		[]string{"KAKAORPC_APPS_DEFAULT_REST_API_KEY_FILE=./one", "KAKAORPC_APPS_B_ADMIN_KEY_FILE=./two", "KAKAORPC_APPS_B_ADMIN_KEY_2_FILE=./three",
			"KAKAORPC_APPS_B_REST_API_KEY=" + restKey})
	if err != nil {
		t.Fatal(err)
	}
	if files := c.KeyFiles(); !slices.Equal(files, []string{"./two", "./three", "./one"}) {
		t.Fatalf("files %q", files)
	}
	apps, err := c.AppsFrom([][]byte{[]byte("7e577e57aaaa0007\n"), []byte("7e577e57aaaa0008"), []byte(" 7e577e57aaaa0009 ")})
	if err != nil {
		t.Fatal(err)
	}
	b := apps["b"]
	if got := b.AdminKey.Reveal() + b.AdminKey2.Reveal() + apps["default"].RESTAPIKey.Reveal() + b.RESTAPIKey.Reveal(); got !=
		"7e577e57aaaa0007"+"7e577e57aaaa0008"+"7e577e57aaaa0009"+restKey {
		t.Errorf("keys %s", got)
	}
	if c.Apps["b"].AdminKey.Reveal() != adminKey {
		t.Error("the configuration itself has changed")
	}
	_, err = c.AppsFrom([][]byte{nil, []byte("7e577e57 aaaa"), []byte(strings.Repeat("7e577e57", 600))})
	if err == nil || strings.Count(err.Error(), "does not hold") != 3 || strings.Contains(err.Error(), "7e577e57") {
		t.Errorf("got %v", err)
	}
}
