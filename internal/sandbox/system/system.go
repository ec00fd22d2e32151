// Package system plays what Kakao tells about itself: its addresses, and the state
// of its services. https://developers.kakao.com/docs/latest/en/reference/utility
package system

import (
	"net/http"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Product is what Kakao tells about itself.
func Product() platform.Product { return platform.Product{Routes: routes()} }

// routes are what Kakao tells about its own machines.
func routes() []platform.Route {
	get := []string{http.MethodGet}
	return []platform.Route{
		{Methods: get, Host: platform.KapiHost, Path: "/v1/system/ips", Accepts: platform.AnyAppKey, Handle: getSystemIPs,
			Params: []platform.Param{{Name: "rule_type", Kind: platform.Enum("inbound", "outbound")}}},
		{Methods: get, Host: platform.StatusHost, Path: "/api/health/current", Handle: getCurrentHealth},
		{Methods: get, Host: platform.StatusHost, Path: "/api/health/history", Handle: getHealthHistory},
	}
}

// serviceIP is the addresses of one service of Kakao.
// https://developers.kakao.com/docs/latest/en/reference/utility
type serviceIP struct {
	Service string   `json:"service"`
	IPs     []string `json:"ips"`
	Ports   []int    `json:"ports"`
	// Addition is a change that has been announced. Its members are not
	// documented; these are made up, so that readers must take what comes.
	Addition    map[string]any `json:"addition,omitempty"`
	Exclusion   map[string]any `json:"exclusion,omitempty"`
	UpdatedDate string         `json:"updatedDate"`
}

// The addresses lie in the blocks that are reserved for documentation
// (RFC 5737).
var inboundIPs = []serviceIP{
	{Service: "callback", IPs: []string{"192.0.2.64/27"}, Ports: []int{443}, UpdatedDate: "2025-03-04"},
	{Service: "scrap", IPs: []string{"192.0.2.128/28", "198.51.100.9/32"}, Ports: []int{80, 443}, UpdatedDate: "2024-11-05",
		Exclusion: map[string]any{"ips": []string{"198.51.100.9/32"}, "date": "2026-06-01"}},
}

var outboundIPs = []serviceIP{
	{Service: "https://kauth.kakao.com", IPs: []string{"203.0.113.16/30"}, Ports: []int{443}, UpdatedDate: "2024-02-01"},
	{Service: "https://kapi.kakao.com", IPs: []string{"203.0.113.32/28", "198.51.100.32/32"}, Ports: []int{443}, UpdatedDate: "2025-08-20",
		Addition: map[string]any{"ips": []string{"203.0.113.48/28"}, "ports": []int{443}, "date": "2026-05-02"}},
	{Service: "https://accounts.kakao.com", IPs: []string{"203.0.113.20/32"}, Ports: []int{443}, UpdatedDate: "2024-02-01"},
	{Service: "https://auth.kakao.com", IPs: []string{"203.0.113.21/32"}, Ports: []int{443}, UpdatedDate: "2024-02-01"},
	{Service: "https://dapi.kakao.com", IPs: []string{"203.0.113.64/29"}, Ports: []int{443}, UpdatedDate: "2023-11-20"},
	{Service: "https://apps.kakao.com", IPs: []string{"203.0.113.80/32"}, Ports: []int{443}, UpdatedDate: "2023-11-20"},
	{Service: "https://talk-apps.kakao.com", IPs: []string{"203.0.113.81/32"}, Ports: []int{443}, UpdatedDate: "2023-11-20"},
}

func getSystemIPs(r *platform.Request) (any, *platform.Failure) {
	lists := map[string][]serviceIP{"inbound": inboundIPs, "outbound": outboundIPs}
	body, updated := map[string]any{}, ""
	for name, services := range lists {
		if asked := r.Text("rule_type"); asked != "" && asked != name {
			continue
		}
		body[name] = services
		latest := slices.MaxFunc(services, func(a, b serviceIP) int { return strings.Compare(a.UpdatedDate, b.UpdatedDate) })
		updated = max(updated, latest.UpdatedDate)
	}
	body["updatedDate"] = updated
	return body, nil
}

// The two bodies of api-status.kakao.com are made up, after what Kakao asks of
// the status pages of its API providers: nobody may rely on their shape. The
// query may hold anything.

func getCurrentHealth(r *platform.Request) (any, *platform.Failure) {
	return map[string]any{
		"datetime": r.Now.In(platform.KoreaZone).Format("2006-01-02 15:04:05-0700"),
		"services": []any{
			map[string]any{"service": "kapi", "apis": []any{map[string]any{"id": "user_me", "result": "SUCCESS"}}},
			map[string]any{"service": "dapi", "apis": []any{map[string]any{"id": "local_address", "result": "SUCCESS"}}},
		},
	}, nil
}

func getHealthHistory(*platform.Request) (any, *platform.Failure) {
	return map[string]any{"histories": []any{
		map[string]any{"datetime": "2024-03-30 02:10:00+0900", "service": "navi", "id": "directions", "result": "FAILURE"},
	}}, nil
}
