package catalogue

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

var (
	//go:embed errors.en.md.tmpl
	englishPage string
	//go:embed errors.ko.md.tmpl
	koreanPage string
)

// pages are the documents around the entries.
var pages = map[Language]*template.Template{
	English: parsePage("errors.md", englishPage),
	Korean:  parsePage("errors.ko.md", koreanPage),
}

func parsePage(name, text string) *template.Template {
	return template.Must(template.New(name).Funcs(template.FuncMap{
		"anchor": errorsx.Anchor, "grpc": grpcCodes, "http": httpStatuses, "codes": kakaoCodes, "mark": mark,
	}).Parse(text))
}

// A document is what a page is made of.
type document struct {
	Entries []Entry
	Groups  []group
	Codes   []reference
}

// A group is the entries under one heading.
type group struct {
	Title   string
	Entries []Entry
}

// A reference leads from a code of Kakao's to the reasons that it may have.
type reference struct {
	Code, Family string
	Reasons      []string
}

// Markdown writes docs/errors.md or its translation: one section a reason, whose
// anchor is Entry.Anchor.
func Markdown(w io.Writer, l Language) error {
	page, known := pages[l]
	if !known {
		return fmt.Errorf("the catalogue is not written in %q", l)
	}
	entries := Entries(l)
	return page.Execute(w, document{entries, groups(entries), references(entries)})
}

func groups(entries []Entry) []group {
	var all []group
	for _, entry := range entries {
		if len(all) == 0 || all[len(all)-1].Title != entry.Group {
			all = append(all, group{Title: entry.Group})
		}
		last := &all[len(all)-1]
		last.Entries = append(last.Entries, entry)
	}
	return all
}

// references turns the entries round. The detail codes of the advertising APIs
// would be most of the table; they are left to their entries.
func references(entries []Entry) []reference {
	var all []reference
	for _, entry := range entries {
		for _, family := range entry.Kakao {
			for _, code := range family.Codes {
				if strings.Contains(code, "/") {
					continue
				}
				at := slices.IndexFunc(all, func(r reference) bool { return r.Code == code && r.Family == family.Text })
				if at < 0 {
					at = len(all)
					all = append(all, reference{Code: code, Family: family.Text})
				}
				all[at].Reasons = append(all[at].Reasons, entry.Reason)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b reference) int {
		return cmp.Or(cmp.Compare(codeOrder(a.Code), codeOrder(b.Code)), strings.Compare(a.Code, b.Code))
	})
	return all
}

// codeOrder puts numbers before names, -1 first.
func codeOrder(code string) int {
	number, err := strconv.Atoi(code)
	if err != nil {
		return 1 << 30
	}
	return max(number, -number)
}

// byStatus stands where the answer of Kakao decides.
const byStatus = `\*`

func grpcCodes(e Entry) string {
	return listed(e.Statuses, func(s Status) string { return "`" + s.Code + "`" })
}

func httpStatuses(e Entry) string {
	return listed(e.Statuses, func(s Status) string { return strconv.Itoa(s.HTTP) })
}

func kakaoCodes(e Entry) string {
	families := make([]string, 0, len(e.Kakao))
	for _, family := range e.Kakao {
		codes := listed(family.Codes, func(code string) string { return "`" + code + "`" })
		families = append(families, codes+" ("+family.Text+")")
	}
	return strings.Join(families, "; ")
}

func listed[T any](values []T, write func(T) string) string {
	if len(values) == 0 {
		return byStatus
	}
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = write(value)
	}
	return strings.Join(texts, ", ")
}

// literal finds what stands in a sentence as it is typed: quoted texts, paths,
// headers, and names with a dot, an underscore or an equals sign in them.
var literal = regexp.MustCompile(`"[^"]+"|/[a-z0-9]+([/.][a-z0-9]+)*|\bx-[a-z-]+\b|\b[A-Za-z]+([._=]([A-Za-z]+|<[^>]+>|…))+|\.proto\b`)

// mark sets the literals of a sentence in code, without which Markdown would take
// <name> for markup.
func mark(sentence string) string {
	return literal.ReplaceAllStringFunc(sentence, func(text string) string {
		return "`" + strings.Trim(text, `"`) + "`"
	})
}
