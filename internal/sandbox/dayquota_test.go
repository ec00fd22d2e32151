package sandbox

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestQuotaOfTheDay: a kind of search has a quota of its own, and all of them
// have one together; tasks share that of Talk Calendar. Over it, dapi answers
// 429 and kapi 400.
func TestQuotaOfTheDay(t *testing.T) {
	const web, tasks = "/v2/search/web", "/v1/api/calendar/tasks"
	now := time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC)
	for _, c := range []struct {
		counter       string
		used          int
		path, query   string
		authorization string
		want          int
	}{
		{web, searchesPerDay - 1, web, "query=a", "KakaoAK " + testRESTKey, http.StatusOK},
		{web, searchesPerDay, web, "query=a", "KakaoAK " + testRESTKey, http.StatusTooManyRequests},
		{"/v2/search/cafe", searchesPerDay, web, "query=a", "KakaoAK " + testRESTKey, http.StatusOK},
		{"Daum Search", allSearchesPerDay - 1, web, "query=a", "KakaoAK " + testRESTKey, http.StatusOK},
		{"Daum Search", allSearchesPerDay, web, "query=a", "KakaoAK " + testRESTKey, http.StatusTooManyRequests},
		{"Talk Calendar", calendarsPerDay - 1, tasks, "task_id=7e57a5c00000000000000001", "Bearer " + seedToken("access", "mina"), http.StatusOK},
		{"Talk Calendar", calendarsPerDay, tasks, "task_id=7e57a5c00000000000000001", "Bearer " + seedToken("access", "mina"), http.StatusBadRequest},
	} {
		s, err := New(Options{Clock: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		s.locked(func(st *state) {
			for range c.used {
				st.quotas.withinDay(c.counter, c.used, now)
			}
		})
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+c.path+"?"+c.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", c.authorization)
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != c.want {
			t.Errorf("%s after %d calls: status %d, want %d", c.counter, c.used, response.StatusCode, c.want)
		}
	}
}
