package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"

	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
)

// TestOTLP: what the server exports arrives at a collector, over both protocols,
// and says which process it came from. It finds a wrong or ignored OTEL_*
// variable, and a resource that does not tell replicas apart.
func TestOTLP(t *testing.T) {
	instances := map[string]bool{}
	for _, protocol := range []string{"grpc", "http/protobuf"} {
		t.Run(protocol, func(t *testing.T) {
			kakao := startKakao(t)
			kakao.answerJSON(http.StatusOK, `{"id":3177000099}`)
			server := startServer(t, kakao.URL, map[string]string{
				"OTEL_EXPORTER_OTLP_PROTOCOL": protocol, "OTEL_METRICS_EXPORTER": "otlp", "OTEL_METRIC_EXPORT_INTERVAL": "50", "OTEL_BSP_SCHEDULE_DELAY": "20",
				"OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
			})
			method := (&userv1.GetMeRequest{}).ProtoReflect().Descriptor().ParentFile().Services().ByName("UserService").Methods().ByName("GetMe")
			for name, call := range server.transports() {
				if err := call(t, method, caller{Token: "test-access-token-otlp-000000000000000"}, &userv1.GetMeRequest{}, &userv1.GetMeResponse{}); err != nil {
					t.Fatalf("over %s: %v", name, err)
				}
			}
			wanted := []string{"GET /user/v1/me", "kakao.user.v1.UserService/GetMe", "kakao.user.v1.UserService/GetMe", "GET /v2/user/me", "GET /v2/user/me"}
			until(t, "the spans of two calls are there", func() bool {
				server.collector.mutex.Lock()
				defer server.collector.mutex.Unlock()
				return len(server.collector.spans) >= len(wanted)
			})
			until(t, "the metrics are there", func() bool {
				server.collector.mutex.Lock()
				defer server.collector.mutex.Unlock()
				return server.collector.metrics["rpc.server.call.duration"] != nil && server.collector.metrics["kakaorpc.upstream.attempts"] != nil
			})
			server.collector.mutex.Lock()
			defer server.collector.mutex.Unlock()
			names := namesOf(server.collector.spans)
			slices.Sort(wanted)
			if !slices.Equal(names, wanted) {
				t.Errorf("spans %q, want %q", names, wanted)
			}
			for _, resource := range server.collector.resources {
				about := map[string]string{}
				for _, attribute := range resource.GetAttributes() {
					about[attribute.GetKey()] = attribute.GetValue().GetStringValue()
				}
				if about["service.name"] != "kakaorpc" || about["service.version"] == "" || about["deployment.environment.name"] != "test" ||
					about["telemetry.sdk.language"] != "go" || !uuidPattern.MatchString(about["service.instance.id"]) {
					t.Fatalf("resource %v", about)
				}
				instances[about["service.instance.id"]] = true
			}
		})
	}
	if len(instances) != 2 {
		t.Errorf("two servers are %d instances", len(instances))
	}
}

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func namesOf(spans []*tracev1.Span) []string {
	var names []string
	for _, span := range spans {
		names = append(names, span.GetName())
	}
	slices.Sort(names)
	return names
}

// TestExemplars: a Prometheus that asks for OpenMetrics finds, in the buckets of
// each duration, a trace to look at.
func TestExemplars(t *testing.T) {
	kakao := startKakao(t)
	kakao.answerJSON(http.StatusOK, `{"id":3177000099}`)
	server := startServer(t, kakao.URL, nil)
	const id = "0af7651916cd43dd8448eb211c80319c"
	server.overFacade(t, scene{title: "a call", path: "/user/v1/me?target_id=3177000099", want: http.StatusOK}, id)
	page := server.scrape(t, "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
	if !strings.HasSuffix(page, "# EOF\n") {
		t.Fatal("the answer is not OpenMetrics")
	}
	for _, metric := range []string{"http_server_request_duration_seconds", "rpc_server_call_duration_seconds", "kakaorpc_upstream_duration_seconds"} {
		exemplar := regexp.MustCompile(`(?m)^` + metric + `_bucket\{[^}]*\} \d+ # \{[^}]*trace_id="` + id + `"`)
		if !exemplar.MatchString(page) {
			t.Errorf("no bucket of %s has the call's trace id as exemplar", metric)
		}
	}
	if plain := server.scrape(t, "text/plain"); strings.Contains(plain, id) {
		t.Error("Prometheus' own notation has no place for exemplars, and one is in it")
	}
}
