package sandbox

// talkPeople are two more people, so that mina has friends for more than one
// page, and one of them refuses her messages.
func talkPeople() []*user {
	items := []string{openIDScope, "profile_nickname", "profile_image", "friends", "talk_message"}
	terms := map[string]termConsent{"shop_terms": {date(2025, 8, 9), "KAUTH"}}
	nari := &user{
		name: "nari", about: "a friend of mina; no picture", id: 3177000007, uuid: "bmFyaS1zYW5kYm94LXV1aWQtMDAwNw",
		account: account{nickname: "나리", name: "정나리", email: "nari@example.com", emailValid: true, emailVerified: true, birthyear: "1999", gender: "female"},
	}
	nari.seedLink(date(2025, 8, 9), items, terms)
	duri := &user{
		name: "duri", about: "a friend of mina who refuses messages", id: 3177000008, uuid: "ZHVyaS1zYW5kYm94LXV1aWQtMDAwOA",
		account: account{nickname: "두리", image: "duri", name: "한두리", email: "duri@example.com", emailValid: true, emailVerified: true, birthyear: "1989", gender: "male"},
	}
	duri.seedLink(date(2025, 8, 10), items, terms)
	return []*user{nari, duri}
}

// seedTalk makes the friendships and templates of the start. joon is a friend
// of mina too, but shows to her only once he has agreed to friends.
func seedTalk(s *state) *talk {
	named := s.userByName
	mina, joon, haru, nari, duri := named("mina"), named("joon"), named("haru"), named("nari"), named("duri")
	return &talk{
		uses: map[*user]talkUse{mina: {team: true}, haru: {team: true}, duri: {refuses: true}},
		friendships: []*friendship{
			{of: mina, with: haru, favourite: true}, {of: mina, with: nari}, {of: mina, with: duri}, {of: mina, with: joon},
			{of: joon, with: mina},
			{of: haru, with: mina}, {of: haru, with: nari, favourite: true},
			{of: nari, with: mina}, {of: nari, with: haru}, {of: nari, with: duri},
			{of: duri, with: mina}, {of: duri, with: nari},
		},
		domains: []string{"shop.example.com"},
		templates: []customTemplate{
			{70001, "feed", purposeMessage, "주문 ${order}: ${eta} 도착 예정"},
			{70002, "list", purposeMemo, "오늘 할 일: ${first}, ${second}"},
			{70003, "feed", purposeMessage, "${greeting} ${SCRAP_TITLE} (${SCRAP_HOST}): ${SCRAP_REQUESTED_URL}"},
		},
	}
}
