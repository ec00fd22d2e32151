package inspector

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// requestsPerPage bounds the page of requests, which its script asks for again
// and again.
const requestsPerPage = 100

// callFilters are the kinds of call that the page can be narrowed down to.
var callFilters = []struct {
	name string
	has  func(*platform.Call) bool
}{
	{"all", func(*platform.Call) bool { return true }},
	{"errors", failed},
	{"faults", func(c *platform.Call) bool { return c.Fault != "" }},
	{"signin", func(c *platform.Call) bool { return c.Answer.Host == platform.KauthHost }},
}

// failed says whether the caller got no good answer.
func failed(c *platform.Call) bool {
	return c.Answer.Status == 0 || c.Answer.Status >= 400 || c.Answer.Code != ""
}

// showRequestsPage shows the calls, newest first: ?text= and ?only= narrow
// them down, ?before= is the ID behind which the page begins.
func showRequestsPage(v visitor) pages.View {
	text, only := strings.TrimSpace(v.query.Get("text")), v.query.Get("only")
	has := callFilters[0].has
	page := pages.RequestsPage{Text: text, Total: len(v.state.Calls.Calls)}
	for _, filter := range callFilters {
		if filter.name == only {
			has = filter.has
		}
		page.Only = append(page.Only, pages.Option{Value: filter.name, Chosen: filter.name == cmp.Or(only, "all")})
	}
	var matching []*platform.Call
	for i := range slices.Backward(v.state.Calls.Calls) {
		if c := &v.state.Calls.Calls[i]; has(c) && mentions(c, text) {
			matching = append(matching, c)
		}
	}
	page.Matching = len(matching)
	start := 0
	if before, err := strconv.Atoi(v.query.Get("before")); err == nil {
		start = max(0, slices.IndexFunc(matching, func(c *platform.Call) bool { return c.ID < before }))
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
			page.Newer = link(matching[newer].ID + 1)
		}
	}
	if end < len(matching) {
		page.Older = link(matching[end-1].ID)
	}
	for _, c := range matching[start:end] {
		page.Requests = append(page.Requests, requestOf(v.state.App, c))
	}
	return page
}

// mentions says whether what the summary of a call shows holds a text.
func mentions(c *platform.Call, text string) bool {
	shown := strings.Join([]string{c.Method, c.Answer.Host + c.Path, strconv.Itoa(c.Answer.Status), c.Answer.Code, c.Credential, c.Fault}, " ")
	return strings.Contains(strings.ToLower(shown), strings.ToLower(text))
}

func requestOf(a *platform.App, c *platform.Call) pages.Request {
	shown := pages.Request{
		ID: c.ID, At: c.Moment.In(platform.KoreaZone), Method: c.Method, Host: c.Answer.Host, Path: c.Path, Status: c.Answer.Status, Code: c.Answer.Code,
		Credential: c.Credential, Fault: c.Fault, Failed: failed(c), Query: manyPairs(c.Query), Form: manyPairs(c.Form), Bytes: c.BodyBytes,
		Answer: c.Answer.Text(a), AnswerNote: c.Answer.Note,
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		shown.Headers = append(shown.Headers, pages.Pair{Name: name, Value: c.Headers[name]})
	}
	if c.JSON != nil {
		shown.Body = platform.Indented(c.JSON)
	}
	for _, name := range platform.ShownHeaders {
		if text := c.Answer.HeaderText(a, name); text != "" {
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
