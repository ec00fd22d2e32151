package kakao

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	authv1 "github.com/kakaorpc/kakaorpc/gen/kakao/auth/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
)

// decoderSeeds are made-up bodies in the shapes of the three hosts.
var decoderSeeds = []string{
	`{"id":3141592653,"connected_at":"2025-02-03T04:05:06Z","kakao_account":{"profile":{"nickname":"Dana"},"email_needs_agreement":true},"properties":{"tier":"gold"}}`,
	`{"token_type":"bearer","access_token":"test-token","expires_in":21599,"scope":"account_email openid"}`,
	`{"documents":[{"id":"900000001","x":"127.0161","y":"37.5142","distance":"418"}],"meta":{"is_end":true,"pageable_count":1,"same_name":{"region":[],"keyword":"나래","selected_region":""},"total_count":1}}`,
	`{"text":"a","parent":{"links":[{"count":1}]},"free":{"a":[1]},"any":null,"schema":"{\"a\":\"b\"}","after_url":"http://a/?from_id=3","content":"AAEC"}`,
	"\xef\xbb\xbf{\"text\":\"\\ud800\"}", `{"id":1e400}`, `[[[[`, ``, `{"text":"a","text":1}`,
}

// FuzzDecode: whatever Kakao sends, reading it never panics; what it returns
// can be sent on, as protobuf and as JSON, and an error shows no text of the
// body longer than a member's name.
func FuzzDecode(f *testing.F) {
	for _, seed := range decoderSeeds {
		f.Add([]byte(seed))
	}
	plans := map[string]*responsePlan{}
	for _, target := range []struct {
		message proto.Message
		body    string
	}{
		{&userv1.GetMeResponse{}, "user"},           // kapi
		{&userv1.BatchGetUsersResponse{}, "users"},  // kapi, bare array
		{&authv1.IssueTokenResponse{}, "token"},     // kauth
		{&localv1.SearchKeywordResponse{}, ""},      // dapi
		{&enginetestv1.QueryResponse{}, ""},         // every kind of member
		{&enginetestv1.MultipartResponse{}, "size"}, // bare scalar
	} {
		plan, err := compileResponse(target.message.ProtoReflect().Descriptor(), target.body, false)
		if err != nil {
			f.Fatal(err)
		}
		plans[string(plan.name)] = plan
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, plan := range plans {
			message, err := plan.decode(body, func(string) {})
			if err != nil {
				continue
			}
			if _, err := proto.Marshal(message); err != nil {
				t.Errorf("%s cannot be marshalled: %v", name, err)
			}
			if _, err := protojson.Marshal(message); err != nil {
				t.Errorf("%s cannot be written as JSON: %v", name, err)
			}
		}
	})
}

// FuzzEncodeRoundTrip: what a caller sends is what Kakao reads, through the
// escaping of queries, forms and JSON text.
func FuzzEncodeRoundTrip(f *testing.F) {
	f.Add("나래 커피&x=1", `"\u0000`, int64(1376016924426814087), 127.012345678901)
	f.Add("", "a,b", int64(-1), -0.5)
	f.Add("%2F+?#", "<>&'", int64(0), 1e21)
	query, err := compileRequest((&enginetestv1.QueryRequest{}).ProtoReflect().Descriptor(), "GET", "/v1/query", apiv1.Encoding_ENCODING_QUERY)
	if err != nil {
		f.Fatal(err)
	}
	form, err := compileRequest((&enginetestv1.FormRequest{}).ProtoReflect().Descriptor(), "POST", "/v1/form", apiv1.Encoding_ENCODING_FORM)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, key string, id int64, x float64) {
		text, key = strings.ToValidUTF8(text, ""), strings.ToValidUTF8(key, "")
		request, err := query.encode((&enginetestv1.QueryRequest{
			Text: &text, X: &x, Ids: []int64{id, id}, Link: &enginetestv1.Link{WebUrl: &key},
		}).ProtoReflect())
		if err != nil {
			if x == x && x-x == 0 {
				t.Errorf("finite values were refused: %v", err)
			}
			return
		}
		values, err := url.ParseQuery(string(request.query))
		if err != nil {
			t.Fatalf("query %q: %v", request.query, err)
		}
		if values.Get("text") != text {
			t.Errorf("text %q came as %q", text, values.Get("text"))
		}
		var ids []int64
		if err := json.Unmarshal([]byte(values.Get("ids")), &ids); err != nil || !reflect.DeepEqual(ids, []int64{id, id}) {
			t.Errorf("ids of %d came as %q: %v", id, values.Get("ids"), err)
		}
		var number float64
		if err := json.Unmarshal([]byte(values.Get("x")), &number); err != nil || number != x {
			t.Errorf("x %v came as %q", x, values.Get("x"))
		}
		var link map[string]string
		if err := json.Unmarshal([]byte(values.Get("link")), &link); err != nil || link["webUrl"] != key {
			t.Errorf("link of %q came as %q: %v", key, values.Get("link"), err)
		}

		request, err = form.encode((&enginetestv1.FormRequest{Properties: map[string]string{key: text, "fixed": key}}).ProtoReflect())
		if err != nil {
			t.Fatal(err)
		}
		if values, err = url.ParseQuery(string(request.form)); err != nil {
			t.Fatalf("form %q: %v", request.form, err)
		}
		var properties map[string]string
		want := map[string]string{key: text, "fixed": key}
		if err := json.Unmarshal([]byte(values.Get("properties")), &properties); err != nil || !reflect.DeepEqual(properties, want) {
			t.Errorf("properties %q came as %q: %v", want, values.Get("properties"), err)
		}
	})
}

// FuzzPathVariable: no text of a caller names another endpoint.
func FuzzPathVariable(f *testing.F) {
	for _, seed := range []string{"a", "..", ".", "", "a/b", "../../v2/user/me", "%2e%2e", "a?b=c", "a#b", "나래", "a\x00b", `a\b`} {
		f.Add(seed)
	}
	plan, err := compileRequest((&enginetestv1.JsonRequest{}).ProtoReflect().Descriptor(), "PUT",
		"/v1/accounts/{account_id}/files/{name}", apiv1.Encoding_ENCODING_JSON)
	if err != nil {
		f.Fatal(err)
	}
	e := &endpoint{name: "PUT", base: &url.URL{Scheme: "https", Host: "kapi.kakao.com"}, request: plan}
	f.Fuzz(func(t *testing.T, name string) {
		name = strings.ToValidUTF8(name, "")
		request, err := plan.encode((&enginetestv1.JsonRequest{AccountId: 1, Name: name}).ProtoReflect())
		if err != nil {
			if name != "" && name != "." && name != ".." {
				t.Errorf("%q was refused: %v", name, err)
			}
			return
		}
		address, err := e.address(request)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := url.Parse(address.String())
		if err != nil {
			t.Fatalf("%q made the address %q: %v", name, address, err)
		}
		segments := strings.Split(parsed.EscapedPath(), "/")
		if len(segments) != 6 || parsed.RawQuery != "" || parsed.Fragment != "" || parsed.Host != "kapi.kakao.com" {
			t.Fatalf("%q made the address %q", name, address)
		}
		if got, err := url.PathUnescape(segments[5]); err != nil || got != name {
			t.Errorf("%q came as %q", name, got)
		}
	})
}
