package korea

import (
	"slices"
	"strings"
	"testing"
)

// names shows hits as "TYPE name".
func names(body AddressBody) []string {
	var out []string
	for _, d := range body.Documents {
		out = append(out, d.AddressType+" "+d.AddressName)
	}
	return out
}

func TestSearchAddress(t *testing.T) {
	a := defaultAtlas(t)
	for _, c := range []struct {
		query string
		exact bool
		want  []string
	}{
		{"서울", false, []string{"REGION 서울"}},
		{"제주도", false, []string{"REGION 제주"}},
		{"경기도 수원시", false, []string{"REGION 경기 수원시"}},
		{"중구", false, []string{"REGION 서울 중구", "REGION 부산 중구", "REGION 대구 중구", "REGION 대전 중구"}},
		{"부산시 중구", false, []string{"REGION 부산 중구"}},
		{"역삼1동", false, []string{"REGION 서울 강남구 역삼1동"}},
		{"세종시 보람동", false, []string{"REGION 세종 보람동"}},
		{"서울 해운대구", false, nil},
		{"중앙대로", false, []string{"ROAD 부산 중구 중앙대로", "ROAD 부산 연제구 중앙대로"}},
		{"부산광역시 연제구 중앙대로", false, []string{"ROAD 부산 연제구 중앙대로"}},
		{"애월읍 애월로", false, []string{"ROAD 제주 제주시 애월읍 애월로"}},
		{"서울 중구 태평로1가 21", false, []string{"REGION_ADDR 서울 중구 태평로1가 21"}},
		{"태평로1가 21번지", false, []string{"REGION_ADDR 서울 중구 태평로1가 21"}},
		{"명동 21", false, []string{"REGION_ADDR 서울 중구 태평로1가 21"}},
		{"중구 21", false, nil},
		{"인계동1111", false, []string{"REGION_ADDR 경기 수원시 팔달구 인계동 1111"}},
		{"영평동 산 12-1", false, []string{"REGION_ADDR 제주 제주시 영평동 산 12-1"}},
		{"영평동 산12-1번지", false, []string{"REGION_ADDR 제주 제주시 영평동 산 12-1"}},
		{"영평동 12-1", false, nil},
		{"서울특별시 중구 세종대로 17", false, []string{"ROAD_ADDR 서울 중구 세종대로 17"}},
		{"세종대로17", false, []string{"ROAD_ADDR 서울 중구 세종대로 17"}},
		{"세종대로 17 나래빌딩", false, []string{"ROAD_ADDR 서울 중구 세종대로 17"}},
		{"세종대로 17 (태평로1가, 나래빌딩)", true, []string{"ROAD_ADDR 서울 중구 세종대로 17"}},
		{"세종대로 17 다솜타워", false, nil},
		{"을지로 지하 12", false, []string{"ROAD_ADDR 서울 중구 을지로 지하 12"}},
		{"을지로 12", false, nil},

		// A building only refines an address of either form.
		{"나래빌딩", false, nil},
		{"나래빌딩", true, nil},
		{"태평로1가 나래빌딩", false, nil},
		{"태평로1가 21 나래빌딩", false, []string{"REGION_ADDR 서울 중구 태평로1가 21"}},
		{"태평로1가 21 나래빌딩", true, []string{"REGION_ADDR 서울 중구 태평로1가 21"}},
		{"태평로1가 21 나래", false, []string{"REGION_ADDR 서울 중구 태평로1가 21"}},
		{"태평로1가 21 나래", true, nil},
		{"태평로1가 28-6 나래빌딩 별관", true, []string{"REGION_ADDR 서울 중구 태평로1가 28-6"}},
		{"태평로1가 21 다솜타워", false, nil},
		{"태평로1가 38-10 나래빌딩", false, nil},
		{"세종대로 17 나래", false, []string{"ROAD_ADDR 서울 중구 세종대로 17"}},
		{"세종대로 17 나래", true, nil},
		{"세종대로 27 태평로1가 나래빌딩 별관", true, []string{"ROAD_ADDR 서울 중구 세종대로 27"}},

		// Words of a region stand in order and once.
		{"서울 서울 서울", false, nil},
		{"중구 서울", false, nil},
		{"중구 중구", false, nil},
		{"팔달구 수원시", false, nil},
		{"서울 서울특별시 중구", false, nil},
		{"중구 서울 세종대로 17", false, nil},
		{"세종대로 17 서울", false, nil},
		{"21 태평로1가", false, nil},
		{"태평로1가 태평로1가 21", false, nil},
		{"중앙대로 부산", false, nil},
		{"애월리", false, []string{"REGION 제주 제주시 애월읍 애월리"}},
		{"제주시 애월읍 애월리 산 7", false, []string{"REGION_ADDR 제주 제주시 애월읍 애월리 산 7"}},
		{"애월읍 산 7", false, nil}, // every ri of the eup counts its own lots
		{"서울 중구 태평로1가 세종대로 17", false, []string{"ROAD_ADDR 서울 중구 세종대로 17"}},
		{"없는동 1", false, nil},
		{" , ", false, nil},
	} {
		t.Run(c.query, func(t *testing.T) {
			body := a.SearchAddress(AddressQuery{Text: c.query, ExactBuilding: c.exact, Page: Page{1, 30}})
			if got := names(body); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if body.Meta.TotalCount != len(c.want) || !body.Meta.IsEnd {
				t.Errorf("meta %+v for %d hits on one page", body.Meta, len(c.want))
			}
		})
	}
}

// TestAddressBodies holds one hit of each type against the whole body.
func TestAddressBodies(t *testing.T) {
	a := defaultAtlas(t)
	meta := `,"meta":{"is_end":true,"pageable_count":1,"total_count":1}}`
	for query, want := range map[string]string{
		"서울 강남구 역삼동": `{"documents":[{"address":{"address_name":"서울 강남구 역삼동","b_code":"1168010100","h_code":"","main_address_no":"","mountain_yn":"N","region_1depth_name":"서울","region_2depth_name":"강남구","region_3depth_h_name":"","region_3depth_name":"역삼동","sub_address_no":"","x":"127.0367","y":"37.5"},"address_name":"서울 강남구 역삼동","address_type":"REGION","road_address":null,"x":"127.0367","y":"37.5"}]` + meta,
		"인계동":        `{"documents":[{"address":{"address_name":"경기 수원시 팔달구 인계동","b_code":"4111514100","h_code":"4111573000","main_address_no":"","mountain_yn":"N","region_1depth_name":"경기","region_2depth_name":"수원시 팔달구","region_3depth_h_name":"인계동","region_3depth_name":"인계동","sub_address_no":"","x":"127.031","y":"37.264"},"address_name":"경기 수원시 팔달구 인계동","address_type":"REGION","road_address":null,"x":"127.031","y":"37.264"}]` + meta,
		"역삼1동":       `{"documents":[{"address":{"address_name":"서울 강남구 역삼1동","b_code":"1168010100","h_code":"1168064000","main_address_no":"","mountain_yn":"N","region_1depth_name":"서울","region_2depth_name":"강남구","region_3depth_h_name":"역삼1동","region_3depth_name":"역삼동","sub_address_no":"","x":"127.0333","y":"37.499"},"address_name":"서울 강남구 역삼1동","address_type":"REGION","road_address":null,"x":"127.0333","y":"37.499"}]` + meta,
		"수원 첨단로":     `{"documents":[],"meta":{"is_end":true,"pageable_count":0,"total_count":0}}`,
		"제주시 첨단로":    `{"documents":[{"address":null,"address_name":"제주 제주시 첨단로","address_type":"ROAD","road_address":{"address_name":"제주 제주시 첨단로","building_name":"","main_building_no":"","region_1depth_name":"제주","region_2depth_name":"제주시","region_3depth_name":"","road_name":"첨단로","sub_building_no":"","underground_yn":"N","x":"126.5774","y":"33.4534","zone_no":""},"x":"126.5774","y":"33.4534"}]` + meta,
		"첨단로 21":     `{"documents":[{"address":{"address_name":"제주 제주시 영평동 2171","b_code":"5011013600","h_code":"5011063000","main_address_no":"2171","mountain_yn":"N","region_1depth_name":"제주","region_2depth_name":"제주시","region_3depth_h_name":"아라동","region_3depth_name":"영평동","sub_address_no":"","x":"126.5774","y":"33.4534"},"address_name":"제주 제주시 첨단로 21","address_type":"ROAD_ADDR","road_address":{"address_name":"제주 제주시 첨단로 21","building_name":"다솜연구소","main_building_no":"21","region_1depth_name":"제주","region_2depth_name":"제주시","region_3depth_name":"영평동","road_name":"첨단로","sub_building_no":"","underground_yn":"N","x":"126.5774","y":"33.4534","zone_no":"63309"},"x":"126.5774","y":"33.4534"}]` + meta,
	} {
		if got := asJSON(t, a.SearchAddress(AddressQuery{Text: query, Page: Page{1, 10}})); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", query, got, want)
		}
	}
}

// TestEveryAddressFindsItself searches every address by both of its names, with its
// building and without: the address itself is found, of the type asked for.
func TestEveryAddressFindsItself(t *testing.T) {
	a := defaultAtlas(t)
	for _, known := range a.addresses {
		queries := map[string]string{known.lotName(): regionMatch}
		if known.Road != nil {
			queries[known.roadParts().AddressName] = roadMatch
			queries[strings.Replace(known.roadParts().AddressName, known.legal.Province.Short, known.legal.Province.Long, 1)] = roadMatch
		}
		if known.Building != "" {
			queries[known.lotName()+" "+known.Building] = regionMatch
			queries[known.roadParts().AddressName+" ("+known.Building+")"] = roadMatch
		}
		for query, addressType := range queries {
			body := a.SearchAddress(AddressQuery{Text: query, ExactBuilding: true, Page: Page{1, 30}})
			found := slices.ContainsFunc(body.Documents, func(d AddressDocument) bool {
				return d.AddressType == addressType && d.Address != nil && d.Address.AddressName == known.lotName() &&
					(d.RoadAddress == nil) == (known.Road == nil)
			})
			if !found {
				t.Errorf("%s: not found as %s, got %q", query, addressType, names(body))
			}
		}
	}
}
