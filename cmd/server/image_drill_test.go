//go:build drill

package main

import (
	"debug/elf"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// buildArguments are what BuildKit and "make image" give to the Dockerfile.
var buildArguments = map[string]string{
	"TARGETOS": "linux", "TARGETARCH": runtime.GOARCH,
	"VERSION": "v9.8.7-drill", "COMMIT": "0000000000000000000000000000000000007e57",
}

// TestDrillImageStages runs the commands of the Dockerfile's build stage on what
// .dockerignore leaves of the repository, and what comes out as the image would
// run it: alone in a root of its own that it cannot write to, as the user of the
// image, asked by the image's own health check.
func TestDrillImageStages(t *testing.T) {
	build, image := dockerfile(t)
	if !slices.Contains(image, "USER 65532:65532") || !strings.HasSuffix(image[0], ":nonroot") {
		t.Errorf("the image runs as another user: %q", image)
	}
	root, source := t.TempDir(), copied(t)
	environ, commands := os.Environ(), 0
	for _, instruction := range build {
		name, rest, _ := strings.Cut(instruction, " ")
		switch name {
		case "ARG":
			for _, argument := range strings.Fields(rest) {
				value, given := buildArguments[argument]
				if !given {
					t.Errorf("nobody gives the build argument %s", argument)
				}
				environ = append(environ, argument+"="+value)
			}
		case "RUN":
			commands++
			// Caches that are mounted make it quicker and change nothing.
			script := regexp.MustCompile(`^(--mount=type=cache,target=\S+\s+)*`).ReplaceAllString(rest, "")
			command := exec.Command("sh", "-c", strings.Replace(script, "-o /server", "-o "+root+"/server", 1))
			command.Dir, command.Env = source, environ
			if out, err := command.CombinedOutput(); err != nil {
				t.Fatalf("RUN %s: %v\n%s", script, err, out)
			}
		}
	}
	if commands != 2 {
		t.Errorf("the build stage has %d commands, want the modules' and the compiler's", commands)
	}
	mustBeStatic(t, filepath.Join(root, "server"))

	run := func(args ...string) *replica {
		r := &replica{binary: "/server", environ: []string{"PATH="}}
		r.output = &buffer{}
		command := exec.Command(r.binary, args...)
		command.Env, command.Dir, command.Stdout, command.Stderr = []string{}, "/", r.output, r.output
		command.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}, Pdeathsig: syscall.SIGKILL}
		if os.Getuid() != 0 {
			t.Log("not root: without a root of its own, and not as the image's user")
			command.Path, command.SysProcAttr = filepath.Join(root, "server"), nil
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		r.command = command
		t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
		return r
	}
	if err := errors.Join(openTo(root), os.Chmod(root, 0o555)); err != nil { //nolint:gosec // it is to be read by the image's user
		t.Fatal(err)
	}
	version := run("version")
	if err := version.command.Wait(); err != nil {
		t.Error(err)
	}
	if got, want := version.output.String(), "kakaorpc "+buildArguments["VERSION"]+" "+buildArguments["COMMIT"]+" "+runtime.Version()+"\n"; got != want {
		t.Errorf("the version is %q, want %q", got, want)
	}

	addr, ops := freeAddress(t), freeAddress(t)
	r := run("--sandbox", "--grpc.addr="+addr, "--http.addr=127.0.0.1:0", "--ops.addr="+ops)
	r.addr = addr
	r.mustServe(t)
	check := func() int {
		command := run(append(imageHealthcheck(t, image)[1:], "--ops.addr="+ops)...)
		return exitCode(command.command.Wait())
	}
	if code := check(); code != 0 {
		t.Errorf("the health check of a server that is up ends with %d", code)
	}
	if err := r.end(t, syscall.SIGTERM); exitCode(err) != 0 {
		t.Errorf("it ended with %v\n%s", err, r.output.String())
	}
	if code := check(); code != 1 {
		t.Errorf("the health check of a server that has ended ends with %d, want 1", code)
	}
	files := 0
	_ = filepath.WalkDir(root, func(_ string, entry fs.DirEntry, _ error) error {
		if !entry.IsDir() {
			files++
		}
		return nil
	})
	if files != 1 {
		t.Errorf("there are %d files in the root, want the binary alone", files)
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		_ = conn.Close()
		t.Error("it still listens")
	}
	t.Log("image: built by the commands of the Dockerfile, static, stamped; served as uid 65532 in a root with nothing else, passed its health check, and wrote nothing")
}

// dockerfile is the instructions of the two stages, each in one line, FROM first.
func dockerfile(t *testing.T) (build, image []string) {
	t.Helper()
	file, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(string(file), "")
	text = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(text, "")
	var stages [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "FROM ") {
			stages = append(stages, nil)
		}
		if line != "" {
			stages[len(stages)-1] = append(stages[len(stages)-1], line)
		}
	}
	if len(stages) != 2 {
		t.Fatalf("the Dockerfile has %d stages, want 2", len(stages))
	}
	return stages[0], stages[1]
}

// imageHealthcheck is what the image runs to learn how it is.
func imageHealthcheck(t *testing.T, image []string) []string {
	t.Helper()
	for _, instruction := range image {
		if _, list, ok := strings.Cut(instruction, " CMD "); ok && strings.HasPrefix(instruction, "HEALTHCHECK ") {
			var command []string
			if err := json.Unmarshal([]byte(list), &command); err != nil || len(command) < 2 || command[0] != "/server" {
				t.Fatalf("HEALTHCHECK runs %s: without a shell it can only be the server", list)
			}
			return command
		}
	}
	t.Fatal("the image has no HEALTHCHECK")
	return nil
}

func mustBeStatic(t *testing.T, path string) {
	t.Helper()
	binary, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = binary.Close() }()
	for _, program := range binary.Progs {
		if program.Type == elf.PT_INTERP {
			t.Error("the binary is not static")
		}
	}
}

// openTo lets other users pass to a folder of the test.
func openTo(folder string) error {
	var faults []error
	for at := folder; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		faults = append(faults, os.Chmod(at, 0o755)) //nolint:gosec // as above
	}
	return errors.Join(faults...)
}

// copied is what the image's build gets: what .dockerignore, which leaves out
// everything, takes in again.
func copied(t *testing.T) string {
	t.Helper()
	file, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for line := range strings.Lines(string(file)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			rules = append(rules, line)
		}
	}
	if len(rules) == 0 || rules[0] != "*" {
		t.Fatalf(".dockerignore does not begin with *: %q", rules)
	}
	folder := t.TempDir()
	for _, rule := range rules[1:] {
		name, taken := strings.CutPrefix(rule, "!")
		if !taken {
			t.Fatalf(".dockerignore: this test knows * and !name, not %q", rule)
		}
		from, to := filepath.Join("../..", name), filepath.Join(folder, name)
		about, err := os.Stat(from)
		switch {
		case err != nil:
			t.Fatal(err)
		case about.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			var content []byte
			if content, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, content, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
