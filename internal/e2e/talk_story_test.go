package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	talkv1 "github.com/kakaorpc/kakaorpc/gen/kakao/talk/v1"
)

const (
	talkService    = "kakao.talk.v1.TalkService."
	messageService = "kakao.talk.v1.MessageService."
)

// storedMessage is a message as the sandbox shows it.
type storedMessage struct {
	From, To, Text, Route string
}

// messages reads the messages that arrived, oldest first.
func (s *story) messages() []storedMessage {
	s.t.Helper()
	response, err := http.Get(s.url + "/__sandbox__/messages")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var stored struct{ Messages []storedMessage }
	if err := json.NewDecoder(response.Body).Decode(&stored); err != nil {
		s.t.Fatal(err)
	}
	return stored.Messages
}

// friends lists the user's friends page by page, by nickname.
func (s *story) friends() map[string]*talkv1.Friend {
	s.t.Helper()
	found := map[string]*talkv1.Friend{}
	request := &talkv1.ListFriendsRequest{Limit: proto.Int32(1), FriendOrder: talkv1.FriendOrder_FRIEND_ORDER_NICKNAME}
	for range 10 {
		page := must(s, talkService+"ListFriends", request, &talkv1.ListFriendsResponse{})
		for _, friend := range page.GetElements() {
			found[friend.GetProfileNickname()] = friend
		}
		if page.NextOffset == nil {
			if int(page.GetTotalCount()) != len(found) {
				s.t.Errorf("%d friends on the pages, total_count %d", len(found), page.GetTotalCount())
			}
			return found
		}
		request.Offset = page.NextOffset
	}
	s.t.Fatal("the list of friends never ends")
	return nil
}

// hello is a message in the shortest template.
func hello(text string) *talkv1.TemplateObject {
	return &talkv1.TemplateObject{Template: &talkv1.TemplateObject_Text{Text: &talkv1.TextTemplate{
		Text: text, Link: &talkv1.Link{WebUrl: proto.String("https://shop.example.com")},
	}}}
}

// TestTalkStory: mina lists her friends and writes to two of them, of whom one
// refuses messages; what went out is read back. Then one who refuses alone, a
// custom template, a scrap, messages to herself until the quota is used up, and
// joon, who has to agree first.
func TestTalkStory(t *testing.T) {
	tell(t, func(s *story) {
		s.who.Token = s.tokenOf("mina")
		profile := must(s, talkService+"GetProfile", &talkv1.GetProfileRequest{}, &talkv1.GetProfileResponse{}).GetProfile()
		if profile.GetNickname() != "미나" || !strings.HasPrefix(profile.GetProfileImageUrl(), "https://") {
			s.t.Errorf("profile %v", profile)
		}
		friends := s.friends()
		haru, duri := friends["하루"], friends["두리"]
		if haru.GetId() != 1377016924426814987 || !haru.GetFavorite() || duri == nil || duri.GetAllowedMsg() {
			s.t.Fatalf("friends %v", friends)
		}

		both := &talkv1.SendToFriendsRequest{ReceiverUuids: []string{haru.GetUuid(), duri.GetUuid()}, TemplateObject: hello("점심 먹을까요?")}
		sent := must(s, messageService+"SendToFriends", both, &talkv1.SendToFriendsResponse{})
		failures := sent.GetFailureInfo()
		if !slices.Equal(sent.GetSuccessfulReceiverUuids(), []string{haru.GetUuid()}) || len(failures) != 1 ||
			failures[0].GetCode() != -530 || !slices.Equal(failures[0].GetReceiverUuids(), []string{duri.GetUuid()}) {
			s.t.Errorf("partial failure: %v", sent)
		}
		if stored := s.messages(); len(stored) != 1 || stored[0].To != "haru" || stored[0].From != "mina" || stored[0].Text != "점심 먹을까요?" {
			s.t.Errorf("stored %v", stored)
		}

		// Nobody was reached: an error that names who was not.
		alone := &talkv1.SendToFriendsRequest{ReceiverUuids: []string{duri.GetUuid()}, TemplateObject: hello("점심 먹을까요?")}
		err := s.try(messageService+"SendToFriends", alone, &talkv1.SendToFriendsResponse{})
		refusal, _ := status.FromError(err)
		details := detailsOf(s.t, refusal)
		if refusal.Code() != codes.FailedPrecondition || details.info.GetReason() != "KAKAO_MESSAGE_RECEPTION_OFF" ||
			len(details.kakao.GetFailedReceivers()) != 1 || !slices.Equal(details.kakao.GetFailedReceivers()[0].GetReceivers(), []string{"3177000008"}) {
			s.t.Errorf("one receiver who refuses: %v, %v", err, details.kakao)
		}
		s.refused(messageService+"SendToFriends", &talkv1.SendToFriendsRequest{ReceiverUuids: []string{"another-app"}, TemplateObject: hello("?")},
			&talkv1.SendToFriendsResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")

		toHaru := []string{haru.GetUuid()}
		must(s, messageService+"SendToFriendsWithTemplate", &talkv1.SendToFriendsWithTemplateRequest{
			ReceiverUuids: toHaru, TemplateId: 70001, TemplateArgs: map[string]string{"order": "A-17", "eta": "14:30"},
		}, &talkv1.SendToFriendsWithTemplateResponse{})
		s.refused(messageService+"SendToFriendsWithTemplate", &talkv1.SendToFriendsWithTemplateRequest{ReceiverUuids: toHaru, TemplateId: 70002},
			&talkv1.SendToFriendsWithTemplateResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")
		page := "https://shop.example.com/p/1"
		must(s, messageService+"SendScrapToFriends", &talkv1.SendScrapToFriendsRequest{ReceiverUuids: toHaru, RequestUrl: page}, &talkv1.SendScrapToFriendsResponse{})
		must(s, messageService+"SendScrapToFriendsWithTemplate", &talkv1.SendScrapToFriendsWithTemplateRequest{
			ReceiverUuids: toHaru, RequestUrl: page, TemplateId: 70003, TemplateArgs: map[string]string{"greeting": "보세요:"},
		}, &talkv1.SendScrapToFriendsWithTemplateResponse{})
		s.memos(page)

		// joon has agreed neither to friends nor to messages.
		s.who.Token = s.tokenOf("joon")
		s.refused(talkService+"ListFriends", &talkv1.ListFriendsRequest{}, &talkv1.ListFriendsResponse{}, codes.PermissionDenied, "KAKAO_SCOPE_REQUIRED")
		s.refused(messageService+"SendToMe", &talkv1.SendToMeRequest{TemplateObject: hello("?")}, &talkv1.SendToMeResponse{}, codes.PermissionDenied, "KAKAO_SCOPE_REQUIRED")
	})
}

// memos writes messages to oneself of every kind until the day's 20 are used
// up, and once more on the next day.
func (s *story) memos(page string) {
	s.t.Helper()
	before := len(s.messages())
	must(s, messageService+"SendToMeWithTemplate", &talkv1.SendToMeWithTemplateRequest{TemplateId: 70002, TemplateArgs: map[string]string{"first": "장보기", "second": "빵 굽기"}}, &talkv1.SendToMeWithTemplateResponse{})
	must(s, messageService+"SendScrapToMe", &talkv1.SendScrapToMeRequest{RequestUrl: page}, &talkv1.SendScrapToMeResponse{})
	must(s, messageService+"SendScrapToMeWithTemplate", &talkv1.SendScrapToMeWithTemplateRequest{RequestUrl: page, TemplateId: 70003}, &talkv1.SendScrapToMeWithTemplateResponse{})
	templates := everyTemplate()
	for _, template := range templates {
		must(s, messageService+"SendToMe", &talkv1.SendToMeRequest{TemplateObject: template}, &talkv1.SendToMeResponse{})
	}
	for range 20 - 3 - len(templates) {
		must(s, messageService+"SendToMe", &talkv1.SendToMeRequest{TemplateObject: hello("메모")}, &talkv1.SendToMeResponse{})
	}
	s.refused(messageService+"SendToMe", &talkv1.SendToMeRequest{TemplateObject: hello("하나 더")}, &talkv1.SendToMeResponse{}, codes.ResourceExhausted, "KAKAO_PAIR_DAILY_LIMIT")
	s.advance("86400")
	must(s, messageService+"SendToMe", &talkv1.SendToMeRequest{TemplateObject: hello("내일")}, &talkv1.SendToMeResponse{})

	stored := s.messages()[before:]
	if len(stored) != 21 || stored[20].Text != "내일" || stored[20].From != "mina" || stored[20].To != "mina" {
		s.t.Fatalf("%d messages to oneself: %v", len(stored), stored)
	}
	for i, text := range []string{
		"오늘 할 일: 장보기, 빵 굽기", "Sandbox Shop · 모의 페이지 /p/1", " Sandbox Shop (shop.example.com): https://shop.example.com/p/1",
		"오늘의 빵 · 호두", "이번 주 · 오늘의 빵 · 호두 · 오늘의 빵 · 호두", "빵집 · 별빛로 12 · 오늘의 빵 · 호두", "오늘의 빵 · 호두", "오늘의 빵 · 호두", "메모",
	} {
		if stored[i].Text != text {
			s.t.Errorf("message %d reads %q, want %q", i, stored[i].Text, text)
		}
	}
}

// everyTemplate is each kind of template but the text, in all its members that
// have a shape of their own.
func everyTemplate() []*talkv1.TemplateObject {
	link := &talkv1.Link{WebUrl: proto.String("https://shop.example.com"), AndroidExecutionParams: proto.String("a=1&b=2")}
	content := &talkv1.Content{Title: proto.String("오늘의 빵"), Description: proto.String("호두"), ImageUrl: proto.String("https://shop.example.com/1.png"), ImageWidth: proto.Int32(640), Link: link}
	buttons := []*talkv1.Button{{Title: "보기", Link: link}}
	social := &talkv1.Social{LikeCount: proto.Int32(3), ViewCount: proto.Int32(0)}
	return []*talkv1.TemplateObject{
		{Template: &talkv1.TemplateObject_Feed{Feed: &talkv1.FeedTemplate{
			Content: content, Social: social, Buttons: buttons,
			ItemContent: &talkv1.ItemContent{Items: []*talkv1.ItemInfo{{Item: "빵", ItemOp: "1,000원"}}, Sum: proto.String("합계"), SumOp: proto.String("1,000원")},
		}}},
		{Template: &talkv1.TemplateObject_List{List: &talkv1.ListTemplate{
			HeaderTitle: "이번 주", HeaderLink: link, Contents: []*talkv1.Content{content, content}, ButtonTitle: proto.String("열기"),
		}}},
		{Template: &talkv1.TemplateObject_Location{Location: &talkv1.LocationTemplate{
			Address: "별빛로 12", AddressTitle: proto.String("빵집"), Content: content, Social: social, Buttons: buttons,
		}}},
		{Template: &talkv1.TemplateObject_Commerce{Commerce: &talkv1.CommerceTemplate{
			Content:  content,
			Commerce: &talkv1.Commerce{RegularPrice: proto.Int32(2000), DiscountPrice: proto.Int32(1500), DiscountRate: proto.Int32(25), CurrencyUnitPosition: proto.Int32(0)},
		}}},
		{Template: &talkv1.TemplateObject_Calendar{Calendar: &talkv1.CalendarTemplate{
			IdType: talkv1.CalendarIdType_CALENDAR_ID_TYPE_EVENT, Id: "test-event-665", Content: content, Buttons: buttons,
		}}},
	}
}
