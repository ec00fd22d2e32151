package deployment

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// repository is the root of the checkout, seen from here.
const repository = "../.."

// binary is the server, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "deployment")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(folder) }()
		binary = filepath.Join(folder, "server")
		if out, err := exec.Command("go", "build", "-C", repository, "-o", binary, "./cmd/server").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "the server does not build: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// output can be read while a process writes it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// begin starts the binary with exactly this environment, until the test ends.
func begin(t *testing.T, environ []string, args ...string) *output {
	t.Helper()
	said := &output{}
	command := exec.Command(binary, args...)
	command.Env, command.Dir, command.Stdout, command.Stderr = environ, t.TempDir(), said, said
	if command.Env == nil {
		command.Env = []string{}
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	return said
}

// finish runs the binary to its end.
func finish(environ []string, args ...string) (code int, said string) {
	command := exec.Command(binary, args...)
	command.Env = append([]string{}, environ...)
	out, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		return -1, err.Error()
	}
	return command.ProcessState.ExitCode(), string(out)
}

// freeAddress is an address that nobody has, and that nobody takes before it is
// used: it is on a loopback address of this process's own, while the connections of
// other tests go out from 127.0.0.1.
func freeAddress(t *testing.T) string {
	t.Helper()
	own := os.Getpid()
	for _, host := range []string{fmt.Sprintf("127.%d.%d.%d", 64+own>>16&63, own>>8&255, own&255), "127.0.0.1"} { // not every system has more than the latter
		listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			continue
		}
		defer func() { _ = listener.Close() }()
		return listener.Addr().String()
	}
	t.Fatal("no loopback address can be listened on")
	return ""
}

// eventually waits for something to be so.
func eventually(t *testing.T, what string, so func() bool, said fmt.Stringer) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatalf("after 20s it is not so that %s\n%s", what, said)
}

// ready reports whether the ops port says so.
func ready(ops string) bool {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + ops + "/readyz")
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, path))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// variables are the names that the server knows of in its environment, from its
// help.
func variables(t *testing.T) map[string]bool {
	t.Helper()
	code, help := finish(nil, "--help")
	if code != 0 {
		t.Fatalf("--help ends with %d", code)
	}
	known := map[string]bool{}
	for _, word := range strings.FieldsFunc(help, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '<' && r != '>'
	}) {
		if strings.HasPrefix(word, "KAKAORPC_") {
			known[word] = true
		}
	}
	if len(known) < 40 {
		t.Fatalf("--help names %d variables", len(known))
	}
	return known
}
