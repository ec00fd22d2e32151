package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/sandbox"
)

// wire is the network between the server and one of Kakao's hosts, and a read
// that goes over it.
type wire struct {
	rpc      protoreflect.FullName
	request  proto.Message
	response proto.Message
	proxy    *toxiproxy.Proxy
}

// toxic is what is put into a wire, and what comes of the read.
type toxic struct {
	name, json string
	want       codes.Code
	reason     string
}

// toxics are toxiproxy's seven, some in the forms in which they do different
// things, and down. https://github.com/Shopify/toxiproxy#toxics
var toxics = []toxic{
	{"latency", `{"type":"latency","attributes":{"latency":100,"jitter":50}}`, codes.OK, ""},
	{"latency beyond the deadline", `{"type":"latency","attributes":{"latency":60000}}`, codes.DeadlineExceeded, "KAKAO_UPSTREAM_TIMEOUT"},
	{"bandwidth", `{"type":"bandwidth","attributes":{"rate":20}}`, codes.OK, ""},
	{"slow_close", `{"type":"slow_close","attributes":{"delay":500}}`, codes.OK, ""},
	{"timeout", `{"type":"timeout","attributes":{"timeout":0}}`, codes.DeadlineExceeded, "KAKAO_UPSTREAM_TIMEOUT"},
	{"timeout that closes", `{"type":"timeout","attributes":{"timeout":50}}`, codes.Unavailable, "KAKAO_UNREACHABLE"},
	{"reset_peer", `{"type":"reset_peer","attributes":{"timeout":0}}`, codes.Unavailable, "KAKAO_UNREACHABLE"},
	{"slicer", `{"type":"slicer","attributes":{"average_size":64,"size_variation":32,"delay":10}}`, codes.OK, ""},
	{"limit_data in the header", `{"type":"limit_data","attributes":{"bytes":40}}`, codes.Unavailable, "KAKAO_UNREACHABLE"},
	{"limit_data in the body", `{"type":"limit_data","attributes":{"bytes":200}}`, codes.Unavailable, "KAKAO_UNREACHABLE"},
	{"down", "", codes.Unavailable, "KAKAO_UNREACHABLE"},
}

// TestToxics plays every toxic on the wire to each host, with the policies as
// the server has them: the right code and reason, a breaker that opens where
// Kakao cannot be used and closes when it can again, and nothing left over.
func TestToxics(t *testing.T) {
	// The toxics write to a global log of their library.
	zerolog.SetGlobalLevel(zerolog.Disabled)
	before := goleak.IgnoreCurrent()
	t.Run("server", func(t *testing.T) {
		url, _ := startSandbox(t, sandbox.Options{})
		network := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
		wires := map[string]*wire{
			"kauth": {rpc: oidcService + "GetConfiguration", request: &authv1.GetConfigurationRequest{}, response: &authv1.GetConfigurationResponse{}},
			"kapi":  {rpc: adminService + "ListUserIds", request: &userv1.ListUserIdsRequest{}, response: &userv1.ListUserIdsResponse{}},
			"dapi":  {rpc: localService + "SearchKeyword", request: &localv1.SearchKeywordRequest{Query: "카페"}, response: &localv1.SearchKeywordResponse{}},
		}
		environment := map[string]string{
			"KAKAORPC_RETRY_ATTEMPTS": "3", "KAKAORPC_BREAKER_FAILURES": "5",
			// The reads of a wire are all the same, and each is to be its own.
			"KAKAORPC_CONCURRENCY_SHARE_READS": "false",
			"KAKAORPC_DEADLINE_READ_DEFAULT":   "1500ms", "KAKAORPC_DEADLINE_READ_MAX": "1500ms",
		}
		for host, w := range wires {
			w.proxy = toxiproxy.NewProxy(network, host, "127.0.0.1:0", strings.TrimPrefix(url, "http://"))
			if err := w.proxy.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(w.proxy.Stop)
			environment["KAKAORPC_KAKAO_HOSTS_"+strings.ToUpper(host)] = "http://" + w.proxy.Listen
		}
		server := startServer(t, url, environment)
		t.Run("one host down", func(t *testing.T) { oneDown(t, server, wires) })
		for host, w := range wires {
			t.Run(host, func(t *testing.T) {
				t.Parallel()
				for _, toxic := range toxics {
					t.Run(toxic.name, func(t *testing.T) { w.play(t, server, toxic) })
				}
			})
		}
	})
	http.DefaultClient.CloseIdleConnections()
	// A link of the proxy whose reader went away first keeps the toxic that was
	// about to write to it, and the half that feeds it: its leak, not the server's.
	goleak.VerifyNone(t, before,
		goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*ToxicStub).Run"),
		goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2.(*ToxicLink).read"))
}

// oneDown: the outage of one host is its own.
func oneDown(t *testing.T, server *runningServer, wires map[string]*wire) {
	t.Helper()
	wires["kauth"].proxy.Stop()
	wires["kauth"].exhaust(t, server, codes.Unavailable, "KAKAO_UNREACHABLE")
	for _, host := range []string{"kapi", "dapi"} {
		if code, reason, err := wires[host].read(t, server); code != codes.OK {
			t.Errorf("%s while kauth is down: %s %s %v", host, code, reason, err)
		}
	}
	if open := server.metric(t, "kakaorpc_breaker_state"); open != 1 {
		t.Errorf("%v breakers are open, want 1", open)
	}
	if err := wires["kauth"].proxy.Start(); err != nil {
		t.Fatal(err)
	}
	wires["kauth"].recover(t, server)
}

// play puts a toxic into the wire and takes it out again.
func (w *wire) play(t *testing.T, server *runningServer, toxic toxic) {
	t.Helper()
	if toxic.json == "" {
		w.proxy.Stop()
		defer func() {
			if err := w.proxy.Start(); err != nil {
				t.Error(err)
			}
			w.recover(t, server)
		}()
	} else {
		added, err := w.proxy.Toxics.AddToxicJson(strings.NewReader(toxic.json))
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := w.proxy.Toxics.RemoveToxic(context.Background(), added.Name); err != nil {
				t.Error(err)
			}
			w.recover(t, server)
		}()
	}
	if toxic.want != codes.OK {
		w.exhaust(t, server, toxic.want, toxic.reason)
		return
	}
	for range 3 {
		if code, reason, err := w.read(t, server); code != codes.OK {
			t.Errorf("%s %s %v", code, reason, err)
		}
	}
}

// exhaust reads until the breaker opens. Every read before that has to fail as
// it should.
func (w *wire) exhaust(t *testing.T, server *runningServer, want codes.Code, wantReason string) {
	t.Helper()
	var mutex sync.Mutex
	failed := map[string]int{}
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			code, reason, _ := w.read(t, server)
			mutex.Lock()
			defer mutex.Unlock()
			failed[fmt.Sprint(code, " ", reason)]++
		})
	}
	group.Wait()
	const open = "Unavailable KAKAO_CIRCUIT_OPEN"
	wanted := fmt.Sprint(want, " ", wantReason)
	if failed[wanted] == 0 || failed[wanted]+failed[open] != 5 {
		t.Errorf("five reads: %v, want %s", failed, wanted)
	}
	for began := time.Now(); ; {
		code, reason, err := w.read(t, server)
		switch got := fmt.Sprint(code, " ", reason); {
		case got == open:
			return
		case got != wanted || time.Since(began) > callTimeout:
			t.Fatalf("after that: %s %v, want the breaker open", got, err)
		}
	}
}

// recover reads until the breaker closes.
func (w *wire) recover(t *testing.T, server *runningServer) {
	t.Helper()
	began := time.Now()
	for {
		code, reason, err := w.read(t, server)
		if code == codes.OK {
			return
		}
		if time.Since(began) > callTimeout {
			t.Fatalf("%s is well for %v and the read still fails: %s %s %v", w.proxy.Name, callTimeout, code, reason, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// read makes the read over gRPC.
func (w *wire) read(t *testing.T, server *runningServer) (code codes.Code, reason string, err error) {
	t.Helper()
	descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName(w.rpc)
	if err != nil {
		t.Fatal(err)
	}
	response := proto.Clone(w.response)
	err = server.overGRPC(t, descriptor.(protoreflect.MethodDescriptor), caller{}, w.request, response)
	if err == nil {
		return codes.OK, "", nil
	}
	got, _ := status.FromError(err)
	return got.Code(), detailsOf(t, got).info.GetReason(), err
}
