package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// systemRoutes are what Kakao tells about its own machines.
func systemRoutes() []route {
	get := []string{http.MethodGet}
	return []route{
		{methods: get, host: kapiHost, path: "/v1/system/ips", accepts: anyAppKey, handle: getSystemIPs,
			params: []param{{name: "rule_type", kind: enum("inbound", "outbound")}}},
		{methods: get, host: statusHost, path: "/api/health/current", handle: getCurrentHealth},
		{methods: get, host: statusHost, path: "/api/health/history", handle: getHealthHistory},
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

func getSystemIPs(r *request) (any, *kakaoError) {
	lists := map[string][]serviceIP{"inbound": inboundIPs, "outbound": outboundIPs}
	body, updated := map[string]any{}, ""
	for name, services := range lists {
		if asked := r.text("rule_type"); asked != "" && asked != name {
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

func getCurrentHealth(r *request) (any, *kakaoError) {
	return map[string]any{
		"datetime": r.now.In(koreaZone).Format("2006-01-02 15:04:05-0700"),
		"services": []any{
			map[string]any{"service": "kapi", "apis": []any{map[string]any{"id": "user_me", "result": "SUCCESS"}}},
			map[string]any{"service": "dapi", "apis": []any{map[string]any{"id": "local_address", "result": "SUCCESS"}}},
		},
	}, nil
}

func getHealthHistory(*request) (any, *kakaoError) {
	return map[string]any{"histories": []any{
		map[string]any{"datetime": "2024-03-30 02:10:00+0900", "service": "navi", "id": "directions", "result": "FAILURE"},
	}}, nil
}

// checkOpenRead is for api-status.kakao.com, which anybody may read: a key or
// token sent there has leaked.
func checkOpenRead(r *request) *kakaoError {
	switch {
	case len(r.http.Header.Values("Authorization")) > 0:
		return newFailure("-8", "the Authorization header is not used here")
	case len(r.body) > 0:
		return newFailure("-2", r.http.Method+" takes no body")
	}
	return nil
}
