package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	channelv1 "github.com/kakaorpc/kakaorpc/gen/kakao/channel/v1"
)

const (
	channelService      = "kakao.channel.v1.ChannelService."
	customerFileService = "kakao.channel.v1.CustomerFileService."
)

// idOf is the user ID of a person in the sandbox, tokenOf the access token.
func (s *story) idOf(name string) int64 {
	s.t.Helper()
	for _, user := range s.keys.Users {
		if user.Name == name {
			return user.ID
		}
	}
	s.t.Fatalf("nobody is called %s", name)
	return 0
}

func (s *story) tokenOf(name string) string {
	s.t.Helper()
	for _, user := range s.keys.Users {
		if user.Name == name && user.AccessToken != "" {
			return user.AccessToken
		}
	}
	s.t.Fatalf("%s has no access token", name)
	return ""
}

// relate is what a person does about a channel in Kakao Talk.
func (s *story) relate(userID int64, channel, relation string) {
	s.t.Helper()
	body := fmt.Sprintf(`{"user_id":%d,"channel_public_id":%q,"relation":%q}`, userID, channel, relation)
	response, err := http.Post(s.url+"/__sandbox__/relation", "application/json", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: HTTP %d", body, response.StatusCode)
	}
}

// TestChannelStory: who has added the shop, seen by a user and by the service;
// the user blocks it, and that shows.
func TestChannelStory(t *testing.T) {
	tell(t, func(s *story) {
		mina, joon, haru := s.idOf("mina"), s.idOf("joon"), s.idOf("haru")
		relation := func() string {
			s.t.Helper()
			mine := must(s, channelService+"GetRelations", &channelv1.GetRelationsRequest{ChannelIds: []string{"_sandboxshop"}}, &channelv1.GetRelationsResponse{})
			if len(mine.GetChannels()) != 1 || mine.GetUserId() != mina {
				s.t.Fatalf("relations %v", mine)
			}
			return mine.GetChannels()[0].GetRelation()
		}
		s.who.Token = s.tokenOf("mina")
		if got := relation(); got != "ADDED" {
			s.t.Errorf("mina: %s", got)
		}
		s.relate(mina, "_sandboxshop", "BLOCKED")
		if got := relation(); got != "BLOCKED" {
			s.t.Errorf("mina, after blocking: %s", got)
		}
		legacy := must(s, channelService+"GetLegacyRelations", &channelv1.GetLegacyRelationsRequest{ChannelPublicIds: []string{"_sandboxshop"}}, &channelv1.GetLegacyRelationsResponse{})
		if len(legacy.GetChannels()) != 1 || legacy.GetChannels()[0].GetRelation() != "BLOCKED" {
			s.t.Errorf("in the older form: %v", legacy)
		}
		s.refused(channelService+"GetRelations", &channelv1.GetRelationsRequest{ChannelIds: []string{"_nosuchshop"}}, &channelv1.GetRelationsResponse{}, codes.NotFound, "KAKAO_CHANNEL_NOT_FOUND")

		// The same with the admin key; joon and haru have not agreed.
		s.who.Token = ""
		hers := must(s, channelService+"GetRelations", &channelv1.GetRelationsRequest{TargetId: &mina}, &channelv1.GetRelationsResponse{})
		if len(hers.GetChannels()) != 2 {
			s.t.Errorf("all of mina's: %v", hers)
		}
		s.refused(channelService+"GetRelations", &channelv1.GetRelationsRequest{TargetId: &joon}, &channelv1.GetRelationsResponse{}, codes.PermissionDenied, "KAKAO_SCOPE_REQUIRED")
		many := must(s, channelService+"BatchGetRelations", &channelv1.BatchGetRelationsRequest{TargetIds: []int64{haru, s.idOf("bomi"), mina}}, &channelv1.BatchGetRelationsResponse{}).GetUsers()
		if len(many) != 2 || many[0].GetUserId() != haru || many[0].GetChannels() != nil || many[1].GetUserId() != mina || !proto.Equal(many[1].GetChannels()[0], hers.GetChannels()[0]) {
			s.t.Errorf("of haru, bomi (not linked) and mina: %v", many)
		}
	})
}

// TestCustomerFileStory: a service registers a customer file and fills it. One
// of its customers is not stored, which only the numbers tell.
func TestCustomerFileStory(t *testing.T) {
	tell(t, func(s *story) {
		const shop = "_sandboxshop"
		create := &channelv1.CreateCustomerFileRequest{
			ChannelPublicId: shop, FileName: "봄 손님", Schema: map[string]channelv1.CustomerAttributeType{
				"성별":     channelv1.CustomerAttributeType_CUSTOMER_ATTRIBUTE_TYPE_STRING,
				"visits": channelv1.CustomerAttributeType_CUSTOMER_ATTRIBUTE_TYPE_NUMBER,
			},
		}
		file := must(s, customerFileService+"CreateCustomerFile", create, &channelv1.CreateCustomerFileResponse{}).GetFileId()
		s.refused(customerFileService+"CreateCustomerFile", create, &channelv1.CreateCustomerFileResponse{}, codes.AlreadyExists, "KAKAO_CUSTOMER_FILE_NAME")
		// After a lost answer, the list tells what became of it.
		found := func() *channelv1.CustomerFile {
			s.t.Helper()
			list := must(s, customerFileService+"ListCustomerFiles", &channelv1.ListCustomerFilesRequest{ChannelPublicId: shop}, &channelv1.ListCustomerFilesResponse{})
			if list.GetUsingSlot()+list.GetEmptySlot() != 30 {
				s.t.Errorf("slots %d and %d", list.GetUsingSlot(), list.GetEmptySlot())
			}
			i := slices.IndexFunc(list.GetResults(), func(f *channelv1.CustomerFile) bool { return f.GetFileName() == create.GetFileName() })
			if i < 0 || list.GetResults()[i].GetFileId() != file {
				s.t.Fatalf("file %d is not in %v", file, list)
			}
			return list.GetResults()[i]
		}
		if schema := found().GetSchema(); len(schema) != 0 {
			s.t.Errorf("schema of an empty file: %v", schema)
		}

		customer := func(name string, visits float64) *channelv1.Customer {
			return &channelv1.Customer{Id: strconv.FormatInt(s.idOf(name), 10), Field: &structpb.Struct{Fields: map[string]*structpb.Value{
				"성별": structpb.NewStringValue("여자"), "visits": structpb.NewNumberValue(visits),
			}}}
		}
		add := func(customers ...*channelv1.Customer) *channelv1.AddCustomersResponse {
			s.t.Helper()
			return must(s, customerFileService+"AddCustomers", &channelv1.AddCustomersRequest{
				FileId: file, ChannelPublicId: shop, UserType: channelv1.CustomerIdType_CUSTOMER_ID_TYPE_APP, Users: customers,
			}, &channelv1.AddCustomersResponse{})
		}
		// joon has blocked the shop: two of three are stored, and it is no error.
		if got := add(customer("mina", 19), customer("joon", 3), customer("haru", 0.5)); got.GetRequestCount() != 3 || got.GetSuccessCount() != 2 {
			s.t.Errorf("mina, joon and haru: %v, want 2 of 3", got)
		}
		if schema := found().GetSchema(); !maps.Equal(schema, map[string]string{"성별": "string", "visits": "number"}) {
			s.t.Errorf("schema of a file with customers: %v", schema)
		}
		s.relate(s.idOf("joon"), shop, "ADDED")
		if got := add(customer("joon", 3)); got.GetRequestCount() != 1 || got.GetSuccessCount() != 1 {
			s.t.Errorf("joon, once he has added the shop: %v", got)
		}
		remove := &channelv1.DeleteCustomersRequest{
			FileId: file, ChannelPublicId: shop, UserType: channelv1.CustomerIdType_CUSTOMER_ID_TYPE_APP,
			UserIds: []string{strconv.FormatInt(s.idOf("haru"), 10), strconv.FormatInt(s.idOf("bomi"), 10)},
		}
		if got := must(s, customerFileService+"DeleteCustomers", remove, &channelv1.DeleteCustomersResponse{}); got.GetRequestCount() != 2 || got.GetSuccessCount() != 1 {
			s.t.Errorf("removing haru and bomi, who is not in the file: %v", got)
		}
		remove.FileId++
		s.refused(customerFileService+"DeleteCustomers", remove, &channelv1.DeleteCustomersResponse{}, codes.NotFound, "KAKAO_CUSTOMER_FILE_NOT_FOUND")

		// As many customers as can be, with much to say of each, are far over what
		// any other call may hold.
		wide := map[string]channelv1.CustomerAttributeType{}
		crowd := customer("mina", 1)
		crowd.Field = &structpb.Struct{Fields: map[string]*structpb.Value{}}
		for n := range 30 {
			name := fmt.Sprintf("attribute %02d", n)
			wide[name] = channelv1.CustomerAttributeType_CUSTOMER_ATTRIBUTE_TYPE_STRING
			crowd.Field.Fields[name] = structpb.NewStringValue(strings.Repeat("x", 80))
		}
		file = must(s, customerFileService+"CreateCustomerFile",
			&channelv1.CreateCustomerFileRequest{ChannelPublicId: shop, FileName: "wide", Schema: wide}, &channelv1.CreateCustomerFileResponse{}).GetFileId()
		if got := add(slices.Repeat([]*channelv1.Customer{crowd}, 2000)...); got.GetSuccessCount() != 2000 {
			s.t.Errorf("a crowd: %v", got)
		}

		// A channel has room for thirty files.
		for n := 1; ; n++ {
			create.FileName = fmt.Sprintf("file %d", n)
			list := must(s, customerFileService+"ListCustomerFiles", &channelv1.ListCustomerFilesRequest{ChannelPublicId: shop}, &channelv1.ListCustomerFilesResponse{})
			if list.GetEmptySlot() == 0 || n > 30 {
				break
			}
			must(s, customerFileService+"CreateCustomerFile", create, &channelv1.CreateCustomerFileResponse{})
		}
		s.refused(customerFileService+"CreateCustomerFile", create, &channelv1.CreateCustomerFileResponse{}, codes.ResourceExhausted, "KAKAO_CUSTOMER_FILE_LIMIT")
		create.ChannelPublicId = "_othershop"
		s.refused(customerFileService+"CreateCustomerFile", create, &channelv1.CreateCustomerFileResponse{}, codes.FailedPrecondition, "KAKAO_CHANNEL_NOT_CONNECTED")
	})
}
