package site

import (
	"embed"
	"net/http"

	"github.com/swaggest/swgui/v5/static"
)

//go:embed assets
var files embed.FS

// asset is a file that is served as it is.
type asset struct{ path, contentType, file string }

// ownAssets are the files of this package.
var ownAssets = []asset{
	{assetPath + "site.css", "text/css; charset=utf-8", "assets/site.css"},
	{assetPath + "site.js", "text/javascript; charset=utf-8", "assets/site.js"},
	{assetPath + "icon.svg", "image/svg+xml", "assets/icon.svg"},
	{swaggerPath + "start.js", "text/javascript; charset=utf-8", "assets/swagger.js"},
	{swaggerPath + "start.css", "text/css; charset=utf-8", "assets/swagger.css"},
}

// swaggerAssets are the files of Swagger UI, compressed already.
var swaggerAssets = []asset{
	{swaggerPath + "swagger-ui.css", "text/css; charset=utf-8", "swagger-ui.css.gz"},
	{swaggerPath + "swagger-ui-bundle.js", "text/javascript; charset=utf-8", "swagger-ui-bundle.js.gz"},
}

// staticPages are the paths of the files.
func staticPages() ([]Page, error) {
	var pages []Page
	for _, a := range ownAssets {
		content, err := files.ReadFile(a.file)
		if err != nil {
			return nil, err
		}
		pages = append(pages, a.page(newDocument(a.contentType, content)))
	}
	for _, a := range swaggerAssets {
		compressed, err := static.FS.ReadFile(a.file)
		if err != nil {
			return nil, err
		}
		pages = append(pages, a.page(compressedDocument(a.contentType, compressed)))
	}
	return pages, nil
}

func (a asset) page(d *document) Page {
	return Page{Path: a.path, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.serve(w, r)
	})}
}

// File is a page of bytes that are what they are.
func File(path, contentType string, content []byte) Page {
	return asset{path: path, contentType: contentType}.page(newDocument(contentType, content))
}
