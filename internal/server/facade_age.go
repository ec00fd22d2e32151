package server

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// connectionBorn is when the connection of a request was made.
type connectionBorn struct{}

func rememberBirth(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionBorn{}, time.Now())
}

// comeBack asks clients of the facade for another connection when theirs has
// reached the age, as gRPC's are asked, and when this replica is leaving:
// net/http makes of the header what the protocol has for it. So no client stays
// on one replica, or with a certificate that would no longer be taken.
func comeBack(next http.Handler, age time.Duration, ready *atomic.Bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if born, ok := r.Context().Value(connectionBorn{}).(time.Time); (ok && time.Since(born) >= age) || !ready.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
