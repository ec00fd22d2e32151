package main

import (
	"context"
	"encoding/json"
	"io"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/errorsx/catalogue"
)

var errorsCommand = commandline.Command{
	Name:  "errors",
	About: "print what each error means and what to do about it",
	Flags: []commandline.Flag{
		{
			Name: "format", Value: "markdown|json", Values: []string{"markdown", "json"}, Default: "markdown",
			Doc: "Markdown for a document or JSON for programs",
		},
		{
			Name: "language", Value: "en|ko", Values: []string{string(catalogue.English), string(catalogue.Korean)}, Default: string(catalogue.English),
			Doc: "English or Korean",
		},
	},
}

// errorNotations are how the catalogue of errors can be printed.
var errorNotations = map[string]func(io.Writer, catalogue.Language) error{
	"markdown": catalogue.Markdown,
	"json":     errorsAsJSON,
}

func printErrors(_ context.Context, p process) error {
	return errorNotations[p.given.Flags["format"]](p.stdout, catalogue.Language(p.given.Flags["language"]))
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
