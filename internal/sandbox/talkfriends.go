package sandbox

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultFriendsPage = 10
	maxFriendsPage     = 100
	maxInt32           = math.MaxInt32
)

// getFriends is GET /v1/api/talk/friends.
// https://developers.kakao.com/docs/latest/en/kakaotalk-social/rest-api
func getFriends(r *request) (any, *kakaoError) {
	friends := r.state.listedFriends(r.user)
	slices.SortStableFunc(friends, friendOrders[cmp.Or(r.text("friend_order"), "favorite")])
	if r.text("order") == "desc" {
		slices.Reverse(friends)
	}
	offset := int(r.int64("offset", 0))
	limit := int(r.int64("limit", defaultFriendsPage))
	start := min(offset, len(friends))
	page := friends[start:min(start+limit, len(friends))]

	elements, favourites := []map[string]any{}, 0
	for _, f := range page {
		elements = append(elements, r.state.showFriend(f))
	}
	for _, f := range friends {
		if f.favourite {
			favourites++
		}
	}
	answer := map[string]any{
		"elements": elements, "total_count": len(friends), "favorite_count": favourites, "before_url": nil, "after_url": nil,
	}
	if offset > 0 {
		answer["before_url"] = friendsURL(r, max(0, offset-limit), limit)
	}
	if offset+len(page) < len(friends) {
		answer["after_url"] = friendsURL(r, offset+limit, limit)
	}
	return answer, nil
}

// listedFriends are the friends that the list shows to a person.
func (s *state) listedFriends(of *user) []*friendship {
	return slices.DeleteFunc(slices.Clone(s.talk.friendships), func(f *friendship) bool {
		return f.of != of || f.state != befriended || !s.shows(f.with)
	})
}

// friendOrders are the orders of the list, each ascending.
var friendOrders = map[string]func(a, b *friendship) int{
	"favorite": func(a, b *friendship) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), byNickname(a, b))
	},
	"nickname": byNickname,
	// An SDK knows it; the documentation does not. The youngest come first.
	"age": func(a, b *friendship) int {
		return cmp.Or(strings.Compare(b.with.account.birthyear, a.with.account.birthyear), byNickname(a, b))
	},
}

func byNickname(a, b *friendship) int {
	return strings.Compare(a.with.account.nickname, b.with.account.nickname)
}

// rank is higher for favourites.
func (f *friendship) rank() int {
	if f.favourite {
		return 1
	}
	return 0
}

// showFriend is a friend on the wire.
func (s *state) showFriend(f *friendship) map[string]any {
	return map[string]any{
		"id": f.with.id, "uuid": f.with.uuid, "favorite": f.favourite, "profile_nickname": f.with.account.nickname,
		"profile_thumbnail_image": talkPicture(f.with, "110x110"), "allowed_msg": !s.talk.uses[f.with].refuses,
	}
}

// friendsURL is a page URL in Kakao's order of parameters. An official SDK
// reads offset and limit out of it without looking twice.
func friendsURL(r *request, offset, limit int) string {
	page := "https://" + kapiHost + r.route.path + "?offset=" + strconv.Itoa(offset) + "&limit=" + strconv.Itoa(limit) +
		"&order=" + cmp.Or(r.text("order"), "asc")
	if r.has("friend_order") {
		page += "&friend_order=" + r.text("friend_order")
	}
	return page
}
