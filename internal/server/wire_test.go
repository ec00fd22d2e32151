package server

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// wire is an HTTP/2 connection that sends what no client library would.
type wire struct {
	t       *testing.T
	conn    net.Conn
	framer  *http2.Framer
	headers bytes.Buffer
	encoder *hpack.Encoder
	stream  uint32

	settings map[http2.SettingID]uint32
}

func newWire(t *testing.T, conn net.Conn) *wire {
	t.Helper()
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	w := &wire{t: t, conn: conn, framer: http2.NewFramer(conn, conn), stream: 1, settings: map[http2.SettingID]uint32{}}
	w.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	w.encoder = hpack.NewEncoder(&w.headers)
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	if err := w.framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	return w
}

// call sends an empty gRPC message to a path and returns what the answer's
// headers and trailers say; "reset" if the stream or connection was cut.
func (w *wire) call(path string) map[string]string {
	w.t.Helper()
	w.headers.Reset()
	for _, field := range []hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "https"}, {Name: ":path", Value: path}, {Name: ":authority", Value: "localhost"},
		{Name: "content-type", Value: "application/grpc"}, {Name: "te", Value: "trailers"},
	} {
		if err := w.encoder.WriteField(field); err != nil {
			w.t.Fatal(err)
		}
	}
	stream := w.stream
	w.stream += 2
	err := errors.Join(
		w.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: w.headers.Bytes(), EndHeaders: true}),
		w.framer.WriteData(stream, true, []byte{0, 0, 0, 0, 0}))
	if err != nil {
		return map[string]string{"reset": err.Error()}
	}
	answer := map[string]string{}
	for {
		frame, err := w.framer.ReadFrame()
		if err != nil {
			answer["reset"] = err.Error()
			return answer
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			w.readSettings(frame)
		case *http2.MetaHeadersFrame:
			for _, field := range frame.Fields {
				answer[field.Name] = field.Value
			}
			if frame.StreamEnded() {
				return answer
			}
		case *http2.DataFrame:
			if frame.StreamEnded() {
				return answer
			}
		case *http2.RSTStreamFrame:
			answer["reset"] = frame.ErrCode.String()
			return answer
		case *http2.GoAwayFrame:
			answer["reset"] = frame.ErrCode.String() + " " + string(frame.DebugData())
			return answer
		}
	}
}

func (w *wire) readSettings(frame *http2.SettingsFrame) {
	if frame.IsAck() {
		return
	}
	_ = frame.ForeachSetting(func(s http2.Setting) error { w.settings[s.ID] = s.Val; return nil })
	_ = w.framer.WriteSettingsAck()
}

// wireTo connects a client with a certificate over TLS.
func (e *edge) wireTo(t *testing.T, address string) *wire {
	t.Helper()
	config := e.tls(t, frontCaller)
	config.NextProtos = []string{"h2"}
	conn, err := tls.Dial("tcp", address, config)
	if err != nil {
		t.Fatal(err)
	}
	return newWire(t, conn)
}

// TestMalformedPathsReachNoHandler sends the paths of CVE-2026-33186
// (https://github.com/grpc/grpc-go/security/advisories/GHSA-p77j-4mvh-x3m3),
// with which a server that routes leniently and checks strictly lets calls past
// its check, to both listeners - for an rpc that the caller may not call and
// for one that it may.
func TestMalformedPathsReachNoHandler(t *testing.T) {
	const granted, refused = "kakao.user.v1.UserService/GetMe", "kakao.user.v1.UserAdminService/ListUserIds"
	e := startEdge(t, "callers:\n  front.shop.example:\n    rpcs: ["+granted+"]\n")
	sent := 0
	for _, rpc := range []string{granted, refused} {
		for _, path := range []string{
			rpc,                    // without the leading slash
			"",                     // empty
			"//" + rpc,             // with one more
			"/" + rpc + "/",        // with one behind
			"/./" + rpc,            // a dot segment
			"/%6bakao" + rpc[5:],   // escaped
			"/" + rpc + "?x=1",     // a query
			"*",                    // of OPTIONS
			"https://x.y/" + rpc,   // absolute
			"/" + rpc[:len(rpc)-1], // one letter short
		} {
			for name, address := range map[string]string{"gRPC": e.conn.Target(), "facade": e.http[len("https://"):]} {
				sent++
				answer := e.wireTo(t, address).call(path)
				if answer["grpc-status"] == "0" || (answer[":status"] == "200" && answer["grpc-status"] == "") {
					t.Errorf("%s takes the path %q: %v", name, path, answer)
				}
			}
		}
	}
	if len(e.reached) > 0 {
		t.Errorf("%s was reached", <-e.reached)
	}
	// The wire itself can make a call, and the check holds on it.
	w := e.wireTo(t, e.conn.Target())
	if answer := w.call("/" + refused); answer["grpc-status"] != "7" {
		t.Errorf("the right path of a refused rpc: %v", answer)
	}
	if answer := w.call("/" + granted); answer["grpc-status"] != "0" || <-e.reached != "/"+granted {
		t.Errorf("the right path: %v", answer)
	}
	t.Logf("malformed paths: %d sent over both listeners, none reached a handler", sent)
}

// TestAConnectionSaysItsLimits reads what the server allows on a connection.
func TestAConnectionSaysItsLimits(t *testing.T) {
	e := startEdge(t, "")
	w := e.wireTo(t, e.conn.Target())
	w.call("/kakao.user.v1.UserService/GetMe")
	if streams, header := w.settings[http2.SettingMaxConcurrentStreams], w.settings[http2.SettingMaxHeaderListSize]; streams != maxStreams || header != maxHeaderBytes {
		t.Errorf("%d streams, %d bytes of headers; want %d, %d", streams, header, maxStreams, maxHeaderBytes)
	}
}

// TestKeepaliveIsToleratedWithinReason sends pings: some are a client's
// keepalive, a flood is not.
func TestKeepaliveIsToleratedWithinReason(t *testing.T) {
	e := startEdge(t, "")
	w := e.wireTo(t, e.conn.Target())
	w.call("/kakao.user.v1.UserService/GetMe")
	for range 2 { // not even a client that pings twice at once is cut off
		if err := w.framer.WritePing(false, [8]byte{}); err != nil {
			t.Fatal(err)
		}
	}
	if answer := w.call("/kakao.user.v1.UserService/GetMe"); answer["grpc-status"] != "0" {
		t.Errorf("after two pings: %v", answer)
	}
	for range 20 {
		_ = w.framer.WritePing(false, [8]byte{})
	}
	if answer := w.call("/kakao.user.v1.UserService/GetMe"); answer["reset"] == "" {
		t.Errorf("after a flood of pings: %v", answer)
	}
}
