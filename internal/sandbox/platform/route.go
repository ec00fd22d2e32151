package platform

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Kakao's hosts that the sandbox stands for. The host of a route decides its
// Family, never where it listens.
const (
	KauthHost = "kauth.kakao.com"
	KapiHost  = "kapi.kakao.com"
	DapiHost  = "dapi.kakao.com"

	StatusHost  = "api-status.kakao.com"
	KarloHost   = "api.kakaobrain.com"
	ContentHost = "mk.kakaocdn.net" // the pictures that Karlo makes
)

// BodyKind says how a POST carries its parameters.
type BodyKind int

// The kinds of bodies.
const (
	formBody BodyKind = iota // application/x-www-form-urlencoded
	JSONBody                 // one JSON object whose members are the parameters
)

// Handler does the work of a route once all checks have passed. It returns a
// value to be written as JSON with status 200, or a *Reply for anything else
// (a page, a redirect, XML, an empty body), or the failure. The state's lock
// is held while it runs, and until its answer is encoded.
type Handler func(*Request) (any, *Failure)

// Route is one endpoint of Kakao, as data. To add an endpoint, add a row to a
// product's table and write its handler; everything that can be checked
// without knowing the product is declared here and checked by the mechanism.
type Route struct {
	// Methods accepted; the first is the documented one. GET and DELETE take
	// their parameters from the query and have no body, POST from the body.
	Methods []string
	Host    string
	Family  *Family // of the host; set by newRouteTable
	// Path as Kakao writes it. A variable in braces stands for one or more
	// characters other than '/', {format} for json or xml in whatever case:
	// "/v2/local/search/address.{format}".
	Path string
	// Aliases are further paths that Kakao lets lead here.
	Aliases []string

	// Accepts is the set of credentials the route takes; zero means that it
	// takes none. A route that takes both UserToken and AdminKey is about one
	// user, and gets target_id_type and target_id (for the admin key only).
	Accepts CredentialKind
	// Category is the admin key's list of available APIs that the route is on.
	Category string
	// Preregistered lets users through whose signup is not complete.
	Preregistered bool
	// Consent is the consent item the user must have agreed to, or "".
	Consent string
	// APIType is Kakao's internal name of the API, for -402 and -3 bodies.
	APIType string
	// Service is the switch of the app that must be on, or "".
	Service string
	// Checks run in this order before the handler; nil means the family's. A
	// product that checks in an order of its own, or for more, names it here.
	Checks []Check

	Body   BodyKind
	Params []Param
	// MaxBody is the most that is read of a body, in bytes; 0 means
	// MaxRequestBody.
	MaxBody int64
	// QueryOnPOST lets a POST carry parameters in its query as well: Kakao's
	// own clients do it on a few routes.
	QueryOnPOST bool

	// PerMinute is the documented number of calls a minute per app, 0 if none.
	PerMinute int
	// ErrorPage makes failures a page for the browser; nil: they are JSON.
	ErrorPage func(*Request, *Failure) *Reply
	// Internal routes belong to the sandbox's own pages, not to Kakao.
	Internal bool

	Handle Handler
}

// Key is how faults and quotas name the route.
func (r *Route) Key() string { return r.Methods[0] + " " + r.Path }

// aboutUser says whether the route acts for one user: by token or by target.
func (r *Route) aboutUser() bool { return r.Accepts&UserToken != 0 }

// targeted says whether the admin key names the user by target_id.
func (r *Route) targeted() bool { return r.Accepts&UserToken != 0 && r.Accepts&AdminKey != 0 }

// RouteTable finds the route of a request.
type RouteTable struct {
	List     []*Route
	exact    map[string][]*Route
	patterns []pathPattern
}

// pathPattern is a path with variables.
type pathPattern struct {
	expression *regexp.Regexp
	route      *Route
}

var pathVariable = regexp.MustCompile(`\{([a-zA-Z0-9_]+)\}`)

// variableForms are the expressions of the variables that do not take any
// characters but '/': another format is another path, which does not exist.
var variableForms = map[string]string{"format": "(?i:json|xml)"}

// newRouteTable indexes the routes. It refuses rows that could never work.
func newRouteTable(rows []Route) (*RouteTable, error) {
	t := &RouteTable{exact: map[string][]*Route{}}
	seen := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		r.Family = families[r.Host]
		if len(r.Methods) == 0 || r.Handle == nil || r.Family == nil {
			return nil, fmt.Errorf("%v %s: methods, handle and a host with a family are needed", r.Methods, r.Path)
		}
		if r.Checks == nil {
			r.Checks = r.Family.Checks
		}
		if r.targeted() {
			r.Params = slices.Concat(r.Params, targetParams)
		}
		for _, path := range append([]string{r.Path}, r.Aliases...) {
			for _, method := range r.Methods {
				if seen[method+" "+path] {
					return nil, fmt.Errorf("%s %s is declared twice", method, path)
				}
				seen[method+" "+path] = true
			}
			if strings.ContainsAny(pathVariable.ReplaceAllString(path, ""), "{}") {
				return nil, fmt.Errorf("%s: a variable is written {name}, of letters, digits and underscores", path)
			}
			if !pathVariable.MatchString(path) {
				t.exact[path] = append(t.exact[path], r)
				continue
			}
			expression, err := compilePath(path)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			t.patterns = append(t.patterns, pathPattern{expression, r})
		}
		t.List = append(t.List, r)
	}
	slices.SortFunc(t.List, func(a, b *Route) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Path, b.Path), strings.Compare(a.Methods[0], b.Methods[0]))
	})
	return t, nil
}

// compilePath turns a path with variables into an expression with one named
// group per variable.
func compilePath(path string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString("^")
	end := 0
	for _, at := range pathVariable.FindAllStringSubmatchIndex(path, -1) {
		b.WriteString(regexp.QuoteMeta(path[end:at[0]]))
		name := path[at[2]:at[3]]
		b.WriteString("(?P<" + name + ">" + cmp.Or(variableForms[name], "[^/]+") + ")")
		end = at[1]
	}
	b.WriteString(regexp.QuoteMeta(path[end:]) + "$")
	return regexp.Compile(b.String())
}

// Find returns the route for a method and an escaped path with the values of
// its path variables. Without a route, allowed lists the methods that the path
// does answer; it is empty for a path that does not exist.
func (t *RouteTable) Find(method, escapedPath string) (r *Route, variables map[string]string, allowed []string) {
	for _, candidate := range t.exact[escapedPath] {
		if slices.Contains(candidate.Methods, method) {
			return candidate, nil, nil
		}
		allowed = append(allowed, candidate.Methods...)
	}
	if len(allowed) > 0 {
		return nil, nil, allowed
	}
	for _, p := range t.patterns {
		groups := p.expression.FindStringSubmatch(escapedPath)
		if groups == nil {
			continue
		}
		if !slices.Contains(p.route.Methods, method) {
			allowed = append(allowed, p.route.Methods...)
			continue
		}
		variables = map[string]string{}
		for i, name := range p.expression.SubexpNames()[1:] {
			value, err := url.PathUnescape(groups[i+1])
			if err != nil {
				return nil, nil, nil
			}
			variables[name] = value
		}
		return p.route, variables, nil
	}
	return nil, nil, allowed
}

// ByKey returns the route that a fault or quota names as "GET /v2/user/me",
// with any of its methods; nil if there is none.
func (t *RouteTable) ByKey(key string) *Route {
	method, path, _ := strings.Cut(key, " ")
	for _, r := range t.List {
		if r.Path == path && slices.Contains(r.Methods, method) {
			return r
		}
	}
	return nil
}
