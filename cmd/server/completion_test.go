package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// shellsVariable lists the shells that have to be there; without it a test goes
// through those that are.
const shellsVariable = "KAKAORPC_SHELLS"

// shells complete a command line, each in its own way.
var shells = map[string]func(script, line string) []string{
	"bash": func(script, line string) []string {
		line = strings.ReplaceAll(line, "=", " = ") // as readline does
		words := strings.Fields(line)
		if strings.HasSuffix(line, " ") && !strings.HasSuffix(line, "= ") {
			words = append(words, "")
		}
		return append([]string{"bash", "testdata/complete.bash", script}, words...)
	},
	"zsh": func(script, line string) []string {
		return []string{"zsh", "-f", "testdata/complete.zsh", script, line}
	},
	"fish": func(script, line string) []string {
		return []string{"fish", "--no-config", "-c", "source " + script + "; complete -C '" + line + "' | string replace -r '^' '>'; true"}
	},
}

// TestCompletionsInRealShells asks each shell what it makes of a line.
func TestCompletionsInRealShells(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"cert one.pem", "key.pem"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for shell, line := range shells {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				if shell == "bash" || strings.Contains(os.Getenv(shellsVariable), shell) {
					t.Fatal(err)
				}
				t.Skipf("%s is not installed (%s=%s would make that a failure)", shell, shellsVariable, shell)
			}
			var script buffer
			if code := run(process{program: "server", args: []string{"completion", shell}, stdout: &script, stderr: os.Stderr}); code != 0 {
				t.Fatalf("exit code %d", code)
			}
			file := filepath.Join(t.TempDir(), "script")
			if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, row := range []struct {
				line string
				want string // all that is offered, in order; "…" at the end: at least
				not  string // what is not
			}{
				{line: "server ch", want: "check"},
				{line: "server s", want: "sandbox serve service-config"},
				{line: "server --log.l", want: "--log.level"},
				{line: "server serve --log.l", want: "--log.level"},
				{line: "server --log.level ", want: "debug error info warn"},
				{line: "server --sandbox --log.level d", want: "debug"},
				{line: "server check --format ", want: "json text"},
				{line: "server check --re", want: "--reach --reload.interval --retry.attempt_timeout --retry.attempts --retry.budget_percent"},
				{line: "server completion ", want: "bash fish zsh"},
				{line: "server help dead", want: "deadlines"},
				{line: "server sandbox --", want: "--addr --expose --help", not: "--log.level"},
				{line: "server --apps.default.admin_key_f", want: "--apps.default.admin_key_file"},
				{line: "server --apps.default.admin_k", want: "--apps.default.admin_key_2_file --apps.default.admin_key_file"},
				{line: "server --tls.key_file " + folder + "/k", want: folder + "/key.pem"},
				{line: "server --tls.cert_file " + folder + "/c", want: folder + "/cert one.pem"},
				{line: "server --deadline.read.max ", want: ""},
			} {
				if got, want := strings.Join(complete(t, line(file, row.line)), " "), row.want; !sameWords(got, want, folder) {
					t.Errorf("%q offers %q, want %q", row.line, got, want)
				}
			}
			// After a =, shells offer the value alone or the whole word.
			if got := complete(t, line(file, "server --log.level=d")); len(got) != 1 || strings.TrimPrefix(got[0], "--log.level=") != "debug" {
				t.Errorf("--log.level=d offers %q", got)
			}
		})
	}
}

// sameWords compares what is offered; of files a shell may give the last part
// of the name alone, and quote it.
func sameWords(got, want, folder string) bool {
	bare := func(text string) string {
		return strings.NewReplacer(folder+"/", "", `\`, "").Replace(text)
	}
	return bare(got) == bare(want)
}

var offered = regexp.MustCompile(`(?m)>([^\r\n\t]*)`)

// complete runs a shell and reads what stands behind each ">".
func complete(t *testing.T, command []string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	shell := exec.CommandContext(ctx, command[0], command[1:]...)
	shell.Stderr = os.Stderr
	out, err := shell.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s", command, err, out)
	}
	words := map[string]bool{}
	for _, match := range offered.FindAllStringSubmatch(string(out), -1) {
		if match[1] != "" {
			words[match[1]] = true
		}
	}
	sorted := make([]string, 0, len(words))
	for word := range words {
		sorted = append(sorted, word)
	}
	slices.Sort(sorted)
	return sorted
}

// TestCompletionIsForTheNameOfTheProgram as it was started, whatever is in it.
func TestCompletionIsForTheNameOfTheProgram(t *testing.T) {
	for shell, line := range map[string]string{"bash": "complete -F _kakaorpc_linux_amd64 kakaorpc-linux-amd64", "zsh": "#compdef kakaorpc-linux-amd64", "fish": "complete -c kakaorpc-linux-amd64 -f"} {
		var script buffer
		run(process{program: "kakaorpc-linux-amd64", args: []string{"completion", shell}, stdout: &script, stderr: os.Stderr})
		if !strings.Contains(script.String(), line+"\n") {
			t.Errorf("%s: no line %q", shell, line)
		}
	}
}
