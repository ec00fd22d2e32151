package server

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
)

// newOps serves what operators and their machines ask for. None of it depends
// on Kakao: a replica that is taken out because Kakao is down helps nobody.
func newOps(metrics http.Handler, ready *atomic.Bool, about Version) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { plainAnswer(w, http.StatusOK, opsPaths) })
	mux.Handle("GET /metrics", metrics)
	// The process answers, so it lives.
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plainAnswer(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			plainAnswer(w, http.StatusServiceUnavailable, "not ready")
			return
		}
		plainAnswer(w, http.StatusOK, "ok")
	})
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(about) // whoever does not read it has gone
	})
	return mux
}

// opsPaths is what a person sees who opens the port.
const opsPaths = `/metrics   for Prometheus
/healthz   the process lives
/readyz    it takes calls
/version   what it was built of`

func plainAnswer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body + "\n")) // whoever does not read it has gone
}
