package kakao

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// DefaultMaxResponseBytes is the largest body read from Kakao unless
// Config.MaxResponseBytes says otherwise: 8 MiB, some thousand times the usual.
const DefaultMaxResponseBytes = 8 << 20

// App is one app registered with Kakao: the keys that callers never see.
// https://developers.kakao.com/docs/latest/en/app-setting/app-key
type App struct {
	// RESTAPIKey is the client_id of OAuth and the key of Local and search.
	RESTAPIKey secret.Value
	// AdminKey may act for every user of the app.
	AdminKey secret.Value
	// ClientSecret goes with every token request when the app has it switched
	// on, as apps made since December 2025 do.
	ClientSecret secret.Value
}

// Config is what a Client needs to know.
type Config struct {
	// Hosts gives the base URL of a Kakao host where it is not the public
	// https address: an emulator or an egress proxy.
	Hosts map[apiv1.Host]*url.URL
	// Terminated are the hosts that Kakao has closed: their rpcs answer
	// KAKAO_API_TERMINATED and nothing is sent.
	Terminated []apiv1.Host
	// App looks up a named app. It is asked on every call, so that keys may
	// change while the process runs.
	App func(name string) (App, bool)
	// KeyRefused is told that Kakao does not know a key of an app, and answers
	// whether App returns another one now; nil: there is never another.
	KeyRefused func(app string, key secret.Value) bool
	// Transport sends requests; nil means a pooled HTTP transport. It must not
	// follow redirects.
	Transport http.RoundTripper
	// Overrides are the Go functions that stand in for the call of an rpc, by
	// its full name (kakao.auth.v1.AuthService.GetAuthorizeUrl).
	Overrides map[protoreflect.FullName]Override
	// MaxResponseBytes bounds the body read from Kakao, after decompression;
	// zero means DefaultMaxResponseBytes.
	MaxResponseBytes int64
	// Policy says how calls are repeated, held back, shared and kept; the zero
	// value makes every call exactly one request.
	Policy Policy
	// Logger takes warnings about answers that differ from the contract; nil
	// discards them.
	Logger *slog.Logger
	// TracerProvider and MeterProvider take spans and metrics; nil means none.
	TracerProvider trace.TracerProvider
	MeterProvider  metric.MeterProvider
}

// Client calls Kakao for the rpcs it was made from. It is safe for concurrent
// use.
type Client struct {
	endpoints        []*endpoint
	byMethod         map[protoreflect.FullName]*endpoint
	app              func(name string) (App, bool)
	keyRefused       func(app string, key secret.Value) bool
	http             *http.Client
	maxResponseBytes int64
	observer         *observer
	sender           sender
}

// New compiles every rpc of the services. An rpc without an endpoint option, or
// one whose options cannot be run, is an error that names it; all such errors
// are reported together.
func New(config Config, services ...protoreflect.ServiceDescriptor) (*Client, error) {
	observer, err := newObserver(config)
	if err != nil {
		return nil, err
	}
	client := &Client{
		byMethod:         map[protoreflect.FullName]*endpoint{},
		app:              config.App,
		keyRefused:       config.KeyRefused,
		http:             newHTTPClient(config),
		maxResponseBytes: config.MaxResponseBytes,
		observer:         observer,
	}
	if client.maxResponseBytes <= 0 {
		client.maxResponseBytes = DefaultMaxResponseBytes
	}
	if client.app == nil {
		client.app = func(string) (App, bool) { return App{}, false }
	}
	if client.keyRefused == nil {
		client.keyRefused = func(string, secret.Value) bool { return false }
	}

	var faults []error
	for _, service := range services {
		methods := service.Methods()
		for i := range methods.Len() {
			method := methods.Get(i)
			endpoint, err := compile(method, config)
			if err != nil {
				faults = append(faults, fmt.Errorf("rpc %s: %w", method.FullName(), err))
				continue
			}
			client.endpoints = append(client.endpoints, endpoint)
			client.byMethod[method.FullName()] = endpoint
		}
	}
	faults = append(faults, client.register(config.Overrides)...)
	if len(faults) > 0 {
		return nil, fmt.Errorf("the contract cannot be run: %w", errors.Join(faults...))
	}
	client.sender, err = client.newSender(config.Policy)
	return client, err
}
