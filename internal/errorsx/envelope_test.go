package errorsx

import (
	"strings"
	"testing"
)

func TestIsErrorBody(t *testing.T) {
	tests := []struct {
		name string
		body string
		want bool
	}{
		{"Moment", `{"code":-813,"msg":"KakaoMomentException","extras":{"detailCode":21006,"detailMsg":"..."}}`, true},
		{"Moment with its status", `{"extras":{"status":400,"message":"bad"}}`, true},
		{"Keyword Ad, no text", `{"extras":{"detailCode":103005},"code":-820}`, true},
		{"code as text", ` {"msg":"x","code" : "-1"}`, true},
		{"byte order mark", "\xef\xbb\xbf" + `{"code":-1,"msg":"x"}`, true},
		{"kauth", `{"error":"invalid_grant","error_description":"x","error_code":"KOE320"}`, true},
		{"dapi", `{"errorType":"InvalidArgument","message":"page is more than max"}`, true},
		{"message that reached nobody", `{"failure_info":[{"code":-532,"msg":"x","receiver_uuids":["a","b"]}]}`, true},
		{"message that reached nobody, empty list", `{"successful_receiver_uuids":[],"failure_info":[{"code":-532,"msg":"x"}],"result_code":-500}`, true},
		{"web", `{"error_code":"KAE001","error_msg":"x"}`, true},

		{"report", `{"code":200,"message":"success","data":[]}`, false},
		{"form", `{"code":0,"message":"OK","data":[{"applyId":9001}]}`, false},
		{"region", `{"documents":[{"code":"1199010100","region_type":"B"}]}`, false},
		{"region alone", `{"code":"1199010100","region_type":"B"}`, false},
		{"partial success", `{"successful_receiver_uuids":["a"],"failure_info":[{"code":-532,"msg":"x"}],"result_code":-500}`, false},
		{"message that reached all", `{"successful_receiver_uuids":["a"],"failure_info":[]}`, false},
		{"nobody, for no cause", `{"failure_info":[]}`, false},
		{"name inside a text", `{"memo":"\"code\":-1,\"msg\":\"x\""}`, false},
		{"text that is a name", `{"memo":"code","n":-1,"msg":"x"}`, false},
		{"negative, no text", `{"code":-1}`, false},
		{"null error", `{"error":null,"code":"OK","message":"success"}`, false},
		{"ordinary extras", `{"id":1,"extras":{"status":200,"message":"fine"}}`, false},
		{"list", `[{"code":-1,"msg":"x"}]`, false},
		{"scalar", `-1`, false},
		{"empty", ``, false},
		{"cut off", `{"code":-1,"msg":"x`, false},
		{"unbalanced", `}}{"code":-1`, false},
	}
	for _, test := range tests {
		if got := IsErrorBody([]byte(test.body)); got != test.want {
			t.Errorf("%s: %v, want %v: %s", test.name, got, test.want, test.body)
		}
	}
}

// Every successful answer goes through IsErrorBody.
func TestIsErrorBodyIsCheap(t *testing.T) {
	body := placesBody()
	if n := testing.AllocsPerRun(100, func() { IsErrorBody(body) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
	if large := []byte(`{"code":-1,"msg":"` + strings.Repeat("x", maxBody) + `"}`); IsErrorBody(large) {
		t.Error("a body over 64 KiB is an error")
	}
}

func BenchmarkIsErrorBody(b *testing.B) {
	body := placesBody()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		IsErrorBody(body)
	}
}

// placesBody looks like a search result of 15 places.
func placesBody() []byte {
	place := `{"place_name":"가온 식당","code":"1199010100","x":"126.9784","y":"37.5666","phone":"02-000-0000","address_name":"서울특별시 가온구 다솜동 1"}`
	return []byte(`{"documents":[` + strings.Repeat(place+",", 14) + place + `],"meta":{"total_count":15,"is_end":true}}`)
}
