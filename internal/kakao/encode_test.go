package kakao_test

import (
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

var moment = timestamppb.New(time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC))

func TestQueryOnTheWire(t *testing.T) {
	tests := map[string]struct {
		request *enginetestv1.QueryRequest
		want    string
	}{
		"nothing set":              {&enginetestv1.QueryRequest{}, ""},
		"set to zero is sent":      {&enginetestv1.QueryRequest{Text: proto.String(""), Flag: proto.Bool(false)}, "text=&flag=false"},
		"text is escaped":          {&enginetestv1.QueryRequest{Text: proto.String("나래 커피&x=1")}, "text=" + url.QueryEscape("나래 커피&x=1")},
		"implied beside a renamed": {&enginetestv1.QueryRequest{Id: proto.Int64(1376000000000000001)}, "theId=1376000000000000001&id_type=user_id"},
		"decimals keep all digits": {&enginetestv1.QueryRequest{X: proto.Float64(127.012345678901)}, "x=127.012345678901"},
		"no exponent":              {&enginetestv1.QueryRequest{X: proto.Float64(1e21)}, "x=1000000000000000000000"},
		"enum by Kakao's name":     {&enginetestv1.QueryRequest{Colour: enginetestv1.Colour_COLOUR_DARK_BLUE}, "colour=darkBlue"},
		"comma list of enums": {&enginetestv1.QueryRequest{Colours: []enginetestv1.Colour{
			enginetestv1.Colour_COLOUR_RED, enginetestv1.Colour_COLOUR_DARK_BLUE}}, "colours=red%2CdarkBlue"},
		"space list":     {&enginetestv1.QueryRequest{Scopes: []string{"a", "b"}}, "scopes=a+b"},
		"JSON array":     {&enginetestv1.QueryRequest{Ids: []int64{1, 1376000000000000001}}, "ids=" + url.QueryEscape("[1,1376000000000000001]")},
		"joined members": {&enginetestv1.QueryRequest{Box: &enginetestv1.Box{X1: 127, Y1: 37.5}}, "box=127%2C37.5"},
		"JSON object":    {&enginetestv1.QueryRequest{Link: &enginetestv1.Link{WebUrl: proto.String(`https://shop.example.com/?a="b"`)}}, "link=" + url.QueryEscape(`{"webUrl":"https://shop.example.com/?a=\"b\""}`)},
		"RFC 3339":       {&enginetestv1.QueryRequest{At: moment}, "at=2025-02-03T04%3A05%3A06Z"},
		"seconds":        {&enginetestv1.QueryRequest{Since: moment}, "since=1738555506"},
		"in field order": {&enginetestv1.QueryRequest{X: proto.Float64(1), Text: proto.String("a")}, "text=a&x=1"},
		"union in JSON": {&enginetestv1.QueryRequest{Variant: &enginetestv1.Variant{Shape: &enginetestv1.Variant_Link{Link: &enginetestv1.Link{Count: proto.Int32(2)}}}},
			"variant=" + url.QueryEscape(`{"object_type":"link","count":2}`)},
		"free parameters":  {&enginetestv1.QueryRequest{Other: map[string]string{"to": "b", "from": "a&b"}}, "from=a%26b&to=b"},
		"empty list, none": {&enginetestv1.QueryRequest{Ids: []int64{}}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil, respond(`{}`))
			if _, err := e.call(t, "Query", kakao.Caller{}, test.request); err != nil {
				t.Fatal(err)
			}
			got := e.last(t)
			if got.method != "GET" || got.path != "/v1/query" || got.query != test.want {
				t.Errorf("%s %s?%s, want GET /v1/query?%s", got.method, got.path, got.query, test.want)
			}
			if got.body != "" || got.contentType != "" {
				t.Errorf("a GET carried a body %q of type %q", got.body, got.contentType)
			}
			if got.authorization != "" {
				t.Errorf("AUTH_NONE carried %q", got.authorization)
			}
		})
	}
}

func TestFormOnTheWire(t *testing.T) {
	e := newEngine(t, nil, respond(`{}`))
	template, err := structpb.NewStruct(map[string]any{"object_type": "text", "n": 1.5, "list": []any{true, nil, "<b>"}})
	if err != nil {
		t.Fatal(err)
	}
	request := &enginetestv1.FormRequest{Code: "test-code-1", Properties: map[string]string{"tier": "gold", "a": `"&`}, Template: template}
	if _, err := e.call(t, "Form", kakao.Caller{}, request); err != nil {
		t.Fatal(err)
	}
	got := e.last(t)
	if got.contentType != "application/x-www-form-urlencoded;charset=utf-8" || got.query != "" {
		t.Errorf("content type %q, query %q", got.contentType, got.query)
	}
	want := url.Values{
		"client_id":     {restKey},
		"client_secret": {clientSecret},
		"code":          {"test-code-1"},
		"grant_type":    {"authorization_code"},
		"properties":    {`{"a":"\"&","tier":"gold"}`},
		"template":      {`{"list":[true,null,"<b>"],"n":1.5,"object_type":"text"}`},
	}
	form, err := url.ParseQuery(got.body)
	if err != nil {
		t.Fatal(err)
	}
	if form.Encode() != want.Encode() {
		t.Errorf("form\n%s, want\n%s", form.Encode(), want.Encode())
	}
}

func TestJSONOnTheWire(t *testing.T) {
	e := newEngine(t, nil, respond(`{}`))
	request := &enginetestv1.JsonRequest{
		AccountId: 42, Name: "a/b c", AdAccountId: proto.Int64(7), Mode: proto.String("fast"), Label: proto.String("x"),
		Links: []*enginetestv1.Link{{WebUrl: proto.String("u")}, {Count: proto.Int32(0)}},
		Since: moment, At: moment, Colour: enginetestv1.Colour_COLOUR_RED,
		Target:  &enginetestv1.JsonRequest_Link{Link: &enginetestv1.Link{Count: proto.Int32(3)}},
		Free:    structpb.NewStringValue("나래"),
		Content: []byte{0, 1, 2}, Ratio: proto.Float64(0.5), Counts: map[string]int64{"b": 2, "a": 1},
		Variant:  &enginetestv1.Variant{Shape: &enginetestv1.Variant_Box{Box: &enginetestv1.Box{X1: 1, Y1: 2}}},
		Reminder: &enginetestv1.JsonRequest_NoReminder{},
		Other:    &structpb.Struct{Fields: map[string]*structpb.Value{"loc-key": structpb.NewStringValue("k")}},
	}
	if _, err := e.call(t, "Json", kakao.Caller{}, request); err != nil {
		t.Fatal(err)
	}
	got := e.last(t)
	if got.method != "PUT" || got.path != "/v1/accounts/42/files/a%2Fb%20c" || got.query != "mode=fast" {
		t.Errorf("%s %s?%s", got.method, got.path, got.query)
	}
	if got.header.Get("adAccountId") != "7" || got.header.Get("X-Label") != "x" {
		t.Errorf("headers %v", got.header)
	}
	if got.contentType != "application/json" || got.authorization != "KakaoAK "+restKey {
		t.Errorf("content type %q, authorization %q", got.contentType, got.authorization)
	}
	want := `{"links":[{"webUrl":"u"},{"count":0}],"since":1738555506,"at":"2025-02-03T04:05:06Z","colour":"red",` +
		`"link":{"count":3},"free":"나래","content":"AAEC","ratio":0.5,"counts":{"a":1,"b":2},` +
		`"variant":{"object_type":"box","x1":1,"y1":2},"reminder":null,"loc-key":"k"}`
	if got.body != want {
		t.Errorf("body\n%s, want\n%s", got.body, want)
	}
}

func TestMultipartOnTheWire(t *testing.T) {
	e := newEngine(t, nil, respond(`7`))
	image := []byte("\x89PNG\r\n\x1a\n rest")
	caller := kakao.Caller{UserToken: secret.New(userToken)}
	response, err := e.call(t, "Multipart", caller, &enginetestv1.MultipartRequest{Image: image, Title: "봄"})
	if err != nil {
		t.Fatal(err)
	}
	if size := response.(*enginetestv1.MultipartResponse).GetSize(); size != 7 {
		t.Errorf("the bare number came as %d, want 7", size)
	}
	got := e.last(t)
	if got.authorization != "Bearer "+userToken {
		t.Errorf("authorization %q", got.authorization)
	}
	mediaType, parameters, err := mime.ParseMediaType(got.contentType)
	if err != nil || mediaType != "multipart/form-data" {
		t.Fatalf("content type %q: %v", got.contentType, err)
	}
	form, err := multipart.NewReader(strings.NewReader(got.body), parameters["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	if title := form.Value["title"]; len(title) != 1 || title[0] != "봄" {
		t.Errorf("title %q", title)
	}
	files := form.File["image"]
	if len(files) != 1 || files[0].Size != int64(len(image)) || files[0].Header.Get("Content-Type") != "image/png" {
		t.Errorf("files %+v", files)
	}
}

func TestDeleteOnTheWire(t *testing.T) {
	e := newEngine(t, nil, respond(``))
	if _, err := e.call(t, "Delete", kakao.Caller{}, &enginetestv1.DeleteRequest{TargetId: proto.Int64(3141592653), Item: "a"}); err != nil {
		t.Fatal(err)
	}
	got := e.last(t)
	if got.method != "DELETE" || got.query != "target_id=3141592653&target_id_type=user_id&item=a" || got.body != "" {
		t.Errorf("%s ?%s body %q", got.method, got.query, got.body)
	}
	if got.authorization != "KakaoAK "+adminKey {
		t.Errorf("authorization %q, want the admin key", got.authorization)
	}
}

// TestUnsendableValues: a value that would mean something else on the wire is
// refused by name, and nothing is sent.
func TestUnsendableValues(t *testing.T) {
	tests := map[string]struct {
		rpc     string
		request proto.Message
		field   string
	}{
		"comma inside a space list is fine, space is not": {"Query", &enginetestv1.QueryRequest{Scopes: []string{"a,b", "c d"}}, "scopes"},
		"unknown enum value":                              {"Query", &enginetestv1.QueryRequest{Colour: 99}, "colour"},
		"unspecified inside a list":                       {"Query", &enginetestv1.QueryRequest{Colours: []enginetestv1.Colour{0}}, "colours"},
		"not a number":                                    {"Query", &enginetestv1.QueryRequest{X: proto.Float64(nan())}, "x"},
		"empty path variable":                             {"Json", &enginetestv1.JsonRequest{AccountId: 1}, "name"},
		"dot path variable":                               {"Json", &enginetestv1.JsonRequest{AccountId: 1, Name: ".."}, "name"},
		"line break in a header":                          {"Json", &enginetestv1.JsonRequest{AccountId: 1, Name: "a", Label: proto.String("a\r\nX-Evil: 1")}, "label"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil, respond(`{}`))
			_, err := e.call(t, test.rpc, kakao.Caller{}, test.request)
			failed := failure(t, err)
			if failed.Reason() != errorv1.Reason_REASON_REQUEST_INVALID || !strings.Contains(failed.Error(), test.field) {
				t.Errorf("got %s %q, want REQUEST_INVALID naming %s", failed.Reason(), failed.Error(), test.field)
			}
			if len(e.received) != 0 {
				t.Errorf("%d requests reached Kakao", len(e.received))
			}
		})
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}
