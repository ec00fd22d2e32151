package server

import (
	"net/http"
	"strings"

	"github.com/kakaorpc/kakaorpc/gen/openapi"
)

// pages are the routes that are no rpc: what a person or a tool looks at first.
func pages(table routes) routes {
	return routes{
		{method: http.MethodGet, template: "/", page: text("text/plain; charset=utf-8", []byte(index(table)))},
		{method: http.MethodGet, template: "/openapi.json", page: text("application/json", openapi.V2)},
		{method: http.MethodGet, template: "/openapi.v3.json", page: text("application/json", openapi.V3)},
	}
}

func text(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body) // whoever does not read it has gone
	}
}

// index lists where things are.
func index(table routes) string {
	var page strings.Builder
	page.WriteString("kakaorpc: Kakao's REST platform as gRPC and JSON\n\nGET /openapi.json\tOpenAPI 2.0\nGET /openapi.v3.json\tOpenAPI 3.1\n\n")
	for _, r := range table {
		page.WriteString(r.pattern() + "\t" + strings.TrimPrefix(fullMethod(r.rpc), "/") + "\n")
	}
	return page.String()
}
