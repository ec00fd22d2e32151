package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

const (
	kakaoJSON = "application/json;charset=UTF-8"
	plainHTML = "text/html;charset=UTF-8"
)

// reply is an encoded answer. Handlers return one when the answer is not JSON
// with status 200.
type reply struct {
	status int
	header http.Header
	body   []byte
	code   string // Kakao's error code, for the call list
}

// newReply makes an answer of the given type; an empty type sends none.
func newReply(status int, contentType string, body []byte) *reply {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return &reply{status: status, header: header, body: body}
}

// jsonReply encodes v.
func jsonReply(status int, v any) *reply {
	body, err := json.Marshal(v)
	if err != nil {
		return newReply(http.StatusInternalServerError, kakaoJSON, fmt.Appendf(nil, `{"error":%q}`, "sandbox cannot encode its answer: "+err.Error()))
	}
	return newReply(status, kakaoJSON, body)
}

// failureReply encodes a failure: JSON, or a page on routes for the browser.
func failureReply(r *request, e *kakaoError) *reply {
	var answer *reply
	if r.route.html {
		answer = errorPage(r, e)
	} else {
		answer = jsonReply(e.status, e.members)
	}
	answer.code = e.code
	if e.challenge != "" {
		answer.header.Set("WWW-Authenticate", e.challenge)
	}
	return answer
}

// write sends the answer whole.
func (a *reply) write(w http.ResponseWriter) error {
	a.writeHead(w)
	_, err := w.Write(a.body)
	return err
}

// writeHead sends status and headers, with the body's true length.
func (a *reply) writeHead(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
}

// newRequestID is a random UUID, as on answers of dapi.kakao.com.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
