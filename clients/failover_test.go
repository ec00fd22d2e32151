//go:build clients

package clients_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	name   = "kakaorpc.test"
	reads  = 200 // of each failover program
	spoilt = 2   // answers, which the client's repetitions have to mend
)

// replicas are where the servers listen: one name, two addresses, one port.
var replicas = []string{"127.0.0.1", "127.0.0.2"}

// TestFailover kills one of two servers under a client's reads, in every gRPC
// language. The client knows a name only; the service config makes it use both
// addresses, and repeat what fails. Without round_robin one of the servers has
// no calls, without retries the spoilt answers come through.
func TestFailover(t *testing.T) {
	for _, l := range languages {
		if l.failover == "" {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			l.mustHave(t)
			if out, err := shell(t, l.generate).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", l.generate, err, out)
			}
			failover(t, l)
		})
	}
}

func failover(t *testing.T, l language) {
	t.Helper()
	sandbox := start(t, nil, "sandbox", "--addr=127.0.0.1:0")
	environ := strings.Fields(sandbox.says(t, `(?m)^(KAKAORPC_.*) go run`))
	kakao := sandbox.says(t, `KAKAORPC_KAKAO_BASE_URL=(\S+)`)
	port := freePort(t, replicas...)
	servers := map[string]*process{}
	for _, address := range replicas {
		// The servers repeat nothing, so that the client has to.
		servers[address] = start(t, environ, "serve", "--retry.attempts=1",
			"--grpc.addr="+address+":"+port, "--http.addr=127.0.0.1:0", "--ops.addr=127.0.0.1:0")
		servers[address].says(t, `(kakaorpc is up)`)
	}
	target := "dns://" + nameServer(t, name, replicas...) + "/" + name + ":" + port
	client := shell(t, l.failover, "KAKAORPC_TARGET="+target)
	printed := &output{}
	client.Stdout, client.Stderr = printed, printed
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, printed, reads/4)
	for _, address := range replicas {
		if served(t, servers[address]) == 0 {
			t.Errorf("%s had none of the first %d reads", address, reads/4)
		}
	}
	fault(t, kakao, `{"route": "GET /v2/local/search/keyword.{format}", "times": `+strconv.Itoa(spoilt)+`, "http": {"status": 503}}`)
	// Reads take a while, so that there is one under way when a server dies.
	fault(t, kakao, `{"route": "*", "times": 0, "delay_before_headers_ms": 10}`)
	await(t, printed, reads/2)
	servers[replicas[0]].kill()
	before := served(t, servers[replicas[1]])
	err := client.Wait()
	after := served(t, servers[replicas[1]])

	answered := strings.Count(printed.String(), "ok\n")
	if err != nil || answered != reads || printed.lines() != reads {
		t.Errorf("%d of %d reads were answered (%v):\n%s", answered, reads, err, strings.ReplaceAll(printed.String(), "ok\n", ""))
	}
	if faults := get(t, kakao+"/__sandbox__/faults"); !strings.Contains(faults, `"fired":`+strconv.Itoa(spoilt)) {
		t.Errorf("not all %d answers were spoilt: %s", spoilt, faults)
	}
	t.Logf("%s: %d of %d reads answered, with %d answers spoilt and %s killed; the other server had %d reads before and %d after",
		l.name, answered, reads, spoilt, replicas[0], before, after-before)
}

// await returns when so many reads have ended.
func await(t *testing.T, printed *output, lines int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); printed.lines() < lines; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d reads within a minute, want %d:\n%s", printed.lines(), lines, printed.String())
		}
	}
}

// fault has the sandbox fail as told.
func fault(t *testing.T, kakao, script string) {
	t.Helper()
	answer, err := http.Post(kakao+"/__sandbox__/faults", "application/json", strings.NewReader(script))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		t.Fatalf("the sandbox takes no fault %s: %s", script, answer.Status)
	}
}

// searches counts the searches that a server answered, in its metrics.
var searches = regexp.MustCompile(`(?m)^rpc_server_call_duration_seconds_count\{.*SearchKeyword.*\} (\d+)$`)

func served(t *testing.T, server *process) int {
	t.Helper()
	sum := 0
	for _, found := range searches.FindAllStringSubmatch(get(t, server.says(t, `ops +(http://\S+)`)+"/metrics"), -1) {
		count, err := strconv.Atoi(found[1])
		if err != nil {
			t.Fatal(err)
		}
		sum += count
	}
	return sum
}
