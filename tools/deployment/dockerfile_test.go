package deployment

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// registry knows the images that the Dockerfile is built on, as ones that have
// nothing in them: there is no network in a test. A misspelt stage would be
// another image.
type registry struct{}

var baseImage = regexp.MustCompile(`^(docker\.io/library/golang:1\.\d+-bookworm|gcr\.io/distroless/static-debian12:nonroot)$`)

func (registry) ResolveImageConfig(_ context.Context, ref string, opt sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	if !baseImage.MatchString(ref) {
		return "", "", nil, fmt.Errorf("no image %s is expected here", ref)
	}
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	if opt.ImageOpt != nil && opt.ImageOpt.Platform != nil {
		platform = *opt.ImageOpt.Platform
	}
	config, err := json.Marshal(ocispecs.Image{Platform: platform})
	return ref, digest.FromBytes(config), config, err
}

// TestBuildKitTakesTheDockerfile has BuildKit check the Dockerfile by its rules
// and turn it into the steps of a build for each platform. It would catch an
// instruction that does not exist, an argument that nobody declares, and a
// finding of "docker build --check".
func TestBuildKitTakesTheDockerfile(t *testing.T) {
	file := read(t, "Dockerfile")
	source := llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", file)
	source.Definition = &llb.Definition{}
	for _, architecture := range []string{"amd64", "arm64"} {
		option := dockerfile2llb.ConvertOpt{
			Config: dockerui.Config{
				BuildArgs:        map[string]string{"VERSION": "v9.8.7-test", "COMMIT": "7e57"},
				BuildPlatforms:   []ocispecs.Platform{{OS: "linux", Architecture: "amd64"}},
				ImageResolveMode: llb.ResolveModePreferLocal,
			},
			TargetPlatform: &ocispecs.Platform{OS: "linux", Architecture: architecture},
			MetaResolver:   registry{},
			SourceMap:      source,
		}
		found, err := dockerfile2llb.DockerfileLint(t.Context(), file, option)
		if err != nil {
			t.Fatal(err)
		}
		if found.Error != nil {
			t.Errorf("%s: %s", architecture, found.Error.Message)
		}
		for _, warning := range found.Warnings {
			t.Errorf("%s: %s: %s", architecture, warning.RuleName, warning.Detail)
		}
		built, err := dockerfile2llb.Dockerfile2LLB(t.Context(), file, option)
		if err != nil {
			t.Fatal(err)
		}
		image := built.Image
		if image.Architecture != architecture || image.Config.User != "65532:65532" || !slices.Equal(image.Config.Entrypoint, []string{"/server"}) {
			t.Errorf("the image of %s is of %s, for %q, and runs %q", architecture, image.Architecture, image.Config.User, image.Config.Entrypoint)
		}
		check := image.Config.Healthcheck
		if check == nil || !slices.Equal(check.Test, []string{"CMD", "/server", "healthcheck"}) || check.Timeout <= 0 || check.Interval < check.Timeout {
			t.Errorf("the image's health check is %+v", check)
		}
		for label, want := range map[string]string{"version": "v9.8.7-test", "revision": "7e57", "title": "kakaorpc"} {
			if got := image.Config.Labels["org.opencontainers.image."+label]; got != want {
				t.Errorf("the label %s is %q, want %q", label, got, want)
			}
		}
	}
}

// TestImageAndReleaseAreStampedAlike would catch a variable that was renamed in
// one place: the linker says nothing of a name that it does not find.
func TestImageAndReleaseAreStampedAlike(t *testing.T) {
	source := string(read(t, "internal/server/version.go"))
	symbol := regexp.MustCompile(`-X (?:\$\(SERVER\)|github\.com/kakaorpc/kakaorpc/internal/server)\.(\w+)=`)
	var stamped [][]string
	for _, path := range []string{"Dockerfile", "Makefile"} {
		var names []string
		for _, match := range symbol.FindAllStringSubmatch(string(read(t, path)), -1) {
			names = append(names, match[1])
			if !regexp.MustCompile(`(?m)^var .*\b` + match[1] + `\b.* string$`).MatchString(source) {
				t.Errorf("%s stamps %s, which is no variable of internal/server/version.go", path, match[1])
			}
		}
		stamped = append(stamped, names)
	}
	if len(stamped[0]) != 2 || !slices.Equal(stamped[0], stamped[1]) {
		t.Errorf("the Dockerfile stamps %q, the Makefile %q", stamped[0], stamped[1])
	}
}

// TestTheBuildNeedsNothingThatIsIgnored would catch a .dockerignore that keeps
// out what the Dockerfile copies by name.
func TestTheBuildNeedsNothingThatIsIgnored(t *testing.T) {
	kept := string(read(t, ".dockerignore"))
	for _, name := range []string{"go.mod", "go.sum", "cmd", "gen", "internal"} {
		if !strings.Contains(kept, "\n!"+name+"\n") {
			t.Errorf(".dockerignore keeps out %s", name)
		}
	}
	for _, name := range []string{".git", "deploy", "docs"} {
		if strings.Contains(kept, "!"+name) {
			t.Errorf(".dockerignore takes in %s, which the build does not need", name)
		}
	}
}
