package deployment

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// composed is the compose file as Compose reads it, which refuses what its schema
// does not know.
func composed(t *testing.T) *types.Project {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join(repository, "deploy/compose"))
	if err != nil {
		t.Fatal(err)
	}
	project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir:  folder,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(folder, "compose.yaml")}},
		Environment: types.Mapping{},
	}, func(o *loader.Options) { o.ResolvePaths = true })
	if err != nil {
		t.Fatal(err)
	}
	return project
}

// pinned is an image with a version of its own: a tag that moves gives another
// image tomorrow.
var pinned = regexp.MustCompile(`^[a-z0-9./-]+:v?\d+\.\d+\.\d+$`)

// TestComposeFile would catch a port that other machines reach, an image that
// moves, a file that is not there, and a service that waits for health which
// nobody checks.
func TestComposeFile(t *testing.T) {
	project := composed(t)
	for _, want := range []string{"server", "sandbox", "collector", "jaeger", "prometheus", "grafana"} {
		if _, err := project.GetService(want); err != nil {
			t.Error(err)
		}
	}
	taken := map[string]string{}
	for name, service := range project.Services {
		if service.Build == nil && !pinned.MatchString(service.Image) && service.Image != project.Services["server"].Image {
			t.Errorf("%s: the image %s has no version of its own", name, service.Image)
		}
		if service.Build != nil {
			if _, err := os.Stat(filepath.Join(service.Build.Context, service.Build.Dockerfile)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %d is published to %q", name, port.Target, port.HostIP)
			}
			if other, twice := taken[port.Published]; twice {
				t.Errorf("%s and %s both take port %s", name, other, port.Published)
			}
			taken[port.Published] = name
		}
		if !service.ReadOnly || !slices.Equal(service.CapDrop, []string{"ALL"}) || service.Privileged || service.MemLimit == 0 {
			t.Errorf("%s: not locked: read-only %v, without %v, at most %d bytes", name, service.ReadOnly, service.CapDrop, service.MemLimit)
		}
		for _, volume := range service.Volumes {
			if volume.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(volume.Source); err != nil || !volume.ReadOnly || bool(volume.Bind.CreateHostPath) {
				t.Errorf("%s: %s: %v; read-only %v", name, volume.Source, err, volume.ReadOnly)
			}
		}
		for on, how := range service.DependsOn {
			// The server's image brings its own check (TestBuildKitTakesTheDockerfile).
			checked := project.Services[on].HealthCheck != nil && !project.Services[on].HealthCheck.Disable || on == "server"
			if how.Condition == types.ServiceConditionHealthy && !checked {
				t.Errorf("%s waits for the health of %s, which nobody checks", name, on)
			}
		}
	}
}

// TestComposeServersAnswer starts the server and the sandbox as the compose file
// says, but for the ports, and calls one through the other. It would catch a
// variable that the server does not know, keys that are not the sandbox's, and
// a sign-in page that a browser cannot reach.
func TestComposeServersAnswer(t *testing.T) {
	project := composed(t)
	kakao, at, ops, collector := freeAddress(t), freeAddress(t), freeAddress(t), freeAddress(t)
	sandbox := project.Services["sandbox"]
	args := slices.Clone(sandbox.Command)
	for i, arg := range args {
		if port, ok := strings.CutPrefix(arg, "--addr="); ok {
			if base := *project.Services["server"].Environment["KAKAORPC_KAKAO_BASE_URL"]; base != "http://localhost"+port || sandbox.NetworkMode != "service:server" {
				t.Errorf("the server looks for Kakao at %s, the sandbox listens on %s in the network %s", base, port, sandbox.NetworkMode)
			}
			args[i] = "--addr=" + kakao
		}
	}
	began := begin(t, nil, args...)
	eventually(t, "the sandbox is up", func() bool { return strings.Contains(began.String(), "A local Kakao is at") }, began)
	said := begin(t, environOf(project, map[string]string{
		"KAKAORPC_KAKAO_BASE_URL": "http://" + kakao, "KAKAORPC_HTTP_ADDR": at, "KAKAORPC_OPS_ADDR": ops,
		"KAKAORPC_GRPC_ADDR": "127.0.0.1:0", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://" + collector,
	}))
	eventually(t, "the server is ready", func() bool { return ready(ops) }, said)
	token := regexp.MustCompile(`test-access-token-\S+`).FindString(began.String())
	me := get(t, "http://"+at+"/user/v1/me", token)
	if user, _ := me["user"].(map[string]any); user["id"] == nil {
		t.Errorf("GetMe answers %v", me)
	}
	if place := get(t, "http://"+at+"/local/v1/places:searchKeyword?query="+url.QueryEscape("커피"), ""); place["documents"] == nil {
		t.Errorf("SearchKeyword, which takes the app's key, answers %v", place)
	}
	page := get(t, "http://"+at+"/auth/v1/authorize_url?redirect_uri="+url.QueryEscape("http://localhost:8080/callback"), "")
	text, _ := page["url"].(string)
	if link, err := url.Parse(text); err != nil || link.Host != kakao {
		t.Errorf("the sign-in page is %v", page)
	}
}

// environOf is the environment of the composed server, with some of it replaced.
func environOf(project *types.Project, instead map[string]string) []string {
	var environ []string
	for name, value := range project.Services["server"].Environment {
		if _, replaced := instead[name]; !replaced && value != nil {
			environ = append(environ, name+"="+*value)
		}
	}
	for name, value := range instead {
		environ = append(environ, name+"="+value)
	}
	return environ
}

func get(t *testing.T, address, token string) map[string]any {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	said := map[string]any{}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %s %v %v", address, answer.Status, said, err)
	}
	return said
}

// listens reports whether a service of the compose file is to listen where
// another one looks for it: the host is its name, and the port is one of ports.
func listens(t *testing.T, project *types.Project, address string, ports map[string]string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if _, known := project.Services[host]; err != nil || !known || ports[host] != port {
		t.Errorf("%s: no service listens there (%v)", address, err)
	}
}
