//go:build drill

package main

import (
	"debug/elf"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestDrillImageStages runs the commands of the Dockerfile's build stage on a
// copy of the repository, and what comes out as the image would run it: alone in
// a root of its own that it cannot write to, as the user of the image.
func TestDrillImageStages(t *testing.T) {
	file, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	commands := regexp.MustCompile(`(?m)^RUN (.+)$`).FindAllStringSubmatch(string(file), -1)
	if len(commands) != 2 || !strings.Contains(string(file), "\nUSER 65532:65532\n") || !strings.Contains(string(file), ":nonroot\n") {
		t.Fatalf("the Dockerfile has %d commands, or another user", len(commands))
	}
	source := copied(t)
	for _, match := range commands {
		command := exec.Command("sh", "-c", strings.Replace(match[1], "-o /server", "-o "+root+"/server", 1))
		command.Dir = source
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("RUN %s: %v\n%s", match[1], err, out)
		}
	}

	binary, err := elf.Open(filepath.Join(root, "server"))
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range binary.Progs {
		if program.Type == elf.PT_INTERP {
			t.Error("the binary is not static")
		}
	}
	_ = binary.Close()

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
	addr := freeAddress(t)
	r := run("--sandbox", "--grpc.addr="+addr, "--http.addr=127.0.0.1:0", "--ops.addr=127.0.0.1:0")
	r.addr = addr
	r.mustServe(t)
	if err := r.end(t, syscall.SIGTERM); exitCode(err) != 0 {
		t.Errorf("it ended with %v\n%s", err, r.output.String())
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
	t.Log("image: built by the commands of the Dockerfile, static; served as uid 65532 in a root with nothing else, and wrote nothing")
}

// openTo lets other users pass to a folder of the test.
func openTo(folder string) error {
	var faults []error
	for at := folder; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		faults = append(faults, os.Chmod(at, 0o755)) //nolint:gosec // as above
	}
	return errors.Join(faults...)
}

// copied is the tree that the image's build gets, without what .dockerignore
// names.
func copied(t *testing.T) string {
	t.Helper()
	ignored, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "src")
	if err := os.CopyFS(folder, os.DirFS("../..")); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(ignored)) {
		if name := strings.TrimSpace(line); name != "" {
			if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return folder
}
