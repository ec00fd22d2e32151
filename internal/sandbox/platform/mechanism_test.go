package platform

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

func noHandler(*Request) (any, *Failure) { return nil, nil }

func TestRouteTable(t *testing.T) {
	get := []string{http.MethodGet}
	table, err := newRouteTable([]Route{
		{Methods: get, Host: KapiHost, Path: "/a/{id}", Handle: noHandler},
		{Methods: []string{"PUT", "DELETE"}, Host: KapiHost, Path: "/a/{id}", Handle: noHandler},
		{Methods: get, Host: KapiHost, Path: "/a/fixed", Handle: noHandler},
		{Methods: get, Host: DapiHost, Path: "/s/{what}.{format}", Aliases: []string{"/s/{what}"}, Handle: noHandler},
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
		r, variables, allowed := table.Find(c.method, c.path)
		key := ""
		if r != nil {
			key = r.Key()
			allowed = nil
		}
		if key != c.route || (r != nil && !reflect.DeepEqual(variables, c.variables)) || fmt.Sprint(allowed) != c.allowed {
			t.Errorf("%s %s: route %q, variables %v, allowed %v", c.method, c.path, key, variables, allowed)
		}
	}
	for about, rows := range map[string][]Route{
		"twice":        {{Methods: get, Host: KapiHost, Path: "/a", Handle: noHandler}, {Methods: get, Host: KauthHost, Path: "/a", Handle: noHandler}},
		"unknown host": {{Methods: get, Host: "kakao.example", Path: "/a", Handle: noHandler}},
		"no handler":   {{Methods: get, Host: KapiHost, Path: "/a"}},
		"no method":    {{Host: KapiHost, Path: "/a", Handle: noHandler}},
		"bad variable": {{Methods: get, Host: KapiHost, Path: "/{a-b}", Handle: noHandler}},
	} {
		if _, err := newRouteTable(rows); err == nil {
			t.Errorf("%s: no error", about)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		text string
		want string // of the parsed value, or "!" and the problem
	}{
		{Integer(2, 5), "2", "2"},
		{Integer(2, 5), "1", "!below 2"},
		{Integer(2, 5), "6", "!above 5"},
		{Integer(2, 5), "2.0", "!a whole number"},
		{Integer(2, 5), " 2", "!a whole number"},
		{Integer(-5, 5), "-0", "!a whole number"},
		{Decimal(-1, 1), "-0.5", "-0.5"},
		{Decimal(-1, 1), "1e-1", "!a decimal number"},
		{Decimal(-1, 1), "NaN", "!a decimal number"},
		{Decimal(-1, 1), "1.5", "!above 1"},
		{Decimal(-1, 1), "-1.01", "!below -1"},
		{Boolean(), "true", "true"},
		{Boolean(), "TRUE", "!true or false"},
		{Enum("a", "b"), "b", "b"},
		{Enum("a", "b"), "c", "!one of a, b"},
		{CommaList(), "a,b c", "[a b c]"},
		{CommaList(), "a,,b", "!words separated by commas"},
		{WordList(), "a, b c", "[a b c]"},
		{WordList(), " ", "!words separated by commas or spaces"},
		{JSONStrings(2), `["a", "b"]`, "[a b]"},
		{JSONStrings(2), `["a","b","c"]`, "!above 2"},
		{JSONStrings(2), `["a"] x`, "!a JSON array of strings"},
		{JSONStrings(2), `{"a":"b"}`, "!a JSON array of strings"},
		{JSONInt64s(2), `[ 1377016924426814987 , -1 ]`, "[1377016924426814987 -1]"},
		{JSONInt64s(2), `[1e3]`, "!a JSON array of whole numbers"},
		{JSONTexts(), `{"a":"b"}`, "map[a:b]"},
		{JSONTexts(), `{"a":["b"]}`, "!a JSON object of strings"},
		{JSONValue(), ` {"a":[1]}`, ` {"a":[1]}`},
		{JSONValue(), `null`, "!a JSON object or array"},
		{JSONValue(), `{"a":`, "!a JSON object or array"},
	} {
		v, p := c.kind.Parse(c.text)
		got := fmt.Sprint(v)
		if raw, ok := v.(interface{ MarshalJSON() ([]byte, error) }); ok {
			b, _ := raw.MarshalJSON()
			got = string(b)
		}
		if p != nil {
			got = map[Reason]string{IsMalformed: "!" + p.Detail, isTooSmall: "!below " + p.Bound, isTooLarge: "!above " + p.Bound}[p.Reason]
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// TestJSONBody calls a made-up route, as products with JSON bodies will have.
func TestJSONBody(t *testing.T) {
	st, err := NewState(Options{Clock: time.Now}, []Product{{Routes: []Route{{
		Methods: []string{http.MethodPost}, Host: KapiHost, Path: "/v1/made/up", Accepts: AnyAppKey, Body: JSONBody,
		Params: []Param{
			{Name: "name", Kind: Text(), Required: true}, {Name: "count", Kind: Integer(1, 9)}, {Name: "on", Kind: Boolean()},
			{Name: "ids", Kind: JSONInt64s(5)}, {Name: "schema", Kind: JSONTexts()}, {Name: "event", Kind: JSONValue()}, {Name: "rate", Kind: Decimal(0, 1)},
		},
		Handle: func(r *Request) (any, *Failure) {
			return []any{r.Text("name"), r.Int64("count", -1), r.Bool("on"), r.Int64s("ids"), r.Texts("schema"), r.Raw("event"), r.Decimal("rate")}, nil
		},
	}}}})
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
		r := httptest.NewRequest(http.MethodPost, "/v1/made/up", nil)
		r.Header.Set("Content-Type", "application/json; charset=UTF-8")
		r.Header.Set("Authorization", "KakaoAK "+SeedNativeKey)
		answer := Perform(&Request{State: st, Route: st.Routes.List[0], Now: st.Now(), HTTP: r, Body: []byte(body)})
		if !strings.Contains(string(answer.Body), want) {
			t.Errorf("%s: %s, want %s", body, answer.Body, want)
		}
	}
}

func TestCallListIsBounded(t *testing.T) {
	var l CallList
	for i := range maxCalls + 5 {
		l.Add(Call{BodyBytes: i})
	}
	if len(l.Calls) != maxCalls || l.Calls[0].BodyBytes != 5 {
		t.Errorf("%d calls from %d", len(l.Calls), l.Calls[0].BodyBytes)
	}
}

// TestFailureRows holds the table of codes to its rules: kauth codes name
// OAuth's error, every code has a text, statuses are errors.
func TestFailureRows(t *testing.T) {
	for code, row := range failures {
		if row.message == "" || row.status < 400 || row.status > 599 || (strings.HasPrefix(code, "KOE") != (row.error != "")) {
			t.Errorf("%s: %+v", code, row)
		}
		if e := NewFailure(code, ""); e.Status != row.status || len(e.Members) < 2 {
			t.Errorf("%s: %+v", code, e)
		}
	}
}

func TestWithQuery(t *testing.T) {
	for _, c := range []struct{ uri, want string }{
		{"https://a.example/cb", "https://a.example/cb?code=x+y"},
		{"https://a.example/cb?from=k", "https://a.example/cb?from=k&code=x+y"},
	} {
		if got := WithQuery(c.uri, url.Values{"code": {"x y"}}); got != c.want {
			t.Errorf("%s", got)
		}
	}
	if got := WithQuery("https://a.example/cb", nil); got != "https://a.example/cb" {
		t.Errorf("%s", got)
	}
}

// TestQuotasOfOtherDaysAreForgotten: a sandbox that runs for weeks stays small.
func TestQuotasOfOtherDaysAreForgotten(t *testing.T) {
	q, now := newQuotas(), SeedDate(2026, 3, 2)
	for day := range 30 {
		for _, key := range []string{"a", "b"} {
			if !q.WithinDay(key, 1, now.AddDate(0, 0, day)) {
				t.Errorf("day %d: %s has no room", day, key)
			}
			if q.WithinDay(key, 1, now.AddDate(0, 0, day)) {
				t.Errorf("day %d: %s has room for two", day, key)
			}
		}
	}
	if len(q.days) != 2 {
		t.Errorf("%d counters", len(q.days))
	}
}
