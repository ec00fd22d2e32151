package talk

import "github.com/kakaorpc/kakaorpc/internal/sandbox/platform"

// seed makes the friendships and templates of the start. joon is a friend
// of mina too, but shows to her only once he has agreed to friends.
func seed(s *platform.State, options Options) *State {
	named := s.UserByName
	mina, joon, haru, nari, duri := named("mina"), named("joon"), named("haru"), named("nari"), named("duri")
	return &State{
		options: options,
		Uses:    map[*platform.User]Use{mina: {Team: true}, haru: {Team: true}, duri: {Refuses: true}},
		Friendships: []*Friendship{
			{Of: mina, With: haru, Favourite: true}, {Of: mina, With: nari}, {Of: mina, With: duri}, {Of: mina, With: joon},
			{Of: joon, With: mina},
			{Of: haru, With: mina}, {Of: haru, With: nari, Favourite: true},
			{Of: nari, With: mina}, {Of: nari, With: haru}, {Of: nari, With: duri},
			{Of: duri, With: mina}, {Of: duri, With: nari},
		},
		Domains: []string{"shop.example.com"},
		Templates: []CustomTemplate{
			{70001, "feed", purposeMessage, "주문 ${order}: ${eta} 도착 예정"},
			{70002, "list", purposeMemo, "오늘 할 일: ${first}, ${second}"},
			{70003, "feed", purposeMessage, "${greeting} ${SCRAP_TITLE} (${SCRAP_HOST}): ${SCRAP_REQUESTED_URL}"},
		},
	}
}
