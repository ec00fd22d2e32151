package server

import (
	"runtime/debug"
	"strings"
)

// Version says what is running.
type Version struct {
	// Version is the module's version, or (devel).
	Version string `json:"version"`
	// Commit is the revision it was built from, with "+changes" if the tree
	// was not clean; empty if the build does not know.
	Commit string `json:"commit,omitempty"`
	// Go is the version of the compiler.
	Go string `json:"go"`
}

// ReadVersion reads what the linker wrote into the binary.
func ReadVersion() Version {
	about, ok := debug.ReadBuildInfo()
	if !ok {
		return Version{Version: "(unknown)"}
	}
	v := Version{Version: about.Main.Version, Go: about.GoVersion}
	if v.Version == "" {
		v.Version = "(devel)"
	}
	for _, setting := range about.Settings {
		switch setting.Key {
		case "vcs.revision":
			v.Commit = setting.Value + v.Commit
		case "vcs.modified":
			if setting.Value == "true" {
				v.Commit += "+changes"
			}
		}
	}
	return v
}

// String is version, commit and compiler in one line.
func (v Version) String() string {
	return strings.Join(strings.Fields("kakaorpc "+v.Version+" "+v.Commit+" "+v.Go), " ")
}
