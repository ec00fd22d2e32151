package config

import (
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/commandline"
)

// topic gathers keys under a heading of the help.
type topic struct {
	name, title, text string
	sections          []string // the first words of the names of its keys
	also              []string // other words for it, as it is called elsewhere
}

// topics are the headings in the order of --help. A key belongs to the one that
// has its section.
var topics = []topic{
	{
		name: "notation", title: "How values are given", sections: []string{"config"},
		text: "A flag is --NAME VALUE or --NAME=VALUE; a switch may stand alone. Dashes may stand for underscores. " +
			"Every flag has the variable beside it, and is a key of the YAML file of --config, nested or with dots. " +
			"Flags win over the environment, the environment over the file, the file over the defaults.\n\n" +
			"DURATION is 300ms, 5s or 1m30s; SIZE is 512KiB, 4MiB or a number of bytes; ADDRESS is host:port or :port. " +
			"What is unknown or wrong is refused, all of it at once; server check says what the rest amounts to. " +
			"All is read at the start; what is read again while the server runs says so.",
	},
	{
		name: "listeners", title: "Listeners", sections: []string{"grpc", "http", "ops"},
		text: "Without TLS the listeners stay on this machine, unless --insecure is given.",
	},
	{
		name: "callers", title: "TLS and callers", sections: []string{"tls", "insecure", "authz", "allow_admin_without_policy"},
		text: "A caller is the DNS name or SPIFFE id of its certificate. What the policy does not grant is refused.",
	},
	{
		name: "apps", title: "Apps and their keys", sections: []string{"apps"},
		text: "Keys are those of Kakao's app settings (https://developers.kakao.com/docs/latest/en/app-setting/app-key). " +
			"A call acts as the app that it names in x-kakao-app, or as the app default. <name> is 1 to 63 of a-z, 0-9 and -; in a variable, " +
			"in upper case and with _ for -. A key is never a flag, because flags show in the process list: give its variable, or its file.",
	},
	{
		name: "kakao", title: "Where Kakao is", sections: []string{"sandbox", "kakao", "karlo"},
		text: "As a rule none is needed. HTTPS_PROXY and NO_PROXY are honoured.",
	},
	{
		name: "deadlines", title: "Deadlines of calls", sections: []string{"deadline"},
		text: "A read is an rpc without side effects.",
	},
	{
		name: "protection", title: "What protects Kakao and this server", sections: []string{"retry", "breaker", "concurrency", "cache"}, also: []string{"upstream"},
		text: "These serve as they are.",
	},
	{
		name: "observation", title: "Logs, traces and metrics", sections: []string{"log", "telemetry", "access_log"},
		text: "Metrics are at /metrics of the ops listener. Traces and metrics also go where OpenTelemetry's own variables say, OTEL_EXPORTER_OTLP_ENDPOINT " +
			"and others; by default nowhere: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/",
	},
	{
		name: "life", title: "Changes and the end of the process", sections: []string{"reload", "shutdown"},
		text: "SIGTERM or SIGINT ends the process in order, a second one at once.",
	},
}

// has reports whether a key belongs to the topic.
func (t topic) has(n name) bool {
	section, _, _ := strings.Cut(string(n), ".")
	return slices.Contains(t.sections, section)
}

// Topics are all flags of the configuration, for the help and the completions.
func Topics() []commandline.Topic {
	keys := append([]key{fileKey}, staticKeys()...)
	keys = append(keys, keysOfApp(anyApp)...)
	var all []commandline.Topic
	for _, t := range topics {
		shown := commandline.Topic{Name: t.name, Also: t.also, Title: t.title, Text: t.text}
		for _, k := range keys {
			if t.has(k.name) {
				shown.Flags = append(shown.Flags, k.flag())
			}
		}
		all = append(all, shown)
	}
	return all
}

// anyApp stands for the name of an app in the help.
const anyApp = "<name>"

// fileKey is the row of --config, which is no key of Config.
var fileKey = key{
	name: configKey, doc: "YAML file of the configuration; keys of apps may stand in it, so let nobody else read it",
	want: pathKind.want, look: pathKind.look,
}

// flag is the key as a flag.
func (k key) flag() commandline.Flag {
	change := "restart to change"
	if k.watched {
		change = "the file is read again when it changes"
	}
	instance := ""
	if named := strings.Replace(string(k.name), anyApp, DefaultApp, 1); named != string(k.name) {
		instance = named
	}
	return commandline.Flag{
		Name: string(k.name), Instance: instance, Value: k.look.unit, Doc: k.doc, Values: k.look.values, File: k.look.file,
		Bare: k.bare, Secret: k.secret, Variable: k.name.variable(), Default: k.fallback, Limits: k.look.limits, Change: change,
	}
}
