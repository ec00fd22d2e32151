package deployment

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheDocumentsValuesAreTaken would catch an example in docs/deployment.md or
// in the comments of values.yaml that the chart refuses.
func TestTheDocumentsValuesAreTaken(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(read(t, "docs/deployment.md")), -1)
	if len(blocks) == 0 {
		t.Error("docs/deployment.md shows no values")
	}
	for _, block := range blocks {
		released(t, parsed(t, block[1]))
	}
	// Examples of values.yaml stand in comments, three spaces in.
	examples := 0
	for _, block := range regexp.MustCompile(`(?m)^#\n((?:#   \S.*\n|#     .*\n)+)`).FindAllStringSubmatch(string(read(t, "deploy/helm/kakaorpc/values.yaml")), -1) {
		text := strings.ReplaceAll(block[1], "#   ", "")
		if !regexp.MustCompile(`^\w+:`).MatchString(text) {
			continue
		}
		examples++
		if strings.HasPrefix(text, "policy:") {
			text += "transport: tls\ntls: {secretName: x, clientCA: {secretName: ca}}\n"
		}
		released(t, parsed(t, text))
	}
	if examples != 3 {
		t.Errorf("values.yaml has %d examples in comments, want those of policy, apps and environment", examples)
	}
}

// TestTheDocumentsAddressesArePublished would catch an address to look at behind
// which nothing is.
func TestTheDocumentsAddressesArePublished(t *testing.T) {
	var published []string
	for _, service := range composed(t).Services {
		for _, port := range service.Ports {
			published = append(published, port.Published)
		}
	}
	compose, _, _ := strings.Cut(string(read(t, "deploy/compose/compose.yaml")), "\nname:")
	_, document, _ := strings.Cut(string(read(t, "docs/deployment.md")), "## On one machine")
	document, _, _ = strings.Cut(document, "## In Kubernetes")
	for _, text := range []string{compose, document} {
		named := regexp.MustCompile(`localhost:(\d+)`).FindAllStringSubmatch(text, -1)
		if len(named) < 6 {
			t.Errorf("%d addresses in\n%s", len(named), text)
		}
		for _, name := range named {
			if !slices.Contains(published, name[1]) {
				t.Errorf("%s is published by nobody; these are: %v", name[0], published)
			}
		}
	}
}
