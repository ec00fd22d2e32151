package config

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// KeyFiles returns the files that hold keys of apps, in the order in which
// AppsFrom takes their contents.
func (c *Config) KeyFiles() []string {
	var paths []string
	c.eachKeyFile(func(_ string, _ appField, path string) { paths = append(paths, path) })
	return paths
}

// AppsFrom returns the apps with the keys that the files hold now; c keeps what
// it was loaded with. The error names every file that holds no key, and nothing
// that it holds.
func (c *Config) AppsFrom(contents [][]byte) (map[string]App, error) {
	apps := maps.Clone(c.Apps)
	var faults []error
	next := 0
	c.eachKeyFile(func(app string, field appField, path string) {
		content := contents[next]
		next++
		value, err := secretKind.parse(strings.TrimSpace(string(content)))
		if err != nil || len(content) > maxKeyFile {
			faults = append(faults, fmt.Errorf("%s does not hold the %s of app %s; want %s", path, field.doc, app, secretKind.want))
			return
		}
		a := apps[app]
		key, _ := field.of(&a)
		*key = value
		apps[app] = a
	})
	return apps, errors.Join(faults...)
}

// eachKeyFile walks over the keys that were given as files.
func (c *Config) eachKeyFile(visit func(app string, field appField, path string)) {
	for _, app := range c.AppNames() {
		a := c.Apps[app]
		for _, field := range appFields {
			if _, path := field.of(&a); *path != "" {
				visit(app, field, *path)
			}
		}
	}
}

// KeyFile is a file that holds a key of an app.
type KeyFile struct {
	// Key is the dotted key that names it, Path the file.
	Key, Path string
}

// KeyFiles are those of all apps, without those that hold no key.
func (r *Reading) KeyFiles() []KeyFile {
	var files []KeyFile
	r.Config.eachKeyFile(func(app string, field appField, path string) {
		a := r.Config.Apps[app]
		if key, _ := field.of(&a); key.IsZero() {
			return // which is a fault, said already
		}
		files = append(files, KeyFile{Key: string(appKey(app, field.name+fileSuffix)), Path: path})
	})
	return files
}
