package daum

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func corpus(t *testing.T) *Corpus {
	t.Helper()
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// titles of web documents, without their marks.
func titles(documents []WebDocument) []string {
	var list []string
	for _, d := range documents {
		list = append(list, strings.NewReplacer("<b>", "", "</b>", "").Replace(d.Title))
	}
	return list
}

func TestEveryKindHasMoreThanCanBeReached(t *testing.T) {
	c, q := corpus(t), Query{Text: "산책", Page: 1, Size: 80}
	for kind, got := range map[string]struct {
		shown int
		meta  Meta
	}{
		"web":    {len(c.SearchWeb(q).Documents), c.SearchWeb(q).Meta},
		"videos": {len(c.SearchVideos(q).Documents), c.SearchVideos(q).Meta},
		"images": {len(c.SearchImages(q).Documents), c.SearchImages(q).Meta},
		"blogs":  {len(c.SearchBlogs(q).Documents), c.SearchBlogs(q).Meta},
		"books":  {len(c.SearchBooks(q, "").Documents), c.SearchBooks(q, "").Meta},
		"cafe":   {len(c.SearchCafe(q).Documents), c.SearchCafe(q).Meta},
	} {
		if want := (Meta{IsEnd: true, PageableCount: MaxPageable, TotalCount: 24}); got.meta != want || got.shown != MaxPageable {
			t.Errorf("%s: %d documents, %+v, want %+v", kind, got.shown, got.meta, want)
		}
	}
}

// TestCorpusHasTheTraps: values that a client may trip over are to be found.
func TestCorpusHasTheTraps(t *testing.T) {
	c := corpus(t)
	for what, found := range map[string]bool{
		"a web document without a date":    slices.ContainsFunc(c.web, func(d WebDocument) bool { return d.Datetime == "" }),
		"a video without milliseconds":     slices.ContainsFunc(c.videos, func(d VideoDocument) bool { return !strings.Contains(d.Datetime, ".") }),
		"a blog post without a thumbnail":  slices.ContainsFunc(c.blogs, func(d BlogDocument) bool { return d.Thumbnail == "" }),
		"a cafe post without a thumbnail":  slices.ContainsFunc(c.cafe, func(d CafeDocument) bool { return d.Thumbnail == "" }),
		"a book that is not on sale":       slices.ContainsFunc(c.books, func(d BookDocument) bool { return d.SalePrice == -1 && d.Status == "" }),
		"a book without an introduction":   slices.ContainsFunc(c.books, func(d BookDocument) bool { return d.Contents == "" }),
		"a book without a cover":           slices.ContainsFunc(c.books, func(d BookDocument) bool { return d.Thumbnail == "" }),
		"a book with a translator":         slices.ContainsFunc(c.books, func(d BookDocument) bool { return len(d.Translators) > 0 }),
		"a book with its long ISBN only":   slices.ContainsFunc(c.books, func(d BookDocument) bool { return strings.HasPrefix(d.ISBN, " ") }),
		"a book with its short ISBN only":  slices.ContainsFunc(c.books, func(d BookDocument) bool { return strings.HasSuffix(d.ISBN, " ") }),
		"a collection that is neither one": slices.ContainsFunc(c.images, func(d ImageDocument) bool { return d.Collection == "etc" }),
	} {
		if !found {
			t.Errorf("there is not %s", what)
		}
	}
}

func TestMatching(t *testing.T) {
	c := corpus(t)
	for query, want := range map[string]int{
		"고양이 하루":           1,
		"고양이 캠핑":           0,
		"COFFEE":           1,
		"coffee slow":      1,
		"없는말":              0,
		"  단풍   미리내계곡  ":   1,
		"<야간":              6, // no word is an expression
		".*":               0,
		"'cats & naps'":    1,
		"단풍 단풍":            len(c.SearchWeb(Query{Text: "단풍", Page: 1, Size: 50}).Documents),
		"https://없는.곳 산책":  0, // only among blogs a URL has a meaning
		"산책 https://없는.곳 ": 0,
	} {
		if got := c.SearchWeb(Query{Text: query, Page: 1, Size: 50}).Meta.TotalCount; got != want {
			t.Errorf("%q: %d documents, want %d", query, got, want)
		}
	}
}

func TestMarks(t *testing.T) {
	c := corpus(t)
	one := func(query string) WebDocument {
		t.Helper()
		found := c.SearchWeb(Query{Text: query, Page: 1, Size: 1}).Documents
		if len(found) != 1 {
			t.Fatalf("%q: %d documents", query, len(found))
		}
		return found[0]
	}
	if got, want := one("cats 고양이").Contents, "<b>고양이</b>는 하루에 열네 시간을 잔다. It&#39;s true: &#39;<b>cats</b> &amp; naps&#39;"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// In any case, and the longer of two words that begin alike.
	if got, want := one("COFF coffee").Title, "Slow <b>Coffee</b> 원두 이야기"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := one("휴식").Title; got != "별빛마을 한 바퀴 산책 &amp; <b>휴식</b>" {
		t.Errorf("got  %s", got)
	}
	// The corpus itself stays as it is.
	if again := one("개방"); strings.Contains(again.Contents, "휴식</b>") || !strings.Contains(again.Contents, "&lt;야간 <b>개방</b>&gt;") {
		t.Errorf("got  %s", again.Contents)
	}
}

func TestNewestFirst(t *testing.T) {
	c := corpus(t)
	stored := c.SearchWeb(Query{Text: "산책", Page: 1, Size: 20}).Documents
	if stored[0].URL != "http://docs.example.com/walks/11" || stored[1].URL != "http://docs.example.com/walks/12" {
		t.Errorf("the order is not the corpus's: %s", titles(stored))
	}
	videos := c.SearchVideos(Query{Text: "산책", Newest: true, Page: 1, Size: 20}).Documents
	if !slices.IsSortedFunc(videos, newestFirst) || slices.IsSortedFunc(c.videos, newestFirst) {
		t.Error("the newest video is not the first")
	}
	// A document without a date is older than all.
	all := c.SearchWeb(Query{Text: "별빛마을", Newest: true, Page: 1, Size: 50}).Documents
	if len(all) != 1 || all[0].Datetime != "" {
		t.Fatalf("documents %+v", all)
	}
	web := slices.Clone(c.web)
	slices.SortStableFunc(web, newestFirst)
	if web[len(web)-1].URL != all[0].URL {
		t.Errorf("the last of the newest is %s", web[len(web)-1].URL)
	}
}

func TestPages(t *testing.T) {
	c := corpus(t)
	var seen []string
	for page := 1; ; page++ {
		got := c.SearchWeb(Query{Text: "산책", Page: page, Size: 7})
		seen = append(seen, titles(got.Documents)...)
		if got.Meta.IsEnd != (page == 3) {
			t.Fatalf("page %d: %+v", page, got.Meta)
		}
		if got.Meta.IsEnd {
			break
		}
	}
	if whole := titles(c.SearchWeb(Query{Text: "산책", Page: 1, Size: 50}).Documents); !slices.Equal(seen, whole) {
		t.Errorf("the pages hold %q, the whole %q", seen, whole)
	}
	last := c.SearchWeb(Query{Text: "산책", Page: 3, Size: 7})
	if beyond := c.SearchWeb(Query{Text: "산책", Page: 50, Size: 7}); !slices.Equal(titles(beyond.Documents), titles(last.Documents)) || !beyond.Meta.IsEnd {
		t.Errorf("beyond the end: %q, %+v", titles(beyond.Documents), beyond.Meta)
	}
	if none := c.SearchWeb(Query{Text: "없는말", Page: 1, Size: 7}); none.Documents == nil || len(none.Documents) != 0 || none.Meta != (Meta{IsEnd: true}) {
		t.Errorf("nothing found: %+v", none)
	}
	// A page that ends where the documents do is the last one.
	if exact := c.SearchWeb(Query{Text: "산책", Page: 2, Size: 10}).Meta; !exact.IsEnd {
		t.Errorf("two pages of ten: %+v", exact)
	}
}

func TestOneBlog(t *testing.T) {
	c := corpus(t)
	for query, want := range map[string]int{
		"https://blog.example.com/narae 산책":     8,
		"https://blog.example.com/narae/ 산책":    8,
		"http://blog.example.com/narae 산책":      8,
		"https://blog.example.com/ 산책":          16,
		"https://blog.example.com/nar 산책":       0,
		"https://blog.example.co 산책":            0,
		"https://blog.example.com/narae":        9,
		"https://blog.example.com/narae 나래 이야기": 1,
		"산책 https://blog.example.com/narae":     0,
	} {
		if got := c.SearchBlogs(Query{Text: query, Page: 1, Size: 50}).Meta.TotalCount; got != want {
			t.Errorf("%q: %d posts, want %d", query, got, want)
		}
	}
}

func TestBookTargets(t *testing.T) {
	c := corpus(t)
	for _, c2 := range []struct {
		query, target string
		want          int
	}{
		{"김가온", "person", len(of(c.books, func(d BookDocument) bool { return strings.Contains(d.persons(), "김가온") }))},
		{"김가온", "title", 0},
		{"김가온 이다솜", "person", 1},
		{"나래출판", "publisher", 7},
		{"나래출판", "person", 0},
		{"나래출판", "", 7},
		{"별빛", "title", 2},
		{"9788900090013", "isbn", 1},
		{"978-89-000-9001-3", "isbn", 1},
		{"8900090011", "isbn", 1},
		{"97889000", "isbn", 0},
		{"97889000900", "", 3},
	} {
		got := c.SearchBooks(Query{Text: c2.query, Page: 1, Size: 50}, c2.target).Meta.TotalCount
		if got != c2.want || c2.target == "person" && c2.query == "김가온" && got == 0 {
			t.Errorf("%q in %q: %d books, want %d", c2.query, c2.target, got, c2.want)
		}
	}
}

func of(books []BookDocument, fits func(BookDocument) bool) []BookDocument {
	return slices.DeleteFunc(slices.Clone(books), func(d BookDocument) bool { return !fits(d) })
}

func TestLoadRefuses(t *testing.T) {
	whole := func() fstest.MapFS {
		files := fstest.MapFS{}
		for _, name := range []string{"web", "vclip", "image", "blog", "book", "cafe"} {
			files[name+".json"] = &fstest.MapFile{Data: []byte("[]")}
		}
		return files
	}
	if _, err := Load(whole()); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"blog.json":  `[{"title":"a","cafename":"b"}]`,
		"web.json":   `{"title":"a"}`,
		"vclip.json": `[{"datetime":"2024-05-06 09:36:45"}]`,
		"cafe.json":  `[`,
	} {
		files := whole()
		files[name].Data = []byte(content)
		if _, err := Load(files); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s with %s: %v", name, content, err)
		}
	}
	files := whole()
	delete(files, "book.json")
	if _, err := Load(files); err == nil {
		t.Error("a missing file is no error")
	}
}
