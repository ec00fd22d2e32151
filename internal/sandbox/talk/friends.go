package talk

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const (
	defaultFriendsPage = 10
	maxFriendsPage     = 100
	maxInt32           = math.MaxInt32
)

// getFriends is GET /v1/api/talk/friends.
// https://developers.kakao.com/docs/latest/en/kakaotalk-social/rest-api
func getFriends(r *platform.Request) (any, *platform.Failure) {
	friends := listedFriends(r.State, r.User)
	slices.SortStableFunc(friends, friendOrders[cmp.Or(r.Text("friend_order"), "favorite")])
	if r.Text("order") == "desc" {
		slices.Reverse(friends)
	}
	offset := int(r.Int64("offset", 0))
	limit := int(r.Int64("limit", defaultFriendsPage))
	start := min(offset, len(friends))
	page := friends[start:min(start+limit, len(friends))]

	elements, favourites := []map[string]any{}, 0
	for _, f := range page {
		elements = append(elements, showFriend(r.State, f))
	}
	for _, f := range friends {
		if f.Favourite {
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
func listedFriends(s *platform.State, of *platform.User) []*Friendship {
	return slices.DeleteFunc(slices.Clone(Of(s).Friendships), func(f *Friendship) bool {
		return f.Of != of || f.State != Befriended || !Shows(s, f.With)
	})
}

// friendOrders are the orders of the list, each ascending.
var friendOrders = map[string]func(a, b *Friendship) int{
	"favorite": func(a, b *Friendship) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), byNickname(a, b))
	},
	"nickname": byNickname,
	// An SDK knows it; the documentation does not. The youngest come first.
	"age": func(a, b *Friendship) int {
		return cmp.Or(strings.Compare(b.With.Account.Birthyear, a.With.Account.Birthyear), byNickname(a, b))
	},
}

func byNickname(a, b *Friendship) int {
	return strings.Compare(a.With.Account.Nickname, b.With.Account.Nickname)
}

// rank is higher for favourites.
func (f *Friendship) rank() int {
	if f.Favourite {
		return 1
	}
	return 0
}

// showFriend is a friend on the wire.
func showFriend(s *platform.State, f *Friendship) map[string]any {
	return map[string]any{
		"id": f.With.ID, "uuid": f.With.UUID, "favorite": f.Favourite, "profile_nickname": f.With.Account.Nickname,
		"profile_thumbnail_image": pictureOf(f.With, "110x110"), "allowed_msg": !Of(s).Uses[f.With].Refuses,
	}
}

// friendsURL is a page URL in Kakao's order of parameters. An official SDK
// reads offset and limit out of it without looking twice.
func friendsURL(r *platform.Request, offset, limit int) string {
	page := "https://" + platform.KapiHost + r.Route.Path + "?offset=" + strconv.Itoa(offset) + "&limit=" + strconv.Itoa(limit) +
		"&order=" + cmp.Or(r.Text("order"), "asc")
	if r.Has("friend_order") {
		page += "&friend_order=" + r.Text("friend_order")
	}
	return page
}
