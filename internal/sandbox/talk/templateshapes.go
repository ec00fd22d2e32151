package talk

import "math"

// templateShapes are the default templates by object_type.
// https://developers.kakao.com/docs/latest/en/message-template/default
func templateShapes() map[string]shape {
	typed := func(members ...shapeMember) shape {
		return shape{members: append([]shapeMember{{"object_type", true, anyText}}, members...)}
	}
	content := shapeMember{"content", true, contentShape().check}
	social := shapeMember{"social", false, socialShape().check}
	buttonTitle := shapeMember{"button_title", false, words(0)}
	buttons := func(most int) shapeMember { return shapeMember{"buttons", false, listOf(buttonShape(), 0, most)} }
	return map[string]shape{
		"feed": typed(content, shapeMember{"item_content", false, itemContentShape().check}, social, buttonTitle, buttons(2)),
		"list": typed(
			shapeMember{"header_title", true, words(200)}, shapeMember{"header_link", true, linkShape().check},
			shapeMember{"contents", true, listOf(contentShape(), 2, 3)}, buttonTitle, buttons(2),
		),
		"location": typed(
			shapeMember{"address", true, words(0)}, shapeMember{"address_title", false, words(0)}, content, social, buttonTitle, buttons(1),
		),
		"commerce": typed(content, shapeMember{"commerce", true, commerceShape().check}, buttonTitle, buttons(2)),
		"text":     typed(shapeMember{"text", true, words(200)}, shapeMember{"link", true, linkShape().check}, buttonTitle, buttons(2)),
		"calendar": typed(shapeMember{"id_type", true, oneOf("event", "calendar")}, shapeMember{"id", true, words(0)}, content, buttons(1)),
	}
}

// linkShape may be empty: Kakao's own SDKs send such a link.
func linkShape() shape {
	return shape{members: []shapeMember{
		{"web_url", false, anyText}, {"mobile_web_url", false, anyText},
		{"android_execution_params", false, anyText}, {"ios_execution_params", false, anyText},
	}}
}

func buttonShape() shape {
	return shape{members: []shapeMember{{"title", true, words(0)}, {"link", true, linkShape().check}}}
}

func contentShape() shape {
	size := whole(maxInt32)
	return shape{
		members: []shapeMember{
			{"title", false, anyText}, {"image_url", false, anyText}, {"image_width", false, size}, {"image_height", false, size},
			{"description", false, anyText}, {"link", true, linkShape().check},
		},
		rule: func(o templateObject) string {
			for _, name := range []string{"title", "image_url", "description"} {
				if text, _ := o[name].(string); text != "" {
					return ""
				}
			}
			return "none of title, image_url, description"
		},
	}
}

func itemContentShape() shape {
	item := shape{members: []shapeMember{{"item", true, words(0)}, {"item_op", true, words(0)}}}
	return shape{
		members: []shapeMember{
			{"profile_text", false, anyText}, {"profile_image_url", false, anyText}, {"title_image_text", false, anyText},
			{"title_image_url", false, anyText}, {"title_image_category", false, anyText}, {"items", false, listOf(item, 0, 5)},
			{"sum", false, anyText}, {"sum_op", false, anyText},
		},
		rule: func(o templateObject) string {
			if o["sum_op"] != nil && o["sum"] == nil {
				return "sum_op without sum"
			}
			return ""
		},
	}
}

func socialShape() shape {
	count := whole(maxInt32)
	return shape{members: []shapeMember{
		{"like_count", false, count}, {"comment_count", false, count}, {"shared_count", false, count}, {"view_count", false, count},
		{"subscriber_count", false, count},
	}}
}

func commerceShape() shape {
	price := whole(math.MaxInt64)
	return shape{
		members: []shapeMember{
			{"product_name", false, anyText}, {"regular_price", true, price}, {"discount_price", false, price}, {"discount_rate", false, whole(100)},
			{"fixed_discount_price", false, price}, {"currency_unit", false, anyText}, {"currency_unit_position", false, whole(1)},
		},
		rule: func(o templateObject) string {
			rate, fixed := o["discount_rate"] != nil, o["fixed_discount_price"] != nil
			switch {
			case rate && fixed:
				return "both discount_rate and fixed_discount_price"
			case o["discount_price"] != nil && !rate && !fixed:
				return "discount_price without discount_rate or fixed_discount_price"
			}
			return ""
		},
	}
}
