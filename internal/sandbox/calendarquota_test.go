package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestCalendarQuota: all routes of Talk Calendar share one quota of the app,
// and going beyond it answers status 400.
func TestCalendarQuota(t *testing.T) {
	now := time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC)
	s, err := New(Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for range calendarsPerDay - 2 {
		s.state.quotas.withinDay("Talk Calendar", calendarsPerDay, now)
	}
	for _, c := range []struct {
		path, authorization string
		status              int
	}{
		{"calendars", "Bearer " + seedToken("access", "mina"), 200},
		{"public/events?preset=TODAY", "KakaoAK " + testAdminKey, 200},
		{"events?preset=TODAY", "Bearer " + seedToken("access", "haru"), 400},
	} {
		r := httptest.NewRequest(http.MethodGet, "/v2/api/calendar/"+c.path, nil)
		r.Header.Set("Authorization", c.authorization)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.status || c.status == 400 && !strings.Contains(w.Body.String(), `"code":-10`) {
			t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
		}
	}
}
