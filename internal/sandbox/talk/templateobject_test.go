package talk

import (
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// Members that the templates of the test share.
const (
	testLink    = `{"web_url":"https://shop.example.com","mobile_web_url":"https://m.shop.example.com","android_execution_params":"a=1","ios_execution_params":"a=1"}`
	testContent = `{"title":"오늘의 빵","image_url":"https://shop.example.com/i/1.png","image_width":640,"image_height":640,"description":"호두","link":` + testLink + `}`
	testButton  = `{"title":"보기","link":` + testLink + `}`
	testItem    = `{"item":"빵","item_op":"1,000원"}`
)

func TestParseTemplate(t *testing.T) {
	for text, readable := range map[string]string{
		`{"object_type":"feed","content":` + testContent + `,"item_content":{"profile_text":"가게","profile_image_url":"https://shop.example.com/i/2.png",` +
			`"title_image_text":"빵","title_image_url":"https://shop.example.com/i/3.png","title_image_category":"간식",` +
			`"items":[` + testItem + `,` + testItem + `,` + testItem + `,` + testItem + `,` + testItem + `],"sum":"합계","sum_op":"5,000원"},` +
			`"social":{"like_count":1,"comment_count":2,"shared_count":3,"view_count":4,"subscriber_count":5},"button_title":"열기","buttons":[` + testButton + `,` + testButton + `]}`: "오늘의 빵 · 호두",
		`{"object_type":"list","header_title":"` + strings.Repeat("가", 200) + `","header_link":{},"contents":[` + testContent + `,` + testContent + `,` + testContent + `]}`: strings.Repeat("가", 200) + strings.Repeat(" · 오늘의 빵 · 호두", 3),
		`{"object_type":"location","address":"은하로 1","address_title":"가게","content":` + testContent + `,"social":{},"button_title":"열기","buttons":[` + testButton + `]}`:     "가게 · 은하로 1 · 오늘의 빵 · 호두",
		`{"object_type":"commerce","content":{"description":"가방","link":{}},"commerce":{"product_name":"가방","regular_price":200000,"discount_price":150000,` +
			`"discount_rate":25,"currency_unit":"원","currency_unit_position":0}}`: "가방",
		`{"object_type":"commerce","content":` + testContent + `,"commerce":{"regular_price":0,"discount_price":0,"fixed_discount_price":5,"currency_unit_position":1}}`: "오늘의 빵 · 호두",
		` {"object_type":"text","text":"` + strings.Repeat("글", 200) + `","link":` + testLink + `,"button_title":"열기","buttons":[]} `:                                    strings.Repeat("글", 200),
		`{"object_type":"calendar","id_type":"event","id":"665","content":` + testContent + `,"buttons":[` + testButton + `]}`:                                           "오늘의 빵 · 호두",
	} {
		object, wrong := parseTemplate(text)
		if wrong != "" || object.readable() != readable {
			t.Errorf("%s: %s, readable %q, want %q", text, wrong, object.readable(), readable)
		}
	}
	for text, want := range map[string]string{
		``:                                  "not a JSON object",
		`hello`:                             "not a JSON object",
		`null`:                              "not a JSON object",
		`[]`:                                "not a JSON object",
		`{"object_type":"text"`:             "not a JSON object",
		`{} {}`:                             "not a JSON object",
		`{}`:                                "object_type is none of",
		`{"object_type":"card"}`:            "object_type is none of",
		`{"object_type":"text","link":{}}`:  "text is missing",
		`{"object_type":"text","text":"a"}`: "link is missing",
		`{"object_type":"feed"}`:            "content is missing",
		`{"object_type":"text","text":"","link":{}}`:                                                                                         "text: not a text",
		`{"object_type":"text","text":"` + strings.Repeat("글", 201) + `","link":{}}`:                                                         "text: longer than 200",
		`{"object_type":"text","text":"a","link":{"url":"x","app":"y"}}`:                                                                     "link: unknown member app",
		`{"object_type":"text","text":"a","link":{"web_url":null}}`:                                                                          "link: web_url: not a text",
		`{"object_type":"text","text":"a","link":"https://shop.example.com"}`:                                                                "link: not an object",
		`{"object_type":"text","text":"a","link":{},"content":{}}`:                                                                           "unknown member content",
		`{"object_type":"text","text":"a","link":{},"Text":"b"}`:                                                                             "unknown member Text",
		`{"object_type":"text","text":"a","link":{},"buttons":[` + testButton + `,` + testButton + `,` + testButton + `]}`:                   "buttons: not an array of 0 to 2",
		`{"object_type":"text","text":"a","link":{},"buttons":[{"title":"b"}]}`:                                                              "buttons: [0]: link is missing",
		`{"object_type":"list","header_title":"a","contents":[` + testContent + `,` + testContent + `]}`:                                     "header_link is missing",
		`{"object_type":"list","header_title":"` + strings.Repeat("가", 201) + `","header_link":{},"contents":[]}`:                            "header_title: longer than 200",
		`{"object_type":"list","header_title":"a","header_link":{},"contents":[` + testContent + `]}`:                                        "contents: not an array of 2 to 3",
		`{"object_type":"location","content":` + testContent + `}`:                                                                           "address is missing",
		`{"object_type":"location","address":"a","content":` + testContent + `,"buttons":[` + testButton + `,` + testButton + `]}`:           "buttons: not an array of 0 to 1",
		`{"object_type":"feed","content":{"link":{}}}`:                                                                                       "content: none of title, image_url, description",
		`{"object_type":"feed","content":{"title":"a"}}`:                                                                                     "content: link is missing",
		`{"object_type":"feed","content":{"title":"a","image_width":"640","link":{}}}`:                                                       "content: image_width: not a whole number",
		`{"object_type":"feed","content":{"title":"a","image_width":6.5,"link":{}}}`:                                                         "content: image_width: not a whole number",
		`{"object_type":"feed","content":` + testContent + `,"item_content":{"sum_op":"1"}}`:                                                 "item_content: sum_op without sum",
		`{"object_type":"feed","content":` + testContent + `,"item_content":{"items":[{"item":"a"}]}}`:                                       "item_content: items: [0]: item_op is missing",
		`{"object_type":"feed","content":` + testContent + `,"social":{"likes":1}}`:                                                          "social: unknown member likes",
		`{"object_type":"commerce","content":` + testContent + `,"commerce":{}}`:                                                             "commerce: regular_price is missing",
		`{"object_type":"commerce","content":` + testContent + `,"commerce":{"regular_price":2,"discount_price":1}}`:                         "commerce: discount_price without",
		`{"object_type":"commerce","content":` + testContent + `,"commerce":{"regular_price":2,"discount_rate":1,"fixed_discount_price":1}}`: "commerce: both discount_rate",
		`{"object_type":"commerce","content":` + testContent + `,"commerce":{"regular_price":2,"discount_rate":101}}`:                        "commerce: discount_rate: not a whole number from 0 to 100",
		`{"object_type":"commerce","content":` + testContent + `,"commerce":{"regular_price":2,"currency_unit_position":2}}`:                 "commerce: currency_unit_position: not",
		`{"object_type":"calendar","id_type":"task","id":"1","content":` + testContent + `}`:                                                 "id_type: none of event, calendar",
		`{"object_type":"calendar","id_type":"event","id":"1","content":` + testContent + `,"button_title":"a"}`:                             "unknown member button_title",
	} {
		if _, wrong := parseTemplate(text); !strings.HasPrefix(wrong, want) {
			t.Errorf("%s: %q, want %q", text, wrong, want)
		}
	}
}

func TestMessagesAreForgotten(t *testing.T) {
	var l MessageList
	for range maxMessages + 5 {
		l.add(SentMessage{})
	}
	if len(l.Sent) != maxMessages || l.Sent[0].ID != 6 || l.Sent[maxMessages-1].ID != maxMessages+5 {
		t.Errorf("%d messages from %d", len(l.Sent), l.Sent[0].ID)
	}
}

// TestKindsHaveATexts: a kind of template without a text would fail the page of
// messages at the first such message.
func TestKindsHaveATexts(t *testing.T) {
	for kind := range templateShapes() {
		if pages.Text(pages.English, "kind."+kind) == "" {
			t.Errorf("no text for %s", kind)
		}
	}
}
