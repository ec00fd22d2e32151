package platform

import "time"

// seedUsers is the table of people. All of them are made up. mina has agreed
// to everything, joon to almost nothing, haru has an ID beyond 2^53; the other
// three show what happens before, without and after a complete signup.
func seedUsers(a *App, now time.Time) []*User {
	everything := map[Setting]bool{Required: true, Optional: true, duringUse: true}
	mina := &User{
		Name: "mina", About: "agreed to everything; six shipping addresses", ID: 3177000001, UUID: "bWluYS1zYW5kYm94LXV1aWQtMDAwMQ",
		Account: Account{
			Nickname: "미나", Image: "mina", Name: "김미나", Email: "mina@example.com", EmailValid: true, EmailVerified: true,
			AgeRange: "30~39", Birthyear: "1994", Birthday: "0506", BirthdayType: "SOLAR", Gender: "female", PhoneNumber: "+82 10-0000-0001",
		},
		Addresses: minaAddresses(),
	}
	mina.seedLink(SeedDate(2025, 2, 3), a.itemsBySetting(everything), map[string]TermConsent{
		"shop_terms": {SeedDate(2025, 2, 3), "KAUTH"}, "news_opt": {SeedDate(2025, 6, 1), "KAPI"},
	})
	mina.SyncedAt = SeedDate(2025, 2, 3)
	mina.Properties["tier"] = "gold"
	mina.Properties["theme"] = "dark"

	joon := &User{
		Name: "joon", About: "agreed to the required items only", ID: 3177000002, UUID: "am9vbi1zYW5kYm94LXV1aWQtMDAwMg",
		Account: Account{
			Nickname: "준", Name: "이준", Email: "joon@example.com", EmailValid: true, EmailVerified: false,
			AgeRange: "20~29", Birthyear: "2001", Birthday: "1111", BirthdayType: "SOLAR", Gender: "male", PhoneNumber: "+82 10-0000-0002",
			DefaultNickname: true,
		},
		Addresses: []Address{
			{ID: 720001, Name: "집", IsDefault: true, UpdatedAt: SeedDate(2025, 7, 7), Kind: "NEW", Base: "충남 물안시 조약로 8", Detail: "2동 305호",
				Receiver: "이준", Phone: "010-0000-0002", Zone: "09802"},
		},
	}
	joon.seedLink(SeedDate(2025, 3, 4), a.itemsBySetting(map[Setting]bool{Required: true}), map[string]TermConsent{
		"shop_terms": {SeedDate(2025, 3, 4), "KAUTH"},
	})

	haru := &User{
		Name: "haru", About: "a 19-digit ID and a birthday in a lunar leap month", ID: 1377016924426814987, UUID: "aGFydS1zYW5kYm94LXV1aWQtMDAwMw",
		Account: Account{
			Nickname: "하루", Image: "haru", Name: "박하루", Email: "haru@example.com", EmailValid: true, EmailVerified: true,
			AgeRange: "40~49", Birthyear: "1982", Birthday: "0415", BirthdayType: "LUNAR", LeapMonth: true, Gender: "female",
		},
		Addresses: []Address{
			{ID: 730001, Name: "작업실", IsDefault: true, UpdatedAt: SeedDate(2024, 12, 24), Kind: "OLD", Base: "강원 달무리군 솔빛면 은하리 31-4", Detail: "",
				Receiver: "박하루", Phone: "010-0000-0003", Phone2: "033-000-0003", Zone: "09803", Zip: "098-003"},
		},
	}
	haru.seedLink(SeedDate(2018, 5, 6), []string{
		OpenIDScope, "profile_nickname", "profile_image", "account_email", "birthday", "gender", "shipping_address", "friends", "talk_message", "talk_calendar", "talk_calendar_task",
	}, map[string]TermConsent{"shop_terms": {SeedDate(2018, 5, 6), "KAUTH"}})

	sora := &User{
		Name: "sora", About: "preregistered: POST /v1/user/signup completes the link", ID: 3177000004, UUID: "c29yYS1zYW5kYm94LXV1aWQtMDAwNA",
		Account: Account{Nickname: "소라", Email: "sora@example.com", EmailValid: true, EmailVerified: true, Gender: "female"},
	}
	sora.seedLink(now, []string{OpenIDScope, "profile_nickname", "account_email"}, nil)
	sora.Link, sora.SignupDue = Preregistered, now.Add(SignupTime)
	clear(sora.Properties)

	dori := &User{
		Name: "dori", About: "a dormant Kakao account: calls answer -103", ID: 3177000005, UUID: "ZG9yaS1zYW5kYm94LXV1aWQtMDAwNQ",
		Account: Account{Nickname: "도리", Email: "dori@example.com", EmailValid: false, EmailVerified: true}, Dormant: true,
	}
	dori.seedLink(SeedDate(2022, 1, 2), []string{OpenIDScope, "profile_nickname"}, nil)

	bomi := &User{
		Name: "bomi", About: "not linked at the start: signs in for the first time", ID: 3177000006, UUID: "Ym9taS1zYW5kYm94LXV1aWQtMDAwNg",
		Account: Account{
			Nickname: "보미", Image: "bomi", Name: "최보미", Email: "bomi@example.com", EmailValid: true, EmailVerified: true,
			AgeRange: "15~19", Birthyear: "2008", Birthday: "0229", BirthdayType: "SOLAR", Gender: "female", PhoneNumber: "+82 10-0000-0006",
		},
		Consents: map[string]time.Time{}, Terms: map[string]TermConsent{}, Properties: map[string]string{},
	}
	return append([]*User{mina, joon, haru, sora, dori, bomi}, talkPeople()...)
}

// SignupTime is how long a preregistered user may take.
const SignupTime = 24 * time.Hour

// minaAddresses are enough for several pages.
func minaAddresses() []Address {
	return []Address{
		{710001, "집", true, SeedDate(2025, 1, 10), "NEW", "서울 가람구 별빛로 12", "101동 1203호", "김미나", "010-0000-0001", "", "09801", "098-001"},
		{710002, "회사", false, SeedDate(2025, 9, 1), "NEW", "서울 가람구 나루대로 300", "7층", "김미나", "010-0000-0001", "02-000-0001", "09811", ""},
		{710003, "부모님", false, SeedDate(2025, 5, 8), "OLD", "전남 해솔군 노을면 미리내리 77", "", "김은하", "010-0000-0011", "061-000-0011", "09821", "098-021"},
		{710004, "언니", false, SeedDate(2025, 4, 2), "NEW", "부산 윤슬구 파도길 5", "902호", "김가온", "010-0000-0021", "", "09831", ""},
		{710005, "", false, SeedDate(2024, 11, 30), "NEW", "제주 한빛시 바람로 41", "", "김미나", "010-0000-0001", "", "09841", ""},
		{710006, "예전 집", false, SeedDate(2023, 8, 15), "OLD", "경기 다온시 마루동 9-1", "3층", "김미나", "010-0000-0001", "", "09851", "098-051"},
	}
}

// seedLink links a seed user as if it had happened long ago.
func (u *User) seedLink(at time.Time, items []string, terms map[string]TermConsent) {
	u.Consents, u.Terms, u.Properties = map[string]time.Time{}, map[string]TermConsent{}, map[string]string{}
	for _, item := range items {
		u.Consents[item] = at
	}
	for tag, consent := range terms {
		u.Terms[tag] = consent
	}
	u.BecomeLinked(at)
}

// itemsBySetting are the consent items with one of the settings.
func (a *App) itemsBySetting(settings map[Setting]bool) []string {
	var items []string
	for _, item := range a.Items {
		if settings[item.Setting] {
			items = append(items, item.ID)
		}
	}
	return items
}

// SeedDate is 04:05:06 UTC of a day.
func SeedDate(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 4, 5, 6, 0, time.UTC)
}

// talkPeople are two more people, so that mina has friends for more than one
// page, and one of them refuses her messages.
func talkPeople() []*User {
	items := []string{OpenIDScope, "profile_nickname", "profile_image", "friends", "talk_message"}
	terms := map[string]TermConsent{"shop_terms": {SeedDate(2025, 8, 9), "KAUTH"}}
	nari := &User{
		Name: "nari", About: "a friend of mina; no picture", ID: 3177000007, UUID: "bmFyaS1zYW5kYm94LXV1aWQtMDAwNw",
		Account: Account{Nickname: "나리", Name: "정나리", Email: "nari@example.com", EmailValid: true, EmailVerified: true, Birthyear: "1999", Gender: "female"},
	}
	nari.seedLink(SeedDate(2025, 8, 9), items, terms)
	duri := &User{
		Name: "duri", About: "a friend of mina who refuses messages", ID: 3177000008, UUID: "ZHVyaS1zYW5kYm94LXV1aWQtMDAwOA",
		Account: Account{Nickname: "두리", Image: "duri", Name: "한두리", Email: "duri@example.com", EmailValid: true, EmailVerified: true, Birthyear: "1989", Gender: "male"},
	}
	duri.seedLink(SeedDate(2025, 8, 10), items, terms)
	return []*User{nari, duri}
}
