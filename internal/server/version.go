package server

import (
	"cmp"
	"runtime/debug"
	"strings"
)

// What a release and an image are stamped with, by the linker:
//
//	-ldflags "-X github.com/kakaorpc/kakaorpc/internal/server.stampedVersion=v1.2.3 -X ….stampedCommit=<hash>"
//
// An image is built without .git, so that a commit which changes no source
// leaves its layers as they are; the stamp is all that it can know.
var stampedVersion, stampedCommit string

// Version says what is running.
type Version struct {
	// Version is the one it was stamped with; else the module's version, or
	// (devel).
	Version string `json:"version"`
	// Commit is the revision it was built from, stamped or from version
	// control, with "+changes" if the tree was not clean; empty if the build
	// does not know.
	Commit string `json:"commit,omitempty"`
	// Go is the version of the compiler.
	Go string `json:"go"`
}

// ReadVersion reads what the linker wrote into the binary.
func ReadVersion() Version {
	about, ok := debug.ReadBuildInfo()
	if !ok {
		return Version{Version: cmp.Or(stampedVersion, "(unknown)"), Commit: stampedCommit}
	}
	v := Version{Version: cmp.Or(stampedVersion, about.Main.Version, "(devel)"), Go: about.GoVersion}
	if stampedCommit != "" {
		v.Commit = stampedCommit
		return v
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
