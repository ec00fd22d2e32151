package local_test

import (
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// The endpoints of Kakao Local, without their format.
// https://developers.kakao.com/docs/latest/en/local/dev-guide
const (
	addressPath  = "/v2/local/search/address"
	keywordPath  = "/v2/local/search/keyword"
	categoryPath = "/v2/local/search/category"
	regionPath   = "/v2/local/geo/coord2regioncode"
	pointPath    = "/v2/local/geo/coord2address"
	transPath    = "/v2/local/geo/transcoord"
)

// localQueries is a good query for each of them.
var localQueries = map[string]string{
	addressPath:  "query=서울",
	keywordPath:  "query=카페",
	categoryPath: "category_group_code=CE7&rect=126.9,37.5,127,37.6",
	regionPath:   "x=127&y=37.5",
	pointPath:    "x=127&y=37.5",
	transPath:    "x=127&y=37.5&output_coord=WTM",
}

// world is a sandbox with the calls that these tests make often.
type world struct{ *sandboxtest.World }

// local calls a path of Kakao Local with the REST key and a query, which is
// "name=value&…" and not yet escaped.
func (w *world) local(path, query string) sandboxtest.Answer {
	w.T.Helper()
	return w.localAs("KakaoAK "+w.Keys.RESTKey, path, query)
}

// localAs is local with another Authorization header, "" for none.
func (w *world) localAs(authorization, path, query string) sandboxtest.Answer {
	w.T.Helper()
	parameters := url.Values{}
	for pair := range strings.SplitSeq(query, "&") {
		if name, text, ok := strings.Cut(pair, "="); ok {
			parameters.Add(name, text)
		}
	}
	return w.Call(http.MethodGet, path, authorization, parameters)
}

// wantError holds a whole error body of dapi.kakao.com.
func wantError(t *testing.T, a sandboxtest.Answer, status int, errorType, message string) {
	t.Helper()
	want := `{"errorType":"` + errorType + `","message":"` + message + `"}`
	if a.Status != status || string(a.Body) != want {
		t.Errorf("status %d\ngot  %s\nwant %d %s", a.Status, a.Body, status, want)
	}
	if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		t.Errorf("Content-Type %q", got)
	}
}

// TestLocalAnswers calls every route once and more, and holds the whole body.
func TestLocalAnswers(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for _, c := range []struct{ name, path, query, want string }{
		{
			"address by road", addressPath + ".json", "query=서울 중구 세종대로 17&analyze_type=exact&page=1&size=30",
			`{"documents":[{"address":{"address_name":"서울 중구 태평로1가 21","b_code":"1114010300","h_code":"1114055000","main_address_no":"21","mountain_yn":"N","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_h_name":"명동","region_3depth_name":"태평로1가","sub_address_no":"","x":"126.9781","y":"37.5662"},"address_name":"서울 중구 세종대로 17","address_type":"ROAD_ADDR","road_address":{"address_name":"서울 중구 세종대로 17","building_name":"나래빌딩","main_building_no":"17","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","road_name":"세종대로","sub_building_no":"","underground_yn":"N","x":"126.9781","y":"37.5662","zone_no":"04520"},"x":"126.9781","y":"37.5662"}],"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`,
		},
		{
			"no such address", addressPath + ".json", "query=없는동 1",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"total_count":0}}`,
		},
		{
			"region of a WTM point", regionPath + ".json", "x=198091.7081&y=451896.1212&input_coord=WTM",
			`{"documents":[{"address_name":"서울특별시 중구 태평로1가","code":"1114010300","region_1depth_name":"서울특별시","region_2depth_name":"중구","region_3depth_name":"태평로1가","region_4depth_name":"","region_type":"B","x":126.9776,"y":37.5668},{"address_name":"서울특별시 중구 명동","code":"1114055000","region_1depth_name":"서울특별시","region_2depth_name":"중구","region_3depth_name":"명동","region_4depth_name":"","region_type":"H","x":126.9785,"y":37.5665}],"meta":{"total_count":2}}`,
		},
		{
			"region point in grid units", regionPath + ".json", "x=126.33&y=33.4615&output_coord=WCONGNAMUL&lang=ko",
			`{"documents":[{"address_name":"제주특별자치도 제주시 애월읍 애월리","code":"5011025334","region_1depth_name":"제주특별자치도","region_2depth_name":"제주시","region_3depth_name":"애월읍","region_4depth_name":"애월리","region_type":"B","x":344284,"y":-8412},{"address_name":"제주특별자치도 제주시 애월읍","code":"5011025300","region_1depth_name":"제주특별자치도","region_2depth_name":"제주시","region_3depth_name":"애월읍","region_4depth_name":"","region_type":"H","x":344400,"y":-8496}],"meta":{"total_count":2}}`,
		},
		{
			"region abroad", regionPath + ".json", "x=139.7&y=35.7",
			`{"documents":[],"meta":{"total_count":0}}`,
		},
		{
			"address of a point", pointPath + ".json", "x=495229&y=1129740&input_coord=WCONGNAMUL",
			`{"documents":[{"address":{"address_name":"서울 중구 태평로1가 21","main_address_no":"21","mountain_yn":"N","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","sub_address_no":""},"road_address":{"address_name":"서울특별시 중구 세종대로 17","building_name":"나래빌딩","main_building_no":"17","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","road_name":"세종대로","sub_building_no":"","underground_yn":"N","zone_no":"04520"}}],"meta":{"total_count":1}}`,
		},
		{
			"into grid units", transPath + ".json", "x=126.9784&y=37.5666&output_coord=WCONGNAMUL",
			`{"documents":[{"x":495229,"y":1129740}],"meta":{"total_count":1}}`,
		},
		{
			"out of WTM", transPath + ".json", "x=200000&y=500000&input_coord=WTM&output_coord=WCONGNAMUL",
			`{"documents":[{"x":500000,"y":1250000}],"meta":{"total_count":1}}`,
		},
		{
			"grid to the same grid", transPath + ".json", "x=500000.4&y=1249999.6&input_coord=WCONGNAMUL&output_coord=WCONGNAMUL",
			`{"documents":[{"x":500000,"y":1250000}],"meta":{"total_count":1}}`,
		},
		{
			"just south-west of the origin", transPath + ".json", "x=-0.1&y=-0&input_coord=WTM&output_coord=WCONGNAMUL",
			`{"documents":[{"x":0,"y":0}],"meta":{"total_count":1}}`,
		},
		{
			"keyword near a point", keywordPath + ".json",
			"query=나래커피 시청점&category_group_code=CE7&x=126.9784&y=37.5666&radius=2000&rect=126.9,37.5,127.1,37.6&sort=distance&page=1&size=15",
			`{"documents":[{"address_name":"서울 중구 태평로1가 34-4","category_group_code":"CE7","category_group_name":"카페","category_name":"음식점 \u003e 카페 \u003e 커피전문점","distance":"190","id":"900000012","phone":"02-000-1012","place_name":"나래커피 시청점","place_url":"http://place.map.kakao.com/900000012","road_address_name":"서울 중구 세종대로 42","x":"126.9763506","y":"37.5660643"}],"meta":{"is_end":true,"pageable_count":1,"same_name":{"keyword":"나래커피 시청점","region":[],"selected_region":""},"total_count":1}}`,
		},
		{
			"keyword without a hit", keywordPath + ".json", "query=없는가게&category_group_code=",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"same_name":{"keyword":"없는가게","region":[],"selected_region":""},"total_count":0}}`,
		},
		{
			"keyword without a group", keywordPath + ".json", "query=나래커피 시청점&category_group_code=&x=139.7&y=35.7&radius=0",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"same_name":{"keyword":"나래커피 시청점","region":[],"selected_region":""},"total_count":0}}`,
		},
		{
			"box with longitude and latitude swapped", categoryPath + ".json", "category_group_code=CE7&rect=37,126,38,128",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"same_name":null,"total_count":0}}`,
		},
		{
			"category in a circle abroad", categoryPath + ".json", "category_group_code=PM9&x=37.5&y=127&radius=20000",
			`{"documents":[],"meta":{"is_end":true,"pageable_count":0,"same_name":null,"total_count":0}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.local(c.path, c.query)
			if a.Status != http.StatusOK || string(a.Body) != c.want {
				t.Errorf("status %d\ngot  %s\nwant %s", a.Status, a.Body, c.want)
			}
			if got := a.Header.Get("Content-Type"); got != "application/json;charset=UTF-8" {
				t.Errorf("Content-Type %q", got)
			}
			if a.Header.Get("X-Request-Id") == "" {
				t.Error("no x-request-id")
			}
		})
	}
}

// TestLocalPagesPastTheEnd shows the cap of 45 and the repeated last page over HTTP.
func TestLocalPagesPastTheEnd(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	third := string(w.local(keywordPath+".json", "query=카페&page=3").Body)
	last := string(w.local(keywordPath+".json", "query=카페&page=45").Body)
	if third != last {
		t.Errorf("page 45 is not page 3 once more:\n%s\n%s", third, last)
	}
	if !strings.Contains(third, `"is_end":true,"pageable_count":45,`) {
		t.Errorf("page 3 of 15 is not the end: %s", third)
	}
}

// TestLocalFormats calls the forms of a path that mean JSON, and holds the XML form.
func TestLocalFormats(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	want := string(w.local(addressPath+".json", "query=중구").Body)
	for _, suffix := range []string{"", ".JSON", ".Json"} {
		if a := w.local(addressPath+suffix, "query=중구"); a.Status != http.StatusOK || string(a.Body) != want {
			t.Errorf("%q: status %d, %s", suffix, a.Status, a.Body)
		}
	}

	place := w.local(keywordPath+".xml", "query=나래커피 시청점")
	if got := place.Header.Get("Content-Type"); got != "text/xml;charset=UTF-8" {
		t.Errorf("Content-Type %q", got)
	}
	wantXML := xml.Header + `<result><documents><address_name>서울 중구 태평로1가 34-4</address_name><category_group_code>CE7</category_group_code>` +
		`<category_group_name>카페</category_group_name><category_name>음식점 &gt; 카페 &gt; 커피전문점</category_name><distance/><id>900000012</id>` +
		`<phone>02-000-1012</phone><place_name>나래커피 시청점</place_name><place_url>http://place.map.kakao.com/900000012</place_url>` +
		`<road_address_name>서울 중구 세종대로 42</road_address_name><x>126.9763506</x><y>37.5660643</y></documents>` +
		`<meta><is_end>true</is_end><pageable_count>1</pageable_count><same_name><keyword>나래커피 시청점</keyword><selected_region/></same_name>` +
		`<total_count>1</total_count></meta></result>`
	if string(place.Body) != wantXML {
		t.Errorf("got  %s\nwant %s", place.Body, wantXML)
	}

	// One element per document, beside each other; a null object has none.
	regions := w.local(addressPath+".XML", "query=중구").Body
	var read struct {
		Documents []struct {
			Name string    `xml:"address_name"`
			Road *struct{} `xml:"road_address"`
		} `xml:"documents"`
		Total int `xml:"meta>total_count"`
	}
	if err := xml.Unmarshal(regions, &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Documents) != 4 || read.Total != 4 || read.Documents[1].Name != "부산 중구" || read.Documents[1].Road != nil {
		t.Errorf("read %+v from %s", read, regions)
	}
}

// TestLocalTable holds the routes against Kakao's list of Local endpoints.
func TestLocalTable(t *testing.T) {
	s, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range s.Routes() {
		if path, local := strings.CutSuffix(r.Path, ".{format}"); local && strings.HasPrefix(path, "/v2/local/") {
			got = append(got, path)
			if r.Method != http.MethodGet || len(r.AlsoMethods) > 0 || r.Host != "dapi.kakao.com" {
				t.Errorf("route %+v", r)
			}
		}
	}
	slices.Sort(got)
	if want := slices.Sorted(maps.Keys(localQueries)); !slices.Equal(got, want) {
		t.Errorf("routes %v, want %v", got, want)
	}
}
