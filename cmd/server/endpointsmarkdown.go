package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// credentialsInWords say what a caller sends for each Endpoint.Auth.
var credentialsInWords = map[string]string{
	"none":          "nothing",
	"client":        "nothing; the client id, and in bodies the client secret, are added",
	"rest_key":      "nothing; the REST API key is added",
	"admin":         "nothing; the admin key is added",
	"user":          "the user's token",
	"user_or_admin": "the user's token, or `target_id`; then the admin key is added",
}

// endpointsAsMarkdown writes a table per product, for people who know Kakao's
// paths and look for the rpc: sorted by path. "make generate" puts it at the end
// of docs/migrating.md.
func endpointsAsMarkdown(w io.Writer, table []kakao.Endpoint) error {
	var page strings.Builder
	product := func(e kakao.Endpoint) string { return strings.Split(e.RPC, ".")[1] }
	table = slices.Clone(table)
	slices.SortStableFunc(table, func(a, b kakao.Endpoint) int {
		return cmp.Or(strings.Compare(product(a), product(b)), strings.Compare(a.Host, b.Host), strings.Compare(a.Path, b.Path))
	})
	last := ""
	for _, e := range table {
		if p := product(e); p != last {
			last = p
			fmt.Fprintf(&page, "\n### %s\n\n| Kakao | gRPC: `kakao.%s.v1.` | JSON | The caller sends |\n| --- | --- | --- | --- |\n", p, p)
		}
		_, rpc, _ := strings.Cut(e.RPC, ".v1.")
		fmt.Fprintf(&page, "| `%s %s%s` | `%s` | `%s` | %s |\n", e.Method, e.Host, e.Path, rpc, e.Facade, credentialsInWords[e.Auth])
	}
	_, err := io.WriteString(w, page.String())
	return err
}
