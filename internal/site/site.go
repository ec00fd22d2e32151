package site

import (
	"net/http"
	"strings"
	"sync"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// Options are what the site shows. Only Contract is required.
type Options struct {
	// Version is what runs, in a line.
	Version string
	// Contract is the OpenAPI v2 description of the facade.
	Contract []byte
	// Endpoints is the compiled table.
	Endpoints []kakao.Endpoint
	// Health tells how Kakao does, now; nil: nobody knows.
	Health func() []kakao.Health
	// Sandbox is the local Kakao that stands in place of every host; nil: none.
	Sandbox *Sandbox
	// Addresses says where the server is reached from its own machine. It is
	// asked when the first page is.
	Addresses func() Addresses
	// Identified: callers are asked for a certificate.
	Identified bool
	// Plain is what / says to programs that do not ask for HTML.
	Plain []byte
}

// Addresses are where the server is, for commands to paste.
type Addresses struct {
	// Facade is a base URL, http://localhost:8080.
	Facade string
	// GRPC is host and port.
	GRPC string
}

// Sandbox is what the site tells of a local Kakao.
type Sandbox struct {
	// URL is its page.
	URL string
	// People are those who live there.
	People []Person
}

// Person is somebody made up, for trying things out.
type Person struct {
	// Name and About introduce the person.
	Name, About string
	// Token is the person's access token; empty for who has never signed in.
	Token string
}

// Page is one path of the site. The method is always GET.
type Page struct {
	Path    string
	Handler http.Handler
	// Inside: the page tells how the server does. Where callers have to show a
	// certificate, so has who looks at it.
	Inside bool
}

// Paths of the site.
const (
	homePath    = "/"
	healthPath  = "/ui/health.json"
	swaggerPath = "/ui/swagger/"
	assetPath   = "/ui/"
)

// site is what the pages share.
type site struct {
	options   Options
	endpoints []product
	plain     *document
	// rendered are the pages by template and language, made when first asked for:
	// they name addresses that are not known before the server listens.
	mutex    sync.Mutex
	rendered map[string]*document
}

// New makes the pages. An error is about the contract, or about the site's own
// files.
func New(options Options) ([]Page, error) {
	products, err := describe(options.Endpoints, options.Contract)
	if err != nil {
		return nil, err
	}
	s := &site{options: options, endpoints: products, plain: newDocument("text/plain; charset=utf-8", options.Plain), rendered: map[string]*document{}}
	pages := []Page{
		{Path: homePath, Handler: http.HandlerFunc(s.home)},
		{Path: healthPath, Handler: http.HandlerFunc(s.health), Inside: true},
		{Path: swaggerPath, Handler: s.page("swagger.html")},
		{Path: strings.TrimSuffix(swaggerPath, "/"), Handler: http.RedirectHandler(swaggerPath, http.StatusPermanentRedirect)},
	}
	assets, err := staticPages()
	return append(pages, assets...), err
}

// home is the page for people, and the plain list for programs.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept")
	if !wantsHTML(r) {
		s.plain.serve(w, r)
		return
	}
	s.page("home.html").ServeHTTP(w, r)
}
