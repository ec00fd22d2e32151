package kakao_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
)

// TestTolerantDecoding: what Kakao writes sloppily is read as what it means.
func TestTolerantDecoding(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"as documented": {
			`{"text":"a","note":"","distance":418,"id":1376016924426814086,"x":127.5,"ratio":0.5,"is_end":true,"agreed":false}`,
			`{"text":"a","note":"","distance":418,"id":"1376016924426814086","x":127.5,"ratio":0.5,"is_end":true,"agreed":false}`},
		"numbers as text":                {`{"id":"1376016924426814086","x":"127.01610000000001","distance":"418"}`, `{"id":"1376016924426814086","x":127.01610000000001,"distance":418}`},
		"text as number":                 {`{"text":4718,"note":1.50}`, `{"text":"4718","note":"1.50"}`},
		"text as truth":                  {`{"text":true}`, `{"text":"true"}`},
		"truth as text or number":        {`{"is_end":"true","agreed":1}`, `{"is_end":true,"agreed":true}`},
		"empty text for no number":       {`{"distance":"","x":"","id":"","ratio":"","agreed":""}`, `{}`},
		"whole float":                    {`{"distance":12.0,"id":1e3}`, `{"distance":12,"id":"1000"}`},
		"null everywhere":                {`{"text":null,"note":null,"distance":null,"id":null,"link":null,"links":null,"names":null,"free":null,"any":null,"properties":null,"at":null,"after_url":null,"content":null}`, `{}`},
		"missing everywhere":             {`{}`, `{}`},
		"byte order mark":                {"\xef\xbb\xbf{\"text\":\"a\"}", `{"text":"a"}`},
		"white space around":             {" \r\n\t{\"text\":\"a\"}\n", `{"text":"a"}`},
		"the last of a repeated member":  {`{"text":"a","names":["x","y"],"text":"b","names":["z"]}`, `{"text":"b","names":["z"]}`},
		"escapes":                        {`{"text":"a \u003e b \uD83D\uDE00 \/ \n"}`, `{"text":"a > b 😀 / \n"}`},
		"lone surrogate and bad bytes":   {"{\"text\":\"\\ud800|\xff\"}", `{"text":"` + "\uFFFD|\uFFFD" + `"}`},
		"nested and camelCase":           {`{"link":{"webUrl":"u","count":"2"},"links":[{"count":1},null,{}]}`, `{"link":{"web_url":"u","count":2},"links":[{"count":1},{},{}]}`},
		"null in a list keeps its place": {`{"names":["a",null,"b"]}`, `{"names":["a","","b"]}`},
		"space list":                     {`{"scope":"account_email profile_nickname  openid"}`, `{"scope":["account_email","profile_nickname","openid"]}`},
		"space list as array":            {`{"scope":["a","b"]}`, `{"scope":["a","b"]}`},
		"JSON inside text":               {`{"schema":"{\"age\":\"number\"}"}`, `{"schema":{"age":"number"}}`},
		"nothing inside text":            {`{"schema":""}`, `{}`},
		"null inside text":               {`{"schema":"null"}`, `{}`},
		"JSON not inside text":           {`{"schema":{"age":"number"}}`, `{"schema":{"age":"number"}}`},
		"free shape":                     {`{"free":{"a":[1,"b",null,{"c":true}]},"any":[1.5],"list":[{}]}`, `{"free":{"a":[1,"b",null,{"c":true}]},"any":[1.5],"list":[{}]}`},
		"free number of 19 digits":       {`{"free":{"id":1376016924426814087,"big":1e999,"small":12}}`, `{"free":{"id":"1376016924426814087","big":"1e999","small":12}}`},
		"map of texts":                   {`{"properties":{"a":"b","n":23,"none":null}}`, `{"properties":{"a":"b","n":"23"}}`},
		"RFC 3339":                       {`{"at":"2022-04-11T01:45:28Z"}`, `{"at":"2022-04-11T01:45:28Z"}`},
		"zone without colon":             {`{"at":"2022-04-11T10:45:28+0900"}`, `{"at":"2022-04-11T01:45:28Z"}`},
		"seconds since 1970":             {`{"at":1731000000}`, `{"at":"2024-11-07T17:20:00Z"}`},
		"empty time":                     {`{"at":""}`, `{}`},
		"paging URL":                     {`{"after_url":"http://kapi.kakao.com/v1/user/ids?limit=3&order=asc&from_id=3141590003&app_key=` + adminKey + `"}`, `{"next_from_id":"3141590003"}`},
		"paging URL without it":          {`{"after_url":"http://kapi.kakao.com/v1/user/ids?limit=3"}`, `{}`},
		"file":                           {`{"content":"AAEC"}`, `{"content":"AAEC"}`},
		"itself again":                   {`{"parent":{"text":"up","parent":{"text":"upper"}}}`, `{"parent":{"text":"up","parent":{"text":"upper"}}}`},
		"unknown members of any kind":    {`{"new":{"a":[1,{"b":"]}"}]},"text":"a","more":[[]],"x1":1e5,"y1":null}`, `{"text":"a"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			want := &enginetestv1.QueryResponse{}
			if err := protojson.Unmarshal([]byte(test.want), want); err != nil {
				t.Fatal(err)
			}
			e := newEngine(t, nil, respond(test.body))
			got, err := e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{})
			if err != nil {
				t.Fatal(err)
			}
			if !proto.Equal(got, want) {
				t.Errorf("got  %s\nwant %s", protojson.Format(got), protojson.Format(want))
			}
		})
	}
}

// TestUnreadableBodies: a body that contradicts the contract is an error that
// says where, and shows nothing of the body.
func TestUnreadableBodies(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	tests := map[string]struct{ body, says string }{
		"nothing":               {``, "empty"},
		"white space":           {" \n", "empty"},
		"HTML":                  {`<html><body>SEEN-IN-BODY</body></html>`, "body"},
		"half a JSON":           {`{"text":"SEEN-IN-BODY","links":[{"count":1},`, "links"},
		"half a text":           {`{"text":"SEEN-IN-BODY`, "text"},
		"two values":            {`{"text":"a"} {"text":"b"}`, "follows"},
		"an array":              {`[{"text":"SEEN-IN-BODY"}]`, "object"},
		"a scalar":              {`"SEEN-IN-BODY"`, "object"},
		"object for text":       {`{"link":{"webUrl":{"SEEN":"IN-BODY"}}}`, "link.webUrl"},
		"text for object":       {`{"link":"SEEN-IN-BODY"}`, "link"},
		"text for list":         {`{"names":"SEEN-IN-BODY"}`, "names"},
		"word for number":       {`{"distance":"SEEN-IN-BODY"}`, "distance"},
		"fraction for whole":    {`{"distance":1.5}`, "distance"},
		"number too large":      {`{"distance":3000000000}`, "distance"},
		"id too large":          {`{"id":9223372036854775808}`, "id"},
		"infinite":              {`{"x":1e999}`, "x"},
		"NaN":                   {`{"x":NaN}`, "x"},
		"NaN as text":           {`{"x":"NaN"}`, "x"},
		"word for truth":        {`{"is_end":"SEEN-IN-BODY"}`, "is_end"},
		"word for time":         {`{"at":"SEEN-IN-BODY"}`, "at"},
		"time out of range":     {`{"at":99999999999999}`, "at"},
		"not base64":            {`{"content":"SEEN-IN-BODY!"}`, "content"},
		"deep free value":       {`{"free":` + deep + `}`, "free"},
		"deep contract":         {strings.Repeat(`{"parent":`, 20_000), "parent"},
		"cut off in an unknown": {`{"SEEN-IN-BODY":"`, "unknown member"},
		"deep unknown, cut off": {`{"new":` + strings.Repeat(`[`, 100_000), "unknown member"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil, respond(test.body))
			_, err := e.call(t, "Query", kakao.Caller{}, &enginetestv1.QueryRequest{})
			failed := failure(t, err)
			if failed.Reason() != errorv1.Reason_REASON_KAKAO_RESPONSE_UNREADABLE || !strings.Contains(failed.Error(), test.says) {
				t.Errorf("got %s %q, want KAKAO_RESPONSE_UNREADABLE saying %q", failed.Reason(), failed.Error(), test.says)
			}
			if strings.Contains(failed.Error(), "SEEN-IN-BODY") || len(failed.Error()) > 500 {
				t.Errorf("the error shows the body: %.600q", failed.Error())
			}
		})
	}
}

func TestWholeBodyIntoOneField(t *testing.T) {
	want := `{"items":[{"count":1},{"web_url":"u"}]}`
	for name, body := range map[string]string{
		"bare array":                  `[{"count":1},{"webUrl":"u"}]`,
		"array inside elements":       `{"elements":[{"count":1},{"webUrl":"u"}]}`,
		"elements and something else": `{"total":2,"elements":[{"count":1},{"webUrl":"u"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil, respond(body))
			got, err := e.call(t, "List", kakao.Caller{}, &enginetestv1.ListRequest{})
			if err != nil {
				t.Fatal(err)
			}
			wanted := &enginetestv1.ListResponse{}
			if err := protojson.Unmarshal([]byte(want), wanted); err != nil {
				t.Fatal(err)
			}
			if !proto.Equal(got, wanted) {
				t.Errorf("got %s, want %s", protojson.Format(got), want)
			}
		})
	}
}

// TestEmptyBody: nothing is an answer only to a write of which the contract
// promises nothing but optional scalars.
func TestEmptyBody(t *testing.T) {
	e := newEngine(t, nil, respond(``))
	if _, err := e.call(t, "Form", kakao.Caller{}, &enginetestv1.FormRequest{}); err != nil {
		t.Errorf("Form, whose members may all be absent: %v", err)
	}
	for rpc, request := range map[string]proto.Message{
		"Optional": &enginetestv1.OptionalRequest{},                    // a read
		"List":     &enginetestv1.ListRequest{},                        // an array
		"Json":     &enginetestv1.JsonRequest{AccountId: 1, Name: "a"}, // an object
	} {
		_, err := e.call(t, rpc, kakao.Caller{}, request)
		if failed := failure(t, err); failed.Reason() != errorv1.Reason_REASON_KAKAO_RESPONSE_UNREADABLE {
			t.Errorf("%s: %s", rpc, failed.Reason())
		}
	}
}

// TestOtherMembersAreKept: where the contract has an inline Struct, a member
// without a field is not lost, and not counted as unknown.
func TestOtherMembersAreKept(t *testing.T) {
	e := newEngine(t, nil, respond(`{"link":{"count":1},"status":"TODO","due":{"days":[1,2]},"id":1376016924426814087}`))
	got, err := e.call(t, "Json", kakao.Caller{}, &enginetestv1.JsonRequest{AccountId: 1, Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	want := &enginetestv1.JsonResponse{}
	if err := protojson.Unmarshal([]byte(`{"link":{"count":1},"other":{"status":"TODO","due":{"days":[1,2]},"id":"1376016924426814087"}}`), want); err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(got, want) {
		t.Errorf("got %s, want %s", protojson.Format(got), protojson.Format(want))
	}
}
