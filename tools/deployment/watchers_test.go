package deployment

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// ports are those on which the images of the compose file listen by themselves.
var ports = map[string]string{"server": "9091", "collector": "4317", "jaeger": "16686", "prometheus": "9090"}

// strictly decodes YAML into a type that says all that may stand there.
func strictly(t *testing.T, file string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(read(t, file)))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// TestPrometheusTakesItsConfiguration has promtool check it in the layout that
// the compose file gives it, rules included.
func TestPrometheusTakesItsConfiguration(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("there is no promtool; it comes with Debian's package prometheus")
	}
	project, layout := composed(t), t.TempDir()
	for _, volume := range project.Services["prometheus"].Volumes {
		inside, ok := strings.CutPrefix(volume.Target, "/etc/prometheus/")
		if !ok {
			continue
		}
		if err := os.Symlink(volume.Source, filepath.Join(layout, inside)); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(promtool, "check", "config", filepath.Join(layout, "prometheus.yaml")).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "1 rule files found") {
		t.Errorf("promtool: %v\n%s", err, out)
	}

	var config struct {
		Global        map[string]string `yaml:"global"`
		RuleFiles     []string          `yaml:"rule_files"`
		ScrapeConfigs []struct {
			Job     string `yaml:"job_name"`
			Statics []struct {
				Targets []string `yaml:"targets"`
			} `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	strictly(t, "deploy/compose/prometheus.yaml", &config)
	for _, target := range config.ScrapeConfigs[0].Statics[0].Targets {
		listens(t, project, target, ports)
	}
}

// TestGrafanaFindsItsDataAndDashboards would catch a data source that no service
// stands behind, and a dashboard that names a data source which is not there.
func TestGrafanaFindsItsDataAndDashboards(t *testing.T) {
	project := composed(t)
	var sources struct {
		APIVersion  int `yaml:"apiVersion"`
		Datasources []struct {
			Name, Type, UID, URL string
			IsDefault            bool           `yaml:"isDefault"`
			JSONData             map[string]any `yaml:"jsonData"`
		}
	}
	strictly(t, "deploy/compose/grafana/datasources.yaml", &sources)
	uids := map[string]bool{}
	for _, source := range sources.Datasources {
		uids[source.UID] = true
		address, err := url.Parse(source.URL)
		if err != nil {
			t.Fatal(err)
		}
		listens(t, project, address.Host, ports)
		if links, ok := source.JSONData["exemplarTraceIdDestinations"].([]any); ok {
			if to := links[0].(map[string]any)["datasourceUid"]; !slices.ContainsFunc(sources.Datasources, func(s struct {
				Name, Type, UID, URL string
				IsDefault            bool           `yaml:"isDefault"`
				JSONData             map[string]any `yaml:"jsonData"`
			}) bool {
				return s.UID == to
			}) {
				t.Errorf("exemplars lead to %v, which is no data source", to)
			}
		}
	}
	var providers struct {
		APIVersion int `yaml:"apiVersion"`
		Providers  []struct {
			Name, Type string
			Options    map[string]string
		}
	}
	strictly(t, "deploy/compose/grafana/dashboards.yaml", &providers)
	var folder string
	for _, volume := range project.Services["grafana"].Volumes {
		if volume.Target == path.Clean(providers.Providers[0].Options["path"]) {
			folder = volume.Source
		}
	}
	dashboards, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(dashboards) == 0 {
		t.Fatalf("there is no dashboard in %q (%v)", folder, err)
	}
	for _, name := range dashboards {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var dashboard any
		if err := json.Unmarshal(content, &dashboard); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		eachDatasource(dashboard, func(uid string) {
			if !uids[uid] && !strings.HasPrefix(uid, "$") && !strings.HasPrefix(uid, "-- ") {
				t.Errorf("%s asks the data source %q, which is not there", filepath.Base(name), uid)
			}
		})
	}
}

// eachDatasource walks over the data sources that a dashboard names.
func eachDatasource(node any, visit func(uid string)) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			eachDatasource(child, visit)
		}
	case map[string]any:
		if source, ok := node["datasource"].(map[string]any); ok {
			if uid, ok := source["uid"].(string); ok {
				visit(uid)
			}
		}
		for _, child := range node {
			eachDatasource(child, visit)
		}
	}
}
