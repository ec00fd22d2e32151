package platform

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	kakaoJSON = "application/json;charset=UTF-8"
	plainHTML = "text/html;charset=UTF-8"
)

// Reply is an encoded answer. Handlers return one when the answer is not JSON
// with status 200.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	Code   string // Kakao's error code, for the call list
}

// NewReply makes an answer of the given type; an empty type sends none.
func NewReply(status int, contentType string, body []byte) *Reply {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return &Reply{Status: status, Header: header, Body: body}
}

// JSONReply encodes v.
func JSONReply(status int, v any) *Reply {
	body, err := json.Marshal(v)
	if err != nil {
		return NewReply(http.StatusInternalServerError, kakaoJSON, fmt.Appendf(nil, `{"error":%q}`, "sandbox cannot encode its answer: "+err.Error()))
	}
	return NewReply(status, kakaoJSON, body)
}

// FailureReply encodes a failure: JSON, or a page on routes for the browser.
func FailureReply(r *Request, e *Failure) *Reply {
	var answer *Reply
	if r.Route.ErrorPage != nil {
		answer = r.Route.ErrorPage(r, e)
	} else {
		answer = JSONReply(e.Status, e.Members)
	}
	answer.Code = e.Code
	if e.Challenge != "" {
		answer.Header.Set("WWW-Authenticate", e.Challenge)
	}
	return answer
}

// Write sends the answer whole.
func (a *Reply) Write(w http.ResponseWriter) error {
	a.writeHead(w)
	_, err := w.Write(a.Body)
	return err
}

// writeHead sends status and headers, with the body's true length.
func (a *Reply) writeHead(w http.ResponseWriter) {
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
}

// NewRequestID is a random UUID, as on answers of dapi.kakao.com.
func NewRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// WithQuery appends parameters to a URI that may have a query already.
func WithQuery(uri string, parameters url.Values) string {
	switch {
	case len(parameters) == 0:
		return uri
	case strings.Contains(uri, "?"):
		return uri + "&" + parameters.Encode()
	}
	return uri + "?" + parameters.Encode()
}

// Indented is JSON for people; text that is none stays as it is.
func Indented(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

// NoRoute answers a path or method that Kakao does not have. Kakao's own body
// for it is not documented; this one says what is wrong.
func NoRoute(allowed []string) *Reply {
	if len(allowed) == 0 {
		return JSONReply(http.StatusNotFound, map[string]any{"error": "not_found", "message": "the sandbox knows no such path"})
	}
	answer := JSONReply(http.StatusMethodNotAllowed, map[string]any{
		"error": "method_not_allowed", "message": "this path answers " + strings.Join(allowed, ", "),
	})
	answer.Header.Set("Allow", strings.Join(allowed, ", "))
	return answer
}
