package config

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// DefaultApp is the app that a call uses when it names none in x-kakao-app.
const DefaultApp = "default"

// Config is a complete, checked configuration. Load makes it; the fields are
// set for good afterwards, except that a sandbox replaces Kakao and Apps
// before anything is built from them.
type Config struct {
	// GRPC is the listener for gRPC clients.
	GRPC GRPC
	// HTTP is the listener of the JSON facade.
	HTTP HTTP
	// Ops is the listener for metrics, health and version.
	Ops Ops
	// TLS names the certificate of both listeners.
	TLS TLS
	// Insecure lets the listeners go beyond this machine without TLS.
	Insecure bool
	// Authz says who may call what.
	Authz Authz
	// AllowAdminWithoutPolicy lets every caller use the admin key where no
	// policy says who may.
	AllowAdminWithoutPolicy bool
	// Reload says how files that change are picked up.
	Reload Reload
	// Sandbox asks for a local Kakao inside the process.
	Sandbox bool
	// Kakao says where Kakao is.
	Kakao Kakao
	// Upstream says how calls to Kakao are repeated, held back, shared and kept.
	Upstream Upstream
	// Karlo says whether Kakao's image generation is offered.
	Karlo Karlo
	// Apps holds the Kakao apps by name.
	Apps map[string]App
	// Deadline bounds how long a call may take.
	Deadline Deadline
	// Log says what is logged, and how.
	Log Log
	// Shutdown says how the process ends.
	Shutdown Shutdown
	// Warnings are what the server takes and its operator should look at.
	Warnings []Fault
}

// GRPC is the listener for gRPC clients.
type GRPC struct {
	// Addr is the listen address, host:port.
	Addr string
	// MaxRequestBytes is the largest request message taken, in bytes.
	MaxRequestBytes int64
	// MaxConnectionAge is how long a connection lives before its client is asked
	// to come back.
	MaxConnectionAge time.Duration
	// Reflection describes the services to whoever asks.
	Reflection bool
}

// HTTP is the listener of the JSON facade.
type HTTP struct {
	// Addr is the listen address, host:port.
	Addr string
	// MaxBodyBytes is the largest request body taken, in bytes.
	MaxBodyBytes int64
	// ReadTimeout is how long a client may take to send its request, body
	// included; a slow one is cut off.
	ReadTimeout time.Duration
}

// Ops is the listener for metrics, health and version.
type Ops struct {
	// Addr is the listen address, host:port.
	Addr string
	// GRPCUI serves grpcui there: a form for every rpc, for whoever can reach it.
	GRPCUI bool
}

// Kakao says where Kakao is.
type Kakao struct {
	// BaseURL stands in place of every Kakao host; nil: none.
	BaseURL *url.URL
	// HostURLs stand in place of single hosts, before BaseURL.
	HostURLs map[apiv1.Host]*url.URL
	// MaxResponseBytes is the largest answer read from Kakao, in bytes.
	MaxResponseBytes int64
}

// Karlo says whether Kakao's image generation is offered. Kakao's documentation
// no longer lists it (https://developers.kakao.com/docs/latest/en/karlo/rest-api
// was its page), so it is off unless the configuration says otherwise or there
// is a sandbox.
type Karlo struct {
	// Enabled lets calls through to Karlo; otherwise they answer that Kakao has
	// ended the API.
	Enabled bool
}

// App holds the keys of one Kakao app
// (https://developers.kakao.com/docs/latest/en/app-setting/app-key). A key that
// came from a file keeps the file's name, so that the file can be read again.
type App struct {
	// RESTAPIKey identifies the app.
	RESTAPIKey secret.Value
	// RESTAPIKeyFile is the file that RESTAPIKey was read from.
	RESTAPIKeyFile string
	// AdminKey may act for every user of the app.
	AdminKey secret.Value
	// AdminKeyFile is the file that AdminKey was read from.
	AdminKeyFile string
	// AdminKey2 is another admin key of the same app, for when Kakao does not
	// know the first.
	AdminKey2 secret.Value
	// AdminKey2File is the file that AdminKey2 was read from.
	AdminKey2File string
	// ClientSecret goes with token requests, where the app has it switched on.
	ClientSecret secret.Value
	// ClientSecretFile is the file that ClientSecret was read from.
	ClientSecretFile string
}

// Deadline bounds how long a call may take.
type Deadline struct {
	// Read is for rpcs without side effects.
	Read Bound
	// Write is for all others.
	Write Bound
	// Shave is taken off the caller's deadline, so that a status that says what
	// happened still arrives before the caller gives up.
	Shave time.Duration
	// Floor is the least time worth starting with; a call with less left is
	// refused at once.
	Floor time.Duration
}

// Bound is the time limit of a class of calls.
type Bound struct {
	// Default is for callers that set no deadline.
	Default time.Duration
	// Max caps the deadline of those that do.
	Max time.Duration
}

// Log says what is logged, and how.
type Log struct {
	// Level is debug, info, warn or error.
	Level string
	// Format is json or text.
	Format string
	// SuccessPercent is how many of 100 calls that succeed have a line at level
	// info; calls that fail always have one.
	SuccessPercent int
}

// Shutdown says how the process ends.
type Shutdown struct {
	// Grace is how long calls are still taken after health says NOT_SERVING,
	// so that load balancers notice before anything is refused.
	Grace time.Duration
	// Timeout is how long calls under way may take after that.
	Timeout time.Duration
}

// Hosts returns the URL for every Kakao host that is not at its own address.
func (k Kakao) Hosts() map[apiv1.Host]*url.URL {
	hosts := map[apiv1.Host]*url.URL{}
	if k.BaseURL != nil {
		for _, host := range kakaoHosts() {
			hosts[host] = k.BaseURL
		}
	}
	maps.Copy(hosts, k.HostURLs)
	return hosts
}

// Terminated returns the Kakao hosts that are not to be called any more.
func (c *Config) Terminated() []apiv1.Host {
	if c.Karlo.Enabled {
		return nil
	}
	return []apiv1.Host{apiv1.Host_HOST_KAKAOBRAIN}
}

// AppNames returns the names of the configured apps in order.
func (c *Config) AppNames() []string { return slices.Sorted(maps.Keys(c.Apps)) }

// Unconfigured says in sentences what the apps cannot do for want of a key; it is
// empty when every key is there.
func (c *Config) Unconfigured() []string {
	if len(c.Apps) == 0 {
		return []string{"no app is configured: every call is refused, also with a user's token; set " + settings(DefaultApp, "rest_api_key") +
			", and likewise admin_key and client_secret where calls want them"}
	}
	var missing []string
	for _, app := range c.AppNames() {
		a := c.Apps[app]
		for _, field := range appFields {
			if key, _ := field.of(&a); key.IsZero() && field.without != "" {
				missing = append(missing, "app "+app+" has no "+field.doc+": "+field.without+"; set "+settings(app, field.name))
			}
		}
	}
	return missing
}

// settings are the ways in which a key of an app is set.
func settings(app, field string) string {
	n := appKey(app, field)
	return n.variable() + " or " + n.variable() + strings.ToUpper(fileSuffix) + ", or in the file " + string(n) + " or " + string(n) + fileSuffix
}
