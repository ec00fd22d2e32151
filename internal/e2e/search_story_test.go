package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	searchv1 "github.com/kakaorpc/kakaorpc/gen/kakao/search/v1"
)

const searchService = "kakao.search.v1.SearchService."

// found is a document of whatever kind.
type found interface {
	GetDatetime() *timestamppb.Timestamp
	proto.Message
}

// every collects the documents of all pages. It stops where Kakao says that the
// last page is.
func every[Document found](s *story, kind string, ask func(page int32) (*searchv1.SearchMeta, []Document)) []Document {
	s.t.Helper()
	var all []Document
	for page := int32(1); page <= 15; page++ {
		meta, documents := ask(page)
		for _, document := range documents {
			if slices.ContainsFunc(all, func(other Document) bool { return proto.Equal(other, document) }) {
				s.t.Errorf("%s: page %d repeats %v", kind, page, document)
			}
			all = append(all, document)
		}
		if meta.GetIsEnd() {
			if int(meta.GetPageableCount()) != len(all) || meta.GetTotalCount() <= meta.GetPageableCount() {
				s.t.Errorf("%s: %d documents on %d pages, %v", kind, len(all), page, meta)
			}
			return all
		}
	}
	s.t.Fatalf("%s: the search never ends", kind)
	return nil
}

// newestFirst checks the order by date.
func newestFirst[Document found](s *story, kind string, documents []Document) {
	s.t.Helper()
	at := func(d Document) time.Time { return d.GetDatetime().AsTime() }
	if !slices.IsSortedFunc(documents, func(a, b Document) int { return at(b).Compare(at(a)) }) {
		s.t.Errorf("%s: the newest does not come first", kind)
	}
}

// marked checks that the words found stand in <b>, as Kakao writes them.
func marked(s *story, kind string, title, contents string) {
	s.t.Helper()
	if text := title + contents; !strings.Contains(text, "<b>산책</b>") || strings.Contains(text, `\u003c`) {
		s.t.Errorf("%s: %s", kind, text)
	}
}

// TestSearchStory: every kind of document, page by page to the end.
func TestSearchStory(t *testing.T) {
	tell(t, func(s *story) {
		recency := searchv1.SearchSort_SEARCH_SORT_RECENCY
		size := proto.Int32(6)

		web := every(s, "web", func(page int32) (*searchv1.SearchMeta, []*searchv1.WebDocument) {
			got := must(s, searchService+"SearchWeb", &searchv1.SearchWebRequest{Query: "산책", Size: size, Page: &page}, &searchv1.SearchWebResponse{})
			return got.GetMeta(), got.GetDocuments()
		})
		for _, document := range web {
			marked(s, "web", document.GetTitle(), document.GetContents())
		}
		if !slices.ContainsFunc(web, func(d *searchv1.WebDocument) bool { return d.Datetime == nil }) {
			s.t.Error("every web document has a date")
		}
		videos := every(s, "videos", func(page int32) (*searchv1.SearchMeta, []*searchv1.VideoDocument) {
			got := must(s, searchService+"SearchVideos", &searchv1.SearchVideosRequest{Query: "산책", Size: size, Page: &page, Sort: recency}, &searchv1.SearchVideosResponse{})
			return got.GetMeta(), got.GetDocuments()
		})
		newestFirst(s, "videos", videos)
		newestFirst(s, "images", every(s, "images", func(page int32) (*searchv1.SearchMeta, []*searchv1.ImageDocument) {
			got := must(s, searchService+"SearchImages", &searchv1.SearchImagesRequest{Query: "산책", Size: size, Page: &page, Sort: recency}, &searchv1.SearchImagesResponse{})
			return got.GetMeta(), got.GetDocuments()
		}))
		blogs := every(s, "blogs", func(page int32) (*searchv1.SearchMeta, []*searchv1.BlogDocument) {
			got := must(s, searchService+"SearchBlogs", &searchv1.SearchBlogsRequest{Query: "산책", Size: size, Page: &page, Sort: recency}, &searchv1.SearchBlogsResponse{})
			return got.GetMeta(), got.GetDocuments()
		})
		newestFirst(s, "blogs", blogs)
		marked(s, "blogs", blogs[0].GetTitle(), blogs[0].GetContents())
		books := every(s, "books", func(page int32) (*searchv1.SearchMeta, []*searchv1.BookDocument) {
			got := must(s, searchService+"SearchBooks", &searchv1.SearchBooksRequest{
				Query: "산책", Size: size, Page: &page, Sort: searchv1.BookSort_BOOK_SORT_LATEST,
			}, &searchv1.SearchBooksResponse{})
			return got.GetMeta(), got.GetDocuments()
		})
		newestFirst(s, "books", books)
		cafe := every(s, "cafe", func(page int32) (*searchv1.SearchMeta, []*searchv1.CafeDocument) {
			got := must(s, searchService+"SearchCafe", &searchv1.SearchCafeRequest{Query: "산책", Size: size, Page: &page}, &searchv1.SearchCafeResponse{})
			return got.GetMeta(), got.GetDocuments()
		})
		marked(s, "cafe", cafe[0].GetTitle(), cafe[0].GetContents())

		// One of the books, by its number alone; one blog, by its address.
		isbn := strings.Fields(books[0].GetIsbn())[0]
		one := must(s, searchService+"SearchBooks", &searchv1.SearchBooksRequest{Query: isbn, Target: searchv1.BookTarget_BOOK_TARGET_ISBN}, &searchv1.SearchBooksResponse{})
		if len(one.GetDocuments()) != 1 || !proto.Equal(one.GetDocuments()[0], books[0]) {
			s.t.Errorf("the book %s: %v", isbn, one)
		}
		post := blogs[0]
		blog := must(s, searchService+"SearchBlogs", &searchv1.SearchBlogsRequest{
			Query: post.GetUrl()[:strings.LastIndex(post.GetUrl(), "/")] + " 산책", Size: proto.Int32(50),
		}, &searchv1.SearchBlogsResponse{}).GetDocuments()
		for _, other := range blog {
			if other.GetBlogname() != post.GetBlogname() {
				s.t.Errorf("a post of %s in %s", other.GetBlogname(), post.GetBlogname())
			}
		}
		if len(blog) == 0 || len(blog) == len(blogs) {
			s.t.Errorf("%d posts in one blog, %d in all", len(blog), len(blogs))
		}

		// Nothing found is an answer; a page that cannot be is none.
		nothing := must(s, searchService+"SearchWeb", &searchv1.SearchWebRequest{Query: "없는말"}, &searchv1.SearchWebResponse{})
		if len(nothing.GetDocuments()) != 0 || !nothing.GetMeta().GetIsEnd() {
			s.t.Errorf("nothing: %v", nothing)
		}
		s.refused(searchService+"SearchVideos", &searchv1.SearchVideosRequest{Query: "산책", Page: proto.Int32(16)},
			&searchv1.SearchVideosResponse{}, codes.InvalidArgument, "REQUEST_INVALID")
		s.refused(searchService+"SearchCafe", &searchv1.SearchCafeRequest{Query: " "},
			&searchv1.SearchCafeResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")
	})
}
