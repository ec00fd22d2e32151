package sandbox

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
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
		{web, 30_000 - 1, web, "query=a", "KakaoAK " + platform.SeedRESTKey, http.StatusOK},
		{web, 30_000, web, "query=a", "KakaoAK " + platform.SeedRESTKey, http.StatusTooManyRequests},
		{"/v2/search/cafe", 30_000, web, "query=a", "KakaoAK " + platform.SeedRESTKey, http.StatusOK},
		{"Daum Search", 50_000 - 1, web, "query=a", "KakaoAK " + platform.SeedRESTKey, http.StatusOK},
		{"Daum Search", 50_000, web, "query=a", "KakaoAK " + platform.SeedRESTKey, http.StatusTooManyRequests},
		{"Talk Calendar", 30_000 - 1, tasks, "task_id=7e57a5c00000000000000001", "Bearer " + platform.SeedToken("access", "mina"), http.StatusOK},
		{"Talk Calendar", 30_000, tasks, "task_id=7e57a5c00000000000000001", "Bearer " + platform.SeedToken("access", "mina"), http.StatusBadRequest},
	} {
		s, err := New(Options{Clock: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		s.locked(func(st *platform.State) {
			for range c.used {
				st.Quotas.WithinDay(c.counter, c.used, now)
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

// TestCalendarQuota: all routes of Talk Calendar share one quota of the app,
// and going beyond it answers status 400.
func TestCalendarQuota(t *testing.T) {
	now := time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC)
	s, err := New(Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for range 30_000 - 2 {
		s.state.Quotas.WithinDay("Talk Calendar", 30_000, now)
	}
	for _, c := range []struct {
		path, authorization string
		status              int
	}{
		{"calendars", "Bearer " + platform.SeedToken("access", "mina"), 200},
		{"public/events?preset=TODAY", "KakaoAK " + platform.SeedAdminKey, 200},
		{"events?preset=TODAY", "Bearer " + platform.SeedToken("access", "haru"), 400},
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

// TestTalkQuotasOfTheApp: 30,000 messages and as many profiles a day are too
// many to send here, so the counters are set.
func TestTalkQuotasOfTheApp(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"Kakao Talk Message", "Kakao Talk profile"} {
		for range 29_999 {
			s.state.Quotas.WithinDay(what, 30_000, s.state.Now())
		}
	}
	profile := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/v1/api/talk/profile", nil)
		r.Header.Set("Authorization", "Bearer "+platform.SeedToken("access", "mina"))
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	hello := `{"object_type":"text","text":"a","link":{}}`
	for i, want := range []int{http.StatusOK, http.StatusBadRequest} {
		if w := postTemplate(s, hello); w.Code != want || (want != http.StatusOK && !strings.Contains(w.Body.String(), `"code":-10`)) {
			t.Errorf("message %d: %d %s", 30_000+i, w.Code, w.Body)
		}
		if w := profile(); w.Code != want || (want != http.StatusOK && !strings.Contains(w.Body.String(), `"code":-10`)) {
			t.Errorf("profile %d: %d %s", 30_000+i, w.Code, w.Body)
		}
	}
}

// postTemplate sends a message to oneself.
func postTemplate(s *Sandbox, object string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/v2/api/talk/memo/default/send", strings.NewReader(url.Values{"template_object": {object}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	r.Header.Set("Authorization", "Bearer "+platform.SeedToken("access", "mina"))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}
