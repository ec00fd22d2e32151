package inspector

import (
	"cmp"
	"encoding/json"
	"net/url"
	"path"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
)

// The members of a default template that its receiver sees. The shapes were
// checked when the message was sent (package talk).
// https://developers.kakao.com/docs/latest/en/message-template/default
type (
	shownTemplate struct {
		Kind         string         `json:"object_type"`
		Text         string         `json:"text"`
		Link         shownLink      `json:"link"`
		HeaderTitle  string         `json:"header_title"`
		HeaderLink   shownLink      `json:"header_link"`
		Content      shownContent   `json:"content"`
		Contents     []shownContent `json:"contents"`
		Address      string         `json:"address"`
		AddressTitle string         `json:"address_title"`
		ButtonTitle  string         `json:"button_title"`
		Buttons      []struct {
			Title string    `json:"title"`
			Link  shownLink `json:"link"`
		} `json:"buttons"`
		Social *struct {
			Like       int64 `json:"like_count"`
			Comment    int64 `json:"comment_count"`
			Shared     int64 `json:"shared_count"`
			View       int64 `json:"view_count"`
			Subscriber int64 `json:"subscriber_count"`
		} `json:"social"`
		Items *struct {
			Profile  string `json:"profile_text"`
			Title    string `json:"title_image_text"`
			Category string `json:"title_image_category"`
			Rows     []struct {
				Item  string `json:"item"`
				Value string `json:"item_op"`
			} `json:"items"`
			Sum      string `json:"sum"`
			SumValue string `json:"sum_op"`
		} `json:"item_content"`
		Commerce *struct {
			Product      string `json:"product_name"`
			Regular      int64  `json:"regular_price"`
			Discount     *int64 `json:"discount_price"`
			Rate         int64  `json:"discount_rate"`
			Fixed        *int64 `json:"fixed_discount_price"`
			Unit         string `json:"currency_unit"`
			UnitPosition int    `json:"currency_unit_position"`
		} `json:"commerce"`
	}
	shownLink struct {
		Web    string `json:"web_url"`
		Mobile string `json:"mobile_web_url"`
	}
	shownContent struct {
		Title string    `json:"title"`
		Image string    `json:"image_url"`
		About string    `json:"description"`
		Link  shownLink `json:"link"`
	}
)

// won is the usual currency of a commerce message.
const won = "원"

// bubbleOf is the message as its receiver sees it.
func bubbleOf(object json.RawMessage) pages.Bubble {
	var o shownTemplate
	_ = json.Unmarshal(object, &o) // it was checked when it was sent; what is odd about it stays empty
	b := pages.Bubble{Kind: o.Kind, Heading: o.HeaderTitle, Text: o.Text, Social: o.counts(), Buttons: o.buttons()}
	if o.Content != (shownContent{}) {
		b.Contents = append(b.Contents, o.Content.shown())
	}
	for _, content := range o.Contents {
		b.Contents = append(b.Contents, content.shown())
	}
	if o.Address != "" {
		b.Place = &pages.Place{Title: o.AddressTitle, Address: o.Address}
	}
	if i := o.Items; i != nil {
		b.Items = &pages.Items{Profile: i.Profile, Title: i.Title, Category: i.Category, Sum: pages.Pair{Name: i.Sum, Value: i.SumValue}}
		for _, row := range i.Rows {
			b.Items.Rows = append(b.Items.Rows, pages.Pair{Name: row.Item, Value: row.Value})
		}
	}
	if c := o.Commerce; c != nil {
		b.Price = &pages.Price{
			Product: c.Product, Regular: c.Regular, Final: c.Regular, Rate: c.Rate, Unit: cmp.Or(c.Unit, won), UnitLeft: c.UnitPosition == 1,
		}
		switch {
		case c.Fixed != nil:
			b.Price.Final = *c.Fixed
		case c.Discount != nil:
			b.Price.Final = *c.Discount
		}
	}
	return b
}

// buttons are those that were sent, or the one that Kakao adds: it follows the
// content's link.
func (o shownTemplate) buttons() []pages.Button {
	var buttons []pages.Button
	for _, sent := range o.Buttons {
		buttons = append(buttons, pages.Button{Title: sent.Title, Link: sent.Link.shown()})
	}
	if buttons != nil {
		return buttons
	}
	link := cmp.Or(o.Content.Link.shown(), o.Link.shown(), o.HeaderLink.shown())
	if link == "" && o.ButtonTitle == "" {
		return nil
	}
	return []pages.Button{{Title: o.ButtonTitle, Link: link}}
}

// counts are the numbers of likes and the like that are not 0.
func (o shownTemplate) counts() []pages.Count {
	if o.Social == nil {
		return nil
	}
	var counts []pages.Count
	for _, c := range []pages.Count{
		{Kind: "like", N: o.Social.Like}, {Kind: "comment", N: o.Social.Comment}, {Kind: "shared", N: o.Social.Shared},
		{Kind: "view", N: o.Social.View}, {Kind: "subscriber", N: o.Social.Subscriber},
	} {
		if c.N > 0 {
			counts = append(counts, c)
		}
	}
	return counts
}

// shown is the address of a link if it is one of the web: others would do
// something on the reader's machine.
func (l shownLink) shown() string {
	link := cmp.Or(l.Web, l.Mobile)
	if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
		return ""
	}
	return link
}

func (c shownContent) shown() pages.Content {
	return pages.Content{Image: pictureName(c.Image), Title: c.Title, About: c.About, Link: c.Link.shown()}
}

// pictureName stands for a picture, which is never loaded: where it would be.
func pictureName(address string) string {
	at, err := url.Parse(address)
	if address == "" || err != nil || at.Path == "" {
		return address
	}
	return path.Base(at.Path)
}

// scrapBubble is a message that Kakao reads off a web page (package talk).
func scrapBubble(m talk.SentMessage) pages.Bubble {
	title, about, _ := strings.Cut(m.Text, talk.ScrapSeparator)
	b := pages.Bubble{Kind: "scrap", Contents: []pages.Content{{Image: "scrap.jpg", Title: title, About: about}}}
	if link := (shownLink{Web: m.RequestURL}).shown(); link != "" {
		b.Buttons = []pages.Button{{Link: link}}
	}
	return b
}
