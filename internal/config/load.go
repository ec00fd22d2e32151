package config

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
)

// ErrHelp is Load's answer to --help.
var ErrHelp = errors.New("help was asked for")

// Input is what a configuration is made from.
type Input struct {
	// Args are the command-line arguments behind the subcommand.
	Args []string
	// Environ is the environment, as os.Environ gives it.
	Environ []string
	// ReadFile reads the YAML file and the key files; nil: os.ReadFile.
	ReadFile func(name string) ([]byte, error)
}

// setting is one key as one source sets it.
type setting struct {
	name  name
	text  string
	where string
}

// loader gathers settings and faults.
type loader struct {
	readFile func(string) ([]byte, error)
	keys     map[name]key
	config   *Config
	given    map[name]string // where each key was set last
	faults   []Fault
}

// Load reads all sources and checks the whole. The error is ErrHelp, or an
// *Error with every fault of every source.
func Load(in Input) (*Config, error) {
	l := &loader{readFile: in.ReadFile, keys: map[name]key{}, config: empty(), given: map[name]string{}}
	if l.readFile == nil {
		l.readFile = os.ReadFile
	}
	for _, k := range staticKeys() {
		l.keys[k.name] = k
		if k.fallback != "" {
			if err := k.set(l.config, k.fallback); err != nil {
				return nil, fmt.Errorf("default of %s: %w: want %s", k.name, err, k.want)
			}
		}
	}
	flags, help := l.flags(in.Args)
	if help {
		return nil, ErrHelp
	}
	environment := l.environment(in.Environ)
	// The order is the precedence: what is applied later wins.
	for _, s := range slices.Concat(l.file(environment, flags), environment, flags) {
		l.apply(s)
	}
	l.readKeyFiles()
	l.checkWhole()
	if len(l.faults) > 0 {
		return nil, &Error{Faults: l.faults}
	}
	return l.config, nil
}

func empty() *Config {
	c := &Config{Apps: map[string]App{}}
	c.Kakao.HostURLs = map[apiv1.Host]*url.URL{}
	return c
}

// lookup finds a key by name; those of an app come into being when named.
func (l *loader) lookup(n name) (key, bool) {
	if app, ok := appOfName(n); ok {
		for _, k := range keysOfApp(app) {
			l.keys[k.name] = k
		}
	}
	k, ok := l.keys[n]
	return k, ok
}

func (l *loader) apply(s setting) {
	if s.name == configKey {
		return
	}
	k := l.keys[s.name]
	if err := k.set(l.config, s.text); err != nil {
		l.fault(s.where, "want %s", k.want)
		return
	}
	l.given[s.name] = s.where
}

func (l *loader) fault(where, format string, args ...any) {
	l.faults = append(l.faults, Fault{Where: where, What: fmt.Sprintf(format, args...)})
}

// maxKeyFile bounds a key file; keys have a few dozen characters.
const maxKeyFile = 4 << 10

// readKeyFiles fills in the keys that are given as files.
func (l *loader) readKeyFiles() {
	for _, app := range l.config.AppNames() {
		for _, field := range appFields {
			valueName, fileName := appKey(app, field.name), appKey(app, field.name+fileSuffix)
			valueWhere, fileWhere := l.given[valueName], l.given[fileName]
			if fileWhere == "" {
				continue
			}
			if valueWhere != "" {
				l.fault(fileWhere, "the %s of app %s is also given by %s; give one of the two", field.doc, app, valueWhere)
				continue
			}
			a := l.config.Apps[app]
			_, path := field.of(&a)
			data, err := l.readFile(*path)
			switch {
			case err != nil:
				l.fault(fileWhere, "cannot read the %s of app %s: %v", field.doc, app, err)
			case len(data) > maxKeyFile:
				l.fault(fileWhere, "%s has %d bytes; want a file with nothing but the key", *path, len(data))
			default:
				if err := l.keys[valueName].set(l.config, strings.TrimSpace(string(data))); err != nil {
					l.fault(fileWhere, "%s does not hold %s", *path, secretKind.want)
				}
			}
		}
	}
}

// checkWhole looks at what no single key can tell.
func (l *loader) checkWhole() {
	c := l.config
	l.checkEdge()
	if c.Sandbox {
		for _, n := range slices.Sorted(maps.Keys(l.given)) {
			if n == "kakao.base_url" || strings.HasPrefix(string(n), "kakao.hosts.") {
				l.fault(l.given[n], "cannot go together with sandbox, which stands in place of every Kakao host; give one of the two")
			}
		}
		if l.given[graceKey] == "" {
			c.Shutdown.Grace = 0
		}
		if l.given[karloKey] == "" {
			c.Karlo.Enabled = true
		}
		if l.given[successPercentKey] == "" {
			c.Log.SuccessPercent = 100
		}
	}
	for _, class := range []struct {
		name  name
		bound Bound
	}{{"deadline.read", c.Deadline.Read}, {"deadline.write", c.Deadline.Write}} {
		if class.bound.Default > class.bound.Max {
			l.fault(string(class.name), "default %v is more than max %v", class.bound.Default, class.bound.Max)
		}
		if class.bound.Max < c.Deadline.Floor {
			l.fault(string(class.name), "max %v is less than deadline.floor %v, so that every call would be refused", class.bound.Max, c.Deadline.Floor)
		}
	}
	if c.Deadline.Shave > c.Deadline.Floor {
		l.fault("deadline.shave", "%v is more than deadline.floor %v, so that a call could be left with no time", c.Deadline.Shave, c.Deadline.Floor)
	}
}
