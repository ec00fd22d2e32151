//go:build drill

package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// built builds the command and returns its path.
func built(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "server")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// TestDrillReplicasLeaveUnseen ends one of two replicas 50 times under 100
// reads a second: no read fails visibly.
func TestDrillReplicasLeaveUnseen(t *testing.T) { replicasLeaveUnseen(t, built(t), 50) }

// TestDrillKilledReplicas kills one of two replicas 10 times.
func TestDrillKilledReplicas(t *testing.T) { killedReplicas(t, built(t), 10) }
