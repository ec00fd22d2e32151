package main

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestEveryModuleOfABinaryIsInItsBill lists this very test binary and a made-up
// one.
func TestEveryModuleOfABinaryIsInItsBill(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := write(own, "v9.8.7-test"); err != nil {
		t.Error(err)
	}
	b := billOf(&debug.BuildInfo{
		GoVersion: "go1.26.0",
		Main:      debug.Module{Path: "shop.example/till"},
		Deps: []*debug.Module{
			{Path: "github.com/a/B", Version: "v1.0.0+incompatible", Sum: "h1:x"},
			{Path: "github.com/c/d", Version: "v2.0.0", Replace: &debug.Module{Path: "github.com/e/f", Version: "v3.0.0"}},
		},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "-ldflags", Value: "-s"}},
	})
	want := []string{"pkg:golang/std@1.26.0", "pkg:golang/github.com/a/B@v1.0.0%2Bincompatible", "pkg:golang/github.com/e/f@v3.0.0"}
	if len(b.Components) != len(want) || len(b.Dependencies[0].DependsOn) != len(want) {
		t.Fatalf("components %v", b.Components)
	}
	for i, purl := range want {
		if b.Components[i].PURL != purl {
			t.Errorf("component %d is %s, want %s", i, b.Components[i].PURL, purl)
		}
	}
	if properties := b.Metadata.Component.Properties; len(properties) != 1 || properties[0].Value != "abc" {
		t.Errorf("properties of the application: %v", properties)
	}
}
