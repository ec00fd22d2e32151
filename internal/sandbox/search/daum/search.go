package daum

import (
	"slices"
	"strings"
)

// Query is a search.
type Query struct {
	// Text is what to look for: every word of it must be found, in any case.
	Text string
	// Newest sorts by datetime, documents without one last; by default the order
	// is the corpus's own.
	Newest bool
	// Page is the page, from 1, and Size the number of documents on it.
	Page, Size int
}

// Answer is a page of documents, as Kakao writes it.
type Answer[D any] struct {
	Documents []D  `json:"documents"`
	Meta      Meta `json:"meta"`
}

// Meta is about an answer.
type Meta struct {
	IsEnd         bool `json:"is_end"`
	PageableCount int  `json:"pageable_count"`
	TotalCount    int  `json:"total_count"`
}

// MaxPageable is how many documents of a search paging can reach. Kakao's
// numbers are in the hundreds and differ from search to search; the sandbox's
// is small, so that a search for a common word shows the difference to
// total_count.
const MaxPageable = 20

// SearchWeb searches web documents.
func (c *Corpus) SearchWeb(q Query) Answer[WebDocument] {
	return search(c.web, q, everywhere[WebDocument])
}

// SearchVideos searches videos.
func (c *Corpus) SearchVideos(q Query) Answer[VideoDocument] {
	return search(c.videos, q, everywhere[VideoDocument])
}

// SearchImages searches images by what they show.
func (c *Corpus) SearchImages(q Query) Answer[ImageDocument] {
	return search(c.images, q, everywhere[ImageDocument])
}

// SearchBlogs searches blog posts. A text that begins with a URL and a space
// looks in that blog only.
func (c *Corpus) SearchBlogs(q Query) Answer[BlogDocument] {
	posts := c.blogs
	if first, rest, _ := strings.Cut(strings.TrimSpace(q.Text), " "); isURL(first) {
		q.Text = rest
		posts = slices.DeleteFunc(slices.Clone(posts), func(d BlogDocument) bool { return !inBlog(d.URL, first) })
	}
	return search(posts, q, everywhere[BlogDocument])
}

// SearchCafe searches posts in cafes.
func (c *Corpus) SearchCafe(q Query) Answer[CafeDocument] {
	return search(c.cafe, q, everywhere[CafeDocument])
}

// targets are the fields of a book that a search can be confined to. The ISBN
// must be whole; hyphens in it do not count.
var targets = map[string]func(d BookDocument, word string) bool{
	"":          everywhere[BookDocument],
	"title":     func(d BookDocument, word string) bool { return holds(d.Title, word) },
	"publisher": func(d BookDocument, word string) bool { return holds(d.Publisher, word) },
	"person":    func(d BookDocument, word string) bool { return holds(d.persons(), word) },
	"isbn": func(d BookDocument, word string) bool {
		return slices.Contains(strings.Fields(d.ISBN), strings.ReplaceAll(word, "-", ""))
	},
}

// BookTargets are the names of the fields that SearchBooks can look in.
func BookTargets() []string { return []string{"title", "isbn", "publisher", "person"} }

// SearchBooks searches books, in one of the BookTargets or, if target is empty,
// in all fields.
func (c *Corpus) SearchBooks(q Query, target string) Answer[BookDocument] {
	return search(c.books, q, targets[target])
}

// everywhere looks in all the words of a document.
func everywhere[D document[D]](d D, word string) bool { return holds(d.words(), word) }

func holds(text, word string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(word))
}

func isURL(word string) bool {
	return strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://")
}

// inBlog says whether a post stands in a blog, whatever the scheme.
func inBlog(post, blog string) bool {
	_, post, _ = strings.Cut(post, "://")
	_, blog, _ = strings.Cut(strings.TrimRight(blog, "/"), "://")
	return post == blog || strings.HasPrefix(post, blog+"/")
}

// search finds the documents that fit with every word, sorts them as asked and
// shows one page of them.
func search[D document[D]](all []D, q Query, fits func(d D, word string) bool) Answer[D] {
	words := strings.Fields(q.Text)
	var hits []D
	for _, d := range all {
		if !slices.ContainsFunc(words, func(word string) bool { return !fits(d, word) }) {
			hits = append(hits, d)
		}
	}
	if q.Newest {
		slices.SortStableFunc(hits, newestFirst)
	}
	shown, meta := cut(hits, q)
	mark := newMarker(words)
	documents := make([]D, len(shown))
	for i, d := range shown {
		documents[i] = d.marked(mark)
	}
	return Answer[D]{documents, meta}
}

func newestFirst[D document[D]](a, b D) int {
	at, _ := point(a.written()) // Load has read it
	bt, _ := point(b.written())
	return bt.Compare(at)
}

// cut gives the page's share of all hits. What Kakao answers beyond the end is
// not documented; here it is the last page once more, as on Kakao Local: only
// is_end tells a client to stop.
func cut[D any](all []D, q Query) ([]D, Meta) {
	reachable := min(len(all), MaxPageable)
	meta := Meta{TotalCount: len(all), PageableCount: reachable, IsEnd: q.Page*q.Size >= reachable}
	if reachable == 0 {
		return nil, meta
	}
	last := (reachable + q.Size - 1) / q.Size
	start := (min(q.Page, last) - 1) * q.Size
	return all[start:min(start+q.Size, reachable)], meta
}
