package config

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds the YAML file.
const maxFile = 1 << 20

// file reads the YAML file that --config or KAKAORPC_CONFIG names.
func (l *loader) file(environment, flags []setting) []setting {
	var path, where string
	for _, s := range append(environment, flags...) {
		if s.name == configKey {
			path, where = s.text, s.where
		}
	}
	if where == "" {
		return nil
	}
	l.given[configKey] = where
	data, err := l.readFile(path)
	if _, odd := parsePath(path); err != nil && odd != nil {
		l.fault(where, "cannot read the configuration file; want %s", pathKind.want)
		return nil
	}
	if err != nil {
		l.fault(where, "cannot read the configuration file: %v", err)
		return nil
	}
	if len(data) > maxFile {
		l.fault(where, "%s has %d bytes; at most %s are read", path, len(data), showSize(maxFile))
		return nil
	}
	l.path = path
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var document, second yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if len(strings.TrimSpace(string(data))) > 0 && err.Error() != "EOF" {
			problem := yamlProblem(err, data)
			if problem != "" {
				problem = ": " + problem
			}
			l.fault(path+" line "+strconv.Itoa(yamlLine(err, data)), "is not valid YAML here, or just before%s", problem)
		}
		return nil
	}
	if decoder.Decode(&second) == nil {
		l.fault(fmt.Sprintf("%s line %d", path, second.Line), "begins another YAML document; want one")
		return nil
	}
	w := &walk{loader: l, path: path, seen: map[name]int{}}
	if root := document.Content[0]; root.Kind == yaml.MappingNode {
		w.mapping("", root)
	} else if root.Tag != "!!null" {
		l.fault(fmt.Sprintf("%s line %d", path, root.Line), "want a mapping of keys to values at the top")
	}
	return w.settings
}

// walk flattens a YAML document into settings.
type walk struct {
	*loader
	path     string
	settings []setting
	seen     map[name]int // the line of each key
}

func (w *walk) mapping(parent name, node *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		label, value := node.Content[i], node.Content[i+1]
		where := fmt.Sprintf("%s line %d", w.path, label.Line)
		if label.Kind != yaml.ScalarNode {
			w.fault(where, "want a name as key")
			continue
		}
		n := name(label.Value)
		if parent != "" {
			n = parent + "." + n
		}
		w.value(n, value, where, label.Line)
	}
}

func (w *walk) value(n name, value *yaml.Node, where string, line int) {
	k, known := w.lookup(n)
	switch {
	case n == configKey:
		w.fault(where, "config cannot be set in the file itself; use --config or %s", configKey.variable())
	case known && w.seen[n] != 0:
		w.fault(where, "%s is already set in line %d", n, w.seen[n])
	case known && value.Kind == yaml.ScalarNode:
		w.seen[n] = line
		if value.Tag != "!!null" && value.Value != "" {
			w.pathHoldsKeys = w.pathHoldsKeys || k.secret
			w.settings = append(w.settings, setting{n, value.Value, where + ": " + string(n)})
		}
	case known:
		w.badValue(n, where, "%s: want %s, not a list, mapping or alias", n, k.want)
	case value.Kind == yaml.MappingNode && w.isBranch(n):
		w.mapping(n, value)
	case value.Tag == "!!null" && w.isBranch(n):
	case w.isBranch(n):
		w.fault(where, "%s: want a mapping of keys to values", n)
	default:
		w.unknown(where, "key", string(n), dottedNames(w.loader, n))
	}
}

// isBranch reports whether keys can lie under n.
func (w *walk) isBranch(n name) bool {
	if n == "apps" {
		return true
	}
	if app, ok := strings.CutPrefix(string(n), "apps."); ok {
		return appPattern.MatchString(app)
	}
	for known := range w.keys {
		if strings.HasPrefix(string(known), string(n)+".") {
			return true
		}
	}
	return false
}
