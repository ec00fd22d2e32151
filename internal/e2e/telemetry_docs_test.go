package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// alert is one rule that fires.
type alert struct {
	Alert       string
	Expr        string
	Labels      struct{ Severity string }
	Annotations struct {
		Summary, Description string
		RunbookURL           string `yaml:"runbook_url"`
	}
}

func alerts(t *testing.T) map[string]alert {
	t.Helper()
	var file struct {
		Groups []struct{ Rules []alert }
	}
	text := readDocument(t, rulesFile)
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]alert{}
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			if rule.Alert != "" {
				all[rule.Alert] = rule
			}
		}
	}
	return all
}

func readDocument(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	sectionPattern = regexp.MustCompile(`(?m)^### (Kakaorpc\w+)\n\n(critical|warning): `)
	metricPattern  = regexp.MustCompile(`\b(?:kakaorpc|rpc_server|http_server)_\w+`)
	reasonPattern  = regexp.MustCompile(`reason=~?"([A-Z_|]+)"`)
)

// TestRunBook holds the alerts and the run book together, both ways: each alert
// leads to a section that says its severity, what callers notice, where to look
// and what to do; each section is of an alert; each alert has a test in which it
// fires. Whoever is woken finds the page, and no page is about nothing.
func TestRunBook(t *testing.T) {
	const page = "https://github.com/kakaorpc/kakaorpc/blob/main/docs/operations.md#"
	runBook := readDocument(t, "../../docs/operations.md")
	var unitTests strings.Builder
	files, err := filepath.Glob(rulesTests)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		unitTests.WriteString(readDocument(t, file))
	}
	sections := map[string]string{}
	for _, match := range sectionPattern.FindAllStringSubmatch(runBook, -1) {
		sections[match[1]] = match[2]
	}
	all := alerts(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a := all[name]
		if sections[name] != a.Labels.Severity {
			t.Errorf("%s is %s; its section in the run book says %q", name, a.Labels.Severity, sections[name])
		}
		delete(sections, name)
		if a.Annotations.RunbookURL != page+strings.ToLower(name) {
			t.Errorf("%s leads to %s", name, a.Annotations.RunbookURL)
		}
		if a.Annotations.Summary == "" || a.Annotations.Description == "" {
			t.Errorf("%s has no summary or no description", name)
		}
		_, section, _ := strings.Cut(runBook, "\n### "+name+"\n")
		section, _, _ = strings.Cut(section, "\n#")
		for _, part := range []string{"- **Callers notice:** ", "- **Look at:** ", "- **Do:** "} {
			if !strings.Contains(section, part) {
				t.Errorf("the section on %s lacks %s", name, part)
			}
		}
		if !strings.Contains(unitTests.String(), `alertname="`+name+`"`) {
			t.Errorf("%s fires in none of %s", name, rulesTests)
		}
	}
	for name := range sections {
		t.Errorf("the run book has a section on %s, which is no alert", name)
	}
	t.Logf("%d alerts", len(all))
}

// TestQueriesNameWhatExists: rules, their tests, dashboard and documents speak
// only of metrics that docs/telemetry.md lists, and rules only of reasons that
// exist. A metric that is renamed in one place breaks here.
func TestQueriesNameWhatExists(t *testing.T) {
	known := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `[a-z._]+` \\| `(\\w+)` \\| (\\w+) ").FindAllStringSubmatch(readDocument(t, "../../docs/telemetry.md"), -1) {
		known[row[1]] = true
		if row[2] == "histogram" {
			known[row[1]+"_bucket"], known[row[1]+"_count"], known[row[1]+"_sum"] = true, true, true
		}
	}
	if len(known) < 20 {
		t.Fatalf("docs/telemetry.md lists %d names", len(known))
	}
	tests, err := filepath.Glob(rulesTests)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(tests, rulesFile, dashboardFile, "../../docs/operations.md", "../../README.md", "../../DESIGN.md") {
		text := readDocument(t, path)
		for _, name := range metricPattern.FindAllString(text, -1) {
			if !known[name] {
				t.Errorf("%s speaks of %s, which is no metric", path, name)
			}
		}
		for _, match := range reasonPattern.FindAllStringSubmatch(text, -1) {
			for reason := range strings.SplitSeq(match[1], "|") {
				if _, exists := errorv1.Reason_value["REASON_"+reason]; !exists {
					t.Errorf("%s speaks of the reason %s, which does not exist", path, reason)
				}
			}
		}
	}
}
