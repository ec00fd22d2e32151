package inspector_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// agenda is the list of a calendar page, as one reads it.
func (w *world) agenda(query string) string {
	w.T.Helper()
	for node := range documentOf(w.T, w.page("/sandbox/calendar"+query)).Descendants() {
		if label, _ := attribute(node, "aria-labelledby"); label == "agenda" {
			return text(node)
		}
	}
	w.T.Fatal("no agenda on the page")
	return ""
}

// TestCalendarPage: events of every kind, tasks, holidays, and what is hidden
// from the app.
func TestCalendarPage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	shown := w.agenda("")
	at := 0
	for _, part := range []string{
		"Sunday, 1 March 2026", "삼일절",
		"Monday, 2 March 2026 Today", "대체공휴일",
		"09:00 –13:00 나루 장터 나루 장터 channel recurring",
		"19:00 –20:00 강변 산책", "Place 가람 나루터 서울 가람구 나루대로 1", "Reminders, minutes 30",
		"20:00 –21:30 독서 모임 동네 모임 recurring", "Rule FREQ=WEEKLY",
		"☑ 단골손님께 답장하기", "☐ 21:00 하루 한 번 산책 recurring",
		"Tuesday, 3 March 2026", "all day 쉬는 날",
		"Wednesday, 4 March 2026", "다른 서비스의 일정 hidden from the app",
	} {
		i := strings.Index(shown[at:], part)
		if i < 0 {
			t.Errorf("%q is missing in %.300s", part, shown[at:])
			continue
		}
		at += i
	}
	page := text(element(t, documentOf(t, w.page("/sandbox/calendar")), "main"))
	for _, part := range []string{"March 2026", "Tasks without a date ☐ 언젠가 읽을 책 고르기", "나루 장터 subscribed", "동네 서점 open to subscribe", "made by another service"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q: %s", part, page)
		}
	}
	if next := w.agenda("?person=mina&month=2026-04"); !strings.Contains(next, "1 April 2026") || !strings.Contains(next, "독서 모임") || strings.Contains(next, "강변 산책") {
		t.Errorf("April: %s", next)
	}
	if joon := w.agenda("?person=joon&month=2026-03"); !strings.Contains(joon, "자전거 정비") || strings.Contains(joon, "산책") {
		t.Errorf("joon: %s", joon)
	}
	if old := w.agenda("?person=nari&month=1999-02"); !strings.Contains(old, "February 1999") && !strings.Contains(old, "Nothing in this month") {
		t.Errorf("long ago: %s", old)
	}
	if strange := w.agenda("?person=nobody&month=2026-13"); !strings.Contains(strange, "강변 산책") {
		t.Errorf("a month that is none: %s", strange)
	}
}

// TestCalendarPageAcrossMidnight: an event stands on each of its days, and
// Korea's day counts, not UTC's.
func TestCalendarPageAcrossMidnight(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	create := func(title, start, end string, allDay bool) {
		t.Helper()
		day := map[bool]string{true: "true", false: "false"}[allDay]
		w.OK(w.Post("/v2/api/calendar/create/event", w.Bearer("haru"), "event",
			`{"title":"`+title+`","time":{"start_at":"`+start+`","end_at":"`+end+`","time_zone":"Asia/Seoul","all_day":`+day+`,"lunar":false}}`))
	}
	create("밤샘", "2026-03-09T14:00:00Z", "2026-03-09T16:00:00Z", false) // 23:00 to 01:00 in Korea
	create("자정까지", "2026-03-12T14:00:00Z", "2026-03-12T15:00:00Z", false)
	create("이틀", "2026-03-16T00:00:00Z", "2026-03-18T00:00:00Z", true)
	shown := w.agenda("?person=haru&month=2026-03")
	for title, want := range map[string][]string{"밤샘": {"9 March", "10 March"}, "자정까지": {"12 March"}, "이틀": {"16 March", "17 March"}} {
		var got []string
		for _, section := range strings.Split(shown, "day, ")[1:] {
			if strings.Contains(section, title) {
				day, _, _ := strings.Cut(section, " 2026")
				got = append(got, day)
			}
		}
		if strings.Join(got, ", ") != strings.Join(want, ", ") {
			t.Errorf("%s stands on %v, want %v", title, got, want)
		}
	}
}

func TestFilesPage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	w.OK(w.JSON("/v1/talkchannel/update/target_users", w.Admin(),
		`{"file_id":48211,"channel_public_id":"_sandboxshop","user_type":"phone","users":[{"id":"821000000001","field":{"성별":"<b>","포인트":300}}]}`))
	shown := text(element(t, documentOf(t, w.page("/sandbox/files")), "file-48211"))
	for _, part := range []string{"regulars 48211", "changed 2026-03-02 10:02 · customers: 2", "성별 string 포인트 number", "user ID 3177000001 미나 여자 1200", "phone 821000000001 미나 <b> 300"} {
		if !strings.Contains(shown, part) {
			t.Errorf("the file lacks %q: %s", part, shown)
		}
	}
	page := text(element(t, documentOf(t, w.page("/sandbox/files")), "main"))
	for _, part := range []string{"_sandboxshop @sandbox-shop connected", "준 · has blocked it", "2 of 30 files", "_sandboxbanned @sandbox-banned blocked by Kakao", "of another app", "nobody yet"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q: %s", part, page)
		}
	}
}

func TestPushPage(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	sandboxtest.WantNothing(t, w.Post("/v2/push/send", w.Admin(), "uuids", `["3177000001"]`, "push_message", `{"for_fcm":{"custom_field":{"title":"주문","body":"출발"}},"for_apns":{"message":"<script>"}}`))
	w.Advance(time.Hour)
	sandboxtest.WantNothing(t, w.Post("/v2/push/send", w.Admin(), "uuids", `["1"]`, "bypass", "true", "push_message", `{"for_apns":{"push_token":"test-token-of-nobody","message":{"title":"제목","body":"본문"}}}`))
	sandboxtest.WantNothing(t, w.Post("/v2/push/send", w.Admin(), "uuids", `["3177000002"]`, "push_message", `{"for_apns":{"badge":3}}`))
	document := documentOf(t, w.page("/sandbox/push"))
	var rows []string
	for node := range element(t, document, "pushes").ChildNodes() {
		if node.Type == html.ElementNode {
			rows = append(rows, text(node))
		}
	}
	for i, want := range []string{
		`APNs 준 · joon-phone 2026-03-02 11:02:03 (no text in the notification) Details uuid 3177000002 { "badge": 3 }`,
		`APNs to a token that is not registered 2026-03-02 11:02:03 제목 본문 Details`,
		`APNs 미나 · mina-tablet 2026-03-02 10:02:03 <script> Details`,
		`FCM 미나 · mina-phone 2026-03-02 10:02:03 주문 출발 Details`,
	} {
		if i >= len(rows) || !strings.HasPrefix(rows[i], want) {
			t.Errorf("row %d is not %s: %q", i, want, rows)
		}
	}
	if page := text(document); strings.Contains(page, "test-token-of-nobody") || strings.Contains(page, "test-fcm-token") || !strings.Contains(page, "haru-phone") {
		t.Errorf("page %s", page)
	}
}
