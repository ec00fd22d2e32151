package config

import (
	"net/url"
	"slices"
	"strings"
	"time"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
)

// prefix begins the name of every environment variable of ours.
const prefix = "KAKAORPC_"

// name is the dotted name of a key, as in YAML and (after two dashes) as a flag.
type name string

// variable is the name of the environment variable for the key.
func (n name) variable() string {
	return prefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(string(n)))
}

// key is one thing that can be set.
type key struct {
	name     name
	fallback string // the default, as an operator would write it; "": none
	doc      string // what it is for: a sentence without capital and full stop
	want     string // what a right value looks like
	secret   bool   // not to be given as a flag, not to be shown
	bare     bool   // a flag that may stand without a value: true
	watched  bool   // the file that it names is read again when it changes
	look     look
	set      func(c *Config, text string) error
	show     func(c *Config) string
}

// bind makes a key that reads and shows one field of Config.
func bind[T any](n name, fallback string, k kind[T], doc string, field func(*Config) *T) key {
	return key{
		name: n, fallback: fallback, doc: doc, want: k.want, look: k.look,
		set: func(c *Config, text string) error {
			value, err := k.parse(text)
			if err == nil {
				*field(c) = value
			}
			return err
		},
		show: func(c *Config) string { return k.show(*field(c)) },
	}
}

// configKey names the YAML file. It is not part of Config, and the file cannot
// name another file.
const configKey name = "config"

// scalarKeys are the keys that stand for themselves, in the order of --help.
var scalarKeys = []key{
	bind("grpc.addr", ":9090", addressKind, "address that gRPC listens on (127.0.0.1 without TLS and insecure, unless set)",
		func(c *Config) *string { return &c.GRPC.Addr }),
	bind("grpc.max_request_bytes", "4MiB", sizeKind(64<<20), "largest gRPC request message",
		func(c *Config) *int64 { return &c.GRPC.MaxRequestBytes }),
	bind("http.addr", ":8080", addressKind, "address that the JSON facade listens on (127.0.0.1 likewise)",
		func(c *Config) *string { return &c.HTTP.Addr }),
	bind("http.max_body_bytes", "1MiB", sizeKind(64<<20), "largest request body of the JSON facade",
		func(c *Config) *int64 { return &c.HTTP.MaxBodyBytes }),
	bind("http.read_timeout", "30s", durationKind(time.Second), "time a client of the JSON facade has to send its request",
		func(c *Config) *time.Duration { return &c.HTTP.ReadTimeout }),
	bind(opsAddrKey, ":9091", addressKind, "address for /metrics, /healthz, /readyz and /version, always without TLS (127.0.0.1 likewise)",
		func(c *Config) *string { return &c.Ops.Addr }),
	bareSwitch(bind(sandboxKey, "false", switchKind, "start a local Kakao inside the process and use it in place of every Kakao host",
		func(c *Config) *bool { return &c.Sandbox })),
	bind(baseURLKey, "", urlKind, "one base URL in place of every Kakao host: an emulator or an egress proxy",
		func(c *Config) **url.URL { return &c.Kakao.BaseURL }),
	bind("kakao.max_response_bytes", "8MiB", sizeKind(256<<20), "largest answer read from Kakao",
		func(c *Config) *int64 { return &c.Kakao.MaxResponseBytes }),
	bareSwitch(bind(karloKey, "false", switchKind, "offer Karlo, the image generation that Kakao seems to have ended (true with sandbox, unless set)",
		func(c *Config) *bool { return &c.Karlo.Enabled })),
	bind("deadline.read.default", "5s", durationKind(time.Millisecond), "time limit of an rpc without side effects when the caller sets none",
		func(c *Config) *time.Duration { return &c.Deadline.Read.Default }),
	bind("deadline.read.max", "15s", durationKind(time.Millisecond), "longest time limit of an rpc without side effects",
		func(c *Config) *time.Duration { return &c.Deadline.Read.Max }),
	bind("deadline.write.default", "10s", durationKind(time.Millisecond), "time limit of any other rpc when the caller sets none",
		func(c *Config) *time.Duration { return &c.Deadline.Write.Default }),
	bind("deadline.write.max", "30s", durationKind(time.Millisecond), "longest time limit of any other rpc",
		func(c *Config) *time.Duration { return &c.Deadline.Write.Max }),
	bind("deadline.shave", "20ms", durationKind(0), "time taken off the caller's deadline so that the error arrives before it",
		func(c *Config) *time.Duration { return &c.Deadline.Shave }),
	bind("deadline.floor", "100ms", durationKind(0), "least time left that a call is started with",
		func(c *Config) *time.Duration { return &c.Deadline.Floor }),
	bind("log.level", "info", choiceKind("debug", "info", "warn", "error"), "least level that is logged",
		func(c *Config) *string { return &c.Log.Level }),
	bind("log.format", "json", choiceKind("json", "text"), "notation of the log",
		func(c *Config) *string { return &c.Log.Format }),
	bind(successPercentKey, "10", countKind(0, 100), "how many of 100 successful calls are logged, chosen by trace id; failures always are (100 with sandbox, unless set)",
		func(c *Config) *int { return &c.Log.SuccessPercent }),
	bind(graceKey, "5s", durationKind(0), "time calls are still taken after health says NOT_SERVING (0s with sandbox, unless set)",
		func(c *Config) *time.Duration { return &c.Shutdown.Grace }),
	bind("shutdown.timeout", "25s", durationKind(0), "time calls under way have to finish after that; those of Karlo may take 120s, and what stops the process has to wait as long",
		func(c *Config) *time.Duration { return &c.Shutdown.Timeout }),
}

// Keys that are named because warnings and refusals are about them.
const (
	sandboxKey name = "sandbox"
	baseURLKey name = "kakao.base_url"
)

// Keys that are named because a sandbox changes their defaults.
const (
	graceKey          name = "shutdown.grace"
	karloKey          name = "karlo.enabled"
	successPercentKey name = "log.success_percent"
)

// bareSwitch lets the flag of a key stand without a value.
func bareSwitch(k key) key {
	k.bare = true
	return k
}

// watchedFile says that the file which a key names is read again when it
// changes.
func watchedFile(k key) key {
	k.watched = true
	return k
}

// kakaoHosts lists the hosts that the endpoint options know, so that a host
// added there can be configured without a change here.
func kakaoHosts() []apiv1.Host {
	var hosts []apiv1.Host
	values := apiv1.Host(0).Descriptor().Values()
	for i := range values.Len() {
		if number := values.Get(i).Number(); number != 0 {
			hosts = append(hosts, apiv1.Host(number))
		}
	}
	return hosts
}

// hostKey is the key of one Kakao host: kakao.hosts.kapi for HOST_KAPI.
func hostKey(host apiv1.Host) key {
	short := strings.ToLower(strings.TrimPrefix(host.String(), "HOST_"))
	return key{
		name: name("kakao.hosts." + short),
		doc:  "base URL in place of the Kakao host " + short,
		want: urlKind.want, look: urlKind.look,
		set: func(c *Config, text string) error {
			u, err := urlKind.parse(text)
			if err == nil {
				c.Kakao.HostURLs[host] = u
			}
			return err
		},
		show: func(c *Config) string { return showURL(c.Kakao.HostURLs[host]) },
	}
}

// staticKeys are all keys but those of apps.
func staticKeys() []key {
	keys := slices.Concat(scalarKeys, edgeKeys, upstreamKeys)
	for _, host := range kakaoHosts() {
		keys = append(keys, hostKey(host))
	}
	return keys
}

// Variable is the name of the environment variable for a dotted key.
func Variable(key string) string { return name(key).variable() }
