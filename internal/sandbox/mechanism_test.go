package sandbox

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

func noHandler(*request) (any, *kakaoError) { return nil, nil }

func TestRouteTable(t *testing.T) {
	get := []string{http.MethodGet}
	table, err := newRouteTable([]route{
		{methods: get, host: kapiHost, path: "/a/{id}", handle: noHandler},
		{methods: []string{"PUT", "DELETE"}, host: kapiHost, path: "/a/{id}", handle: noHandler},
		{methods: get, host: kapiHost, path: "/a/fixed", handle: noHandler},
		{methods: get, host: dapiHost, path: "/s/{what}.{format}", aliases: []string{"/s/{what}"}, handle: noHandler},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path, route string
		variables           map[string]string
		allowed             string
	}{
		{"GET", "/a/7", "GET /a/{id}", map[string]string{"id": "7"}, "[]"},
		{"DELETE", "/a/7", "PUT /a/{id}", map[string]string{"id": "7"}, "[]"},
		{"GET", "/a/x%2Fy", "GET /a/{id}", map[string]string{"id": "x/y"}, "[]"},
		{"GET", "/a/fixed", "GET /a/fixed", nil, "[]"},
		{"GET", "/s/web.json", "GET /s/{what}.{format}", map[string]string{"what": "web", "format": "json"}, "[]"},
		{"GET", "/s/web", "GET /s/{what}.{format}", map[string]string{"what": "web"}, "[]"},
		{"POST", "/a/7", "", nil, "[GET PUT DELETE]"},
		{"GET", "/a/7/8", "", nil, "[]"},
		{"GET", "/b", "", nil, "[]"},
	} {
		r, variables, allowed := table.find(c.method, c.path)
		key := ""
		if r != nil {
			key = r.key()
			allowed = nil
		}
		if key != c.route || (r != nil && !reflect.DeepEqual(variables, c.variables)) || fmt.Sprint(allowed) != c.allowed {
			t.Errorf("%s %s: route %q, variables %v, allowed %v", c.method, c.path, key, variables, allowed)
		}
	}
	for about, rows := range map[string][]route{
		"twice":        {{methods: get, host: kapiHost, path: "/a", handle: noHandler}, {methods: get, host: kauthHost, path: "/a", handle: noHandler}},
		"unknown host": {{methods: get, host: "kakao.example", path: "/a", handle: noHandler}},
		"no handler":   {{methods: get, host: kapiHost, path: "/a"}},
		"no method":    {{host: kapiHost, path: "/a", handle: noHandler}},
		"bad variable": {{methods: get, host: kapiHost, path: "/{a-b}", handle: noHandler}},
	} {
		if _, err := newRouteTable(rows); err == nil {
			t.Errorf("%s: no error", about)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		kind kind
		text string
		want string // of the parsed value, or "!" and the problem
	}{
		{integer(2, 5), "2", "2"},
		{integer(2, 5), "1", "!below 2"},
		{integer(2, 5), "6", "!above 5"},
		{integer(2, 5), "2.0", "!a whole number"},
		{integer(2, 5), " 2", "!a whole number"},
		{integer(-5, 5), "-0", "!a whole number"},
		{decimal(-1, 1), "-0.5", "-0.5"},
		{decimal(-1, 1), "1e-1", "!a decimal number"},
		{decimal(-1, 1), "NaN", "!a decimal number"},
		{decimal(-1, 1), "1.5", "!above 1"},
		{decimal(-1, 1), "-1.01", "!below -1"},
		{boolean(), "true", "true"},
		{boolean(), "TRUE", "!true or false"},
		{enum("a", "b"), "b", "b"},
		{enum("a", "b"), "c", "!one of a, b"},
		{commaList(), "a,b c", "[a b c]"},
		{commaList(), "a,,b", "!words separated by commas"},
		{wordList(), "a, b c", "[a b c]"},
		{wordList(), " ", "!words separated by commas or spaces"},
		{jsonStrings(2), `["a", "b"]`, "[a b]"},
		{jsonStrings(2), `["a","b","c"]`, "!above 2"},
		{jsonStrings(2), `["a"] x`, "!a JSON array of strings"},
		{jsonStrings(2), `{"a":"b"}`, "!a JSON array of strings"},
		{jsonInt64s(2), `[ 1377016924426814987 , -1 ]`, "[1377016924426814987 -1]"},
		{jsonInt64s(2), `[1e3]`, "!a JSON array of whole numbers"},
		{jsonTexts(), `{"a":"b"}`, "map[a:b]"},
		{jsonTexts(), `{"a":["b"]}`, "!a JSON object of strings"},
		{jsonValue(), ` {"a":[1]}`, ` {"a":[1]}`},
		{jsonValue(), `null`, "!a JSON object or array"},
		{jsonValue(), `{"a":`, "!a JSON object or array"},
	} {
		v, p := c.kind.parse(c.text)
		got := fmt.Sprint(v)
		if raw, ok := v.(interface{ MarshalJSON() ([]byte, error) }); ok {
			b, _ := raw.MarshalJSON()
			got = string(b)
		}
		if p != nil {
			got = map[reason]string{isMalformed: "!" + p.detail, isTooSmall: "!below " + p.bound, isTooLarge: "!above " + p.bound}[p.reason]
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// TestJSONBody calls a made-up route, as products with JSON bodies will have.
func TestJSONBody(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.routes, err = newRouteTable([]route{{
		methods: []string{http.MethodPost}, host: kapiHost, path: "/v1/made/up", accepts: anyAppKey, body: jsonBody,
		params: []param{
			{name: "name", kind: text(), required: true}, {name: "count", kind: integer(1, 9)}, {name: "on", kind: boolean()},
			{name: "ids", kind: jsonInt64s(5)}, {name: "schema", kind: jsonTexts()}, {name: "event", kind: jsonValue()}, {name: "rate", kind: decimal(0, 1)},
		},
		handle: func(r *request) (any, *kakaoError) {
			return []any{r.text("name"), r.int64("count", -1), r.bool("on"), r.int64s("ids"), r.texts("schema"), r.raw("event"), r.decimal("rate")}, nil
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"name":"가","count":3,"on":true,"ids":[1,2],"schema":{"a":"string"},"event":{"x":[1]},"rate":0.5}`: `["가",3,true,[1,2],{"a":"string"},{"x":[1]},0.5]`,
		`{"name":"a"}`:                      `["a",-1,false,null,null,null,0]`,
		`{"name":""}`:                       `cannot be empty`,
		`{"name":null}`:                     `it must be a JSON string`,
		`{"name":"a","count":"3"}`:          `it must be a JSON number`,
		`{"name":"a","ids":"[1]"}`:          `it must be a JSON array or object`,
		`{"name":"a","on":1}`:               `it must be a JSON boolean`,
		`{"name":"a","count":10}`:           `must be at most 9`,
		`{"name":"a","more":1}`:             `[more] is unknown`,
		`{"name":"a","name":"b"}`:           `[name] is repeated`,
		`{"count":1}`:                       `[name] cannot be null`,
		`{"name":"a"} {}`:                   `the body must be one JSON object`,
		`["name"]`:                          `the body must be one JSON object`,
		`{"name":"a"`:                       `the body must be one JSON object`,
		`{"name":"\ud800","event":"{}"}`:    `it must be a JSON array or object`,
		`{"name":"a","event":[{"a":null}]}`: `["a",-1,false,null,null,[{"a":null}],0]`,
	} {
		r := httptest.NewRequest(http.MethodPost, "/v1/made/up", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json; charset=UTF-8")
		r.Header.Set("Authorization", "KakaoAK "+testNativeKey)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s, want %s", body, w.Body, want)
		}
	}
}

func TestCallListIsBounded(t *testing.T) {
	var l callList
	for i := range maxCalls + 5 {
		l.add(call{BodyBytes: i})
	}
	if len(l.calls) != maxCalls || l.calls[0].BodyBytes != 5 {
		t.Errorf("%d calls from %d", len(l.calls), l.calls[0].BodyBytes)
	}
}

func TestOldThingsAreForgotten(t *testing.T) {
	st, err := newState(&Options{Clock: func() time.Time { return date(2026, 1, 1) }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := len(st.accessTokens)
	login := st.newRefreshToken(st.users[0], true, st.now(), st.now())
	st.newAccessToken(login, st.now())
	st.codes["x"] = &authorizationCode{expires: st.now()}
	st.newVisit(&pageVisit{})
	st.advanced = accessLife + 25*time.Hour
	st.dropExpired(st.now())
	if len(st.accessTokens) != before || len(st.codes) != 0 || len(st.pages) != 0 || st.refreshTokens[login.value] == nil {
		t.Errorf("left: %d tokens (%d seeded), %d codes, %d pages", len(st.accessTokens), before, len(st.codes), len(st.pages))
	}
	for range maxVisits + 10 {
		st.newVisit(&pageVisit{})
	}
	if len(st.pages) != maxVisits {
		t.Errorf("%d pages", len(st.pages))
	}
}

// TestFailureRows holds the table of codes to its rules: kauth codes name
// OAuth's error, every code has a text, statuses are errors.
func TestFailureRows(t *testing.T) {
	for code, row := range failures {
		if row.message == "" || row.status < 400 || row.status > 599 || (strings.HasPrefix(code, "KOE") != (row.error != "")) {
			t.Errorf("%s: %+v", code, row)
		}
		if e := newFailure(code, ""); e.status != row.status || len(e.members) < 2 {
			t.Errorf("%s: %+v", code, e)
		}
	}
}

func TestWithQuery(t *testing.T) {
	for _, c := range []struct{ uri, want string }{
		{"https://a.example/cb", "https://a.example/cb?code=x+y"},
		{"https://a.example/cb?from=k", "https://a.example/cb?from=k&code=x+y"},
	} {
		if got := withQuery(c.uri, url.Values{"code": {"x y"}}); got != c.want {
			t.Errorf("%s", got)
		}
	}
	if got := withQuery("https://a.example/cb", nil); got != "https://a.example/cb" {
		t.Errorf("%s", got)
	}
}
