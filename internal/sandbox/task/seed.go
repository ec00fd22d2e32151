package task

import (
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/calendar"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// seed makes the tasks that people have at the start, around today: mina's
// show every kind, joon has one that he has not agreed to show.
func seed(users []*platform.User, now time.Time) *Book {
	book := &Book{byUser: map[int64][]*Task{}}
	today := calendar.DayOf(now, platform.KoreaZone)
	on := func(days int, alarm string) *Due {
		return &Due{Date: today.AddDate(0, 0, days), zone: platform.KoreaZone, zoneName: "Asia/Seoul", Alarm: alarm}
	}
	ago := func(days int) string { return today.AddDate(0, 0, -days).Format(DayForm) }
	seeds := map[string][]*Task{
		"mina": {
			{ID: "7e57a5c00000000000000001", Content: "가게 진열장 다시 꾸미기", Due: on(1, "0930")},
			{ID: "7e57a5c00000000000000002", Content: "택배 상자 주문", Bookmark: true, Due: on(3, "")},
			{ID: "7e57a5c00000000000000003", Content: "단골손님께 답장하기", Due: on(0, ""), Done: true},
			{ID: "7e57a5c00000000000000004", Content: "언젠가 읽을 책 고르기"},
			{ID: "7e57a5c00000000000000005", Content: "하루 한 번 산책", Due: on(-6, "2100").every("FREQ=DAILY", true), DoneOn: map[string]bool{
				ago(6): true, ago(5): true, ago(3): true,
			}},
			{ID: "7e57a5c00000000000000006", Content: "프로필 스티커의 약속", Due: on(2, ""), Sticker: true},
		},
		"joon": {{ID: "7e57a5c00000000000000011", Content: "자전거 고치기", Due: on(2, "")}},
		"haru": {
			{ID: "7e57a5c00000000000000021", Content: "작업실 창문 닦기", Due: on(1, "")},
			{ID: "7e57a5c00000000000000022", Content: "화분에 물 주기", Due: on(0, "0800").every("FREQ=WEEKLY;BYDAY=MO,TH", false)},
		},
	}
	for _, u := range users {
		for _, t := range seeds[u.Name] {
			if t.DoneOn == nil {
				t.DoneOn = map[string]bool{}
			}
			book.add(u.ID, t)
		}
	}
	return book
}

// every makes a seed repeat. The rules of the seeds are good ones.
func (d *Due) every(text string, recordOn bool) *Due {
	d.recur, _ = parseRule(text, d.Date)
	d.recur.recordOn = recordOn
	return d
}
