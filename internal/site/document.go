package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// document is something to serve: as it is, and compressed. What one follows
// from is worked out when it is first asked for, so that a server starts at once.
type document struct {
	contentType       string
	plain, compressed func() []byte
	tag               func() string
}

func newDocument(contentType string, plain []byte) *document {
	return &document{contentType, func() []byte { return plain }, sync.OnceValue(func() []byte { return compress(plain) }), tagOf(plain)}
}

// compressedDocument is one that is at hand compressed.
func compressedDocument(contentType string, compressed []byte) *document {
	return &document{contentType, sync.OnceValue(func() []byte { return decompress(compressed) }), func() []byte { return compressed }, tagOf(compressed)}
}

func tagOf(content []byte) func() string {
	return sync.OnceValue(func() string {
		sum := sha256.Sum256(content)
		return hex.EncodeToString(sum[:8])
	})
}

func compress(plain []byte) []byte {
	var packed bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is a valid one
	_, _ = writer.Write(plain)                                      // a buffer takes everything
	_ = writer.Close()
	return packed.Bytes()
}

// decompress is for files of a module that go.sum pins, which a test reads: they
// hold no surprise.
func decompress(compressed []byte) []byte {
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil
	}
	content, _ := io.ReadAll(reader) // #nosec G110
	return content
}

// serve answers with the document, or with 304 to who has it. What is kept is
// asked about each time: nobody sees the style of an old version with the page
// of a new one.
func (d *document) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", d.contentType)
	header.Set("Cache-Control", "no-cache")
	header.Add("Vary", "Accept-Encoding")
	// The two forms are different bytes and need tags of their own.
	tag, body := `"`+d.tag()+`"`, d.plain
	if takesGzip(r) {
		tag, body = `"`+d.tag()+`-gzip"`, d.compressed
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("ETag", tag)
	if known(r, tag) {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := body()
	header.Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // #nosec G705 -- made by html/template, or a file; whoever does not read it has gone
}

func known(r *http.Request, tag string) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("If-None-Match"), ","), ",") {
		if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, "W/") == tag {
			return true
		}
	}
	return false
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) == "gzip" {
			return quality(parameters) > 0
		}
	}
	return false
}
