package e2e

import (
	"regexp"
	"slices"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

var (
	variable     = regexp.MustCompile(`\{[^}]*\}`)
	formatSuffix = regexp.MustCompile(`\.(json|xml|\{format\})$`)
)

// route is an endpoint of Kakao, whoever names it.
func route(method, host, path string) string {
	return method + " " + host + variable.ReplaceAllString(formatSuffix.ReplaceAllString(path, ""), "{}")
}

// TestSandboxAndContractNameTheSameEndpoints: the contract and the sandbox were
// written apart from each other; what one of them lacks or has in excess is a
// mistake of one.
func TestSandboxAndContractNameTheSameEndpoints(t *testing.T) {
	client, err := kakao.New(kakao.Config{Overrides: service.Overrides()}, service.Descriptors()...)
	if err != nil {
		t.Fatal(err)
	}
	var contract, offered []string
	for _, endpoint := range client.Endpoints() {
		contract = append(contract, route(endpoint.Method, endpoint.Host, endpoint.Path))
	}
	local, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range local.Routes() {
		offered = append(offered, route(r.Method, r.Host, r.Path))
	}
	for _, endpoint := range contract {
		if !slices.Contains(offered, endpoint) {
			t.Errorf("the sandbox does not offer %s", endpoint)
		}
	}
	// Kakao takes some reads by POST as well; the contract uses GET.
	alsoByPost := []string{"POST kapi.kakao.com/v2/user/me", "POST kapi.kakao.com/v1/user/ids", "POST kapi.kakao.com/v2/app/users"}
	for _, endpoint := range offered {
		if !slices.Contains(contract, endpoint) && !slices.Contains(alsoByPost, endpoint) {
			t.Errorf("no rpc stands for %s, which the sandbox offers", endpoint)
		}
	}
	t.Logf("endpoints: %d rpcs, %d sandbox routes", len(contract), len(offered))
}
