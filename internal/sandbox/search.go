package sandbox

import (
	"github.com/kakaorpc/kakaorpc/internal/sandbox/daum"
)

// searchRoutes is Daum search: six reads of dapi.kakao.com with the REST API
// key. No switch of the app stands before them. Page and size have their own
// bounds on each, and books their own words for the order.
// https://developers.kakao.com/docs/latest/en/daum-search/dev-guide
func searchRoutes(corpus *daum.Corpus) []route {
	return []route{
		searchRoute("/v2/search/web", lastSearchPage, sizes{10, 50}, "recency", func(_ *request, q daum.Query) any { return corpus.SearchWeb(q) }),
		searchRoute("/v2/search/vclip", lastVideoPage, sizes{15, 30}, "recency", func(_ *request, q daum.Query) any { return corpus.SearchVideos(q) }),
		searchRoute("/v2/search/image", lastSearchPage, sizes{80, 80}, "recency", func(_ *request, q daum.Query) any { return corpus.SearchImages(q) }),
		searchRoute("/v2/search/blog", lastSearchPage, sizes{10, 50}, "recency", func(_ *request, q daum.Query) any { return corpus.SearchBlogs(q) }),
		searchRoute("/v3/search/book", lastSearchPage, sizes{10, 50}, "latest", func(r *request, q daum.Query) any {
			return corpus.SearchBooks(q, r.text("target"))
		}, param{name: "target", kind: enum(daum.BookTargets()...)}),
		searchRoute("/v2/search/cafe", lastSearchPage, sizes{10, 50}, "recency", func(_ *request, q daum.Query) any { return corpus.SearchCafe(q) }),
	}
}

// The last pages that may be asked for.
const (
	lastSearchPage = 50
	lastVideoPage  = 15
)

// Calls a day of the whole app: for one kind of document, and for all of them.
// https://developers.kakao.com/docs/latest/en/getting-started/quota
const (
	searchesPerDay    = 30_000
	allSearchesPerDay = 50_000
)

// sizes are the documents on a page.
type sizes struct{ usual, most int64 }

// searchRoute is a row of the table; newest is what the route calls the order
// by date.
func searchRoute(path string, lastPage int64, size sizes, newest string, find func(*request, daum.Query) any, more ...param) route {
	return route{
		methods: []string{"GET"},
		host:    dapiHost,
		path:    path,
		accepts: restKey,
		checks: []check{
			checkCredential, checkQuota, perDay(path, searchesPerDay), perDay("Daum Search", allSearchesPerDay), checkParameters,
		},
		params: append([]param{
			{name: "query", kind: phrase(), required: true},
			{name: "sort", kind: enum("accuracy", newest)},
			{name: "page", kind: integer(1, lastPage)},
			{name: "size", kind: integer(1, size.most)},
		}, more...),
		handle: func(r *request) (any, *kakaoError) {
			return find(r, daum.Query{
				Text:   r.text("query"),
				Newest: r.text("sort") == newest,
				Page:   int(r.int64("page", 1)),
				Size:   int(r.int64("size", size.usual)),
			}), nil
		},
	}
}
