package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHealthcheckSaysByItsExitCodeWhetherTheServerIsReady would catch a check
// that is content with any answer, which keeps a replica that is leaving among
// the healthy ones.
func TestHealthcheckSaysByItsExitCodeWhetherTheServerIsReady(t *testing.T) {
	check := func(addr string, args ...string) (int, string) {
		var out buffer
		code := run(process{args: append([]string{"healthcheck"}, args...), environ: []string{"KAKAORPC_OPS_ADDR=" + addr}, stdout: &out, stderr: &out})
		return code, out.String()
	}
	ops := freeAddress(t)
	if code, out := check(ops); code != 1 || !strings.Contains(out, "does not answer") {
		t.Errorf("nobody listens: exit code %d, %s", code, out)
	}
	begin(t, serve, "kakaorpc is up", []string{"--grpc.addr=127.0.0.1:0", "--http.addr=127.0.0.1:0", "--shutdown.grace=0s"}, []string{"KAKAORPC_OPS_ADDR=" + ops})
	if code, out := check(ops); code != 0 || out != "ready\n" {
		t.Errorf("a server that is up: exit code %d, %s", code, out)
	}
	leaving := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
	}))
	defer leaving.Close()
	if code, out := check(leaving.Listener.Addr().String()); code != 1 || !strings.Contains(out, "503") {
		t.Errorf("a server that is leaving: exit code %d, %s", code, out)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	if code, out := check(silent.Addr().String()); code != 1 || !strings.Contains(out, "deadline") {
		t.Errorf("a server that hangs: exit code %d, %s", code, out)
	}
	if code, out := check(ops, "--ops.adr=127.0.0.1:9999"); code != 1 || !strings.Contains(out, "did you mean --ops.addr?") {
		t.Errorf("a slip in a flag: exit code %d, %s", code, out)
	}
	if code, out := check("nowhere"); code != 1 || !strings.Contains(out, "KAKAORPC_OPS_ADDR") {
		t.Errorf("a wrong address: exit code %d, %s", code, out)
	}
}
