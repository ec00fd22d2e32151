package platform

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"time"
)

// The ways in which a fault spoils an answer on the wire. None of them reports
// a failed write: the caller is expected to give up half-way.

// answerAfter waits before the first byte, headers included.
func answerAfter(x Exchange, delay time.Duration) {
	if waited(x.Request, delay) {
		_ = x.Answer.Write(x.Writer)
	}
}

// answerInHalves sends the headers and half the body, waits, sends the rest.
func answerInHalves(x Exchange, delay time.Duration) {
	x.Answer.writeHead(x.Writer)
	half := len(x.Answer.Body) / 2
	_, _ = x.Writer.Write(x.Answer.Body[:half])
	_ = http.NewResponseController(x.Writer).Flush()
	if waited(x.Request, delay) {
		_, _ = x.Writer.Write(x.Answer.Body[half:])
	}
}

// waited waits in real time, whatever the sandbox's clock says, and returns
// false when the caller or the server gives up first.
func waited(r *http.Request, delay time.Duration) bool {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// resetConnection closes the connection with a TCP RST in place of an answer.
func resetConnection(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "the sandbox can reset HTTP/1 connections only", http.StatusInternalServerError)
		return
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // unsent data is dropped and the peer gets RST
	}
	_ = connection.Close()
}

// truncated promises the whole body and sends half of it. The server closes
// the connection because the handler wrote less than its Content-Length.
func truncated(w http.ResponseWriter, answer *Reply) {
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(max(len(answer.Body), 1)))
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body[:len(answer.Body)/2])
}

// A huge body is one JSON object with one long text.
const (
	hugeStart = `{"documents":["`
	hugeEnd   = `"]}`
)

// hugeBody streams exactly size bytes of valid JSON without Content-Length.
func hugeBody(w http.ResponseWriter, size int64) {
	w.Header().Set("Content-Type", kakaoJSON)
	w.WriteHeader(http.StatusOK)
	if _, err := w.Write([]byte(hugeStart)); err != nil {
		return
	}
	filler := bytes.Repeat([]byte("0123456789abcdef"), 4<<10)
	for left := size - int64(len(hugeStart)+len(hugeEnd)); left > 0; {
		n, err := w.Write(filler[:min(left, int64(len(filler)))])
		if err != nil {
			return
		}
		left -= int64(n)
	}
	_, _ = w.Write([]byte(hugeEnd))
}
