// Package sandbox is a small Kakao that runs on the developer's own machine: a
// stateful HTTP server with an app, people, consents and tokens, answering the
// routes of kauth.kakao.com, kapi.kakao.com, dapi.kakao.com, api-status.kakao.com
// and api.kakaobrain.com the way Kakao's documentation
// (https://developers.kakao.com/docs/latest/en/) describes them.
//
// It is written by hand from that documentation and is the second witness of
// this product: whatever the engine believes about Kakao is checked against a
// server that does not share a line with it. So this package must not import
// the generated code, the engine, or any other internal package of the product.
//
// The way of a request: dispatch.go finds the route (route.go), lets the host
// family run its checks in its own order (family.go, check.go), calls the
// route's handler, and writes the answer, unless a scripted fault (fault.go)
// says otherwise. Everything the sandbox remembers is in state (state.go),
// behind one lock. Paths below /__sandbox__/ (control.go) steer it from tests.
//
// What people see of it is drawn by the package pages. The files page*.go fill
// its views under the lock, take its forms, and keep the pages of other sites
// away (pageguard.go).
package sandbox

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/daum"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/korea"
)

// Options configure a Sandbox. The zero value is a good sandbox.
type Options struct {
	// Clock is the sandbox's time before any advance over the control path; nil
	// means time.Now. It is called from several goroutines.
	Clock func() time.Time
	// Logger gets one record per request, free of queries, bodies and
	// credentials; nil means silence.
	Logger *slog.Logger
	// AllowNonLoopback lets Start listen on an address that other machines
	// reach. The sandbox has published keys and no protection: keep it false.
	AllowNonLoopback bool

	// ManualLinking turns the app's automatic linking off: a first login makes
	// a preregistered user, whom /v1/user/signup links.
	ManualLinking bool
	// Disabled names consent items ("gender") and services
	// ("OPEN_MAP_AND_LOCAL") that are switched off in the app.
	Disabled []string
	// ExclusiveFromID makes from_id of /v1/user/ids start behind the given ID,
	// as Kakao's page URLs suggest; the documentation says it includes the ID.
	ExclusiveFromID bool
	// KarloImagesPerDay is how many images Karlo takes and makes in a Korean
	// day; 0 means 30,000, as Kakao documents.
	KarloImagesPerDay int
	// DailyQuota limits the calls per Korean day of the routes it names, as
	// "GET /v2/user/me". Routes without an entry have no daily quota.
	DailyQuota map[string]int
	// MessageQuota limits the Kakao Talk messages per Korean day between
	// people; zero members mean Kakao's own numbers.
	MessageQuota MessageQuota
	// FriendsOfTeamOnly takes the app's permission for friends away: only
	// members of its team are listed as friends and can be written to.
	FriendsOfTeamOnly bool
	// CalendarOfTeamOnly takes the app's permission for Talk Calendar away:
	// only members of its team can call, and no admin key.
	CalendarOfTeamOnly bool
}

// Sandbox is a local Kakao. It is an http.Handler safe for concurrent use, so
// it runs under httptest as well as under Start.
type Sandbox struct {
	options Options
	logger  *slog.Logger
	routes  *routeTable

	mu    sync.Mutex // guards state and everything below it
	state *state
}

// New returns a sandbox holding its seed. It fails when an option names a
// route, consent item or service that does not exist, and when the embedded map
// data contradict themselves.
func New(options Options) (*Sandbox, error) {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	logger := options.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	atlas, err := korea.Default()
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	corpus, err := daum.Default()
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	routes, err := newRouteTable(allRoutes(atlas, corpus))
	if err != nil {
		return nil, fmt.Errorf("sandbox routes: %w", err)
	}
	for key, limit := range options.DailyQuota {
		if r := routes.byKey(key); r == nil || r.key() != key {
			return nil, fmt.Errorf("sandbox option DailyQuota: no route %q; write it with its first method, as %q", key, "GET /v2/user/me")
		}
		if limit < 1 {
			return nil, fmt.Errorf("sandbox option DailyQuota: %q has %d calls a day; at least 1 is needed", key, limit)
		}
	}
	if err := options.MessageQuota.check(); err != nil {
		return nil, fmt.Errorf("sandbox option MessageQuota: %w", err)
	}
	st, err := newState(&options, routes)
	if err != nil {
		return nil, err
	}
	return &Sandbox{options: options, logger: logger, routes: routes, state: st}, nil
}

// allRoutes is the whole of Kakao that this sandbox plays. A new product adds
// its table here.
func allRoutes(atlas *korea.Atlas, corpus *daum.Corpus) []route {
	return slices.Concat(
		kauthRoutes(), pageRoutes(), userRoutes(), termsRoutes(), listRoutes(),
		talkRoutes(), channelRoutes(), pushRoutes(), calendarRoutes(), taskRoutes(),
		localRoutes(atlas), searchRoutes(corpus), systemRoutes(), karloRoutes(),
	)
}

// RouteInfo is one endpoint of Kakao that the sandbox answers.
type RouteInfo struct {
	// Method is the one Kakao's documentation uses first.
	Method string
	// AlsoMethods are further methods of the same endpoint: the POST form of
	// /v2/user/me, or one that Kakao takes without documenting it.
	AlsoMethods []string
	// Host is Kakao's real host, such as kapi.kakao.com. The sandbox itself
	// goes by the path alone.
	Host string
	// Path is written as Kakao writes it, variables in braces.
	Path string
}

// Routes lists the endpoints of Kakao that the sandbox plays, sorted by host,
// path and method. Its own pages and control paths are not among them.
func (s *Sandbox) Routes() []RouteInfo {
	var infos []RouteInfo
	for _, r := range s.routes.list {
		if r.internal {
			continue
		}
		infos = append(infos, RouteInfo{
			Method: r.methods[0], AlsoMethods: slices.Clone(r.methods[1:]), Host: r.host, Path: r.path,
		})
	}
	return infos
}

// locked runs f with the state to itself. The clock moves first, so that f
// sees signups that ran out (state.go).
func (s *Sandbox) locked(f func(*state)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.lapseSignups()
	f(s.state)
}

var _ http.Handler = (*Sandbox)(nil)
