package deployment

import (
	"context"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/batchprocessor"
	"go.opentelemetry.io/collector/processor/memorylimiterprocessor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"
	tracev1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
)

// components are those of the collector that its configuration names.
func components() (otelcol.Factories, error) {
	receivers, err := otelcol.MakeFactoryMap[receiver.Factory](otlpreceiver.NewFactory())
	if err != nil {
		return otelcol.Factories{}, err
	}
	processors, err := otelcol.MakeFactoryMap[processor.Factory](memorylimiterprocessor.NewFactory(), batchprocessor.NewFactory())
	if err != nil {
		return otelcol.Factories{}, err
	}
	exporters, err := otelcol.MakeFactoryMap[exporter.Factory](otlpexporter.NewFactory())
	return otelcol.Factories{
		Receivers: receivers, Processors: processors, Exporters: exporters, Telemetry: otelconftelemetry.NewFactory(),
	}, err
}

// jaeger counts the spans that arrive, by service.
type jaeger struct {
	tracev1.UnimplementedTraceServiceServer
	spans atomic.Int64
}

func (j *jaeger) Export(_ context.Context, request *tracev1.ExportTraceServiceRequest) (*tracev1.ExportTraceServiceResponse, error) {
	for _, of := range request.GetResourceSpans() {
		for _, attribute := range of.GetResource().GetAttributes() {
			if attribute.GetKey() == "service.name" && attribute.GetValue().GetStringValue() == "kakaorpc" {
				for _, scope := range of.GetScopeSpans() {
					j.spans.Add(int64(len(scope.GetSpans())))
				}
			}
		}
	}
	return &tracev1.ExportTraceServiceResponse{}, nil
}

// TestSpansReachTheEndOfTheCollector runs the collector with its own file, but
// for the addresses, between a server with the compose file's environment and
// what stands for Jaeger. It would catch a component that the collector does not
// know, a pipeline that leaves one out, and an address that the server does not
// use.
func TestSpansReachTheEndOfTheCollector(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	end, server := &jaeger{}, grpc.NewServer()
	tracev1.RegisterTraceServiceServer(server, end)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)

	file, err := filepath.Abs(filepath.Join(repository, "deploy/compose/collector.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	project := composed(t)
	if to := *project.Services["server"].Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]; !strings.HasPrefix(to, "http://") {
		t.Errorf("traces are sent to %s", to)
	} else {
		listens(t, project, strings.TrimPrefix(to, "http://"), ports)
	}
	text := string(read(t, "deploy/compose/collector.yaml"))
	if !strings.Contains(text, "endpoint: 0.0.0.0:4317") || !strings.Contains(text, "endpoint: jaeger:4317") {
		t.Error("the collector listens or sends elsewhere")
	}
	if want := "otel/opentelemetry-collector:" + versionOf(t, "go.opentelemetry.io/collector/otelcol"); project.Services["collector"].Image != want {
		t.Errorf("the image is %s; this test runs %s", project.Services["collector"].Image, want)
	}

	in := freeAddress(t)
	collector, err := otelcol.NewCollector(otelcol.CollectorSettings{
		Factories: components, BuildInfo: component.NewDefaultBuildInfo(), DisableGracefulShutdown: true,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
			URIs: []string{
				"file:" + file,
				"yaml:receivers::otlp::protocols::grpc::endpoint: " + in,
				"yaml:exporters::otlp_grpc::endpoint: " + listener.Addr().String(),
				"yaml:service::telemetry::logs::level: error",
			},
			ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), yamlprovider.NewFactory()},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := collector.DryRun(t.Context()); err != nil {
		t.Fatalf("the collector refuses its configuration: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- collector.Run(context.Background()) }()
	t.Cleanup(func() {
		collector.Shutdown()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})

	at, ops := freeAddress(t), freeAddress(t)
	said := begin(t, environOf(project, map[string]string{
		"KAKAORPC_KAKAO_BASE_URL": "http://" + freeAddress(t), "KAKAORPC_HTTP_ADDR": at, "KAKAORPC_OPS_ADDR": ops,
		"KAKAORPC_GRPC_ADDR": "127.0.0.1:0", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://" + in, "OTEL_BSP_SCHEDULE_DELAY": "50",
	}))
	eventually(t, "the server is ready", func() bool { return ready(ops) }, said)
	get(t, "http://"+at+"/auth/v1/authorize_url?redirect_uri=http://localhost:8080/callback", "")
	eventually(t, "a span of the server is at the end", func() bool { return end.spans.Load() > 0 }, said)
}

// versionOf is the version of a module that this module requires.
func versionOf(t *testing.T, module string) string {
	t.Helper()
	match := regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(module) + ` v(\S+)`).FindSubmatch(read(t, "tools/go.mod"))
	if match == nil {
		t.Fatalf("tools/go.mod does not require %s", module)
	}
	return string(match[1])
}
