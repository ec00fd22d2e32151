package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// leakWatch gathers what a server says of itself (log, traces, metrics) and the
// secrets that its calls used, and holds one against the other in the end.
type leakWatch struct {
	mutex    sync.Mutex
	secrets  map[string]struct{}
	channels map[string]*lockedBuffer
}

// minSecret is shorter than every test token: a text below it would be found
// in anything.
const minSecret = 8

func newLeakWatch(t *testing.T) *leakWatch {
	t.Helper()
	return &leakWatch{secrets: map[string]struct{}{}, channels: map[string]*lockedBuffer{}}
}

// secret adds texts that must not show.
func (w *leakWatch) secret(texts ...string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for _, text := range texts {
		if len(text) >= minSecret {
			w.secrets[text] = struct{}{}
		}
	}
}

// message adds the fields that the contract marks with debug_redact: codes and
// tokens, at every depth.
func (w *leakWatch) message(m proto.Message) {
	m.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.Options().(*descriptorpb.FieldOptions).GetDebugRedact():
			w.secret(value.String())
		case field.Message() == nil || field.IsMap():
		case field.IsList():
			for i := range value.List().Len() {
				w.message(value.List().Get(i).Message().Interface())
			}
		default:
			w.message(value.Message().Interface())
		}
		return true
	})
}

// channel is a place where a secret must not show.
func (w *leakWatch) channel(name string) *lockedBuffer {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.channels[name] == nil {
		w.channels[name] = &lockedBuffer{}
	}
	return w.channels[name]
}

// check reports every secret in every channel.
func (w *leakWatch) check(t *testing.T) {
	t.Helper()
	for name, channel := range w.channels {
		said := channel.String()
		if said == "" {
			t.Errorf("the server said nothing in its %s: the watch has nothing to look at", name)
		}
		for _, leak := range w.leaks(said) {
			t.Errorf("the %s shows a secret: …%s…", name, leak)
		}
	}
}

// leaks finds the secrets as they are and in the notations in which they would
// still be readable, and returns what stands before each.
func (w *leakWatch) leaks(said string) []string {
	var found []string
	for text := range w.secrets {
		for _, shown := range []string{
			text, hex.EncodeToString([]byte(text)), url.QueryEscape(text), base64.StdEncoding.EncodeToString([]byte(text)),
		} {
			if at := strings.Index(said, shown); at >= 0 {
				found = append(found, said[max(0, at-80):at]+"[here]")
			}
		}
	}
	return found
}

// TestLeakWatchSees: a watch that sees nothing would pass every test.
func TestLeakWatchSees(t *testing.T) {
	watch := newLeakWatch(t)
	watch.secret("test-token+1/2")
	for _, said := range []string{
		`{"token":"test-token+1/2"}`, `746573742d746f6b656e2b312f32`, `?token=test-token%2B1%2F2&x=1`, `dGVzdC10b2tlbisxLzI=`,
	} {
		if len(watch.leaks("before "+said+" after")) == 0 {
			t.Errorf("the watch does not see the token in %s", said)
		}
	}
	if leaks := watch.leaks("test-token 1"); len(leaks) != 0 {
		t.Errorf("the watch sees %q", leaks)
	}
}

func listenLoopback(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
