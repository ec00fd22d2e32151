// Command sbom writes the software bill of materials of a Go binary as
// CycloneDX 1.5 JSON, from what the linker wrote into the binary itself: what is
// listed is what is in it, with the checksums of go.sum. It needs nothing but
// the standard library.
//
//	sbom <binary> <version> > kakaorpc.cdx.json
//
// The version is the one that the binary was stamped with; the linker's record
// knows only that of version control, if any.
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
)

// bill is a CycloneDX document (https://cyclonedx.org/docs/1.5/json/).
type bill struct {
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Ref        string     `json:"bom-ref"`
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

func main() {
	if len(os.Args) != 3 {
		_, _ = fmt.Fprintln(os.Stderr, "want: sbom <binary> <version>")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func write(binary, version string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	info.Main.Version = version
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(billOf(info))
}

func billOf(info *debug.BuildInfo) bill {
	main := moduleComponent("application", &info.Main)
	for _, setting := range info.Settings {
		if strings.HasPrefix(setting.Key, "vcs") || setting.Key == "GOOS" || setting.Key == "GOARCH" || setting.Key == "CGO_ENABLED" {
			main.Properties = append(main.Properties, property{"go:" + setting.Key, setting.Value})
		}
	}
	standard := strings.TrimPrefix(info.GoVersion, "go")
	b := bill{
		Format: "CycloneDX", SpecVersion: "1.5", Version: 1, Metadata: metadata{main},
		Components: []component{{
			Ref: "pkg:golang/std@" + standard, Type: "library", Name: "std", Version: standard, PURL: "pkg:golang/std@" + standard,
		}},
	}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		b.Components = append(b.Components, moduleComponent("library", module))
	}
	all := dependency{Ref: main.Ref}
	for _, c := range b.Components {
		all.DependsOn = append(all.DependsOn, c.Ref)
	}
	b.Dependencies = []dependency{all}
	return b
}

// moduleComponent names a module by its package URL
// (https://github.com/package-url/purl-spec).
func moduleComponent(kind string, module *debug.Module) component {
	version := module.Version
	if version == "" {
		version = "(devel)"
	}
	purl := "pkg:golang/" + strings.ReplaceAll(url.PathEscape(module.Path), "%2F", "/") + "@" + url.QueryEscape(version)
	c := component{Ref: purl, Type: kind, Name: module.Path, Version: version, PURL: purl}
	if module.Sum != "" {
		c.Properties = []property{{"go:sum", module.Sum}}
	}
	return c
}
