// Package sandbox is a small Kakao that runs on the developer's own machine: a
// stateful HTTP server with an app, people, consents and tokens, answering the
// routes of kauth.kakao.com, kapi.kakao.com, dapi.kakao.com, api-status.kakao.com
// and api.kakaobrain.com the way Kakao's documentation
// (https://developers.kakao.com/docs/latest/en/) describes them.
//
// It is written by hand from that documentation and is the second witness of
// this product: whatever the engine believes about Kakao is checked against a
// server that does not share a line with it. So neither this package nor one below
// it imports the generated code, the engine, or anything else of the product.
//
// Each product of Kakao has a package of its own below this one: its table of
// routes, its handlers, and what it remembers. What they share is in the package
// platform. This package puts the products together and serves them: dispatch.go
// takes a request to its route under the one lock, guard.go keeps the pages of
// other sites away, and the package inspector shows people and tests what the
// sandbox remembers.
package sandbox

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/channel"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/inspector"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/karlo"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/local"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/login"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/push"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/search"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/system"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/task"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/user"
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
	MessageQuota talk.MessageQuota
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
	options   Options
	logger    *slog.Logger
	routes    *platform.RouteTable
	inspector *inspector.Inspector

	mu    sync.Mutex // guards state and everything below it
	state *platform.State
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
	products, err := allProducts(options)
	if err != nil {
		return nil, err
	}
	st, err := platform.NewState(platform.Options{
		Clock: options.Clock, ManualLinking: options.ManualLinking, Disabled: options.Disabled, DailyQuota: options.DailyQuota,
	}, products)
	if err != nil {
		return nil, fmt.Errorf("sandbox %w", err)
	}
	s := &Sandbox{options: options, logger: logger, routes: st.Routes, state: st}
	s.inspector = inspector.New(products, s.locked)
	return s, nil
}

// allProducts is the whole of Kakao that this sandbox plays. A new product adds
// itself here.
func allProducts(options Options) ([]platform.Product, error) {
	talkProduct, err := talk.Product(talk.Options{Quota: options.MessageQuota, FriendsOfTeamOnly: options.FriendsOfTeamOnly})
	if err != nil {
		return nil, fmt.Errorf("sandbox option MessageQuota: %w", err)
	}
	localProduct, err := local.Product()
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	searchProduct, err := search.Product()
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return []platform.Product{
		login.Product(), user.Product(options.ExclusiveFromID), talkProduct, channel.Product(), push.Product(),
		calendar.Product(options.CalendarOfTeamOnly), task.Product(), localProduct, searchProduct, system.Product(),
		karlo.Product(options.KarloImagesPerDay),
	}, nil
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
	for _, r := range s.routes.List {
		if r.Internal {
			continue
		}
		infos = append(infos, RouteInfo{
			Method: r.Methods[0], AlsoMethods: slices.Clone(r.Methods[1:]), Host: r.Host, Path: r.Path,
		})
	}
	return infos
}

// locked runs f with the state to itself. The clock moves first, so that f
// sees signups that ran out.
func (s *Sandbox) locked(f func(*platform.State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.LapseSignups()
	f(s.state)
}

var _ http.Handler = (*Sandbox)(nil)
