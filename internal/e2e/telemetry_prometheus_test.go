package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	rulesFile     = "../../deploy/prometheus/kakaorpc.rules.yml"
	rulesTests    = "../../deploy/prometheus/tests/*.yml"
	dashboardFile = "../../deploy/grafana/kakaorpc.json"
)

// program finds a program of Debian's package prometheus. Where there is none
// the test is skipped, but for CI, which has to install it.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("CI needs %s: apt-get install prometheus", name)
	default:
		t.Skipf("there is no %s here: apt-get install prometheus", name)
	}
	return ""
}

// TestPrometheusRules runs promtool's check of the rules and their unit tests.
func TestPrometheusRules(t *testing.T) {
	promtool := program(t, "promtool")
	tests, err := filepath.Glob(rulesTests)
	if err != nil || len(tests) == 0 {
		t.Fatalf("no tests at %s: %v", rulesTests, err)
	}
	for _, arguments := range [][]string{{"check", "rules", rulesFile}, append([]string{"test", "rules"}, tests...)} {
		out, err := exec.CommandContext(t.Context(), promtool, arguments...).CombinedOutput()
		if err != nil {
			t.Errorf("promtool %s: %v\n%s", arguments[0], err, out)
		}
	}
}

// TestDashboard: a real Prometheus scrapes a server under load, and every query
// of the dashboard has data, every rule can be evaluated, and alerts fire. It
// finds a query for a metric or label that does not exist, or is not written as
// this Prometheus takes it.
func TestDashboard(t *testing.T) {
	binary := program(t, "prometheus")
	b := startBusy(t, nil)
	p := startPrometheus(t, binary, strings.TrimPrefix(b.ops, "http://"))
	queries := dashboardQueries(t)
	firing := []string{"KakaorpcEgressAddressRefused", "KakaorpcAppKeyRefused", "KakaorpcQuotaUsedUp", "KakaorpcKakaoHasChanged", "KakaorpcUnknownKakaoCode"}
	for _, name := range firing {
		queries = append(queries, query{"the alert " + name, `ALERTS{alertstate="firing", alertname="` + name + `"}`})
	}
	for deadline := time.Now().Add(time.Minute); ; {
		b.live(t)
		time.Sleep(time.Second) // a scrape
		missing := slices.DeleteFunc(slices.Clone(queries), func(q query) bool { return p.hasData(t, q) })
		if len(missing) == 0 {
			break
		}
		if time.Now().After(deadline) {
			for _, q := range missing {
				t.Errorf("%s: no data: %s", q.title, q.expr)
			}
			break
		}
	}
	rules := p.checkRules(t)
	t.Logf("%d queries have data; %d rules are evaluated", len(queries), rules)
	var exemplars []struct {
		Exemplars []struct{ Labels map[string]string }
	}
	p.ask(t, "query_exemplars", url.Values{
		"query": {`rpc_server_call_duration_seconds_bucket{job="kakaorpc"}`},
		"start": {time.Now().Add(-time.Hour).Format(time.RFC3339)}, "end": {time.Now().Add(time.Minute).Format(time.RFC3339)},
	}, &exemplars)
	if len(exemplars) == 0 || len(exemplars[0].Exemplars) == 0 || len(exemplars[0].Exemplars[0].Labels["trace_id"]) != 32 {
		t.Errorf("Prometheus has no exemplar with a trace: %v", exemplars)
	}
}

// prometheus is a running one.
type prometheus struct{ url string }

// startPrometheus runs Prometheus on a free port until the test ends.
func startPrometheus(t *testing.T, binary, target string) *prometheus {
	t.Helper()
	rules, err := filepath.Abs(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "prometheus.yml")
	text := fmt.Sprintf(`global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [%q]
scrape_configs:
  - job_name: kakaorpc
    static_configs: [{targets: [%q]}]
`, rules, target)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	listener := listenLoopback(t)
	address := listener.Addr().String()
	if err := listener.Close(); err != nil { // Prometheus takes it
		t.Fatal(err)
	}
	var log lockedBuffer
	process := exec.CommandContext(context.Background(), binary, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(folder, "data"),
		"--web.listen-address="+address, "--enable-feature=exemplar-storage")
	process.Stdout, process.Stderr = &log, &log
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Signal(syscall.SIGTERM)
		_ = process.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	p := &prometheus{url: "http://" + address}
	until(t, "Prometheus is ready", func() bool {
		response, err := http.Get(p.url + "/-/ready")
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
	return p
}

// ask asks Prometheus' API.
func (p *prometheus) ask(t *testing.T, path string, parameters url.Values, into any) {
	t.Helper()
	response, err := http.Get(p.url + "/api/v1/" + path + "?" + parameters.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer := struct {
		Error string
		Data  any
	}{Data: into}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if answer.Error != "" {
		t.Fatalf("Prometheus refuses %s: %s", parameters.Get("query"), answer.Error)
	}
}

// query is one query of the dashboard.
type query struct{ title, expr string }

// hasData reports whether a query has a series with a number in it.
func (p *prometheus) hasData(t *testing.T, q query) bool {
	t.Helper()
	var data struct {
		Result []struct{ Value [2]any }
	}
	p.ask(t, "query", url.Values{"query": {q.expr}}, &data)
	return slices.ContainsFunc(data.Result, func(series struct{ Value [2]any }) bool { return series.Value[1] != "NaN" })
}

// checkRules reports the rules that Prometheus could not evaluate, and returns
// how many there are.
func (p *prometheus) checkRules(t *testing.T) (rules int) {
	t.Helper()
	var data struct {
		Groups []struct {
			Rules []struct{ Name, Health, LastError, Query string }
		}
	}
	p.ask(t, "rules", nil, &data)
	for _, group := range data.Groups {
		for _, rule := range group.Rules {
			rules++
			if rule.Health != "ok" {
				t.Errorf("rule %s is %s: %s", rule.Name, rule.Health, rule.LastError)
			}
		}
	}
	return rules
}

// dashboardVariables are what Grafana puts in; the interval is for a scrape a
// second.
var dashboardVariables = strings.NewReplacer("$__rate_interval", "30s", "$job", "kakaorpc", "$instance", ".*")

var labelValues = regexp.MustCompile(`^label_values\((.*), *(\w+)\)$`)

// dashboardQueries are the queries of the dashboard's panels and variables.
func dashboardQueries(t *testing.T) []query {
	t.Helper()
	text, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Templating struct {
			List []struct {
				Name, Type string
				Query      any
			}
		}
		Panels []struct {
			Title, Type string
			Targets     []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	var queries []query
	for _, variable := range dashboard.Templating.List {
		if variable.Type != "query" {
			continue
		}
		match := labelValues.FindStringSubmatch(variable.Query.(map[string]any)["query"].(string))
		if match == nil {
			t.Fatalf("variable %s is no label_values(metric, label)", variable.Name)
		}
		queries = append(queries, query{"variable " + variable.Name, "count by (" + match[2] + ") (" + dashboardVariables.Replace(match[1]) + ")"})
	}
	for _, panel := range dashboard.Panels {
		if panel.Type != "row" && len(panel.Targets) == 0 {
			t.Errorf("the panel %s asks nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			queries = append(queries, query{panel.Title, dashboardVariables.Replace(target.Expr)})
		}
	}
	if left := slices.IndexFunc(queries, func(q query) bool { return strings.Contains(q.expr, "$") }); left >= 0 {
		t.Fatalf("%s has a variable that is not known: %s", queries[left].title, queries[left].expr)
	}
	return queries
}
