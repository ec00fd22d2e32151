package push_test

import (
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// world is a sandbox with the calls that these tests make often.
type world struct{ *sandboxtest.World }

func newWorld(t *testing.T, options sandbox.Options) *world {
	t.Helper()
	return &world{sandboxtest.New(t, options)}
}
