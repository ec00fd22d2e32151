//go:build clients

package clients_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// language is one that has a quickstart.
type language struct {
	name       string
	quickstart string   // the file that a reader reads
	needs      []string // shell commands that succeed where what it needs is installed
	install    string   // what to install where one of them fails

	generate string // makes the stubs, in the repository
	failover string // runs the failover program; empty: there is none
}

// languages are all that have a quickstart. How each is run, its documents say.
var languages = []language{
	{
		name: "go", quickstart: "go/quickstart/main.go",
		failover: "exec go run ./clients/go/failover",
	},
	{
		name: "python", quickstart: "python/quickstart.py",
		needs: []string{
			"python3 -c 'import grpc'",
			// Debian's python3-grpc-tools is of 2018 and cannot read proto3's optional.
			`command -v grpc_python_plugin && command -v protoc ||
			 python3 -c 'from importlib.metadata import version; exit(int(version("grpcio-tools").split(".")[1]) < 49)'`,
		},
		install:  "apt-get install python3-grpcio protobuf-compiler protobuf-compiler-grpc (or pip install -r clients/python/requirements.txt)",
		generate: "clients/python/generate",
		failover: "PYTHONPATH=clients/python/gen exec python3 clients/python/failover.py",
	},
	{
		name: "typescript", quickstart: "typescript/quickstart.ts",
		needs:    []string{"node -e 'process.exitCode = parseInt(process.versions.node) < 20 ? 1 : 0'", "command -v npm"},
		install:  "Node.js 20 or newer with npm",
		generate: "cd clients/typescript && npm ci && npm run build",
		// grpc-js asks the name server that its target names only with this.
		failover: "cd clients/typescript && GRPC_NODE_USE_ALTERNATIVE_RESOLVER=true exec node dist/failover.js",
	},
	{
		name: "curl", quickstart: "curl/quickstart.sh",
		needs:   []string{"command -v bash", "command -v curl", "command -v jq"},
		install: "apt-get install bash curl jq",
	},
}

// mustHave fails the test in CI, and skips it elsewhere, where the machine lacks
// what the language needs.
func (l language) mustHave(t *testing.T) {
	t.Helper()
	for _, command := range l.needs {
		if out, err := shell(t, command).CombinedOutput(); err != nil {
			message := "this machine lacks what " + l.name + " needs: install " + l.install + "\n" + command + "\n" + string(out)
			if os.Getenv("CI") != "" {
				t.Fatal(message)
			}
			t.Skip(message)
		}
	}
}

// shell is a script run in the repository, as a reader pastes it.
func shell(t *testing.T, script string, environ ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script)
	command.Dir = root
	command.Env = append(os.Environ(), "PATH="+pythonFirst(t)+os.Getenv("PATH"))
	command.Env = append(command.Env, environ...)
	return command
}

// pythonFirst is the folder, with a colon, to put first on the PATH so that
// python3 is one that knows gRPC: Debian's packages are there for Debian's
// python3 alone, which others may hide.
func pythonFirst(t *testing.T) string {
	t.Helper()
	const debians = "/usr/bin/python3"
	if exec.Command("python3", "-c", "import grpc").Run() == nil || exec.Command(debians, "-c", "import grpc").Run() != nil {
		return ""
	}
	folder := t.TempDir()
	if err := os.Symlink(debians, filepath.Join(folder, "python3")); err != nil {
		t.Fatal(err)
	}
	return folder + ":"
}

// last returns the last lines of a text.
func last(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
