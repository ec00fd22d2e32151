package kakao_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
)

// workers and workTime make a Kakao of 200 answers a second: little enough that
// three times as many calls are nothing for the machine that runs the test.
const (
	workers  = 10
	workTime = 50 * time.Millisecond
	capacity = workers * int(time.Second/workTime)
)

// narrow answers as many requests at once as it has workers; the others wait
// inside, and it works on them though their callers may have left, as servers do
// that are overloaded.
func narrow(t *testing.T) *upstream {
	t.Helper()
	free, stop := make(chan struct{}, workers), make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case free <- struct{}{}:
		case <-stop:
			return
		}
		time.Sleep(workTime)
		<-free
		reply(http.StatusOK, `{"text":"a"}`)(w, r)
	})
	t.Cleanup(func() { close(stop) })
	return u
}

// load is what a time of calls at an even rate came to.
type load struct {
	refused, other   int
	goodput          float64 // answers a second while the load lasted
	served, refusals []time.Duration
	late             []time.Duration // what the machine itself was late, sampled all the while
}

func (l load) String() string {
	return fmt.Sprintf("%.0f/s answered (p50 %v, p99 %v), %d refused (p99 %v), %d failed otherwise", l.goodput,
		quantile(l.served, 50).Round(time.Millisecond), quantile(l.served, 99).Round(time.Millisecond),
		l.refused, quantile(l.refusals, 99).Round(time.Microsecond), l.other)
}

func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*percent/100]
}

// offer calls at a rate, whether the calls before are answered or not, as many
// independent callers do. Each gives up after two seconds.
func offer(t *testing.T, client *kakao.Client, rate int, lasting time.Duration) load {
	t.Helper()
	var l load
	var mutex sync.Mutex
	var group sync.WaitGroup
	began, sent := time.Now(), 0
	group.Go(func() {
		for time.Since(began) < lasting {
			since := time.Now()
			time.Sleep(time.Millisecond)
			l.late = append(l.late, time.Since(since)-time.Millisecond)
		}
	})
	for time.Since(began) < lasting {
		for due := int(time.Since(began).Seconds() * float64(rate)); sent < due; sent++ {
			id := int64(sent)
			group.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
				defer cancel()
				since := time.Now()
				_, err := client.Call(ctx, readRPC, kakao.Caller{}, &enginetestv1.QueryRequest{Id: proto.Int64(id)})
				took, why := time.Since(since), reason(t, err)
				mutex.Lock()
				defer mutex.Unlock()
				switch why {
				case "":
					if time.Since(began) <= lasting {
						l.goodput += 1 / lasting.Seconds()
					}
					l.served = append(l.served, took)
				case "SERVER_OVERLOADED":
					l.refused++
					l.refusals = append(l.refusals, took)
				default:
					l.other++
				}
			})
		}
		time.Sleep(2 * time.Millisecond)
	}
	group.Wait()
	slices.Sort(l.served)
	slices.Sort(l.refusals)
	slices.Sort(l.late)
	return l
}

// heap is what is in use after everything else was thrown away.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// limited is the policy under which a crowd is met.
var limited = kakao.Policy{Attempts: 3, RetryBudget: 200, BreakerFailures: 5, Concurrency: 256, ShareReads: true}

// overload goes through a day: calm, a peak of what Kakao can do, three times
// that, and the time after. Of the peak's answers a second, least are still given
// at three times the capacity; without the limit it is 0.3.
func overload(t *testing.T, peak, over, pause time.Duration, least float64) {
	t.Helper()
	client := narrow(t).policied(t, limited)
	calm := offer(t, client, capacity/2, peak)
	full := offer(t, client, capacity, peak)
	before := heap()
	crowd := offer(t, client, 3*capacity, over)
	grown := heap() - before
	time.Sleep(pause)
	after := offer(t, client, capacity/2, peak)

	goodput := crowd.goodput / full.goodput
	t.Logf("half the capacity:        %v", calm)
	t.Logf("the capacity (%d/s):     %v", capacity, full)
	t.Logf("three times the capacity: %v", crowd)
	t.Logf("%v later:              %v", pause, after)
	noise := quantile(crowd.late, 100)
	t.Logf("at three times the capacity goodput is %.2f of the peak, refusals take %v (p99; a timer on this machine is up to %v late), the heap grew by %d KiB",
		goodput, quantile(crowd.refusals, 99).Round(time.Microsecond), noise.Round(time.Microsecond), grown>>10)
	if goodput < least {
		t.Errorf("goodput is %.2f of the peak, want %.1f", goodput, least)
	}
	// On a machine that is busy with something else, a refusal is late as
	// everything is.
	if p99 := quantile(crowd.refusals, 99); crowd.refused == 0 || p99 > 10*time.Millisecond+noise {
		t.Errorf("%d refusals in %v (p99), want some within 10 ms", crowd.refused, p99)
	}
	if grown > 8<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
	if now, usual := quantile(after.served, 99), quantile(calm.served, 99); after.refused > 0 || now > 2*usual+workTime+quantile(after.late, 100) {
		t.Errorf("%v after the overload %d are refused and p99 is %v, was %v", pause, after.refused, now, usual)
	}
}

// TestOverload is the short way through; make drill takes the long one.
func TestOverload(t *testing.T) {
	// Three seconds beside other packages' tests are not worth more than this.
	overload(t, 1500*time.Millisecond, 3*time.Second, time.Second, 0.8)
}
