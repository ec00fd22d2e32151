package server

import (
	"net/http"
	"strings"

	"github.com/kakaorpc/kakaorpc/gen/openapi"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/site"
)

// newSite makes the pages of the facade: what a person or a tool looks at
// first. They are told addresses when they are asked for, because the server
// listens last.
func newSite(cfg *config.Config, b backend, sandbox *site.Sandbox, addresses func() Addresses) ([]site.Page, error) {
	table, err := newRoutes(b.contract)
	if err != nil {
		return nil, err
	}
	scheme := "http://"
	if cfg.TLS.Enabled() {
		scheme = "https://"
	}
	about := site.Options{
		Contract: openapi.V2, Endpoints: b.endpoints, Health: b.health, Sandbox: sandbox,
		Identified: cfg.TLS.ClientCAFile != "", Plain: []byte(index(table)),
		Addresses: func() site.Addresses {
			at := addresses()
			return site.Addresses{Facade: scheme + Reachable(at.HTTP), GRPC: Reachable(at.GRPC)}
		},
	}
	if !about.Identified {
		about.Version = ReadVersion().String() // strangers need not know it
	}
	pages, err := site.New(about)
	return append(pages,
		site.File("/openapi.json", "application/json", openapi.V2),
		site.File("/openapi.v3.json", "application/json", openapi.V3),
	), err
}

// pageRoutes are the routes that are no rpc.
func pageRoutes(pages []site.Page) routes {
	var all routes
	for _, page := range pages {
		all = append(all, &route{method: http.MethodGet, template: page.Path, page: page.Handler, inside: page.Inside})
	}
	return all
}

// index lists where things are.
func index(table routes) string {
	var page strings.Builder
	page.WriteString("kakaorpc: Kakao's REST platform as gRPC and JSON (in a browser this is a page)\n\nGET /openapi.json\tOpenAPI 2.0\nGET /openapi.v3.json\tOpenAPI 3.1\n\n")
	for _, r := range table {
		page.WriteString(r.pattern() + "\t" + strings.TrimPrefix(fullMethod(r.rpc), "/") + "\n")
	}
	return page.String()
}
