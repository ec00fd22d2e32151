// Package search plays Daum search on the documents of the package daum.
// https://developers.kakao.com/docs/latest/en/daum-search/dev-guide
package search

import (
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/search/daum"
)

// Product is Daum search. It fails when the embedded documents contradict
// themselves.
func Product() (platform.Product, error) {
	corpus, err := daum.Default()
	if err != nil {
		return platform.Product{}, err
	}
	return platform.Product{Routes: routes(corpus)}, nil
}

// routes is Daum search: six reads of dapi.kakao.com with the REST API
// key. No switch of the app stands before them. Page and size have their own
// bounds on each, and books their own words for the order.
// https://developers.kakao.com/docs/latest/en/daum-search/dev-guide
func routes(corpus *daum.Corpus) []platform.Route {
	return []platform.Route{
		searchRoute("/v2/search/web", lastSearchPage, sizes{10, 50}, "recency", func(_ *platform.Request, q daum.Query) any { return corpus.SearchWeb(q) }),
		searchRoute("/v2/search/vclip", lastVideoPage, sizes{15, 30}, "recency", func(_ *platform.Request, q daum.Query) any { return corpus.SearchVideos(q) }),
		searchRoute("/v2/search/image", lastSearchPage, sizes{80, 80}, "recency", func(_ *platform.Request, q daum.Query) any { return corpus.SearchImages(q) }),
		searchRoute("/v2/search/blog", lastSearchPage, sizes{10, 50}, "recency", func(_ *platform.Request, q daum.Query) any { return corpus.SearchBlogs(q) }),
		searchRoute("/v3/search/book", lastSearchPage, sizes{10, 50}, "latest", func(r *platform.Request, q daum.Query) any {
			return corpus.SearchBooks(q, r.Text("target"))
		}, platform.Param{Name: "target", Kind: platform.Enum(daum.BookTargets()...)}),
		searchRoute("/v2/search/cafe", lastSearchPage, sizes{10, 50}, "recency", func(_ *platform.Request, q daum.Query) any { return corpus.SearchCafe(q) }),
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
func searchRoute(path string, lastPage int64, size sizes, newest string, find func(*platform.Request, daum.Query) any, more ...platform.Param) platform.Route {
	return platform.Route{
		Methods: []string{"GET"},
		Host:    platform.DapiHost,
		Path:    path,
		Accepts: platform.RESTKey,
		Checks: []platform.Check{
			platform.CheckCredential, platform.CheckQuota, platform.PerDay(path, searchesPerDay), platform.PerDay("Daum Search", allSearchesPerDay), platform.CheckParameters,
		},
		Params: append([]platform.Param{
			{Name: "query", Kind: platform.Phrase(), Required: true},
			{Name: "sort", Kind: platform.Enum("accuracy", newest)},
			{Name: "page", Kind: platform.Integer(1, lastPage)},
			{Name: "size", Kind: platform.Integer(1, size.most)},
		}, more...),
		Handle: func(r *platform.Request) (any, *platform.Failure) {
			return find(r, daum.Query{
				Text:   r.Text("query"),
				Newest: r.Text("sort") == newest,
				Page:   int(r.Int64("page", 1)),
				Size:   int(r.Int64("size", size.usual)),
			}), nil
		},
	}
}
