package server

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// route is one path of the facade under one HTTP method: an rpc, or a page.
type route struct {
	method   string
	template string                        // as in google.api.http: /user/v1/users/{target_id}
	rpc      protoreflect.MethodDescriptor // nil: a page
	body     string                        // the field that is the body; "*": all; "": no body
	maxBody  int64                         // bytes of a body; 0: the facade's own limit
	page     http.Handler                  // of a page
	inside   bool                          // a page that tells of the server's own state

	segments []segment
}

// segment is one part of a path template between slashes.
type segment struct {
	text     string // the literal, or the name of the variable
	variable bool
	verb     string // ":cancel", behind the last segment
}

// pattern is what spans and metrics call the route.
func (r *route) pattern() string { return r.method + " " + r.template }

// routes finds a route by method and path. The gateway has its own table; this
// one is asked before it, because a refusal needs to know what the gateway does
// not tell: which methods a path has, whether a route takes a body, and which
// message the query must fit.
type routes []*route

// newRoutes reads the google.api.http option of every rpc.
func newRoutes(services []protoreflect.ServiceDescriptor) (routes, error) {
	var all routes
	for method := range methodsOf(services) {
		rule, _ := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
		for _, binding := range append([]*annotations.HttpRule{rule}, rule.GetAdditionalBindings()...) {
			r, err := newRoute(method, binding)
			if err != nil {
				return nil, fmt.Errorf("rpc %s: google.api.http: %w", method.FullName(), err)
			}
			all = append(all, r)
		}
	}
	return all, nil
}

func newRoute(method protoreflect.MethodDescriptor, rule *annotations.HttpRule) (*route, error) {
	r := &route{rpc: method, body: rule.GetBody(), maxBody: limitsOf(method).GetRequestBytes()}
	switch pattern := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		r.method, r.template = http.MethodGet, pattern.Get
	case *annotations.HttpRule_Post:
		r.method, r.template = http.MethodPost, pattern.Post
	case *annotations.HttpRule_Put:
		r.method, r.template = http.MethodPut, pattern.Put
	case *annotations.HttpRule_Patch:
		r.method, r.template = http.MethodPatch, pattern.Patch
	case *annotations.HttpRule_Delete:
		r.method, r.template = http.MethodDelete, pattern.Delete
	default:
		return nil, errors.New("want one of get, post, put, patch, delete")
	}
	segments, err := parseTemplate(r.template)
	r.segments = segments
	return r, err
}

// templateSegment is what this facade uses of the template syntax: literals
// and variables of one segment.
var templateSegment = regexp.MustCompile(`^(?:([a-zA-Z0-9_.~-]+)|\{([a-z0-9_.]+)\})(:[a-zA-Z0-9_]+)?$`)

func parseTemplate(template string) ([]segment, error) {
	rest, ok := strings.CutPrefix(template, "/")
	if !ok {
		return nil, fmt.Errorf("path %q: want it to begin with /", template)
	}
	var segments []segment
	parts := strings.Split(rest, "/")
	for i, part := range parts {
		match := templateSegment.FindStringSubmatch(part)
		if match == nil || (match[3] != "" && i < len(parts)-1) {
			return nil, fmt.Errorf("path %q: want literals and {variables} of one segment each, and a :verb only at the end", template)
		}
		segments = append(segments, segment{text: match[1] + match[2], variable: match[2] != "", verb: match[3]})
	}
	return segments, nil
}

// find returns the route for a method and an escaped path, or the methods that
// the path has. A route with a verb is tried before one whose variable would
// swallow it.
func (t routes) find(method, path string) (found *route, allowed []string) {
	for _, r := range t {
		if !r.matches(path) {
			continue
		}
		allowed = append(allowed, r.method)
		if r.method == method && (found == nil || r.verb() != "") {
			found = r
		}
	}
	slices.Sort(allowed)
	return found, slices.Compact(allowed)
}

func (r *route) verb() string {
	if len(r.segments) == 0 {
		return ""
	}
	return r.segments[len(r.segments)-1].verb
}

func (r *route) matches(path string) bool {
	_, ok := r.variables(path)
	return ok
}

// variables returns the path's values for the variables of the template,
// escaped as they came.
func (r *route) variables(path string) (values map[string]string, ok bool) {
	if r.rpc == nil {
		return nil, path == r.template
	}
	rest, ok := strings.CutPrefix(path, "/")
	for i, s := range r.segments {
		part, tail, more := strings.Cut(rest, "/")
		if last := i == len(r.segments)-1; !ok || more == last {
			return nil, false
		}
		part, hasVerb := strings.CutSuffix(part, s.verb)
		if !hasVerb || part == "" || (!s.variable && part != s.text) {
			return nil, false
		}
		if s.variable {
			if values == nil {
				values = map[string]string{}
			}
			values[s.text] = part
		}
		rest = tail
	}
	return values, true
}
