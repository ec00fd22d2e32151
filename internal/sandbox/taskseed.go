package sandbox

import (
	"time"
)

// seedTasks makes the tasks that people have at the start, around today: mina's
// show every kind, joon has one that he has not agreed to show.
func seedTasks(users []*user, now time.Time) *taskBook {
	book := &taskBook{byUser: map[int64][]*task{}}
	today := dayOf(now, koreaZone)
	on := func(days int, alarm string) *taskDue {
		return &taskDue{date: today.AddDate(0, 0, days), zone: koreaZone, zoneName: "Asia/Seoul", alarm: alarm}
	}
	ago := func(days int) string { return today.AddDate(0, 0, -days).Format(dayForm) }
	seeds := map[string][]*task{
		"mina": {
			{id: "7e57a5c00000000000000001", content: "가게 진열장 다시 꾸미기", due: on(1, "0930")},
			{id: "7e57a5c00000000000000002", content: "택배 상자 주문", bookmark: true, due: on(3, "")},
			{id: "7e57a5c00000000000000003", content: "단골손님께 답장하기", due: on(0, ""), done: true},
			{id: "7e57a5c00000000000000004", content: "언젠가 읽을 책 고르기"},
			{id: "7e57a5c00000000000000005", content: "하루 한 번 산책", due: on(-6, "2100").every("FREQ=DAILY", true), doneOn: map[string]bool{
				ago(6): true, ago(5): true, ago(3): true,
			}},
			{id: "7e57a5c00000000000000006", content: "프로필 스티커의 약속", due: on(2, ""), sticker: true},
		},
		"joon": {{id: "7e57a5c00000000000000011", content: "자전거 고치기", due: on(2, "")}},
		"haru": {
			{id: "7e57a5c00000000000000021", content: "작업실 창문 닦기", due: on(1, "")},
			{id: "7e57a5c00000000000000022", content: "화분에 물 주기", due: on(0, "0800").every("FREQ=WEEKLY;BYDAY=MO,TH", false)},
		},
	}
	for _, u := range users {
		for _, t := range seeds[u.name] {
			if t.doneOn == nil {
				t.doneOn = map[string]bool{}
			}
			book.add(u.id, t)
		}
	}
	return book
}

// every makes a seed repeat. The rules of the seeds are good ones.
func (d *taskDue) every(text string, recordOn bool) *taskDue {
	d.recur, _ = parseTaskRule(text, d.date)
	d.recur.recordOn = recordOn
	return d
}
