package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/server"
)

var endpointsCommand = commandline.Command{
	Name:  "endpoints",
	About: "print which rpc calls what of Kakao",
	Flags: []commandline.Flag{{
		Name: "format", Value: "text|json|markdown", Values: []string{"text", "json", "markdown"}, Default: "text",
		Doc: "text for people, JSON for programs or Markdown for a document",
	}},
}

// notations are how the table of endpoints can be printed.
var notations = map[string]func(io.Writer, []kakao.Endpoint) error{
	"text":     endpointsAsText,
	"json":     endpointsAsJSON,
	"markdown": endpointsAsMarkdown,
}

func printEndpoints(_ context.Context, p process) error {
	table, err := server.Endpoints() //nolint:contextcheck // it compiles the contract and calls nothing
	if err != nil {
		return err
	}
	return notations[p.given.Flags["format"]](p.stdout, table)
}

func endpointsAsJSON(w io.Writer, table []kakao.Endpoint) error {
	return encodeJSON(w, table)
}

func endpointsAsText(w io.Writer, table []kakao.Endpoint) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(columns, "RPC\tFACADE\tKAKAO\tAUTH\tENCODING\tRETRY\tOVERRIDE")
	for _, e := range table {
		_, _ = fmt.Fprintf(columns, "%s\t%s\t%s %s%s\t%s\t%s\t%s\t%s\n",
			e.RPC, e.Facade, e.Method, e.Host, e.Path, e.Auth, e.Encoding, e.Retry, strconv.FormatBool(e.Override))
	}
	return columns.Flush()
}
