package search_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// searchKinds are the paths of Daum search and what differs between them.
var searchKinds = []struct {
	path           string
	pages, sizes   string // one too many
	usual          int    // documents on the first page of a search for 산책
	newest, others string // the words for the order by date, and those of the other paths
}{
	{"/v2/search/web", "51", "51", 10, "recency", "latest"},
	{"/v2/search/vclip", "16", "31", 15, "recency", "latest"},
	{"/v2/search/image", "51", "81", 20, "recency", "latest"},
	{"/v2/search/blog", "51", "51", 10, "recency", "latest"},
	{"/v3/search/book", "51", "51", 10, "latest", "recency"},
	{"/v2/search/cafe", "51", "51", 10, "recency", "latest"},
}

func TestSearchAnswers(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for _, c := range []struct{ path, query, want string }{
		{"/v2/search/web", "고양이 cats", `{"documents":[{"contents":"\u003cb\u003e고양이\u003c/b\u003e는 하루에 열네 시간을 잔다. It\u0026#39;s true: \u0026#39;\u003cb\u003ecats\u003c/b\u003e \u0026amp; naps\u0026#39;","datetime":"2024-05-06T09:36:45+09:00","title":"\u003cb\u003e고양이\u003c/b\u003e 하루 일기","url":"http://docs.example.com/cats/1"}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`},
		{"/v2/search/vclip", "고양이 하루", `{"documents":[{"author":"나래채널","datetime":"2024-05-06T09:36:45.000+09:00","play_time":73,"thumbnail":"https://thumb.example.com/138x78/cat01.jpg","title":"고양이 하루","url":"http://video.example.com/watch?v=cat01"}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`},
		{"/v2/search/image", "단풍 가을", `{"documents":[{"collection":"blog","datetime":"2023-11-03T14:10:00.000+09:00","display_sitename":"나래블로그","doc_url":"http://blog.example.com/autumn/5","height":600,"image_url":"http://img.example.com/autumn5.jpg","thumbnail_url":"https://thumb.example.com/130x130/autumn5.jpg","width":900}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`},
		{"/v2/search/blog", "https://blog.example.com/narae 화분", `{"documents":[{"blogname":"나래의 기록","contents":"나래 이야기, 그리고 새로 산 \u003cb\u003e화분\u003c/b\u003e","datetime":"2024-01-09T08:00:00.000+09:00","thumbnail":"","title":"오늘의 나래","url":"https://blog.example.com/narae/101"}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`},
		{"/v3/search/book", "고양이", `{"documents":[{"authors":["톰 헤일"],"contents":"비 오는 골목, 우산이 하나씩 사라진다. 고양이 탐정은","datetime":"2018-07-01T00:00:00.000+09:00","isbn":"8900090021 9788900090020","price":12000,"publisher":"미리내북스","sale_price":10800,"status":"정상판매","thumbnail":"https://thumb.example.com/book/R120x174/5009002.jpg","title":"고양이 탐정과 사라진 우산","translators":["박나래"],"url":"https://search.daum.example/search?w=bookpage\u0026bookId=5009002"}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`},
		{"/v2/search/cafe", "고양이 사료", `{"documents":[{"cafename":"미리내고양이방","contents":"\u0026#39;작은 봉투\u0026#39; 기준 \u0026lt;열 개\u0026gt;부터 할인. \u003cb\u003e고양이\u003c/b\u003e들이 좋아해요","datetime":"2025-02-03T10:00:00.000+09:00","thumbnail":"","title":"\u003cb\u003e고양이\u003c/b\u003e \u003cb\u003e사료\u003c/b\u003e 공동구매","url":"http://cafe.example.com/cats/7"}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`},
		{"/v2/search/web", "없는말", `{"documents":[],"meta":{"is_end":true,"pageable_count":0,"total_count":0}}`},
	} {
		a := w.Get(c.path, w.RESTKey(), "query", c.query, "sort", "accuracy", "page", "1", "size", "30")
		if a.Status != http.StatusOK || string(a.Body) != c.want {
			t.Errorf("%s %s: status %d\ngot  %s\nwant %s", c.path, c.query, a.Status, a.Body, c.want)
		}
		if got := a.Header.Get("Content-Type"); got != "application/json;charset=UTF-8" || a.Header.Get("X-Request-Id") == "" || a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: headers %v", c.path, a.Header)
		}
	}
}

func TestSearchLimits(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{})
	for _, kind := range searchKinds {
		first := w.OK(w.Get(kind.path, w.RESTKey(), "query", "산책"))
		if got := len(first["documents"].([]any)); got != kind.usual {
			t.Errorf("%s: %d documents on a page of the usual size, want %d", kind.path, got, kind.usual)
		}
		newest := w.OK(w.Get(kind.path, w.RESTKey(), "query", "산책", "sort", kind.newest))
		if first["documents"].([]any)[0].(map[string]any)["datetime"] == newest["documents"].([]any)[0].(map[string]any)["datetime"] {
			t.Errorf("%s: the newest document is the best match as well", kind.path)
		}
		for _, c := range []struct{ name, value, code, message string }{
			{"query", "", "MissingParameter", "query parameter required"},
			{"query", " ", "MissingParameter", "query parameter required"},
			{"page", kind.pages, "InvalidArgument", "page is more than max"},
			{"page", "0", "InvalidArgument", "page is less than min"},
			{"size", kind.sizes, "InvalidArgument", "size is more than max"},
			{"size", "0", "InvalidArgument", "size is less than min"},
			{"size", "x", "ValidationError", "query.size should be a whole number"},
			{"sort", kind.others, "ValidationError", "query.sort should be one of accuracy, " + kind.newest},
			{"nope", "1", "InvalidArgument", "nope is not a parameter"},
		} {
			parameters := sandboxtest.Values("query", "산책")
			parameters.Set(c.name, c.value)
			o := sandboxtest.WantFailure(t, w.Call(http.MethodGet, kind.path, w.RESTKey(), parameters), 400, c.code)
			if o["message"] != c.message {
				t.Errorf("%s with %s=%q: %q, want %q", kind.path, c.name, c.value, o["message"], c.message)
			}
		}
		sandboxtest.WantFailure(t, w.Get(kind.path, w.RESTKey()), 400, "MissingParameter")
		sandboxtest.WantFailure(t, w.Get(kind.path, w.Admin(), "query", "산책"), 401, "AccessDeniedError")
		sandboxtest.WantFailure(t, w.Get(kind.path, w.Bearer("mina"), "query", "산책"), 401, "AccessDeniedError")
		sandboxtest.WantFailure(t, w.Get(kind.path, ""), 401, "AccessDeniedError")
	}
	// target is for books alone, and one of four.
	sandboxtest.WantFailure(t, w.Get("/v2/search/web", w.RESTKey(), "query", "산책", "target", "title"), 400, "InvalidArgument")
	o := sandboxtest.WantFailure(t, w.Get("/v3/search/book", w.RESTKey(), "query", "산책", "target", "author"), 400, "ValidationError")
	if o["message"] != "query.target should be one of title, isbn, publisher, person" {
		t.Errorf("message %q", o["message"])
	}
	found := w.OK(w.Get("/v3/search/book", w.RESTKey(), "query", "978-89-000-9001-3", "target", "isbn"))
	if len(found["documents"].([]any)) != 1 {
		t.Errorf("by ISBN: %v", found)
	}
}

// TestSearchQuota: each path has its quota, as far as an option gives it one.
func TestSearchQuota(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{DailyQuota: map[string]int{"GET /v2/search/web": 1}})
	w.OK(w.Get("/v2/search/web", w.RESTKey(), "query", "산책"))
	o := sandboxtest.WantFailure(t, w.Get("/v2/search/web", w.RESTKey(), "query", "산책"), 429, "RequestThrottled")
	if o["message"] != "API limit has been exceeded." {
		t.Errorf("message %q", o["message"])
	}
	w.OK(w.Get("/v2/search/cafe", w.RESTKey(), "query", "산책"))
}

// TestSearchIsIndifferentToSwitches: nothing of the app has to be switched on.
func TestSearchIsIndifferentToSwitches(t *testing.T) {
	w := sandboxtest.New(t, sandbox.Options{Disabled: []string{"OPEN_MAP_AND_LOCAL"}})
	a := w.Get("/v2/search/blog", w.RESTKey(), "query", "산책")
	if a.Status != http.StatusOK || !strings.Contains(string(a.Body), `\u003cb\u003e산책\u003c/b\u003e`) {
		t.Errorf("status %d, %s", a.Status, a.Body)
	}
}
