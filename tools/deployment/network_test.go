package deployment

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// kakaoHosts are the hosts that the server calls, by its own table.
func kakaoHosts(t *testing.T) []string {
	t.Helper()
	code, table := finish(nil, "endpoints", "--format", "json")
	var rows []struct{ Host string }
	if err := json.Unmarshal([]byte(table), &rows); err != nil || code != 0 {
		t.Fatalf("endpoints: %d, %v", code, err)
	}
	var hosts []string
	for _, row := range rows {
		hosts = append(hosts, row.Host)
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

const karloHost = "api.kakaobrain.com"

// TestOnlyKakaoIsLetOut would catch a policy that forgets a host of the contract,
// or lets out to more than it says: two policies of one pod add up.
func TestOnlyKakaoIsLetOut(t *testing.T) {
	hosts := kakaoHosts(t)
	if len(hosts) < 5 || !slices.Contains(hosts, karloHost) {
		t.Fatalf("the server calls %q", hosts)
	}
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			if !slices.Equal(r.network.Spec.PolicyTypes, []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}) {
				t.Errorf("the policy is about %v", r.network.Spec.PolicyTypes)
			}
			config, _ := values["config"].(map[string]any)
			kakao, _ := config["kakao"].(map[string]any)
			called := values["sandbox"] != true && kakao["base_url"] == nil
			byAddress := lets(r.network, netip.MustParseAddr("203.0.113.7")) || lets(r.network, netip.MustParseAddr("192.0.2.7"))
			if byAddress != (called && r.cilium == nil) {
				t.Errorf("lets out by address: %v; Kakao is called: %v; by name: %v", byAddress, called, r.cilium != nil)
			}
			for _, inside := range []string{"10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"} {
				if lets(r.network, netip.MustParseAddr(inside)) {
					t.Errorf("lets out to %s", inside)
				}
			}
			if r.cilium == nil {
				return
			}
			var named []string
			for _, rule := range r.cilium.Spec.Egress {
				for _, name := range rule.ToFQDNs {
					named = append(named, name.MatchName)
					if ports := rule.ToPorts[0].Ports; len(ports) != 1 || ports[0].Port != "443" {
						t.Errorf("by name to the ports %v", ports)
					}
				}
				if len(rule.ToFQDNs) == 0 && len(rule.ToEndpoints) == 0 && len(rule.ToCIDRSet) == 0 {
					t.Error("a rule lets out to everybody")
				}
			}
			slices.Sort(named)
			if !slices.Equal(named, hosts) {
				t.Errorf("lets out to %q, the server calls %q", named, hosts)
			}
		})
	}
	without := valueSets(t)["cilium"]
	delete(without, "config")
	for _, rule := range released(t, without).cilium.Spec.Egress {
		for _, name := range rule.ToFQDNs {
			if name.MatchName == karloHost {
				t.Error("lets out to Karlo, which is off")
			}
		}
	}
}

// TestCiliumAsksTheNamedResolvers would catch a policy by name in a cluster whose
// resolvers are not kube-dns, where no name resolves.
func TestCiliumAsksTheNamedResolvers(t *testing.T) {
	const namespaceOf = "k8s:io.kubernetes.pod.namespace"
	resolvers := func(dns string) []string {
		t.Helper()
		var found []string
		for _, rule := range released(t, parsed(t, dns+"\n  cilium: {enabled: true}")).cilium.Spec.Egress {
			if len(rule.ToFQDNs) > 0 {
				continue
			}
			if ports := rule.ToPorts[0]; len(ports.Ports) != 1 || ports.Ports[0].Port != "53" || len(ports.Rules.DNS) != 1 {
				t.Errorf("%s: a rule for %+v", dns, ports)
			}
			for _, selector := range rule.ToEndpoints {
				found = append(found, fmt.Sprint(selector.MatchLabels, selector.MatchExpressions))
			}
			for _, block := range rule.ToCIDRSet {
				found = append(found, strings.Join(append([]string{block.CIDR}, block.Except...), " without "))
			}
		}
		return found
	}
	for dns, want := range map[string][]string{
		"networkPolicy:": {"map[" + namespaceOf + ":kube-system k8s:k8s-app:kube-dns] []"},
		"networkPolicy:\n  egress: {dns: [{namespaceSelector: {matchLabels: {team: net}}, podSelector: {matchLabels: {app: coredns}}}]}": {
			"map[k8s:app:coredns k8s:io.cilium.k8s.namespace.labels.team:net] []"},
		"networkPolicy:\n  egress: {dns: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [unbound]}]}}]}": {"map[] [{k8s:app In [unbound]}]"},
		"networkPolicy:\n  egress: {dns: [{namespaceSelector: {}, podSelector: {matchLabels: {app: dns}}}]}":                  {"map[k8s:app:dns] [{" + namespaceOf + " Exists []}]"},
		"networkPolicy:\n  egress: {dns: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.9/32]}}, {ipBlock: {cidr: 198.51.100.53/32}}]}": {
			"192.0.2.0/24 without 192.0.2.9/32", "198.51.100.53/32"},
	} {
		if got := resolvers(dns); !slices.Equal(got, want) {
			t.Errorf("%s: names are asked of %q, want %q", dns, got, want)
		}
	}
}

// lets reports whether a policy lets out to an address on port 443.
func lets(policy *networkingv1.NetworkPolicy, address netip.Addr) bool {
	for _, rule := range policy.Spec.Egress {
		if len(rule.To) == 0 {
			return true // no peer is every peer
		}
		for _, peer := range rule.To {
			if peer.IPBlock == nil || !netip.MustParsePrefix(peer.IPBlock.CIDR).Contains(address) {
				continue
			}
			if !slices.ContainsFunc(peer.IPBlock.Except, func(cidr string) bool { return netip.MustParsePrefix(cidr).Contains(address) }) {
				return true
			}
		}
	}
	return false
}

// TestOnlyWhoIsNamedGetsIn would catch an ops port that callers reach, ports that
// the pod does not have, and a rule without peers, which is for everybody.
func TestOnlyWhoIsNamedGetsIn(t *testing.T) {
	for name, values := range valueSets(t) {
		t.Run(name, func(t *testing.T) {
			r := released(t, values)
			for _, rule := range r.network.Spec.Ingress {
				if len(rule.From) == 0 {
					t.Error("a rule lets everybody in")
				}
				var names []string
				for _, port := range rule.Ports {
					names = append(names, port.Port.StrVal)
					if !slices.ContainsFunc(r.server().Ports, func(p corev1.ContainerPort) bool { return p.Name == port.Port.StrVal }) {
						t.Errorf("the pod has no port %v", port.Port)
					}
				}
				if all := strings.Join(names, " "); all != "grpc http" && all != "ops" {
					t.Errorf("a rule is about the ports %s", all)
				}
			}
		})
	}
	if rules := released(t, valueSets(t)["proxy"]).network.Spec.Ingress; len(rules) != 0 {
		t.Errorf("nobody is named, and there are %d rules", len(rules))
	}
}
