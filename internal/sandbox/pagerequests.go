package sandbox

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// requestsPerPage bounds the page of requests, which its script asks for again
// and again.
const requestsPerPage = 100

// callFilters are the kinds of call that the page can be narrowed down to.
var callFilters = []struct {
	name string
	has  func(*call) bool
}{
	{"all", func(*call) bool { return true }},
	{"errors", (*call).failed},
	{"faults", func(c *call) bool { return c.Fault != "" }},
	{"signin", func(c *call) bool { return c.answer.host == kauthHost }},
}

// failed says whether the caller got no good answer.
func (c *call) failed() bool {
	return c.answer.status == 0 || c.answer.status >= 400 || c.answer.code != ""
}

// showRequestsPage shows the calls, newest first: ?text= and ?only= narrow
// them down, ?before= is the ID behind which the page begins.
func showRequestsPage(v visitor) pages.View {
	text, only := strings.TrimSpace(v.query.Get("text")), v.query.Get("only")
	has := callFilters[0].has
	page := pages.RequestsPage{Text: text, Total: len(v.state.calls.calls)}
	for _, filter := range callFilters {
		if filter.name == only {
			has = filter.has
		}
		page.Only = append(page.Only, pages.Option{Value: filter.name, Chosen: filter.name == cmp.Or(only, "all")})
	}
	var matching []*call
	for i := range slices.Backward(v.state.calls.calls) {
		if c := &v.state.calls.calls[i]; has(c) && c.mentions(text) {
			matching = append(matching, c)
		}
	}
	page.Matching = len(matching)
	start := 0
	if before, err := strconv.Atoi(v.query.Get("before")); err == nil {
		start = max(0, slices.IndexFunc(matching, func(c *call) bool { return c.id < before }))
	}
	end := min(start+requestsPerPage, len(matching))
	link := func(before int) string {
		query := url.Values{"text": {text}, "only": {only}}
		if before > 0 {
			query.Set("before", strconv.Itoa(before))
		}
		return pages.RequestsPath + "?" + query.Encode()
	}
	if start > 0 {
		page.Newer = link(0)
		if newer := start - requestsPerPage; newer > 0 {
			page.Newer = link(matching[newer].id + 1)
		}
	}
	if end < len(matching) {
		page.Older = link(matching[end-1].id)
	}
	for _, c := range matching[start:end] {
		page.Requests = append(page.Requests, requestOf(v.state.app, c))
	}
	return page
}

// mentions says whether what the summary of a call shows holds a text.
func (c *call) mentions(text string) bool {
	shown := strings.Join([]string{c.Method, c.answer.host + c.Path, strconv.Itoa(c.answer.status), c.answer.code, c.Credential, c.Fault}, " ")
	return strings.Contains(strings.ToLower(shown), strings.ToLower(text))
}

func requestOf(a *app, c *call) pages.Request {
	shown := pages.Request{
		ID: c.id, At: c.at.In(koreaZone), Method: c.Method, Host: c.answer.host, Path: c.Path, Status: c.answer.status, Code: c.answer.code,
		Credential: c.Credential, Fault: c.Fault, Failed: c.failed(), Query: manyPairs(c.Query), Form: manyPairs(c.Form), Bytes: c.BodyBytes,
		Answer: c.answer.text(a), AnswerNote: c.answer.note,
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		shown.Headers = append(shown.Headers, pages.Pair{Name: name, Value: c.Headers[name]})
	}
	if c.JSON != nil {
		shown.Body = indented(c.JSON)
	}
	for _, name := range shownHeaders {
		if text := c.answer.headerText(a, name); text != "" {
			shown.AnswerHeaders = append(shown.AnswerHeaders, pages.Pair{Name: name, Value: text})
		}
	}
	return shown
}

// manyPairs are parameters in the order of their names.
func manyPairs(values map[string][]string) []pages.Pair {
	var pairs []pages.Pair
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, text := range values[name] {
			pairs = append(pairs, pages.Pair{Name: name, Value: text})
		}
	}
	return pairs
}
