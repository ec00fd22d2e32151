package config

import "slices"

// Reading is what came of reading all sources.
type Reading struct {
	// Config is whole only if there are no faults.
	Config *Config
	// Faults are what the server refuses.
	Faults []Fault
	// Own are the values of Input.Own by flag, defaults included.
	Own map[string]string
	// File is the YAML file that was read; "": there is none.
	File string
	// FileHoldsKeys says that keys of apps stand in it.
	FileHoldsKeys bool

	given map[name]string
}

// Err is an *Error with all faults, or nil where there are none.
func (r *Reading) Err() error {
	if len(r.Faults) == 0 {
		return nil
	}
	return &Error{Faults: r.Faults}
}

// Refuse adds a fault of a dotted key.
func (r *Reading) Refuse(key, what string) {
	r.Faults = append(r.Faults, Fault{Where: r.Origin(key), What: what})
}

// Warn adds a warning of a dotted key.
func (r *Reading) Warn(key, what string) {
	r.Config.Warnings = append(r.Config.Warnings, Fault{Where: r.Origin(key), What: what})
}

// Origin names where a dotted key was set: its flag, its variable, or the line
// of the YAML file. For a key that nobody set it names the flag.
func (r *Reading) Origin(key string) string {
	if where := r.given[name(key)]; where != "" {
		return where
	}
	return "--" + key
}

// Setting is one key of the configuration in force.
type Setting struct {
	// Key is the dotted name.
	Key string `json:"key"`
	// Value is what it is, secrets masked; "": nothing.
	Value string `json:"value"`
	// Origin is the flag, the variable or the line of the file that set it, or
	// "default".
	Origin string `json:"origin"`
}

// defaultOrigin is the origin of what nobody set.
const defaultOrigin = "default"

// Settings are all keys in the order of --help. Those of apps are left out where a
// sandbox has its own.
func (r *Reading) Settings() []Setting {
	keys := staticKeys()
	for _, app := range r.Config.AppNames() {
		if !r.Config.Sandbox {
			keys = append(keys, keysOfApp(app)...)
		}
	}
	var all []Setting
	for _, t := range topics {
		for _, k := range keys {
			if !t.has(k.name) {
				continue
			}
			s := Setting{Key: string(k.name), Value: k.show(r.Config), Origin: defaultOrigin}
			if where := r.given[k.name]; where != "" {
				s.Origin = where
			}
			if s.Value != "" || s.Origin != defaultOrigin {
				all = append(all, s)
			}
		}
	}
	return slices.Clip(all)
}
