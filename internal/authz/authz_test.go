package authz_test

import (
	"crypto/x509"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/authz"
)

var known = authz.Known{
	RPCs:       []string{"shop.v1.Cart/Get", "shop.v1.Cart/Put", "shop.v1.Users/List"},
	Apps:       []string{"default", "second"},
	DefaultApp: "default",
}

const policy = `
callers:
  spiffe://shop.example/ns/shop/sa/checkout:
    rpcs: &cart [shop.v1.Cart/*]
    apps: [default, second]
    any_user: true
  reports.shop.example:
    rpcs: [shop.v1.Users/List]
  front:
    rpcs: *cart
`

func parse(t *testing.T, text string) *authz.Policy {
	t.Helper()
	p, err := authz.Parse([]byte(text), known)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatIsNotGrantedIsRefused(t *testing.T) {
	p := parse(t, policy)
	const checkout, reports = "spiffe://shop.example/ns/shop/sa/checkout", "reports.shop.example"
	for _, row := range []struct {
		title      string
		identities []string
		call       authz.Call
		refusal    string // a part of it; "": allowed
	}{
		{"by Service/*", []string{checkout}, authz.Call{RPC: "shop.v1.Cart/Put", App: "second"}, ""},
		{"any user", []string{checkout}, authz.Call{RPC: "shop.v1.Cart/Get", App: "default", AnyUser: true}, ""},
		{"another service", []string{checkout}, authz.Call{RPC: "shop.v1.Users/List", App: "default"}, "does not grant shop.v1.Users/List"},
		{"exact", []string{reports}, authz.Call{RPC: "shop.v1.Users/List", App: "default"}, ""},
		{"apps left out", []string{reports}, authz.Call{RPC: "shop.v1.Users/List", App: "second"}, "this app"},
		{"any_user left out", []string{"front"}, authz.Call{RPC: "shop.v1.Cart/Get", App: "default", AnyUser: true}, "target_id"},
		{"an alias", []string{"front"}, authz.Call{RPC: "shop.v1.Cart/Get", App: "default"}, ""},
		{"the second name has the right", []string{"other", reports}, authz.Call{RPC: "shop.v1.Users/List", App: "default"}, ""},
		{"rights of two names do not mix", []string{checkout, reports}, authz.Call{RPC: "shop.v1.Users/List", App: "second"}, "this app"},
		{"unknown", []string{"checkout"}, authz.Call{RPC: "shop.v1.Cart/Get", App: "default"}, "names none of the identities of your certificate (checkout)"},
		{"a longer name", []string{checkout + "/x"}, authz.Call{RPC: "shop.v1.Cart/Get", App: "default"}, "names none"},
		{"nobody", nil, authz.Call{RPC: "shop.v1.Cart/Get", App: "default"}, "neither a DNS name nor a SPIFFE id"},
		{"an rpc that is not", []string{checkout}, authz.Call{RPC: "shop.v1.Cart/*", App: "default"}, "does not grant"},
	} {
		err := p.Check(row.identities, row.call)
		if (err == nil) != (row.refusal == "") || (err != nil && !strings.Contains(err.Error(), row.refusal)) {
			t.Errorf("%s: %v, want %q", row.title, err, row.refusal)
		}
	}
	if p.Callers() != 3 {
		t.Errorf("%d callers", p.Callers())
	}
}

func TestFaultsOfAPolicyAreNamedAllAtOnceWithTheirLines(t *testing.T) {
	for _, row := range []struct{ title, text, want string }{
		{"empty", "", "empty"},
		{"no callers", "callers: {}", "names no caller"},
		{"unknown top key", "caller: {}", "line 1: the top: unknown key caller; want callers"},
		{"not YAML in the first line", "callers: {a: b: c", "not valid YAML near line 1"},
		{"alias without anchor", "callers:\n  a: *7e577e57dddd0001", "an alias (*name) has no anchor"},
		{"not YAML", "callers: [\n  7e577e57dddd0001: {", "not valid YAML near line"},
		{"two documents", "callers: {a: {rpcs: [shop.v1.Cart/Get]}}\n---\nx: 1", "more than one YAML document"},
		{"a list", "callers: [a]", "line 1: callers: want a mapping"},
		{"top is a list", "[a]", "the top: want a mapping"},
		{"a key that is a list", "? [a]\n: 1", "want names as keys"},
		{"twice", "callers:\n  a: {rpcs: [shop.v1.Cart/Get]}\n  a: {rpcs: [shop.v1.Cart/Put]}", "line 3: a: stands already in line 2"},
		{"wildcard identity", "callers:\n  '*.example': {rpcs: [shop.v1.Cart/Get]}", "line 2: *.example: want the DNS name"},
		{"upper case", "callers: {Front: {rpcs: [shop.v1.Cart/Get]}}", "lower case"},
		{"trust domain alone", "callers: {'spiffe://shop.example': {rpcs: [shop.v1.Cart/Get]}}", "SPIFFE id"},
		{"SPIFFE with query", "callers: {'spiffe://shop.example/a?b': {rpcs: [shop.v1.Cart/Get]}}", "SPIFFE id"},
		{"another URI", "callers: {'https://shop.example/a': {rpcs: [shop.v1.Cart/Get]}}", "SPIFFE id"},
		{"no rights", "callers: {a: {}}", "a: is granted no rpc"},
		{"rights left out", "callers: {a: }", "a: want a mapping"},
		{"unknown member", "callers: {a: {rpc: [shop.v1.Cart/Get]}}", "a: unknown key rpc; want any_user, apps, rpcs"},
		{"unknown rpc", "callers: {a: {rpcs: [shop.v1.Cart/Got]}}", "shop.v1.Cart/Got: there is no such rpc"},
		{"leading slash", "callers: {a: {rpcs: [/shop.v1.Cart/Get]}}", "no such rpc"},
		{"everything", "callers: {a: {rpcs: ['*']}}", "no such rpc"},
		{"unknown service", "callers: {a: {rpcs: [shop.v1.Till/*]}}", "no such rpc"},
		{"prefix of a service", "callers: {a: {rpcs: [shop.v1/*]}}", "no such rpc"},
		{"rpcs as a text", "callers: {a: {rpcs: shop.v1.Cart/Get}}", "a: rpcs: want a list"},
		{"rpcs of lists", "callers: {a: {rpcs: [[shop.v1.Cart/Get]]}}", "a: rpcs: want names"},
		{"no apps", "callers: {a: {rpcs: [shop.v1.Cart/Get], apps: []}}", "a: apps: want a list"},
		{"unknown app", "callers: {a: {rpcs: [shop.v1.Cart/Get], apps: [third]}}", "third: there is no such app in the configuration; want one of default, second"},
		{"any_user in words", "callers: {a: {rpcs: [shop.v1.Cart/Get], any_user: 'yes'}}", "any_user: want true or false"},
		{"an alias of itself", "callers: {a: {rpcs: &r [*r]}}", "a: rpcs: want names"},
	} {
		p, err := authz.Parse([]byte(row.text), known)
		if err == nil || p != nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.title, err, row.want)
		}
		if err != nil && strings.Contains(err.Error(), "7e577e57") {
			t.Errorf("%s: the error repeats the file: %v", row.title, err)
		}
	}
	_, err := authz.Parse([]byte("x: 1\ncallers:\n  A: {}\n  b: {rpcs: [no], apps: [no], z: 1}\n"), known)
	if lines := strings.Count(err.Error(), "line "); lines != 5 {
		t.Errorf("%d faults, want 5:\n%v", lines, err)
	}
}

func TestIdentitiesAreSPIFFEAndDNSNamesAlone(t *testing.T) {
	uri := func(text string) *url.URL {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	certificate := &x509.Certificate{
		DNSNames:       []string{"Front.example"},
		EmailAddresses: []string{"a@front.example"},
		URIs:           []*url.URL{uri("https://shop.example/a"), uri("spiffe://shop.example/a")},
	}
	certificate.Subject.CommonName = "admin"
	if got := authz.Identities(certificate); !slices.Equal(got, []string{"spiffe://shop.example/a", "front.example"}) {
		t.Errorf("got %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(policy)
	f.Add("callers: &a {a: *a}")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := authz.Parse([]byte(text), known)
		if (p == nil) == (err == nil) {
			t.Fatalf("policy %v, error %v", p, err)
		}
		if p != nil && p.Callers() == 0 {
			t.Error("a policy without callers")
		}
	})
}
