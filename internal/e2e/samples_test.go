package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// samplesFolder holds answers that Kakao really gave. They are other people's
// data and not in the repository.
const samplesFolder = "KAKAORPC_SAMPLES"

// samples are the files that a rpc of the contract reads, and the field that
// takes the body.
var samples = []struct {
	file, rpc, field string
	request          string
}{
	{"user-me.json", "kakao.user.v1.UserService.GetMe", "user", `{}`},
	{"user-me-2.json", "kakao.user.v1.UserService.GetMe", "user", `{}`},
	{"token.json", "kakao.auth.v1.AuthService.IssueToken", "token", `{"code":"test-code","redirect_uri":"https://shop.example.com/cb"}`},
	{"local-address.json", "kakao.local.v1.LocalService.SearchAddress", "", `{"query":"나래로"}`},
	{"local-keyword.json", "kakao.local.v1.LocalService.SearchKeyword", "", `{"query":"나래"}`},
	{"talk-friends.json", "kakao.talk.v1.TalkService.ListFriends", "", `{}`},
}

// TestSamplesLoseNothing: every member of a real answer is in ours, and nothing
// is counted as unknown.
func TestSamplesLoseNothing(t *testing.T) {
	folder := os.Getenv(samplesFolder)
	if folder == "" {
		t.Skipf("%s does not name the folder of Kakao's samples", samplesFolder)
	}
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	for _, sample := range samples {
		t.Run(sample.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(folder, sample.file))
			if err != nil {
				t.Fatal(err)
			}
			descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(sample.rpc))
			if err != nil {
				t.Fatal(err)
			}
			method := descriptor.(protoreflect.MethodDescriptor)
			kakao.answerJSON(http.StatusOK, string(text))
			for name, call := range server.transports() {
				request, response := newMessage(t, method.Input()), newMessage(t, method.Output())
				if err := protojson.Unmarshal([]byte(sample.request), request); err != nil {
					t.Fatal(err)
				}
				if err := call(t, method, caller{Token: "test-access-token-sample"}, request, response); err != nil {
					t.Fatalf("over %s: %v", name, err)
				}
				ours, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(response)
				if err != nil {
					t.Fatal(err)
				}
				compareSample(t, text, ours, sample.field)
			}
		})
	}
	if unknown := server.metric(t, "kakaorpc_response_unknown_fields_total"); unknown != 0 {
		t.Errorf("%v members of the samples were counted as unknown", unknown)
	}
}

// TestUnknownMembersAreCounted: what the contract does not know is counted, and
// the answer is good all the same.
func TestUnknownMembersAreCounted(t *testing.T) {
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	kakao.answerJSON(http.StatusOK, `{"id":1,"invented":{"deep":[1,2]},"kakao_account":{"invented_too":"x"}}`)
	descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName("kakao.user.v1.UserService.GetMe")
	if err != nil {
		t.Fatal(err)
	}
	method := descriptor.(protoreflect.MethodDescriptor)
	for _, call := range server.transports() {
		if err := call(t, method, caller{Token: "test-access-token-unknown"}, newMessage(t, method.Input()), newMessage(t, method.Output())); err != nil {
			t.Fatal(err)
		}
	}
	if unknown := server.metric(t, "kakaorpc_response_unknown_fields_total"); unknown != 4 {
		t.Errorf("%v members were counted as unknown in two answers with two each", unknown)
	}
}

func compareSample(t *testing.T, sample, ours []byte, field string) {
	t.Helper()
	var theirs, mine any
	if err := json.Unmarshal(sample, &theirs); err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(ours)))
	decoder.UseNumber()
	if err := decoder.Decode(&mine); err != nil {
		t.Fatal(err)
	}
	decoder = json.NewDecoder(strings.NewReader(string(sample)))
	decoder.UseNumber()
	if err := decoder.Decode(&theirs); err != nil {
		t.Fatal(err)
	}
	if field != "" {
		mine = mine.(map[string]any)[field]
	}
	members := 0
	compareValue(t, "", theirs, mine, &members)
	t.Logf("%d members compared", members)
	if members == 0 {
		t.Error("the sample has no member")
	}
}

// pageURLs are the URLs of neighbouring pages, by the field that keeps the
// offset out of them.
var pageURLs = map[string]string{"before_url": "previous_offset", "after_url": "next_offset"}

// offsetOf is what is kept of the URL of a page; nil of none.
func offsetOf(page any) any {
	text, _ := page.(string)
	address, err := url.Parse(text)
	if err != nil || text == "" {
		return nil
	}
	return address.Query().Get("offset")
}

// compareValue walks over what Kakao sent. Numbers may have become text and
// text numbers; what protobuf leaves out because it is the default may be
// missing.
func compareValue(t *testing.T, path string, theirs, ours any, members *int) {
	t.Helper()
	switch theirs := theirs.(type) {
	case map[string]any:
		object, _ := ours.(map[string]any)
		for name, value := range theirs {
			if field := pageURLs[name]; field != "" {
				name, value = field, offsetOf(value)
			}
			compareValue(t, path+"."+name, value, object[name], members)
		}
	case []any:
		list, _ := ours.([]any)
		if len(list) != len(theirs) {
			t.Errorf("%s has %d elements, want %d", path, len(list), len(theirs))
			return
		}
		for i, value := range theirs {
			compareValue(t, fmt.Sprintf("%s[%d]", path, i), value, list[i], members)
		}
	default:
		*members++
		if !sameScalar(theirs, ours) {
			t.Errorf("%s is %v, want %v", path, ours, theirs)
		}
	}
}

func sameScalar(theirs, ours any) bool {
	if list, ok := ours.([]any); ok { // a text list
		texts := make([]string, 0, len(list))
		for _, element := range list {
			texts = append(texts, fmt.Sprint(element))
		}
		ours = strings.Join(texts, " ")
	}
	if ours == nil { // the default, or no value
		return theirs == nil || theirs == "" || theirs == false || fmt.Sprint(theirs) == "0"
	}
	if fmt.Sprint(theirs) == fmt.Sprint(ours) {
		return true
	}
	a, errA := strconv.ParseFloat(fmt.Sprint(theirs), 64)
	b, errB := strconv.ParseFloat(fmt.Sprint(ours), 64)
	return errA == nil && errB == nil && a == b
}
