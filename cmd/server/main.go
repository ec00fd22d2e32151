// Command server is kakaorpc: Kakao's REST platform as gRPC and JSON.
//
//	server [serve] [flags]         serve; --help lists the flags
//	server --sandbox               serve, with a local Kakao inside
//	server sandbox [flags]         run the local Kakao alone
//	server endpoints [flags]       print which rpc calls what of Kakao
//	server errors [flags]          print what each error means
//	server service-config          print the gRPC service config for clients
//	server version                 print the version
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	os.Exit(run(process{args: os.Args[1:], environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr}))
}

// process is what a command has of its process.
type process struct {
	args           []string
	environ        []string
	stdout, stderr io.Writer
}

// command is a subcommand.
type command struct {
	name, about string
	run         func(context.Context, process) error
}

// commands are the subcommands; the first is the default.
func commands() []command {
	return []command{
		{"serve", "serve gRPC, JSON and the ops port (default)", serve},
		{"sandbox", "run the local Kakao alone", runSandbox},
		{"endpoints", "print which rpc calls what of Kakao", printEndpoints},
		{"errors", "print what each error means and what to do about it", printErrors},
		{"service-config", "print the gRPC service config for clients", printServiceConfig},
		{"version", "print the version", printVersion},
	}
}

// errUsage is a wrong command line that has been explained already.
var errUsage = errors.New("usage")

// run picks the command and returns the exit code: 0 for an orderly end, 1 for
// a failure, 2 for a wrong command line.
func run(p process) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	// The first signal shuts down in order; with the handler gone, a second one
	// ends the process at once.
	defer context.AfterFunc(ctx, stop)()

	chosen := commands()[0].run
	if len(p.args) > 0 && !strings.HasPrefix(p.args[0], "-") {
		chosen = unknownCommand
		for _, command := range commands() {
			if command.name == p.args[0] {
				chosen = command.run
			}
		}
		p.args = p.args[1:]
	}
	switch err := chosen(ctx, p); {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		return 2
	default:
		_, _ = fmt.Fprintln(p.stderr, "kakaorpc:", err)
		return 1
	}
}

func unknownCommand(_ context.Context, p process) error {
	// The word is not repeated: it may be a value that lost its flag.
	_, _ = fmt.Fprintln(p.stderr, "kakaorpc: there is no such command; the commands are")
	listCommands(p.stderr)
	return errUsage
}

func listCommands(w io.Writer) {
	for _, command := range commands() {
		_, _ = fmt.Fprintf(w, "  %-14s %s\n", command.name, command.about)
	}
	_, _ = fmt.Fprintln(w, "Each has --help.")
}

// noFlags is the command line of a command that takes none; done is true for
// --help.
func noFlags(p process, command string) (done bool, err error) {
	flags := flag.NewFlagSet("server "+command, flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	if err := flags.Parse(p.args); err != nil {
		return true, asUsage(err)
	}
	if flags.NArg() > 0 {
		_, _ = fmt.Fprintf(p.stderr, "want: server %s, without anything behind it\n", command)
		return true, errUsage
	}
	return false, nil
}
