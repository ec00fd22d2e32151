package preflight

import (
	"net/url"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// Target is an address that the server sends calls to.
type Target struct {
	// URL is the base of the addresses.
	URL *url.URL
	// Hosts are the Kakao hosts that it is, or stands in place of.
	Hosts []string
}

// Targets are the addresses of the Kakao hosts in use: those that the contract
// names and the configuration does not switch off, with its overrides. There
// are none where a sandbox stands in place of all.
func Targets(c *config.Config) []Target {
	if c.Sandbox {
		return nil
	}
	var targets []Target
	overrides := c.Kakao.Hosts()
	for _, host := range hostsInUse(c) {
		base := overrides[host]
		if base == nil {
			base = &url.URL{Scheme: "https", Host: kakao.Hostname(host)}
		}
		at := slices.IndexFunc(targets, func(t Target) bool { return t.URL.String() == base.String() })
		if at < 0 {
			at, targets = len(targets), append(targets, Target{URL: base})
		}
		targets[at].Hosts = append(targets[at].Hosts, kakao.Hostname(host))
	}
	return targets
}

// hostsInUse are the hosts of the rpcs, in order of their names.
func hostsInUse(c *config.Config) []apiv1.Host {
	var hosts []apiv1.Host
	for method := range rpcs {
		option, _ := proto.GetExtension(method.Options(), apiv1.E_Endpoint).(*apiv1.Endpoint)
		host := option.GetHost()
		if host == apiv1.Host_HOST_UNSPECIFIED {
			host, _ = proto.GetExtension(method.Parent().Options(), apiv1.E_Host).(apiv1.Host)
		}
		if !slices.Contains(c.Terminated(), host) && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	slices.SortFunc(hosts, func(a, b apiv1.Host) int { return strings.Compare(kakao.Hostname(a), kakao.Hostname(b)) })
	return hosts
}
