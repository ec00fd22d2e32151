package sandbox

import "time"

// seedUsers is the table of people. All of them are made up. mina has agreed
// to everything, joon to almost nothing, haru has an ID beyond 2^53; the other
// three show what happens before, without and after a complete signup.
func seedUsers(a *app, now time.Time) []*user {
	everything := map[setting]bool{required: true, optional: true, duringUse: true}
	mina := &user{
		name: "mina", about: "agreed to everything; six shipping addresses", id: 3177000001, uuid: "bWluYS1zYW5kYm94LXV1aWQtMDAwMQ",
		account: account{
			nickname: "미나", image: "mina", name: "김미나", email: "mina@example.com", emailValid: true, emailVerified: true,
			ageRange: "30~39", birthyear: "1994", birthday: "0506", birthdayType: "SOLAR", gender: "female", phoneNumber: "+82 10-0000-0001",
		},
		addresses: minaAddresses(),
	}
	mina.seedLink(date(2025, 2, 3), a.itemsBySetting(everything), map[string]termConsent{
		"shop_terms": {date(2025, 2, 3), "KAUTH"}, "news_opt": {date(2025, 6, 1), "KAPI"},
	})
	mina.syncedAt = date(2025, 2, 3)
	mina.properties["tier"] = "gold"
	mina.properties["theme"] = "dark"

	joon := &user{
		name: "joon", about: "agreed to the required items only", id: 3177000002, uuid: "am9vbi1zYW5kYm94LXV1aWQtMDAwMg",
		account: account{
			nickname: "준", name: "이준", email: "joon@example.com", emailValid: true, emailVerified: false,
			ageRange: "20~29", birthyear: "2001", birthday: "1111", birthdayType: "SOLAR", gender: "male", phoneNumber: "+82 10-0000-0002",
			defaultNickname: true,
		},
		addresses: []address{
			{id: 720001, name: "집", isDefault: true, updatedAt: date(2025, 7, 7), kind: "NEW", base: "충남 물안시 조약로 8", detail: "2동 305호",
				receiver: "이준", phone: "010-0000-0002", zone: "09802"},
		},
	}
	joon.seedLink(date(2025, 3, 4), a.itemsBySetting(map[setting]bool{required: true}), map[string]termConsent{
		"shop_terms": {date(2025, 3, 4), "KAUTH"},
	})

	haru := &user{
		name: "haru", about: "a 19-digit ID and a birthday in a lunar leap month", id: 1377016924426814987, uuid: "aGFydS1zYW5kYm94LXV1aWQtMDAwMw",
		account: account{
			nickname: "하루", image: "haru", name: "박하루", email: "haru@example.com", emailValid: true, emailVerified: true,
			ageRange: "40~49", birthyear: "1982", birthday: "0415", birthdayType: "LUNAR", leapMonth: true, gender: "female",
		},
		addresses: []address{
			{id: 730001, name: "작업실", isDefault: true, updatedAt: date(2024, 12, 24), kind: "OLD", base: "강원 달무리군 솔빛면 은하리 31-4", detail: "",
				receiver: "박하루", phone: "010-0000-0003", phone2: "033-000-0003", zone: "09803", zip: "098-003"},
		},
	}
	haru.seedLink(date(2018, 5, 6), []string{
		openIDScope, "profile_nickname", "profile_image", "account_email", "birthday", "gender", "shipping_address", "friends", "talk_message", "talk_calendar", "talk_calendar_task",
	}, map[string]termConsent{"shop_terms": {date(2018, 5, 6), "KAUTH"}})

	sora := &user{
		name: "sora", about: "preregistered: POST /v1/user/signup completes the link", id: 3177000004, uuid: "c29yYS1zYW5kYm94LXV1aWQtMDAwNA",
		account: account{nickname: "소라", email: "sora@example.com", emailValid: true, emailVerified: true, gender: "female"},
	}
	sora.seedLink(now, []string{openIDScope, "profile_nickname", "account_email"}, nil)
	sora.link, sora.signupDue = preregistered, now.Add(signupTime)
	clear(sora.properties)

	dori := &user{
		name: "dori", about: "a dormant Kakao account: calls answer -103", id: 3177000005, uuid: "ZG9yaS1zYW5kYm94LXV1aWQtMDAwNQ",
		account: account{nickname: "도리", email: "dori@example.com", emailValid: false, emailVerified: true}, dormant: true,
	}
	dori.seedLink(date(2022, 1, 2), []string{openIDScope, "profile_nickname"}, nil)

	bomi := &user{
		name: "bomi", about: "not linked at the start: signs in for the first time", id: 3177000006, uuid: "Ym9taS1zYW5kYm94LXV1aWQtMDAwNg",
		account: account{
			nickname: "보미", image: "bomi", name: "최보미", email: "bomi@example.com", emailValid: true, emailVerified: true,
			ageRange: "15~19", birthyear: "2008", birthday: "0229", birthdayType: "SOLAR", gender: "female", phoneNumber: "+82 10-0000-0006",
		},
		consents: map[string]time.Time{}, terms: map[string]termConsent{}, properties: map[string]string{},
	}
	return append([]*user{mina, joon, haru, sora, dori, bomi}, talkPeople()...)
}

// signupTime is how long a preregistered user may take.
const signupTime = 24 * time.Hour

// minaAddresses are enough for several pages.
func minaAddresses() []address {
	return []address{
		{710001, "집", true, date(2025, 1, 10), "NEW", "서울 가람구 별빛로 12", "101동 1203호", "김미나", "010-0000-0001", "", "09801", "098-001"},
		{710002, "회사", false, date(2025, 9, 1), "NEW", "서울 가람구 나루대로 300", "7층", "김미나", "010-0000-0001", "02-000-0001", "09811", ""},
		{710003, "부모님", false, date(2025, 5, 8), "OLD", "전남 해솔군 노을면 미리내리 77", "", "김은하", "010-0000-0011", "061-000-0011", "09821", "098-021"},
		{710004, "언니", false, date(2025, 4, 2), "NEW", "부산 윤슬구 파도길 5", "902호", "김가온", "010-0000-0021", "", "09831", ""},
		{710005, "", false, date(2024, 11, 30), "NEW", "제주 한빛시 바람로 41", "", "김미나", "010-0000-0001", "", "09841", ""},
		{710006, "예전 집", false, date(2023, 8, 15), "OLD", "경기 다온시 마루동 9-1", "3층", "김미나", "010-0000-0001", "", "09851", "098-051"},
	}
}

// seedLink links a seed user as if it had happened long ago.
func (u *user) seedLink(at time.Time, items []string, terms map[string]termConsent) {
	u.consents, u.terms, u.properties = map[string]time.Time{}, map[string]termConsent{}, map[string]string{}
	for _, item := range items {
		u.consents[item] = at
	}
	for tag, consent := range terms {
		u.terms[tag] = consent
	}
	u.becomeLinked(at)
}

// itemsBySetting are the consent items with one of the settings.
func (a *app) itemsBySetting(settings map[setting]bool) []string {
	var items []string
	for _, item := range a.items {
		if settings[item.setting] {
			items = append(items, item.id)
		}
	}
	return items
}

// date is 04:05:06 UTC of a day.
func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 4, 5, 6, 0, time.UTC)
}
