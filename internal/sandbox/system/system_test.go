package system_test

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// ipList is the answer of /v1/system/ips.
type ipList struct {
	Inbound, Outbound []struct {
		Service             string
		IPs                 []string
		Ports               []int
		Addition, Exclusion map[string]any
		UpdatedDate         string
	}
	UpdatedDate string
}

func TestSystemIPs(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	documentation := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	}
	for _, c := range []struct {
		rule              []string
		inbound, outbound int
	}{{nil, 2, 7}, {[]string{"rule_type", "inbound"}, 2, 0}, {[]string{"rule_type", "outbound"}, 0, 7}} {
		a := w.Get("/v1/system/ips", "KakaoAK "+w.Keys.RESTKey, c.rule...)
		w.OK(a)
		var list ipList
		if err := json.Unmarshal(a.Body, &list); err != nil {
			t.Fatal(err)
		}
		if len(list.Inbound) != c.inbound || len(list.Outbound) != c.outbound {
			t.Errorf("%v: %s", c.rule, a.Body)
		}
		latest, changes := "", 0
		for _, service := range append(list.Inbound, list.Outbound...) {
			latest = max(latest, service.UpdatedDate)
			changes += len(service.Addition) + len(service.Exclusion)
			if _, err := time.Parse(time.DateOnly, service.UpdatedDate); err != nil || len(service.IPs) == 0 || len(service.Ports) == 0 {
				t.Errorf("%v: %+v", c.rule, service)
			}
			for _, text := range service.IPs {
				block, err := netip.ParsePrefix(text)
				reserved := false
				for _, d := range documentation {
					reserved = reserved || err == nil && d.Contains(block.Addr())
				}
				if !reserved {
					t.Errorf("%s has %s, which may be somebody's", service.Service, text)
				}
			}
		}
		if list.UpdatedDate != latest {
			t.Errorf("%v: updatedDate %s, the latest is %s", c.rule, list.UpdatedDate, latest)
		}
		if changes == 0 {
			t.Errorf("%v: no announced change", c.rule)
		}
	}
}

func TestSystemIPsTakeAnyKeyOfTheApp(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{DailyQuota: map[string]int{"GET /v1/system/ips": 4}})
	for _, key := range []string{w.Keys.RESTKey, w.Keys.AdminKey, w.Keys.NativeKey, w.Keys.JavaScriptKey} {
		w.OK(w.Get("/v1/system/ips", "KakaoAK "+key))
	}
	sandboxtest.WantFailure(t, w.Get("/v1/system/ips", "KakaoAK "+w.Keys.RESTKey), 400, "-10")
	sandboxtest.WantFailure(t, w.Get("/v1/system/ips", "KakaoAK "+w.Keys.RESTKey, "rule_type", "both"), 400, "-2")
	sandboxtest.WantFailure(t, w.Get("/v1/system/ips", ""), 401, "-401")
	sandboxtest.WantFailure(t, w.Get("/v1/system/ips", w.Bearer("mina")), 401, "-401")
	sandboxtest.WantFailure(t, w.Get("/v1/system/ips", "KakaoAK "+sandboxtest.ZeroKey), 401, "-401")
}

func TestHealthIsOpenAndCanFail(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	current := w.OK(w.Get("/api/health/current", ""))
	if current["datetime"] != "2026-03-02 10:02:03+0900" || len(current["services"].([]any)) != 2 {
		t.Errorf("current: %v", current)
	}
	// Its parameters are not documented, so there are no wrong ones.
	if history := w.OK(w.Get("/api/health/history", "", "from", "2024-03-01", "product", "navi")); len(history["histories"].([]any)) != 1 {
		t.Errorf("history: %v", history)
	}
	sandboxtest.WantFailure(t, w.Get("/api/health/current", "KakaoAK "+w.Keys.RESTKey), 400, "-8")
	sandboxtest.WantFailure(t, w.Get("/api/health/history", w.Bearer("mina")), 400, "-8")
	w.Control("POST", "faults", `{"route":"GET /api/health/current","http":{"status":503,"body":"<html>down</html>"}}`)
	if a := w.Get("/api/health/current", ""); a.Status != 503 {
		t.Errorf("armed to fail: %d", a.Status)
	}
}
