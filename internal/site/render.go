package site

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"
)

// policy lets the pages load what this server has and nothing else, and run no
// code that stands in the page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// templates are the pages; they are part of the program, so one that does not
// parse cannot get past the first test.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"lower": strings.ToLower,
	// A long path breaks before its parts.
	"path": func(path string) template.HTML {
		return template.HTML(pathBreaks.Replace(template.HTMLEscapeString(path))) // #nosec G203 -- escaped
	},
	// Replaced for each page by the texts of its language.
	"t":     func(string) template.HTML { return "" },
	"label": func(_, _ string) string { return "" },
}).ParseFS(files, "assets/*.html"))

var pathBreaks = strings.NewReplacer("/", "<wbr>/", ":", "<wbr>:")

// shown is what a template gets.
type shown struct {
	Options
	Addresses
	Language, Other string
	Path            string
	Products        []product
	Count           int
	Errors          []errorGroup
	Reasons         int
	Hosts           []hostHealth
	// Token is that of the first of the sandbox's people who has one.
	Token string
	// Plaintext is the flag of grpcurl for a server without TLS, with a space.
	Plaintext string
}

// page serves a template in the language of who asks.
func (s *site) page(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pick(w, r) {
			return
		}
		language := languageOf(r)
		d, err := s.render(name, language, r.URL.Path)
		if err != nil {
			http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
			return
		}
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Content-Language", language)
		header.Add("Vary", "Accept-Language, Cookie")
		d.serve(w, r)
	})
}

func (s *site) render(name, language, path string) (*document, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	key := name + " " + language
	if d := s.rendered[key]; d != nil {
		return d, nil
	}
	page, err := templates.Clone()
	if err != nil {
		return nil, err
	}
	page.Funcs(template.FuncMap{
		// The texts are this package's own, with their markup.
		"t":     func(key string) template.HTML { return template.HTML(text(language, key)) }, // #nosec G203
		"label": func(kind, key string) string { return label(language, kind, key) },
	})
	var out bytes.Buffer
	if err := page.ExecuteTemplate(&out, name, s.show(language, path)); err != nil {
		return nil, err
	}
	d := newDocument("text/html; charset=utf-8", out.Bytes())
	s.rendered[key] = d
	return d, nil
}

// show gathers what the templates need.
func (s *site) show(language, path string) shown {
	data := shown{
		Options: s.options, Language: language, Other: languages[0], Path: path,
		Products: s.endpoints, Count: len(s.options.Endpoints), Hosts: s.hosts(),
	}
	if language == languages[0] {
		data.Other = languages[1]
	}
	if s.options.Addresses != nil {
		data.Addresses = s.options.Addresses()
	}
	if strings.HasPrefix(data.Facade, "http://") {
		data.Plaintext = "-plaintext "
	}
	data.Errors = errorGroups(language)
	for _, group := range data.Errors {
		data.Reasons += len(group.Entries)
	}
	if s.options.Sandbox != nil {
		for _, person := range s.options.Sandbox.People {
			if data.Token == "" {
				data.Token = person.Token
			}
		}
	}
	return data
}
