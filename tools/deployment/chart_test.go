package deployment

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
)

const (
	chartFolder = repository + "/deploy/helm/kakaorpc"
	// namespace and releaseName are those of the test's release.
	namespace   = "platform"
	releaseName = "shop"
)

// valueSets are the values with which the chart is tried, by name.
func valueSets(t *testing.T) map[string]map[string]any {
	t.Helper()
	files, err := filepath.Glob("testdata/values/*.yaml")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d sets of values (%v)", len(files), err)
	}
	sets := map[string]map[string]any{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sets[strings.TrimSuffix(filepath.Base(file), ".yaml")] = parsed(t, string(content))
	}
	return sets
}

// parsed is values as "helm --values" reads them.
func parsed(t *testing.T, text string) map[string]any {
	t.Helper()
	values, err := common.ReadValues([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return values
}

// render is "helm template" without the command: what each template comes to.
func render(values map[string]any) (map[string]string, error) {
	chart, err := loader.Load(chartFolder)
	if err != nil {
		return nil, err
	}
	all, err := util.ToRenderValues(chart, values, common.ReleaseOptions{Name: releaseName, Namespace: namespace, IsInstall: true, Revision: 1}, nil)
	if err != nil {
		return nil, err
	}
	return engine.Engine{Strict: true}.RenderWithContext(context.Background(), chart, all)
}

// TestHelmLintFindsNothing would catch what Helm itself says of a chart: a wrong
// Chart.yaml, a default that its own schema refuses, an object that does not
// parse.
func TestHelmLintFindsNothing(t *testing.T) {
	for name, values := range valueSets(t) {
		found := lint.RunAll(chartFolder, values, namespace)
		for _, message := range found.Messages {
			// An icon is for charts that are shown in a catalogue.
			if message.Severity > support.InfoSev || !strings.Contains(message.Err.Error(), "icon is recommended") {
				t.Errorf("%s: %s", name, message)
			}
		}
	}
}

// TestNotesSayWhatIsMissing would catch notes that leave an operator alone with a
// server that answers nobody.
func TestNotesSayWhatIsMissing(t *testing.T) {
	for name, want := range map[string][]string{
		"default": {"dns:///shop-kakaorpc-grpc.platform:9090", "speaks no TLS", "there is no Kakao app", "kakaorpc-client=true"},
		"tls":     {"https://shop-kakaorpc.platform:8080"},
		"sandbox": {"this is a sandbox", "logs deployment/shop-kakaorpc"},
	} {
		rendered, err := render(valueSets(t)[name])
		if err != nil {
			t.Fatal(err)
		}
		notes := rendered["kakaorpc/templates/NOTES.txt"]
		for _, words := range want {
			if !strings.Contains(notes, words) {
				t.Errorf("%s: the notes do not say %q:\n%s", name, words, notes)
			}
		}
		if name == "tls" && strings.Contains(notes, "NOTE:") {
			t.Errorf("%s: the notes warn of something:\n%s", name, notes)
		}
	}
}

// TestTheRulesOfTheChartAreTheRules compares the copy that the chart carries.
func TestTheRulesOfTheChartAreTheRules(t *testing.T) {
	const rules = "kakaorpc.rules.yml"
	if string(read(t, "deploy/prometheus/"+rules)) != string(read(t, "deploy/helm/kakaorpc/files/"+rules)) {
		t.Errorf("cp deploy/prometheus/%s deploy/helm/kakaorpc/files/", rules)
	}
}
