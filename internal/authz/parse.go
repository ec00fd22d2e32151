package authz

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Known are the names that a policy may speak of.
type Known struct {
	// RPCs are full names, kakao.user.v1.UserService/GetMe.
	RPCs []string
	// Apps are the configured apps.
	Apps []string
	// DefaultApp is the app of a caller for which the policy names none.
	DefaultApp string
}

// Parse reads a policy. It is strict: what it does not know is an error, and
// the error names all faults with their lines. A policy looks like this:
//
//	callers:
//	  spiffe://shop.example/ns/shop/sa/checkout:
//	    rpcs: [kakao.user.v1.UserService/*, kakao.local.v1.LocalService/SearchKeyword]
//	    apps: [default, second]   # left out: the default app
//	    any_user: true            # may name users by target_id; left out: may not
//	  reports.shop.example:
//	    rpcs: [kakao.user.v1.UserAdminService/ListUsers]
//
// A caller is the DNS name or SPIFFE id of its certificate.
func Parse(data []byte, known Known) (*Policy, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	if err := decoder.Decode(&document); err != nil {
		return nil, notYAML(err)
	}
	if decoder.Decode(new(yaml.Node)) == nil {
		return nil, errors.New("holds more than one YAML document; want one")
	}
	r := &reader{known: known, services: services(known.RPCs), policy: &Policy{callers: map[string]rights{}}}
	r.members(document.Content[0], "the top", map[string]func(*yaml.Node){"callers": r.callers})
	if len(r.faults) == 0 && len(r.policy.callers) == 0 {
		r.faults = append(r.faults, errors.New("names no caller, so that every call would be refused; want callers: with one at least"))
	}
	if err := errors.Join(r.faults...); err != nil {
		return nil, err
	}
	return r.policy, nil
}

// yamlLine is the one part of a YAML error that is certain to hold nothing of
// the file, which may be a wrong one, with keys in it.
var yamlLine = regexp.MustCompile(`line \d+`)

func notYAML(err error) error {
	line := yamlLine.FindString(err.Error())
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("is empty; want callers: with one at least")
	case strings.Contains(err.Error(), "unknown anchor"):
		return errors.New("is not valid YAML: an alias (*name) has no anchor (&name)")
	case line == "":
		line = "line 1" // where the parser leaves it out
	}
	return fmt.Errorf("is not valid YAML near %s", line)
}

// reader walks over the document and gathers faults.
type reader struct {
	known    Known
	services map[string][]string // service -> its rpcs
	policy   *Policy
	faults   []error
}

func services(rpcs []string) map[string][]string {
	all := map[string][]string{}
	for _, rpc := range rpcs {
		service, _, _ := strings.Cut(rpc, "/")
		all[service] = append(all[service], rpc)
	}
	return all
}

func (r *reader) fault(node *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("line %d: %s", node.Line, fmt.Sprintf(format, args...)))
}

// entries calls f for every entry of a mapping.
func (r *reader) entries(node *yaml.Node, where string, f func(label, value *yaml.Node)) {
	node = target(node)
	if node.Kind != yaml.MappingNode {
		r.fault(node, "%s: want a mapping", where)
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		label, value := node.Content[i], node.Content[i+1]
		if label.Kind != yaml.ScalarNode {
			r.fault(label, "%s: want names as keys", where)
			continue
		}
		if line := lines[label.Value]; line != 0 {
			r.fault(label, "%s: stands already in line %d", speakable(label.Value), line)
			continue
		}
		lines[label.Value] = label.Line
		f(label, value)
	}
}

// members reads a mapping whose keys are fixed.
func (r *reader) members(node *yaml.Node, where string, read map[string]func(*yaml.Node)) {
	r.entries(node, where, func(label, value *yaml.Node) {
		if f := read[label.Value]; f != nil {
			f(value)
			return
		}
		r.fault(label, "%s: unknown key %s; want %s", where, speakable(label.Value), strings.Join(slices.Sorted(maps.Keys(read)), ", "))
	})
}

func (r *reader) callers(node *yaml.Node) {
	r.entries(node, "callers", func(label, value *yaml.Node) {
		caller := label.Value
		if !isIdentity(caller) {
			r.fault(label, "%s: want the DNS name or the SPIFFE id of a certificate, in lower case and without wildcard", speakable(caller))
			return
		}
		named := false
		granted := rights{rpcs: map[string]bool{}, apps: map[string]bool{}}
		r.members(value, caller, map[string]func(*yaml.Node){
			"rpcs": func(list *yaml.Node) {
				named = true
				r.list(list, caller+": rpcs", func(n *yaml.Node) { r.rpc(n, granted.rpcs) })
			},
			"apps":     func(list *yaml.Node) { r.list(list, caller+": apps", func(n *yaml.Node) { r.app(n, granted.apps) }) },
			"any_user": func(n *yaml.Node) { granted.anyUser = r.switched(n, caller+": any_user") },
		})
		if !named {
			r.fault(label, "%s: is granted no rpc; want rpcs: with one at least, or leave the caller out", caller)
		}
		if len(granted.apps) == 0 {
			granted.apps[r.known.DefaultApp] = true
		}
		r.policy.callers[caller] = granted
	})
}

// list reads a list that is not empty.
func (r *reader) list(node *yaml.Node, where string, read func(*yaml.Node)) {
	node = target(node)
	if node.Kind != yaml.SequenceNode || len(node.Content) == 0 {
		r.fault(node, "%s: want a list with one element at least", where)
		return
	}
	for _, element := range node.Content {
		if element = target(element); element.Kind != yaml.ScalarNode {
			r.fault(element, "%s: want names", where)
			continue
		}
		read(element)
	}
}

func (r *reader) rpc(node *yaml.Node, into map[string]bool) {
	granted := []string{node.Value}
	if service, all := strings.CutSuffix(node.Value, "/*"); all {
		granted = r.services[service]
	} else if !slices.Contains(r.known.RPCs, node.Value) {
		granted = nil
	}
	if len(granted) == 0 {
		r.fault(node, "%s: there is no such rpc; want one as in kakao.user.v1.UserService/GetMe, or all of a service as in kakao.user.v1.UserService/*", speakable(node.Value))
	}
	for _, rpc := range granted {
		into[rpc] = true
	}
}

func (r *reader) app(node *yaml.Node, into map[string]bool) {
	if !slices.Contains(r.known.Apps, node.Value) {
		r.fault(node, "%s: there is no such app in the configuration; %s", speakable(node.Value), choice(r.known.Apps))
		return
	}
	into[node.Value] = true
}

func (r *reader) switched(node *yaml.Node, where string) bool {
	node = target(node)
	if node.Kind != yaml.ScalarNode || node.Tag != "!!bool" {
		r.fault(node, "%s: want true or false", where)
		return false
	}
	return strings.EqualFold(node.Value, "true")
}

// target is what an alias stands for: lists of rpcs are worth sharing.
func target(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// dnsName is a host name as certificates have it.
var dnsName = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$`)

// isIdentity reports whether a certificate could have the name: a DNS name, or
// spiffe://<trust domain>/<path>.
func isIdentity(name string) bool {
	if !strings.HasPrefix(name, "spiffe://") {
		return len(name) <= 253 && dnsName.MatchString(name)
	}
	id, err := url.Parse(name)
	return err == nil && len(name) <= 2048 && dnsName.MatchString(id.Host) && id.Path != "" && id.Path != "/" && id.String() == name &&
		id.RawQuery == "" && id.Fragment == "" && id.User == nil
}

// speakable is as much of a foreign text as can be repeated: the file may be a
// wrong one, with keys in it.
func speakable(text string) string {
	const most = 80
	cut := strings.IndexFunc(text, func(c rune) bool { return c <= ' ' || c > '~' })
	if cut < 0 {
		cut = len(text)
	}
	if cut = min(cut, most); cut < len(text) {
		return text[:cut] + "..."
	}
	return text
}

// choice says what there is to choose from.
func choice(names []string) string {
	if len(names) == 0 {
		return "it has none"
	}
	return "want one of " + strings.Join(names, ", ")
}
