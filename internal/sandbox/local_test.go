package sandbox

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// localServer is a sandbox over real HTTP.
func localServer(t *testing.T, options Options) *httptest.Server {
	t.Helper()
	s, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server
}

// localGet calls a path with a query ("name=value&…", not yet escaped) and an
// Authorization header, "" for none.
func localGet(t *testing.T, server *httptest.Server, authorization, path, query string) (*http.Response, string) {
	t.Helper()
	values := url.Values{}
	for pair := range strings.SplitSeq(query, "&") {
		if name, text, ok := strings.Cut(pair, "="); ok {
			values.Add(name, text)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path+"?"+values.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

const restAuthorization = "KakaoAK " + testRESTKey

// TestLocalAnswers calls every route once and more, and holds the whole body.
func TestLocalAnswers(t *testing.T) {
	server := localServer(t, Options{})
	for _, c := range []struct{ name, path, query, want string }{
		{
			"address by road", "/v2/local/search/address.json", "query=서울 중구 세종대로 17&analyze_type=exact&page=1&size=30",
			`{"documents":[{"address":{"address_name":"서울 중구 태평로1가 21","b_code":"1114010300","h_code":"1114055000","main_address_no":"21","mountain_yn":"N","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_h_name":"명동","region_3depth_name":"태평로1가","sub_address_no":"","x":"126.9781","y":"37.5662"},"address_name":"서울 중구 세종대로 17","address_type":"ROAD_ADDR","road_address":{"address_name":"서울 중구 세종대로 17","building_name":"나래빌딩","main_building_no":"17","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","road_name":"세종대로","sub_building_no":"","underground_yn":"N","x":"126.9781","y":"37.5662","zone_no":"04520"},"x":"126.9781","y":"37.5662"}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`,
		},
		{
			"no such address", "/v2/local/search/address.json", "query=없는동 1",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"total_count":0}}`,
		},
		{
			"region of a WTM point", "/v2/local/geo/coord2regioncode.json", "x=198091.7081&y=451896.1212&input_coord=WTM",
			`{"documents":[{"address_name":"서울특별시 중구 태평로1가","code":"1114010300","region_1depth_name":"서울특별시","region_2depth_name":"중구","region_3depth_name":"태평로1가","region_4depth_name":"","region_type":"B","x":126.9776,"y":37.5668},{"address_name":"서울특별시 중구 명동","code":"1114055000","region_1depth_name":"서울특별시","region_2depth_name":"중구","region_3depth_name":"명동","region_4depth_name":"","region_type":"H","x":126.9785,"y":37.5665}],"meta":{"total_count":2}}`,
		},
		{
			"region point in map tiles", "/v2/local/geo/coord2regioncode.json", "x=126.33&y=33.4615&output_coord=WCONGNAMUL&lang=ko",
			`{"documents":[{"address_name":"제주특별자치도 제주시 애월읍 애월리","code":"5011025334","region_1depth_name":"제주특별자치도","region_2depth_name":"제주시","region_3depth_name":"애월읍","region_4depth_name":"애월리","region_type":"B","x":344284,"y":-8412},{"address_name":"제주특별자치도 제주시 애월읍","code":"5011025300","region_1depth_name":"제주특별자치도","region_2depth_name":"제주시","region_3depth_name":"애월읍","region_4depth_name":"","region_type":"H","x":344400,"y":-8496}],"meta":{"total_count":2}}`,
		},
		{
			"region abroad", "/v2/local/geo/coord2regioncode.json", "x=37.5&y=127",
			`{"documents":[],"meta":{"total_count":0}}`,
		},
		{
			"address of a point", "/v2/local/geo/coord2address.json", "x=495229&y=1129740&input_coord=WCONGNAMUL",
			`{"documents":[{"address":{"address_name":"서울 중구 태평로1가 21","main_address_no":"21","mountain_yn":"N","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","sub_address_no":""},"road_address":{"address_name":"서울특별시 중구 세종대로 17","building_name":"나래빌딩","main_building_no":"17","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","road_name":"세종대로","sub_building_no":"","underground_yn":"N","zone_no":"04520"}}],"meta":{"total_count":1}}`,
		},
		{
			"into map tiles", "/v2/local/geo/transcoord.json", "x=126.9784&y=37.5666&output_coord=WCONGNAMUL",
			`{"documents":[{"x":495229,"y":1129740}],"meta":{"total_count":1}}`,
		},
		{
			"out of WTM", "/v2/local/geo/transcoord.json", "x=200000&y=500000&input_coord=WTM&output_coord=WCONGNAMUL",
			`{"documents":[{"x":500000,"y":1250000}],"meta":{"total_count":1}}`,
		},
		{
			"keyword near a point", "/v2/local/search/keyword.json",
			"query=나래커피 시청점&category_group_code=CE7&x=126.9784&y=37.5666&radius=2000&rect=126.9,37.5,127.1,37.6&sort=distance&page=1&size=15",
			`{"documents":[{"address_name":"서울 중구 태평로1가 34-4","category_group_code":"CE7","category_group_name":"카페","category_name":"음식점 \u003e 카페 \u003e 커피전문점","distance":"190","id":"900000012","phone":"02-000-1012","place_name":"나래커피 시청점","place_url":"http://place.map.kakao.com/900000012","road_address_name":"서울 중구 세종대로 42","x":"126.9763506","y":"37.5660643"}],"meta":{"is_end":true,"pageable_count":1,"same_name":{"keyword":"나래커피 시청점","region":[],"selected_region":""},"total_count":1}}`,
		},
		{
			"keyword without a hit", "/v2/local/search/keyword.json", "query=없는가게&category_group_code=",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"same_name":{"keyword":"없는가게","region":[],"selected_region":""},"total_count":0}}`,
		},
		{
			"category in a circle abroad", "/v2/local/search/category.json", "category_group_code=PM9&x=37.5&y=127&radius=20000",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"same_name":null,"total_count":0}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, body := localGet(t, server, restAuthorization, c.path, c.query)
			if response.StatusCode != http.StatusOK || body != c.want {
				t.Errorf("status %d\ngot  %s\nwant %s", response.StatusCode, body, c.want)
			}
			if got := response.Header.Get("Content-Type"); got != "application/json;charset=UTF-8" {
				t.Errorf("Content-Type %q", got)
			}
			if response.Header.Get("X-Request-Id") == "" {
				t.Error("no x-request-id")
			}
		})
	}
}

// TestLocalPagesPastTheEnd shows the cap of 45 and the repeated last page over HTTP.
func TestLocalPagesPastTheEnd(t *testing.T) {
	server := localServer(t, Options{})
	_, third := localGet(t, server, restAuthorization, "/v2/local/search/keyword.json", "query=카페&page=3")
	_, last := localGet(t, server, restAuthorization, "/v2/local/search/keyword.json", "query=카페&page=45")
	if third != last {
		t.Errorf("page 45 is not page 3 once more:\n%s\n%s", third, last)
	}
	if !strings.Contains(third, `"is_end":true,"pageable_count":45,`) {
		t.Errorf("page 3 of 15 is not the end: %s", third)
	}
}

// TestLocalRefuses holds the error bodies of bad parameters.
func TestLocalRefuses(t *testing.T) {
	const (
		address  = "/v2/local/search/address.json"
		region   = "/v2/local/geo/coord2regioncode.json"
		point    = "/v2/local/geo/coord2address.json"
		trans    = "/v2/local/geo/transcoord.json"
		keyword  = "/v2/local/search/keyword.json"
		category = "/v2/local/search/category.json"
	)
	server := localServer(t, Options{})
	for _, c := range []struct{ path, query, errorType, message string }{
		{address, "", "MissingParameter", "query parameter required"},
		{address, "query=", "MissingParameter", "query parameter required"},
		{keyword, "query=  ", "MissingParameter", "query parameter required"},
		{address, "query=a&page=46", "InvalidArgument", "page is more than max"},
		{address, "query=a&page=0", "InvalidArgument", "page is less than min"},
		{address, "query=a&size=31", "InvalidArgument", "size is more than max"},
		{address, "query=a&size=0", "InvalidArgument", "size is less than min"},
		{address, "query=a&page=one", "ValidationError", "query.page should be a whole number"},
		{address, "query=a&analyze_type=near", "ValidationError", "query.analyze_type should be one of similar, exact"},
		{address, "query=a&x=127", "InvalidArgument", "x is not a parameter"},
		{address, "query=a&query=b", "InvalidArgument", "query is repeated"},
		{region, "y=37", "MissingParameter", "x parameter required"},
		{region, "x=127&y=north", "ValidationError", "query.y should be a decimal number"},
		{region, "x=127&y=37&input_coord=KTM", "ValidationError", "query.input_coord should be one of WGS84, WCONGNAMUL, CONGNAMUL, WTM, TM"},
		{point, "x=127", "MissingParameter", "y parameter required"},
		{point, "x=127&y=37&output_coord=WTM", "InvalidArgument", "output_coord is not a parameter"},
		{trans, "x=127&y=37&output_coord=GRS80", "ValidationError", "query.output_coord should be one of WGS84, WCONGNAMUL, CONGNAMUL, WTM, TM, KTM, UTM, BESSEL, WKTM, WUTM"},
		{keyword, "query=a&size=16", "InvalidArgument", "size is more than max"},
		{keyword, "query=a&x=127&y=37&radius=20001", "ValidationError", "query.radius should be at most 20000"},
		{keyword, "query=a&x=127&y=37&radius=-1", "ValidationError", "query.radius should be at least 0"},
		{keyword, "query=a&radius=100", "MissingParameter", "x parameter required"},
		{keyword, "query=a&x=127", "MissingParameter", "y parameter required"},
		{keyword, "query=a&sort=recency", "ValidationError", "query.sort should be one of accuracy, distance"},
		{keyword, "query=a&rect=127,37,128", "ValidationError", "query.rect should be four decimal numbers with commas between them"},
		{keyword, "query=a&rect=127,37,128,NaN", "ValidationError", "query.rect should be four decimal numbers with commas between them"},
		{keyword, "query=a&category_group_code=CE7,XX9", "ValidationError", "query.category_group_code should be one of MT1, CS2, PS3, SC4, AC5, PK6, OL7, SW8, BK9, CT1, AG2, PO3, AT4, AD5, FD6, CE7, HP8, PM9"},
		{category, "x=127&y=37&radius=1", "MissingParameter", "category_group_code parameter required"},
		{category, "category_group_code=CE7", "MissingParameter", "x parameter required"},
		{category, "category_group_code=CE7&x=127&y=37", "MissingParameter", "radius parameter required"},
		{"/v2/local/search/address.html", "query=a", "InvalidArgument", "format should be json or xml"},
		{"/v2/local/search/address.xml", "query=", "MissingParameter", "query parameter required"},
	} {
		t.Run(c.path+"?"+c.query, func(t *testing.T) {
			response, body := localGet(t, server, restAuthorization, c.path, c.query)
			want := `{"errorType":"` + c.errorType + `","message":"` + c.message + `"}`
			if response.StatusCode != http.StatusBadRequest || body != want {
				t.Errorf("status %d\ngot  %s\nwant %s", response.StatusCode, body, want)
			}
			if got := response.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}

// TestLocalFarOff sends a point that no conversion reaches: an answer, not a crash.
func TestLocalFarOff(t *testing.T) {
	server := localServer(t, Options{})
	response, body := localGet(t, server, restAuthorization, "/v2/local/geo/transcoord.json", "x=900000000&y=-900000000&input_coord=WTM")
	if response.StatusCode != http.StatusBadRequest || !strings.HasPrefix(body, `{"errorType":"ValidationError","message":"query.x and query.y should be on the map`) {
		t.Errorf("status %d, %s", response.StatusCode, body)
	}
}

// TestLocalCredentials holds that the REST key alone opens the routes.
func TestLocalCredentials(t *testing.T) {
	server := localServer(t, Options{})
	for name, authorization := range map[string]string{
		"none":           "",
		"user token":     "Bearer 7e577e57",
		"malformed":      "KakaoAK short",
		"unknown":        "KakaoAK " + strings.Repeat("0", 32),
		"admin key":      "KakaoAK " + testAdminKey,
		"native key":     "KakaoAK " + testNativeKey,
		"JavaScript key": "KakaoAK " + testJavaScriptKey,
	} {
		response, body := localGet(t, server, authorization, "/v2/local/search/address.json", "query=서울")
		if response.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(body, `{"errorType":"AccessDeniedError",`) {
			t.Errorf("%s: status %d, %s", name, response.StatusCode, body)
		}
	}
}

// TestLocalSwitchedOff turns Kakao Map off in the app. The switch is asked before the
// parameters are.
func TestLocalSwitchedOff(t *testing.T) {
	server := localServer(t, Options{Disabled: []string{localService}})
	for _, r := range localRoutes() {
		response, body := localGet(t, server, restAuthorization, strings.Replace(r.path, "{format}", "json", 1), "")
		want := `{"errorType":"NotAuthorizedError","message":"App(` + appName + `) disabled OPEN_MAP_AND_LOCAL service."}`
		if response.StatusCode != http.StatusForbidden || body != want {
			t.Errorf("%s: status %d, %s, want %s", r.path, response.StatusCode, body, want)
		}
	}
}

// TestLocalQuota uses a quota of two calls up. Each route has its own.
func TestLocalQuota(t *testing.T) {
	server := localServer(t, Options{DailyQuota: map[string]int{"GET /v2/local/search/address.{format}": 2}})
	for call, want := range []int{http.StatusOK, http.StatusOK, http.StatusTooManyRequests} {
		response, body := localGet(t, server, restAuthorization, "/v2/local/search/address.json", "query=서울")
		if response.StatusCode != want {
			t.Errorf("call %d: status %d, want %d", call+1, response.StatusCode, want)
		}
		if want == http.StatusTooManyRequests && body != `{"errorType":"RequestThrottled","message":"API limit has been exceeded."}` {
			t.Errorf("body %s", body)
		}
	}
	if response, _ := localGet(t, server, restAuthorization, "/v2/local/geo/transcoord.json", "x=127&y=37"); response.StatusCode != http.StatusOK {
		t.Errorf("transcoord: status %d, want its own quota", response.StatusCode)
	}
}

// TestLocalFormats calls the forms of a path that mean JSON, and holds the XML form.
func TestLocalFormats(t *testing.T) {
	server := localServer(t, Options{})
	_, want := localGet(t, server, restAuthorization, "/v2/local/search/address.json", "query=중구")
	for _, path := range []string{"/v2/local/search/address", "/v2/local/search/address.JSON"} {
		if response, body := localGet(t, server, restAuthorization, path, "query=중구"); response.StatusCode != http.StatusOK || body != want {
			t.Errorf("%s: status %d, %s", path, response.StatusCode, body)
		}
	}

	response, body := localGet(t, server, restAuthorization, "/v2/local/search/keyword.xml", "query=나래커피 시청점")
	if got := response.Header.Get("Content-Type"); got != "text/xml;charset=UTF-8" {
		t.Errorf("Content-Type %q", got)
	}
	wantXML := xml.Header + `<result><documents><address_name>서울 중구 태평로1가 34-4</address_name><category_group_code>CE7</category_group_code>` +
		`<category_group_name>카페</category_group_name><category_name>음식점 &gt; 카페 &gt; 커피전문점</category_name><distance/><id>900000012</id>` +
		`<phone>02-000-1012</phone><place_name>나래커피 시청점</place_name><place_url>http://place.map.kakao.com/900000012</place_url>` +
		`<road_address_name>서울 중구 세종대로 42</road_address_name><x>126.9763506</x><y>37.5660643</y></documents>` +
		`<meta><is_end>true</is_end><pageable_count>1</pageable_count><same_name><keyword>나래커피 시청점</keyword><selected_region/></same_name>` +
		`<total_count>1</total_count></meta></result>`
	if body != wantXML {
		t.Errorf("got  %s\nwant %s", body, wantXML)
	}

	// One element per document, beside each other; a null object has none.
	_, body = localGet(t, server, restAuthorization, "/v2/local/search/address.xml", "query=중구")
	var read struct {
		Documents []struct {
			Name string    `xml:"address_name"`
			Road *struct{} `xml:"road_address"`
		} `xml:"documents"`
		Total int `xml:"meta>total_count"`
	}
	if err := xml.Unmarshal([]byte(body), &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Documents) != 4 || read.Total != 4 || read.Documents[1].Name != "부산 중구" || read.Documents[1].Road != nil {
		t.Errorf("read %+v from %s", read, body)
	}
}

// TestLocalTable holds the table against Kakao's list of Local endpoints.
func TestLocalTable(t *testing.T) {
	want := map[string]bool{
		"/v2/local/search/address.{format}": true, "/v2/local/search/keyword.{format}": true, "/v2/local/search/category.{format}": true,
		"/v2/local/geo/coord2regioncode.{format}": true, "/v2/local/geo/coord2address.{format}": true, "/v2/local/geo/transcoord.{format}": true,
	}
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Routes() {
		if !strings.HasPrefix(r.Path, "/v2/local/") {
			continue
		}
		if !want[r.Path] || r.Method != http.MethodGet || len(r.AlsoMethods) > 0 || r.Host != "dapi.kakao.com" {
			t.Errorf("route %+v", r)
		}
		delete(want, r.Path)
	}
	if len(want) > 0 {
		t.Errorf("no route for %v", want)
	}
}
