//go:build drill && linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
)

// TestDrillCostOfACall measures what docs/scaling.md says of processor time and
// memory: the server is a process of its own, Kakao another (the sandbox), and the
// time is the server's own, user and system together, which does not depend on what
// else the machine does. Reads are not shared, so that each call reaches Kakao.
func TestDrillCostOfACall(t *testing.T) {
	const rounds, calls = 5, 4000
	s := startMeasured(t)
	idle := s.memory(t)
	medians := map[string]time.Duration{}
	for _, kind := range s.kinds() {
		for _, transport := range []string{"gRPC", "JSON"} {
			call := map[string]func(int) error{"gRPC": kind.grpc, "JSON": kind.json}[transport]
			drive(t, 500, 8, call) // warm
			var costs []time.Duration
			for range rounds {
				before := s.cpu(t)
				drive(t, calls, 8, call)
				costs = append(costs, (s.cpu(t)-before)/calls)
			}
			slices.Sort(costs)
			name := kind.name + " over " + transport
			medians[name] = costs[rounds/2]
			t.Logf("cost: %-35s %4d µs of processor time a call (median of %d rounds; %d to %d)", name,
				costs[rounds/2].Microseconds(), rounds, costs[0].Microseconds(), costs[rounds-1].Microseconds())
		}
	}
	for name, cost := range medians {
		if cost <= 0 || cost > 5*time.Millisecond {
			t.Errorf("%s costs %v a call", name, cost)
		}
	}
	t.Logf("memory: %d MiB resident after the start, %d MiB after the load", idle>>20, s.memory(t)>>20)

	// Without the limit, which would hold calls back from a Kakao that is slow.
	s = startMeasured(t, "--concurrency.limit=0")
	slow(t, s.replica.environ)
	drive(t, 5000, 256, s.kinds()[1].grpc)
	t.Logf("memory: %d MiB resident after 256 calls in flight at a time to a Kakao that takes 40 ms", s.memory(t)>>20)
}

// measured is a server whose processor time is looked at.
type measured struct {
	replica *replica
	facade  string
	token   string
	conn    *grpc.ClientConn
	client  *http.Client
}

func startMeasured(t *testing.T, args ...string) *measured {
	t.Helper()
	binary := built(t)
	sandbox := &replica{binary: binary}
	sandbox.start(t, "sandbox", "--addr", "127.0.0.1:0")
	eventually(t, "the sandbox says how to use it", func() bool { return strings.Contains(sandbox.output.String(), "go run ./cmd/server") })
	s := &measured{replica: &replica{binary: binary, addr: freeAddress(t)}, facade: freeAddress(t)}
	for _, word := range strings.Fields(sandbox.output.String()) {
		switch {
		case strings.HasPrefix(word, "KAKAORPC_"):
			s.replica.environ = append(s.replica.environ, word)
		case s.token == "" && strings.HasPrefix(word, "test-access-token-"):
			s.token = word
		}
	}
	s.replica.start(t, append([]string{"serve", "--grpc.addr=" + s.replica.addr, "--http.addr=" + s.facade, "--ops.addr=127.0.0.1:0",
		"--concurrency.share_reads=false", "--shutdown.grace=0s"}, args...)...)
	s.replica.mustServe(t)
	var err error
	if s.conn, err = grpc.NewClient(s.replica.addr, grpc.WithTransportCredentials(insecure.NewCredentials())); err != nil {
		t.Fatal(err)
	}
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	t.Cleanup(func() {
		_ = s.conn.Close()
		s.client.CloseIdleConnections()
	})
	return s
}

// kind is a call that can be made over both transports; i varies it.
type kind struct {
	name       string
	grpc, json func(i int) error
}

func (s *measured) kinds() []kind {
	user := func() context.Context {
		return metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+s.token)
	}
	near := func(i int) float64 { return 126.9 + float64(i%1000)/10000 }
	return []kind{
		{"GetMe",
			func(int) error {
				_, err := userv1.NewUserServiceClient(s.conn).GetMe(user(), &userv1.GetMeRequest{})
				return err
			},
			func(int) error { return s.get("/user/v1/me") }},
		{"SearchKeyword, 15 places",
			func(i int) error {
				found, err := localv1.NewLocalServiceClient(s.conn).SearchKeyword(context.Background(), &localv1.SearchKeywordRequest{
					Query: "커피", X: proto.Float64(near(i)), Y: proto.Float64(37.57), Radius: proto.Int32(20000),
				})
				if err == nil && len(found.GetDocuments()) != 15 {
					return fmt.Errorf("%d places", len(found.GetDocuments()))
				}
				return err
			},
			func(i int) error {
				return s.get("/local/v1/places:searchKeyword?query=" + url.QueryEscape("커피") + fmt.Sprintf("&x=%v&y=37.57&radius=20000", near(i)))
			}},
	}
}

func (s *measured) get(path string) error {
	request, err := http.NewRequest(http.MethodGet, "http://"+s.facade+path, nil)
	if err != nil {
		return err
	}
	if strings.HasPrefix(path, "/user/") {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s, %w", path, answer.Status, err)
	}
	return nil
}

// drive makes a number of calls, some at a time.
func drive(t *testing.T, calls, atATime int, call func(int) error) {
	t.Helper()
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	for range atATime {
		group.Go(func() {
			for i := int(next.Add(1)); i <= calls; i = int(next.Add(1)) {
				if err := call(i); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		t.Fatalf("a call failed: %v", *err)
	}
}

// cpu is the processor time that the server has used, in steps of 10 ms: fields 14
// and 15 of proc_pid_stat(5).
func (s *measured) cpu(t *testing.T) time.Duration {
	t.Helper()
	_, fields, _ := strings.Cut(s.proc(t, "stat"), ") ") // the name may hold spaces
	var ticks int64
	for _, field := range strings.Fields(fields)[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100)
}

// memory is what the server has resident, in bytes.
func (s *measured) memory(t *testing.T) int64 {
	t.Helper()
	for line := range strings.Lines(s.proc(t, "status")) {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(kib)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n << 10
		}
	}
	t.Fatal("no VmRSS")
	return 0
}

func (s *measured) proc(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", s.replica.command.Process.Pid, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
