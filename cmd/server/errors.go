package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"github.com/kakaorpc/kakaorpc/internal/errorsx/catalogue"
)

// errorNotations are how the catalogue of errors can be printed.
var errorNotations = map[string]func(io.Writer, catalogue.Language) error{
	"markdown": catalogue.Markdown,
	"json":     errorsAsJSON,
}

func printErrors(_ context.Context, p process) error {
	flags := flag.NewFlagSet("server errors", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	format := flags.String("format", "markdown", "markdown or json")
	language := flags.String("language", string(catalogue.English), "en or ko")
	if err := flags.Parse(p.args); err != nil {
		return asUsage(err)
	}
	write, known := errorNotations[*format]
	spoken := catalogue.Language(*language)
	if !known || spoken != catalogue.English && spoken != catalogue.Korean || flags.NArg() > 0 {
		_, _ = fmt.Fprintln(p.stderr, "want: server errors [--format markdown|json] [--language en|ko]")
		return errUsage
	}
	return write(p.stdout, spoken)
}

func errorsAsJSON(w io.Writer, l catalogue.Language) error {
	return encodeJSON(w, catalogue.Entries(l))
}

// encodeJSON writes JSON as people and diffs read it best.
func encodeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
