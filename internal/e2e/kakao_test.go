package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// fakeKakao is a real HTTP server that stands for every Kakao host: it answers
// as told and keeps what it got.
type fakeKakao struct {
	URL string

	mutex    sync.Mutex
	handler  http.HandlerFunc
	received []receivedRequest
}

// receivedRequest is a request as Kakao got it.
type receivedRequest struct {
	Method, Path, Authorization, ContentType string
	Query, Form                              url.Values
	Body                                     string
}

func startKakao(t *testing.T) *fakeKakao {
	t.Helper()
	kakao := &fakeKakao{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller gave up
		}
		form, _ := url.ParseQuery(string(body))
		kakao.mutex.Lock()
		kakao.received = append(kakao.received, receivedRequest{
			Method: r.Method, Path: r.URL.EscapedPath(), Authorization: r.Header.Get("Authorization"),
			ContentType: r.Header.Get("Content-Type"), Query: r.URL.Query(), Form: form, Body: string(body),
		})
		handler := kakao.handler
		kakao.mutex.Unlock()
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	kakao.URL = server.URL
	kakao.answerWith(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	return kakao
}

// answerWith sets how the next requests are answered.
func (k *fakeKakao) answerWith(handler http.HandlerFunc) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.handler = handler
}

// answerJSON answers every request with one status and body.
func (k *fakeKakao) answerJSON(status int, body string) {
	k.answerWith(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// takeReceived returns what came in since the last time.
func (k *fakeKakao) takeReceived() []receivedRequest {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	received := k.received
	k.received = nil
	return received
}
