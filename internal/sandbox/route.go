package sandbox

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Kakao's hosts that the sandbox stands for. The host of a route decides its
// family (family.go), never where it listens.
const (
	kauthHost = "kauth.kakao.com"
	kapiHost  = "kapi.kakao.com"
	dapiHost  = "dapi.kakao.com"

	statusHost  = "api-status.kakao.com"
	karloHost   = "api.kakaobrain.com"
	contentHost = "mk.kakaocdn.net" // the pictures that Karlo makes
)

// bodyKind says how a POST carries its parameters.
type bodyKind int

const (
	formBody bodyKind = iota // application/x-www-form-urlencoded
	jsonBody                 // one JSON object whose members are the parameters
)

// handler does the work of a route once all checks have passed. It returns a
// value to be written as JSON with status 200, or a *reply for anything else
// (a page, a redirect, XML, an empty body), or the failure. The state's lock
// is held while it runs, and until its answer is encoded.
type handler func(*request) (any, *kakaoError)

// route is one endpoint of Kakao, as data. To add an endpoint, add a row to a
// product's table and write its handler; everything that can be checked
// without knowing the product is declared here and checked by the mechanism.
type route struct {
	// methods accepted; the first is the documented one. GET and DELETE take
	// their parameters from the query and have no body, POST from the body.
	methods []string
	host    string
	family  *family // of the host; set by newRouteTable
	// path as Kakao writes it. A variable in braces stands for one or more
	// characters other than '/', {format} for json or xml in whatever case:
	// "/v2/local/search/address.{format}".
	path string
	// aliases are further paths that Kakao lets lead here.
	aliases []string

	// accepts is the set of credentials the route takes; zero means that it
	// takes none. A route that takes both userToken and adminKey is about one
	// user, and gets target_id_type and target_id (for the admin key only).
	accepts credentialKind
	// category is the admin key's list of available APIs that the route is on.
	category string
	// preregistered lets users through whose signup is not complete.
	preregistered bool
	// consent is the consent item the user must have agreed to, or "".
	consent string
	// apiType is Kakao's internal name of the API, for -402 and -3 bodies.
	apiType string
	// service is the switch of the app that must be on, or "".
	service string
	// checks run in this order before the handler; nil means the family's. A
	// product that checks in an order of its own, or for more, names it here.
	checks []check

	body   bodyKind
	params []param
	// maxBody is the most that is read of a body, in bytes; 0 means
	// maxRequestBody.
	maxBody int64
	// queryOnPOST lets a POST carry parameters in its query as well: Kakao's
	// own clients do it on a few routes.
	queryOnPOST bool

	// perMinute is the documented number of calls a minute per app, 0 if none.
	perMinute int
	// html makes failures a page for the browser in place of JSON.
	html bool
	// internal routes belong to the sandbox's own pages, not to Kakao.
	internal bool

	handle handler
}

// key is how faults and quotas name the route.
func (r *route) key() string { return r.methods[0] + " " + r.path }

// aboutUser says whether the route acts for one user: by token or by target.
func (r *route) aboutUser() bool { return r.accepts&userToken != 0 }

// targeted says whether the admin key names the user by target_id.
func (r *route) targeted() bool { return r.accepts&userToken != 0 && r.accepts&adminKey != 0 }

// routeTable finds the route of a request.
type routeTable struct {
	list     []*route
	exact    map[string][]*route
	patterns []pathPattern
}

// pathPattern is a path with variables.
type pathPattern struct {
	expression *regexp.Regexp
	route      *route
}

var pathVariable = regexp.MustCompile(`\{([a-zA-Z0-9_]+)\}`)

// variableForms are the expressions of the variables that do not take any
// characters but '/': another format is another path, which does not exist.
var variableForms = map[string]string{"format": "(?i:json|xml)"}

// newRouteTable indexes the routes. It refuses rows that could never work.
func newRouteTable(rows []route) (*routeTable, error) {
	t := &routeTable{exact: map[string][]*route{}}
	seen := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		r.family = families[r.host]
		if len(r.methods) == 0 || r.handle == nil || r.family == nil {
			return nil, fmt.Errorf("%v %s: methods, handle and a host with a family are needed", r.methods, r.path)
		}
		if r.checks == nil {
			r.checks = r.family.checks
		}
		if r.targeted() {
			r.params = slices.Concat(r.params, targetParams)
		}
		for _, path := range append([]string{r.path}, r.aliases...) {
			for _, method := range r.methods {
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
		t.list = append(t.list, r)
	}
	slices.SortFunc(t.list, func(a, b *route) int {
		return cmp.Or(strings.Compare(a.host, b.host), strings.Compare(a.path, b.path), strings.Compare(a.methods[0], b.methods[0]))
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

// find returns the route for a method and an escaped path with the values of
// its path variables. Without a route, allowed lists the methods that the path
// does answer; it is empty for a path that does not exist.
func (t *routeTable) find(method, escapedPath string) (r *route, variables map[string]string, allowed []string) {
	for _, candidate := range t.exact[escapedPath] {
		if slices.Contains(candidate.methods, method) {
			return candidate, nil, nil
		}
		allowed = append(allowed, candidate.methods...)
	}
	if len(allowed) > 0 {
		return nil, nil, allowed
	}
	for _, p := range t.patterns {
		groups := p.expression.FindStringSubmatch(escapedPath)
		if groups == nil {
			continue
		}
		if !slices.Contains(p.route.methods, method) {
			allowed = append(allowed, p.route.methods...)
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

// byKey returns the route that a fault or quota names as "GET /v2/user/me",
// with any of its methods; nil if there is none.
func (t *routeTable) byKey(key string) *route {
	method, path, _ := strings.Cut(key, " ")
	for _, r := range t.list {
		if r.path == path && slices.Contains(r.methods, method) {
			return r
		}
	}
	return nil
}
