package daum

import (
	"strings"
	"time"
)

// document is a row of the corpus and, marked, an element of an answer. The
// members are in the order in which Kakao writes them: by name.
type document[D any] interface {
	// words is the text that a search without a target looks in.
	words() string
	// written is the member datetime; empty for a document without a date.
	written() string
	// marked is the document as an answer shows it.
	marked(m marker) D
}

// WebDocument is a web document.
type WebDocument struct {
	Contents string `json:"contents"` // HTML in an answer
	Datetime string `json:"datetime"`
	Title    string `json:"title"` // HTML in an answer
	URL      string `json:"url"`
}

func (d WebDocument) words() string   { return d.Title + " " + d.Contents }
func (d WebDocument) written() string { return d.Datetime }
func (d WebDocument) marked(m marker) WebDocument {
	d.Title, d.Contents = m.html(d.Title), m.html(d.Contents)
	return d
}

// VideoDocument is a video; its title is plain text.
type VideoDocument struct {
	Author    string `json:"author"`
	Datetime  string `json:"datetime"`
	PlayTime  int    `json:"play_time"` // seconds
	Thumbnail string `json:"thumbnail"`
	Title     string `json:"title"`
	URL       string `json:"url"`
}

func (d VideoDocument) words() string               { return d.Title + " " + d.Author }
func (d VideoDocument) written() string             { return d.Datetime }
func (d VideoDocument) marked(marker) VideoDocument { return d }

// ImageDocument is an image. What it shows is not part of an answer.
type ImageDocument struct {
	Words           string `json:"words,omitempty"` // what it is found by
	Collection      string `json:"collection"`
	Datetime        string `json:"datetime"`
	DisplaySitename string `json:"display_sitename"`
	DocURL          string `json:"doc_url"`
	Height          int    `json:"height"` // pixels
	ImageURL        string `json:"image_url"`
	ThumbnailURL    string `json:"thumbnail_url"`
	Width           int    `json:"width"` // pixels
}

func (d ImageDocument) words() string   { return d.Words }
func (d ImageDocument) written() string { return d.Datetime }
func (d ImageDocument) marked(marker) ImageDocument {
	d.Words = ""
	return d
}

// BlogDocument is a blog post.
type BlogDocument struct {
	Blogname  string `json:"blogname"`
	Contents  string `json:"contents"` // HTML in an answer
	Datetime  string `json:"datetime"`
	Thumbnail string `json:"thumbnail"` // may be empty
	Title     string `json:"title"`     // HTML in an answer
	URL       string `json:"url"`
}

func (d BlogDocument) words() string   { return d.Title + " " + d.Contents }
func (d BlogDocument) written() string { return d.Datetime }
func (d BlogDocument) marked(m marker) BlogDocument {
	d.Title, d.Contents = m.html(d.Title), m.html(d.Contents)
	return d
}

// BookDocument is a book; its texts are plain.
type BookDocument struct {
	Authors     []string `json:"authors"`
	Contents    string   `json:"contents"` // may be empty
	Datetime    string   `json:"datetime"`
	ISBN        string   `json:"isbn"`  // of 10 and of 13 digits, with a space between them
	Price       int      `json:"price"` // KRW
	Publisher   string   `json:"publisher"`
	SalePrice   int      `json:"sale_price"` // KRW; -1: not on sale
	Status      string   `json:"status"`     // may be empty
	Thumbnail   string   `json:"thumbnail"`  // may be empty
	Title       string   `json:"title"`
	Translators []string `json:"translators"`
	URL         string   `json:"url"`
}

func (d BookDocument) words() string {
	return strings.Join([]string{d.Title, d.Contents, d.ISBN, d.Publisher, d.persons()}, " ")
}
func (d BookDocument) written() string            { return d.Datetime }
func (d BookDocument) marked(marker) BookDocument { return d }

// persons are the people of a book.
func (d BookDocument) persons() string {
	return strings.Join(append(append([]string{}, d.Authors...), d.Translators...), " ")
}

// CafeDocument is a post in a cafe.
type CafeDocument struct {
	Cafename  string `json:"cafename"`
	Contents  string `json:"contents"` // HTML in an answer
	Datetime  string `json:"datetime"`
	Thumbnail string `json:"thumbnail"` // may be empty
	Title     string `json:"title"`     // HTML in an answer
	URL       string `json:"url"`
}

func (d CafeDocument) words() string   { return d.Title + " " + d.Contents }
func (d CafeDocument) written() string { return d.Datetime }
func (d CafeDocument) marked(m marker) CafeDocument {
	d.Title, d.Contents = m.html(d.Title), m.html(d.Contents)
	return d
}

// point is when a document was written; the zero time if it has no date.
func point(datetime string) (time.Time, error) {
	if datetime == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, datetime)
}
