package inspector_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// TestBubbles: what a receiver sees of each kind of message, in the order in
// which it stands there.
func TestBubbles(t *testing.T) {
	link := `{"web_url":"https://shop.example.com/p"}`
	for _, c := range []struct{ about, object, want string }{
		{"text", `{"object_type":"text","text":"첫 줄\n둘째 줄","link":` + link + `}`, "첫 줄 둘째 줄 [자세히 보기]"},
		{"text with a button of its own name", `{"object_type":"text","text":"a","link":` + link + `,"button_title":"열기"}`, "a [열기]"},
		{"text that leads nowhere", `{"object_type":"text","text":"a","link":{}}`, "a"},
		{"buttons take the place of the usual one", `{"object_type":"text","text":"a","link":` + link + `,"button_title":"no","buttons":[{"title":"하나","link":` + link + `},{"title":"앱","link":{}}]}`, "a [하나] 앱"},
		{
			"feed", `{"object_type":"feed","content":{"title":"디저트","description":"케익","image_url":"https://shop.example.com/a/cake.jpg","link":` + link + `},"item_content":{"profile_text":"빵집","title_image_text":"크림","items":[{"item":"케이크","item_op":"4,000원"}],"sum":"합계","sum_op":"4,000원"},"social":{"like_count":12345,"view_count":0}}`,
			"빵집 cake.jpg 디저트 케익 크림 케이크 4,000원 합계 4,000원 Likes 12,345 [자세히 보기]",
		},
		{
			"list", `{"object_type":"list","header_title":"책","header_link":` + link + `,"contents":[{"title":"하나","description":"단편","link":{}},{"title":"둘","image_url":"https://shop.example.com/2.jpg","link":{}}]}`,
			"책 하나 단편 둘 picture [자세히 보기]",
		},
		{"location", `{"object_type":"location","address":"서울 가람구 나루대로 1","address_title":"나루터","content":{"title":"집들이","link":{}}}`, "집들이 나루터 서울 가람구 나루대로 1"},
		{"commerce", `{"object_type":"commerce","content":{"title":"할인","link":{}},"commerce":{"product_name":"우산","regular_price":28000,"discount_price":21000,"discount_rate":25}}`, "우산 25% 21,000원 28,000원 할인"},
		{"commerce at a fixed price", `{"object_type":"commerce","content":{"title":"a","link":{}},"commerce":{"regular_price":1000,"discount_price":700,"fixed_discount_price":700,"currency_unit":"$","currency_unit_position":1}}`, "$700 $1,000 a"},
		{"commerce without a discount", `{"object_type":"commerce","content":{"title":"a","link":{}},"commerce":{"regular_price":1000}}`, "1,000원 a"},
		{"calendar", `{"object_type":"calendar","id_type":"event","id":"5eed","content":{"title":"약속","link":{}}}`, "약속"},
		{"a link that would run something", `{"object_type":"text","text":"a","link":{"web_url":"javascript:alert(1)"},"buttons":[{"title":"b","link":{"web_url":"javascript:alert(1)"}}]}`, "a b"},
	} {
		w := &world{sandboxtest.New(t, sandbox.Options{})}
		w.OK(w.Post(sandboxtest.MemoPath, w.Bearer("mina"), "template_object", c.object))
		if got := bubble(t, documentOf(t, w.page("/sandbox/messages"))); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.about, got, c.want)
		}
	}
}

// bubble is the first message on the page, with its links in brackets.
func bubble(t *testing.T, document *html.Node) string {
	t.Helper()
	for node := range element(t, document, "messages").Descendants() {
		if class, _ := attribute(node, "class"); !strings.HasPrefix(class, "bubble kind-") {
			continue
		}
		for link := range node.Descendants() {
			if href, ok := attribute(link, "href"); ok {
				if !strings.HasPrefix(href, "https://shop.example.com") {
					t.Errorf("a link to %s", href)
				}
				link.FirstChild.Data = "[" + link.FirstChild.Data + "]"
			}
		}
		return text(node)
	}
	t.Fatalf("no message on the page: %s", text(document))
	return ""
}

func TestMessagesOfOnePerson(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	w.OK(w.Post(sandboxtest.MemoPath, w.Bearer("mina"), "template_object", sandboxtest.HelloObject))
	w.OK(w.Post(sandboxtest.FriendsPath, w.Bearer("mina"), "receiver_uuids", sandboxtest.UUIDs(sandboxtest.HaruUUID), "template_object", strings.Replace(sandboxtest.HelloObject, "안녕", "하루에게", 1)))
	w.OK(w.Post("/v2/api/talk/memo/scrap/send", w.Bearer("haru"), "request_url", "https://shop.example.com/p/1"))
	for query, want := range map[string][]string{
		"":             {"Everybody", "미나 2", "하루 2", "Monday, 2 March 2026", "하루 → their own chat 10:02", "모의 페이지 /p/1", "미나 → to 하루", "미나 → their own chat"},
		"?person=haru": {"하루에게", "모의 페이지"},
		"?person=mina": {"하루에게", "안녕"},
		"?person=joon": {"No messages yet"},
	} {
		shown := text(element(t, documentOf(t, w.page("/sandbox/messages"+query)), "main"))
		for _, part := range want {
			before, rest, ok := strings.Cut(shown, part)
			if !ok {
				t.Errorf("%q lacks %q in its place: %s", query, part, shown)
			}
			if shown = rest; query != "" {
				shown = before + rest // in any order
			}
		}
	}
	if shown := text(element(t, documentOf(t, w.page("/sandbox/messages?person=haru")), "messages")); strings.Contains(shown, "안녕") {
		t.Errorf("haru's page shows what mina wrote to herself: %s", shown)
	}
}
