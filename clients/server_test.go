//go:build clients

package clients_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// root is the repository, from where everything is run that a reader runs.
const root = ".."

// built builds the server once for all tests.
var built = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "kakaorpc-clients-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "server")
	command := exec.Command("go", "build", "-o", binary, "./cmd/server")
	command.Dir, command.Stderr = root, os.Stderr
	return binary, command.Run()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if binary, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(code)
}

// process is the server, or its sandbox, as a process of its own.
type process struct {
	command *exec.Cmd
	output  *output
}

// start runs the server with arguments and variables until the test ends.
func start(t *testing.T, environ []string, args ...string) *process {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{command: exec.Command(binary, args...), output: &output{}}
	p.command.Env = append(os.Environ(), environ...)
	p.command.Stdout, p.command.Stderr = p.output, p.output
	// It ends with the test, however that ends.
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// kill ends the process without a word.
func (p *process) kill() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
}

// says waits for the first group of a pattern in what the process prints.
func (p *process) says(t *testing.T, pattern string) string {
	t.Helper()
	want := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if found := want.FindStringSubmatch(p.output.String()); found != nil {
			return found[1]
		}
	}
	t.Fatalf("not within 20 s: %s in\n%s", pattern, p.output.String())
	return ""
}

// output is what a process printed so far.
type output struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (o *output) Write(data []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.Write(data)
}

func (o *output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.text.String()
}

// lines counts those that are complete.
func (o *output) lines() int { return strings.Count(o.String(), "\n") }

// freePort finds a port that is free on all the addresses.
func freePort(t *testing.T, addresses ...string) string {
	t.Helper()
	for range 20 {
		first, err := net.Listen("tcp", net.JoinHostPort(addresses[0], "0"))
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(first.Addr().String())
		free := true
		for _, address := range addresses[1:] {
			other, err := net.Listen("tcp", net.JoinHostPort(address, port))
			if err != nil {
				free = false
				continue
			}
			_ = other.Close()
		}
		_ = first.Close()
		if free {
			return port
		}
	}
	t.Fatalf("no port is free on all of %v", addresses)
	return ""
}
