package daum

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed data/*.json
var data embed.FS

// Corpus is everything that can be found, in the order in which accuracy puts
// it.
type Corpus struct {
	web    []WebDocument
	videos []VideoDocument
	images []ImageDocument
	blogs  []BlogDocument
	books  []BookDocument
	cafe   []CafeDocument
}

// Default returns the corpus that is compiled in. It is read once and never
// changes.
var Default = sync.OnceValues(func() (*Corpus, error) {
	files, err := fs.Sub(data, "data")
	if err != nil {
		return nil, err
	}
	return Load(files)
})

// Load reads a corpus: one JSON array per kind, named as the kind's path at
// Kakao (web.json, vclip.json, …). It fails for a member that the kind does not
// have, and for a datetime that is no time.
func Load(files fs.FS) (*Corpus, error) {
	c := &Corpus{}
	for _, err := range []error{
		read(files, "web.json", &c.web), read(files, "vclip.json", &c.videos), read(files, "image.json", &c.images),
		read(files, "blog.json", &c.blogs), read(files, "book.json", &c.books), read(files, "cafe.json", &c.cafe),
	} {
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

func read[D document[D]](files fs.FS, name string, into *[]D) error {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, d := range *into {
		if _, err := point(d.written()); err != nil {
			return fmt.Errorf("%s: document %d: %w", name, i+1, err)
		}
	}
	return nil
}
