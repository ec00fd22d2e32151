package site

import (
	"encoding/json"
	"net/http"
)

// hostHealth is a host of Kakao's in the JSON of health.
type hostHealth struct {
	Host     string          `json:"host"`
	Products []productHealth `json:"products"`
}

// productHealth is a product on a host in the JSON of health.
type productHealth struct {
	Product string `json:"product"`
	// State is unknown, answering, failing or looking.
	State string `json:"state"`
	// LookInMS is the time in milliseconds until a call is let through again.
	LookInMS int64 `json:"look_in_ms,omitempty"`
}

// hosts is how Kakao does, now.
func (s *site) hosts() []hostHealth {
	hosts := []hostHealth{}
	if s.options.Health == nil {
		return hosts
	}
	for _, h := range s.options.Health() {
		if len(hosts) == 0 || hosts[len(hosts)-1].Host != h.Host {
			hosts = append(hosts, hostHealth{Host: h.Host})
		}
		last := &hosts[len(hosts)-1]
		last.Products = append(last.Products, productHealth{Product: h.Product, State: string(h.State), LookInMS: h.LookIn.Milliseconds()})
	}
	return hosts
}

// health answers what the page asks for every few seconds.
func (s *site) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]any{"hosts": s.hosts()}) // whoever does not read it has gone
}
