package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/commandline"
	"github.com/kakaorpc/kakaorpc/internal/spelling"
)

// ErrHelp is the answer to --help.
var ErrHelp = errors.New("help was asked for")

// Input is what a configuration is made from.
type Input struct {
	// Args are the command-line arguments behind the subcommand.
	Args []string
	// Own are the flags of the subcommand that may stand among those of the
	// configuration.
	Own []commandline.Flag
	// Elsewhere says of a flag that is not known here where it is; "": nowhere. nil:
	// every unknown flag is nowhere.
	Elsewhere func(flag string) string
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
	readFile  func(string) ([]byte, error)
	elsewhere func(flag string) string
	keys      map[name]key
	config    *Config
	given     map[name]string // where each key was set last
	own       map[string]string
	faults    []Fault

	path          string // the YAML file, once it is read
	pathHoldsKeys bool
}

// Load reads all sources and checks the whole, for whoever wants a configuration or
// none: those who build a server without a command line, as the tests of
// internal/server do. The commands say more than whether it is good, and so use
// Read. The error is ErrHelp, or an *Error with every fault of every source.
func Load(in Input) (*Config, error) {
	r, err := Read(in)
	if err != nil {
		return nil, err
	}
	return r.Config, r.Err()
}

// Read is Load for whoever wants to know more: the faults do not keep it from
// telling what else it found. The error is ErrHelp, or one of this program.
func Read(in Input) (*Reading, error) {
	l, err := newLoader(in)
	if err != nil {
		return nil, err
	}
	settings, err := l.gather(in)
	if err != nil {
		return nil, err
	}
	for _, s := range settings {
		l.apply(s)
	}
	l.readKeyFiles()
	l.checkWhole()
	l.strays(in.Environ)
	l.warnOfTheWhole()
	return &Reading{Config: l.config, Faults: l.faults, Own: l.own, File: l.path, FileHoldsKeys: l.pathHoldsKeys, given: l.given}, nil
}

// newLoader has the defaults; the error is one of this program.
func newLoader(in Input) (*loader, error) {
	l := &loader{readFile: in.ReadFile, elsewhere: in.Elsewhere, keys: map[name]key{}, config: empty(), given: map[name]string{}, own: map[string]string{}}
	if l.readFile == nil {
		l.readFile = os.ReadFile
	}
	if l.elsewhere == nil {
		l.elsewhere = func(string) string { return "" }
	}
	for _, k := range staticKeys() {
		l.keys[k.name] = k
		if k.fallback != "" {
			if err := k.set(l.config, k.fallback); err != nil {
				return nil, fmt.Errorf("default of %s: %w: want %s", k.name, err, k.want)
			}
		}
	}
	for _, flag := range in.Own {
		l.own[flag.Name] = flag.Default
	}
	return l, nil
}

// gather brings the settings of all sources together. The order is the
// precedence: what is applied later wins. The error is ErrHelp.
func (l *loader) gather(in Input) ([]setting, error) {
	flags, help := l.flags(in.Args, in.Own)
	if help {
		return nil, ErrHelp
	}
	environment := l.environment(in.Environ)
	return slices.Concat(l.file(environment, flags), environment, flags), nil
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
		l.badValue(s.name, s.where, "want %s%s", k.want, spelling.DidYouMean(s.text, k.look.values))
		return
	}
	l.given[s.name] = s.where
}

func (l *loader) fault(where, format string, args ...any) {
	l.faults = append(l.faults, Fault{Where: where, What: fmt.Sprintf(format, args...)})
}

// badValue is a fault of nothing but the value of a key.
func (l *loader) badValue(n name, where, format string, args ...any) {
	l.faults = append(l.faults, Fault{Where: where, What: fmt.Sprintf(format, args...), value: n})
}

func (l *loader) warn(where, format string, args ...any) {
	l.config.Warnings = append(l.config.Warnings, Fault{Where: where, What: fmt.Sprintf(format, args...)})
}

// originOr names where a key was set, or what would set it as another was.
func (l *loader) originOr(where string, n name) string {
	if given := l.given[n]; given != "" {
		return given
	}
	return l.like(where, n)
}

// origin names where a key was set, or the flag that would set it.
func (l *loader) origin(n name) string {
	if where := l.given[n]; where != "" {
		return where
	}
	return "--" + string(n)
}

// like names a key in the form in which another was set: as a flag, as a variable,
// or as a key of the file.
func (l *loader) like(where string, n name) string {
	switch {
	case l.inFile(where):
		return string(n)
	case strings.HasPrefix(where, prefix):
		return n.variable()
	}
	return "--" + string(n)
}

// setLike is like with a value.
func (l *loader) setLike(where string, n name, value string) string {
	switch named := l.like(where, n); {
	case l.inFile(where):
		return named + ": " + value
	case l.keys[n].bare && value == "true" && strings.HasPrefix(named, "--"):
		return named
	default:
		return named + "=" + value
	}
}

func (l *loader) inFile(where string) bool {
	return l.path != "" && strings.HasPrefix(where, l.path+" line ")
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
					continue
				}
				l.given[valueName] = fileWhere
			}
		}
	}
}
