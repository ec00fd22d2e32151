// Command server is kakaorpc: Kakao's REST platform as gRPC and JSON. Its
// subcommands stand in one table (commands.go); without one it serves.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/spelling"
)

func main() {
	os.Exit(run(process{
		program: filepath.Base(os.Args[0]), args: os.Args[1:], environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr,
	}))
}

// process is what a command has of its process.
type process struct {
	// program is what the process was started as.
	program string
	// args are the arguments behind the name of the command.
	args []string
	// given is what they say, for a command that takes no configuration.
	given          commandline.Values
	environ        []string
	stdout, stderr io.Writer
}

// width is that of a page on stdout, in columns.
func (p process) width() int { return commandline.Width(p.stdout, p.environ) }

// errUsage is a wrong command line that has been explained already.
var errUsage = errors.New("usage")

// run picks the command and returns the exit code: 0 for an orderly end, 1 for
// a failure, 2 for a wrong command line or configuration.
func run(p process) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	// The first signal shuts down in order; with the handler gone, a second one
	// ends the process at once.
	defer context.AfterFunc(ctx, stop)()

	switch err := dispatch(ctx, p); {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		return 2
	default:
		_, _ = fmt.Fprintln(p.stderr, "kakaorpc:", err)
		return 1
	}
}

// dispatch finds the command, reads its command line and runs it. A
// configuration is read by the commands that take one.
func dispatch(ctx context.Context, p process) error {
	chosen := commands()[0]
	if len(p.args) > 0 {
		word := p.args[0]
		if word == "--version" || word == "-version" {
			word = "version" // as with most programs
		}
		if (word == "--help" || word == "-h") && len(p.args) == 1 {
			return program().Everything(p.stdout, p.width())
		}
		if !strings.HasPrefix(word, "-") {
			command, known := named(word)
			if !known {
				return noSuchCommand(p, word)
			}
			chosen, p.args = command, p.args[1:]
		}
	}
	if chosen.Configured {
		return chosen.run(ctx, p)
	}
	given, err := commandline.Parse(chosen.Command, p.args)
	switch {
	case errors.Is(err, commandline.ErrHelp):
		return program().Help(p.stdout, p.width(), chosen.Name)
	case err != nil:
		return refuse(p, err, "server "+chosen.Name+" --help")
	}
	p.given = given
	return chosen.run(ctx, p)
}

// noSuchCommand does not repeat the word: it may be a value that lost its flag.
func noSuchCommand(p process, word string) error {
	var names []string
	for _, command := range commands() {
		names = append(names, command.Name)
	}
	return refuse(p, errors.New("there is no such command"+spelling.DidYouMean(word, names)+
		"\nthe commands are "+strings.Join(names, ", ")), "server help")
}

// refuse explains a wrong command line, and where to read more.
func refuse(p process, err error, more string) error {
	_, _ = fmt.Fprintf(p.stderr, "kakaorpc: %s\n(%s explains more)\n", err, more)
	return errUsage
}
