package e2e

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// TestCatalogue holds the compiled endpoint table against a list that is kept
// by hand: an endpoint that moved, vanished or came by accident shows here.
func TestCatalogue(t *testing.T) {
	content, err := os.ReadFile("testdata/catalogue.tsv")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		cells := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") || cells[0] == "method" {
			continue
		}
		if len(cells) != 6 || slices.Contains(cells, "") {
			t.Errorf("a line of %d cells, or with an empty one: %s", len(cells), line)
			continue
		}
		endpoint := cells[0] + " " + cells[1] + cells[2]
		if listed[endpoint] != nil {
			t.Errorf("%s stands there twice", endpoint)
		}
		listed[endpoint] = strings.Split(cells[3], ",")
	}
	client, err := kakao.New(kakao.Config{Overrides: service.Overrides()}, service.Descriptors()...)
	if err != nil {
		t.Fatal(err)
	}
	compiled := map[string][]string{}
	for _, row := range client.Endpoints() {
		endpoint := row.Method + " " + row.Host + row.Path
		compiled[endpoint] = append(compiled[endpoint], strings.TrimPrefix(row.RPC, "kakao."))
	}
	for endpoint, rpcs := range compiled {
		if !slices.Equal(listed[endpoint], rpcs) {
			t.Errorf("%s: the rpcs are %q, the catalogue lists %q", endpoint, rpcs, listed[endpoint])
		}
	}
	for endpoint := range listed {
		if compiled[endpoint] == nil {
			t.Errorf("%s is in the catalogue and has no rpc", endpoint)
		}
	}
	t.Logf("catalogue: %d endpoints, %d rpcs", len(listed), len(client.Endpoints()))
}
