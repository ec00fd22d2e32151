package main

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	_ "google.golang.org/grpc/health" // the load's clients watch health
)

// drainSeed decides which replica gets which signal when.
const drainSeed = 20261120

// TestReplicasLeaveUnseen is the short form of TestDrillReplicasLeaveUnseen.
func TestReplicasLeaveUnseen(t *testing.T) { replicasLeaveUnseen(t, "", 3) }

// TestAKilledReplicaCostsUnavailableAlone is the short form of its drill.
func TestAKilledReplicaCostsUnavailableAlone(t *testing.T) { killedReplicas(t, "", 1) }

// replicasLeaveUnseen ends one of two replicas again and again, as deployments
// do, under 100 reads a second.
func replicasLeaveUnseen(t *testing.T, binary string, times int) {
	t.Helper()
	c := startCluster(t, binary)
	l := c.load(t, c.client(t, true))
	random := rand.New(rand.NewPCG(drainSeed, 0)) //nolint:gosec // must be repeatable
	t.Logf("seed %d", drainSeed)
	begin := time.Now()
	eventually(t, "some calls", func() bool { return l.made() > 20 })
	sent := map[os.Signal]int{}
	for i := range times {
		r := c.replicas[random.IntN(2)]
		signal := []os.Signal{syscall.SIGTERM, syscall.SIGINT}[i%2]
		time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
		sent[signal]++
		if err := r.end(t, signal); exitCode(err) != 0 {
			t.Fatalf("%v: the replica ended with %v\n%s", signal, err, r.output.String())
		}
		r.serve(t)
		r.mustServe(t)
		time.Sleep(300 * time.Millisecond) // until clients are back on it
	}
	calls, failures := l.stop()
	for _, f := range failures {
		t.Errorf("a read failed: %v", f.err)
	}
	if calls < times*50 {
		t.Errorf("only %d reads were made", calls)
	}
	t.Logf("drain: %d SIGTERM and %d SIGINT to one of two replicas under %d reads (%.0f a second): %d failed",
		sent[syscall.SIGTERM], sent[syscall.SIGINT], calls, float64(calls)/time.Since(begin).Seconds(), len(failures))
}

// killedReplicas kills one of two replicas without a word, and has it started
// again at once. The calls under way on it are lost to clients that repeat
// nothing, with UNAVAILABLE; those with the service config do not notice.
func killedReplicas(t *testing.T, binary string, times int) {
	t.Helper()
	const (
		within = 2 * time.Second  // of a kill, calls may fail
		again  = 10 * time.Second // for a start: under the race detector, beside other tests, it takes 2 to 3 s
	)
	c := startCluster(t, binary)
	bare, repeating := c.load(t, c.client(t, false)), c.load(t, c.client(t, true))
	eventually(t, "some calls", func() bool { return bare.made() > 20 && repeating.made() > 20 })
	var kills []time.Time
	slowest := time.Duration(0)
	for i := range times {
		r := c.replicas[i%2]
		kills = append(kills, time.Now())
		if err := r.end(t, syscall.SIGKILL); exitCode(err) != -1 {
			t.Fatalf("the replica ended with %v", err)
		}
		r.serve(t)
		r.mustServe(t)
		slowest = max(slowest, time.Since(kills[i]))
		time.Sleep(within - min(within, time.Since(kills[i])))
		time.Sleep(300 * time.Millisecond) // in which no call may fail
	}
	calls, failures := bare.stop()
	others, visible := repeating.stop()
	onlyUnavailable(t, failures)
	onlyUnavailable(t, visible)
	last := time.Duration(0)
	for _, f := range append(failures, visible...) {
		for i := len(kills) - 1; i >= 0; i-- {
			if f.at.After(kills[i]) {
				last = max(last, f.at.Sub(kills[i]))
				break
			}
		}
	}
	if last > within || slowest > again {
		t.Errorf("the last call failed %v after a kill, and a replica was healthy again after %v; want %v and %v", last, slowest, within, again)
	}
	t.Logf("kill: %d SIGKILL: of %d reads without retries %d failed, all UNAVAILABLE, the last %.0f ms after its kill; of %d with the service config %d failed; healthy again after %.0f ms at most",
		times, calls, len(failures), last.Seconds()*1000, others, len(visible), slowest.Seconds()*1000)
}
