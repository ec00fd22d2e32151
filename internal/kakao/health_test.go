package kakao_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// TestHealth: what the breakers know is told as it changes, and each product of
// a host by itself.
func TestHealth(t *testing.T) {
	t.Parallel()
	kapi := newUpstream(t, reply(200, `{"id":1}`))
	client := kapi.policied(t, quick)
	user := func(want kakao.State) kakao.Health {
		t.Helper()
		all := client.Health()
		if !slices.IsSortedFunc(all, func(a, b kakao.Health) int {
			return slices.Compare([]string{a.Host, a.Product}, []string{b.Host, b.Product})
		}) {
			t.Errorf("not in order: %v", all)
		}
		var found kakao.Health
		for _, h := range all {
			switch {
			case h.Host == "kapi.kakao.com" && h.Product == "user":
				found = h
			case h.State != kakao.StateUnknown:
				t.Errorf("%s of %s is %s, and nobody called it", h.Product, h.Host, h.State)
			}
		}
		if found.State != want {
			t.Errorf("user of kapi.kakao.com is %q, want %q", found.State, want)
		}
		return found
	}
	user(kakao.StateUnknown)
	if _, err := ask(t, client, meRPC, time.Second); err != nil {
		t.Fatal(err)
	}
	user(kakao.StateAnswering)
	kapi.answerWith(reply(503, ""))
	for range fragile.BreakerFailures {
		_, _ = ask(t, client, meRPC, time.Second)
	}
	if h := user(kakao.StateFailing); h.LookIn <= 0 || h.LookIn > quick.BreakerDelay {
		t.Errorf("the next look is in %v, want at most %v", h.LookIn, quick.BreakerDelay)
	}
	kapi.answerWith(reply(200, `{"id":1}`))
	time.Sleep(quick.BreakerDelay)
	for range 2 { // the look closes it, and the next is the first call of a new count
		if _, err := ask(t, client, meRPC, time.Second); err != nil {
			t.Fatal(err)
		}
	}
	user(kakao.StateAnswering)

	for _, h := range kapi.policied(t, kakao.Policy{}).Health() {
		if h.State != kakao.StateUnknown {
			t.Errorf("without breakers %s of %s is %s", h.Product, h.Host, h.State)
		}
	}
}
