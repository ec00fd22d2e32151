package e2e

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	systemv1 "github.com/kakaorpc/kakaorpc/gen/kakao/system/v1"
)

const systemService = "kakao.system.v1.SystemService."

// TestSystemStory: an operator writes firewall rules from Kakao's list, looks at
// the state of its APIs and at what was wrong before, and sees the status host
// fail.
func TestSystemStory(t *testing.T) {
	tell(t, func(s *story) {
		both := must(s, systemService+"ListKakaoIps", &systemv1.ListKakaoIpsRequest{}, &systemv1.ListKakaoIpsResponse{})
		rules, announced := 0, 0
		for _, service := range slices.Concat(both.GetInbound(), both.GetOutbound()) {
			for _, block := range service.GetIps() {
				if _, err := netip.ParsePrefix(block); err != nil {
					s.t.Errorf("%s: %v", service.GetService(), err)
				}
				rules += len(service.GetPorts())
			}
			announced += len(service.GetAddition().GetStructValue().GetFields()) + len(service.GetExclusion().GetStructValue().GetFields())
			if service.GetUpdatedDate() > both.GetUpdatedDate() {
				s.t.Errorf("%s changed on %s, the list on %s", service.GetService(), service.GetUpdatedDate(), both.GetUpdatedDate())
			}
		}
		if rules == 0 || announced == 0 {
			s.t.Errorf("%d rules, %d members of announced changes", rules, announced)
		}
		outbound := must(s, systemService+"ListKakaoIps",
			&systemv1.ListKakaoIpsRequest{RuleType: systemv1.RuleType_RULE_TYPE_OUTBOUND}, &systemv1.ListKakaoIpsResponse{})
		if len(outbound.GetInbound()) != 0 || len(outbound.GetOutbound()) != len(both.GetOutbound()) {
			s.t.Errorf("outbound alone: %v", outbound)
		}

		status := must(s, systemService+"GetApiStatus", &systemv1.GetApiStatusRequest{}, &systemv1.GetApiStatusResponse{}).GetStatus().GetStructValue()
		if len(status.GetFields()["services"].GetListValue().GetValues()) == 0 {
			s.t.Errorf("status %v", status)
		}
		asked := &systemv1.GetApiStatusHistoryRequest{Parameters: map[string]string{"from": "2024-03-01", "product": "navi & more"}}
		history := must(s, systemService+"GetApiStatusHistory", asked, &systemv1.GetApiStatusHistoryResponse{}).GetHistory().GetStructValue()
		if len(history.GetFields()["histories"].GetListValue().GetValues()) == 0 {
			s.t.Errorf("history %v", history)
		}
		last := s.calls()
		if got := last[len(last)-1]; got.Path != "/api/health/history" || got.Credential != "none" ||
			strings.Join(got.Query["from"], "") != "2024-03-01" || strings.Join(got.Query["product"], "") != "navi & more" || len(got.Query) != 2 {
			s.t.Errorf("the sandbox got %+v", got)
		}

		s.arm(`{"route":"GET /api/health/current","times":0,"http":{"status":503,"body":"<html>down</html>"}}`)
		s.refused(systemService+"GetApiStatus", &systemv1.GetApiStatusRequest{}, &systemv1.GetApiStatusResponse{}, codes.Unavailable, "KAKAO_UNREACHABLE")
		must(s, systemService+"ListKakaoIps", &systemv1.ListKakaoIpsRequest{}, &systemv1.ListKakaoIpsResponse{})
	})
}

// sandboxCall is a request as the sandbox got it.
type sandboxCall struct {
	Path, Credential string
	Query            map[string][]string
}

// calls reads what the sandbox got, oldest first.
func (s *story) calls() []sandboxCall {
	s.t.Helper()
	response, err := http.Get(s.url + "/__sandbox__/calls")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var shown struct{ Calls []sandboxCall }
	if err := json.NewDecoder(response.Body).Decode(&shown); err != nil || len(shown.Calls) == 0 {
		s.t.Fatalf("calls %v, %v", shown, err)
	}
	return shown.Calls
}

// arm sets a fault in the sandbox.
func (s *story) arm(fault string) {
	s.t.Helper()
	response, err := http.Post(s.url+"/__sandbox__/faults", "application/json", strings.NewReader(fault))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("the sandbox's faults: HTTP %d", response.StatusCode)
	}
}
