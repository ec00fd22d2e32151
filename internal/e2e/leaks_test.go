package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/url"
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

// check looks for every secret in every channel, as it is and in the notations
// in which it would still be readable.
func (w *leakWatch) check(t *testing.T) {
	t.Helper()
	for name, channel := range w.channels {
		said := []byte(channel.String())
		if len(said) == 0 {
			t.Errorf("the server said nothing in its %s: the watch has nothing to look at", name)
		}
		for text := range w.secrets {
			for notation, shown := range map[string]string{
				"plain": text, "hex": hex.EncodeToString([]byte(text)), "escaped": url.QueryEscape(text),
				"base64": base64.StdEncoding.EncodeToString([]byte(text)),
			} {
				if at := bytes.Index(said, []byte(shown)); at >= 0 {
					t.Errorf("the %s shows a secret (%s): …%s…", name, notation, said[max(0, at-80):min(len(said), at+20)])
				}
			}
		}
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
