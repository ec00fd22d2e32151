package server

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
)

// TestTheCacheIsOptIn: what a search finds is repeated if the operator says so,
// and only then; what a user's token reads never is.
func TestTheCacheIsOptIn(t *testing.T) {
	for _, row := range []struct {
		flags []string
		want  int64
	}{{nil, 4}, {[]string{"--cache.life=1m"}, 3}} {
		t.Run(fmt.Sprint(row.flags), func(t *testing.T) {
			var requests atomic.Int64
			r := start(t, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				_, _ = w.Write([]byte(`{"id":1,"meta":{"total_count":0,"pageable_count":0,"is_end":true},"documents":[]}`))
			}, row.flags...)
			for _, path := range []string{"/local/v1/places:searchKeyword?query=a", "/user/v1/me"} {
				for range 2 {
					if code, _, body := r.do(http.MethodGet, path, "", nil); code != http.StatusOK {
						t.Fatalf("%s: HTTP %d %s", path, code, body)
					}
				}
			}
			if got := requests.Load(); got != row.want {
				t.Errorf("%d requests, want %d", got, row.want)
			}
		})
	}
}
