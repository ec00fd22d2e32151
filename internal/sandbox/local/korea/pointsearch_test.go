package korea

import (
	"encoding/json"
	"strings"
	"testing"
)

// asJSON is a body as it goes over the wire.
func asJSON(t *testing.T, body any) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRegionsAt(t *testing.T) {
	a := defaultAtlas(t)
	for _, c := range []struct {
		name   string
		at     Point
		output System
		want   string
	}{
		{
			"two-word gu", Point{127.0286, 37.2636}, WGS84,
			`{"documents":[` +
				`{"address_name":"경기도 수원시 팔달구 인계동","code":"4111514100","region_1depth_name":"경기도","region_2depth_name":"수원시 팔달구","region_3depth_name":"인계동","region_4depth_name":"","region_type":"B","x":127.031,"y":37.264},` +
				`{"address_name":"경기도 수원시 팔달구 인계동","code":"4111573000","region_1depth_name":"경기도","region_2depth_name":"수원시 팔달구","region_3depth_name":"인계동","region_4depth_name":"","region_type":"H","x":127.0305,"y":37.2638}` +
				`],"meta":{"total_count":2}}`,
		},
		{
			"ri, in grid units", Point{126.33, 33.4615}, WCONGNAMUL,
			`{"documents":[` +
				`{"address_name":"제주특별자치도 제주시 애월읍 애월리","code":"5011025334","region_1depth_name":"제주특별자치도","region_2depth_name":"제주시","region_3depth_name":"애월읍","region_4depth_name":"애월리","region_type":"B","x":344284,"y":-8412},` +
				`{"address_name":"제주특별자치도 제주시 애월읍","code":"5011025300","region_1depth_name":"제주특별자치도","region_2depth_name":"제주시","region_3depth_name":"애월읍","region_4depth_name":"","region_type":"H","x":344400,"y":-8496}` +
				`],"meta":{"total_count":2}}`,
		},
		{"the East Sea", Point{131, 38}, WGS84, `{"documents":[],"meta":{"total_count":0}}`},
		{"longitude and latitude swapped", Point{37.2636, 127.0286}, WTM, `{"documents":[],"meta":{"total_count":0}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, err := a.RegionsAt(c.at, c.output)
			if err != nil {
				t.Fatal(err)
			}
			if got := asJSON(t, body); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestLandmarks places well-known spots in the dong that everybody knows them in.
func TestLandmarks(t *testing.T) {
	a := defaultAtlas(t)
	for _, c := range []struct {
		spot                  string
		at                    Point
		legal, administrative string
	}{
		{"Seoul City Hall", Point{126.9784, 37.5666}, "서울특별시 중구 태평로1가", "서울특별시 중구 명동"},
		{"Gwanghwamun Square", Point{126.9770, 37.5725}, "서울특별시 종로구 세종로", "서울특별시 종로구 종로1.2.3.4가동"},
		{"National Assembly", Point{126.9142, 37.5319}, "서울특별시 영등포구 여의도동", "서울특별시 영등포구 여의동"},
		{"Gangnam Station", Point{127.0276, 37.4979}, "서울특별시 강남구 역삼동", "서울특별시 강남구 역삼1동"},
		{"COEX", Point{127.0588, 37.5126}, "서울특별시 강남구 삼성동", "서울특별시 강남구 삼성1동"},
		{"Haeundae Beach", Point{129.1650, 35.1600}, "부산광역시 해운대구 중동", "부산광역시 해운대구 중1동"},
		{"Busan City Hall", Point{129.0756, 35.1796}, "부산광역시 연제구 연산동", "부산광역시 연제구 연산5동"},
		{"Daejeon City Hall", Point{127.3848, 36.3504}, "대전광역시 서구 둔산동", "대전광역시 서구 둔산1동"},
		{"Sejong City Hall", Point{127.2890, 36.4800}, "세종특별자치시 보람동", "세종특별자치시 보람동"},
		{"Jeju science park", Point{126.5774068, 33.4533577}, "제주특별자치도 제주시 영평동", "제주특별자치도 제주시 아라동"},
	} {
		body, err := a.RegionsAt(c.at, WGS84)
		if err != nil {
			t.Fatal(err)
		}
		if len(body.Documents) != 2 || body.Documents[0].AddressName != c.legal || body.Documents[1].AddressName != c.administrative {
			t.Errorf("%s: %s, want %s and %s", c.spot, asJSON(t, body), c.legal, c.administrative)
		}
	}
}

func TestAddressAt(t *testing.T) {
	a := defaultAtlas(t)
	for _, c := range []struct {
		name string
		at   Point
		want string
	}{
		{
			"long name over short parts", Point{126.978, 37.566},
			`{"documents":[{"address":{"address_name":"서울 중구 태평로1가 21","main_address_no":"21","mountain_yn":"N","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","sub_address_no":""},` +
				`"road_address":{"address_name":"서울특별시 중구 세종대로 17","building_name":"나래빌딩","main_building_no":"17","region_1depth_name":"서울","region_2depth_name":"중구","region_3depth_name":"태평로1가","road_name":"세종대로","sub_building_no":"","underground_yn":"N","zone_no":"04520"}}],"meta":{"total_count":1}}`,
		},
		{
			"mountain lot without a road", lotPoint(t, a, "제주 제주시 애월읍 애월리 산 7"),
			`{"documents":[{"address":{"address_name":"제주 제주시 애월읍 애월리 산 7","main_address_no":"7","mountain_yn":"Y","region_1depth_name":"제주","region_2depth_name":"제주시","region_3depth_name":"애월읍 애월리","sub_address_no":""},` +
				`"road_address":null}],"meta":{"total_count":1}}`,
		},
		{"abroad", Point{139.7, 35.7}, `{"documents":[],"meta":{"total_count":0}}`},
		{"no lot within reach", Point{126.5650, 33.4690}, `{"documents":[],"meta":{"total_count":0}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := asJSON(t, a.AddressAt(c.at)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestAddressAtStaysInRegion draws random points: the address found for one lies in
// the legal region of the point, however near the next region's lots are.
func TestAddressAtStaysInRegion(t *testing.T) {
	a := defaultAtlas(t)
	r := seeded(t)
	for range 3000 {
		p := a.addresses[r.IntN(len(a.addresses))].at
		p.X += (r.Float64() - 0.5) / 200
		p.Y += (r.Float64() - 0.5) / 200
		around, body := a.regionAt(p, Legal), a.AddressAt(p)
		if len(body.Documents) == 0 {
			continue
		}
		if around == nil || !strings.HasPrefix(body.Documents[0].Address.AddressName, around.ShortName()+" ") {
			t.Fatalf("%v has the address %s", p, body.Documents[0].Address.AddressName)
		}
	}
}

func lotPoint(t *testing.T, a *Atlas, name string) Point {
	t.Helper()
	for _, known := range a.addresses {
		if known.lotName() == name {
			return known.at
		}
	}
	t.Fatalf("%s is not in addresses.tsv", name)
	return Point{}
}

func TestTransformPoint(t *testing.T) {
	body, err := TransformPoint(Point{127, 38}, WGS84, WCONGNAMUL)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, body), `{"documents":[{"x":500000,"y":1250000}],"meta":{"total_count":1}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := TransformPoint(Point{1e300, 1e300}, WTM, WGS84); err == nil {
		t.Error("a point beyond the projection was converted")
	}
}
