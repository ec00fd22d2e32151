package korea

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var cityHall = Point{126.9784, 37.5666}

func ids(body PlaceBody) []string {
	out := make([]string, len(body.Documents))
	for i, d := range body.Documents {
		out[i] = d.ID
	}
	return out
}

func TestSearchKeyword(t *testing.T) {
	a := defaultAtlas(t)
	jungGu := []string{"서울특별시 중구", "부산광역시 중구", "대구광역시 중구", "대전광역시 중구"}
	seomyeon := Point{129.06, 35.16}
	swapped := Point{37.5666, 126.9784}
	for _, c := range []struct {
		keyword string
		centre  *Point
		want    SameName
		first   string // "" when nothing is found
	}{
		{"나래커피 시청점", nil, SameName{Keyword: "나래커피 시청점"}, "나래커피 시청점"},
		{"나래 커피 시청", nil, SameName{Keyword: "나래 커피 시청"}, "나래커피 시청점"},
		{"커피전문점 세종대로", nil, SameName{Keyword: "커피전문점 세종대로"}, "다솜다방 광화문점"},
		{"카페", nil, SameName{Keyword: "카페"}, "카페가온 광화문점"},
		{"서울 카페", nil, SameName{Keyword: "카페", SelectedRegion: "서울특별시"}, "카페가온 광화문점"},
		{"서울특별시", nil, SameName{SelectedRegion: "서울특별시"}, "나래커피 광화문점"},
		{"중구 카페", nil, SameName{Keyword: "카페", Region: jungGu, SelectedRegion: "서울특별시 중구"}, "카페가온 시청점"},
		{"중구 카페", &seomyeon, SameName{Keyword: "카페", Region: jungGu, SelectedRegion: "부산광역시 중구"}, "카페가온 중앙점"},
		{"중구 카페", &swapped, SameName{Keyword: "카페", Region: jungGu, SelectedRegion: "서울특별시 중구"}, "카페가온 시청점"},
		{"카페 대전 중구", nil, SameName{Keyword: "카페", SelectedRegion: "대전광역시 중구"}, "카페가온 은행점"},
		{"수원시 팔달구 다방", nil, SameName{Keyword: "다방", SelectedRegion: "경기도 수원시 팔달구"}, "다솜다방 인계점"},
		{"애월읍 커피", nil, SameName{Keyword: "커피", SelectedRegion: "제주특별자치도 제주시 애월읍"}, "나래커피 애월점"},
		{"역삼2동 카페", nil, SameName{Keyword: "카페", SelectedRegion: "서울특별시 강남구 역삼2동"}, "카페가온 역삼점"},
		{"서울 해운대구", nil, SameName{Keyword: "서울 해운대구"}, ""},
		{"서울 서울 카페", nil, SameName{Keyword: "서울 서울 카페"}, "나래커피 광화문점"},
		{"중구 서울 카페", nil, SameName{Keyword: "중구 서울 카페"}, "나래커피 시청점"},
		{"  없는가게  ", nil, SameName{Keyword: "없는가게"}, ""},
	} {
		t.Run(c.keyword, func(t *testing.T) {
			body := a.SearchKeyword(PlaceQuery{Keyword: c.keyword, Centre: c.centre, Page: Page{1, 15}})
			got := body.Meta.SameName
			if got.Keyword != c.want.Keyword || got.SelectedRegion != c.want.SelectedRegion || !slices.Equal(got.Region, c.want.Region) || got.Region == nil {
				t.Errorf("same_name %+v, want %+v", *got, c.want)
			}
			switch {
			case c.first == "" && len(body.Documents) > 0:
				t.Errorf("found %s, want nothing", body.Documents[0].PlaceName)
			case c.first != "" && len(body.Documents) == 0:
				t.Errorf("found nothing, want %s", c.first)
			case c.first != "" && body.Documents[0].PlaceName != c.first:
				t.Errorf("first is %s, want %s", body.Documents[0].PlaceName, c.first)
			}
		})
	}
}

func TestPlaceBodies(t *testing.T) {
	a := defaultAtlas(t)
	got := asJSON(t, a.SearchKeyword(PlaceQuery{Keyword: "나래커피 시청점", Centre: &cityHall, Page: Page{1, 15}}))
	want := `{"documents":[{"address_name":"서울 중구 태평로1가 34-4","category_group_code":"CE7","category_group_name":"카페","category_name":"음식점 \u003e 카페 \u003e 커피전문점","distance":"190","id":"900000012","phone":"02-000-1012","place_name":"나래커피 시청점","place_url":"http://place.map.kakao.com/900000012","road_address_name":"서울 중구 세종대로 42","x":"126.9763506","y":"37.5660643"}],` +
		`"meta":{"is_end":true,"pageable_count":1,"same_name":{"keyword":"나래커피 시청점","region":[],"selected_region":""},"total_count":1}}`
	if got != want {
		t.Errorf("keyword:\ngot  %s\nwant %s", got, want)
	}
	none := a.SearchKeyword(PlaceQuery{Keyword: "없는가게", Page: Page{1, 15}})
	if got, want := asJSON(t, none), `{"documents":[],"meta":{"is_end":true,"pageable_count":0,"same_name":{"keyword":"없는가게","region":[],"selected_region":""},"total_count":0}}`; got != want {
		t.Errorf("nothing found:\ngot  %s\nwant %s", got, want)
	}
	category := a.SearchCategory(PlaceQuery{Groups: []string{"PM9"}, Page: Page{1, 1}})
	if got := asJSON(t, category.Meta); got != `{"is_end":false,"pageable_count":18,"same_name":null,"total_count":18}` {
		t.Errorf("category meta %s", got)
	}
}

// TestCircle draws random circles. What is found lies within, what is left out lies
// without, and the order by distance never goes back.
func TestCircle(t *testing.T) {
	a := defaultAtlas(t)
	r := seeded(t)
	for range 200 {
		centre := a.places[r.IntN(len(a.places))].at
		centre.X += (r.Float64() - 0.5) / 50
		centre.Y += (r.Float64() - 0.5) / 50
		radius := math.Round(r.Float64() * 3000)
		query := PlaceQuery{Centre: &centre, Radius: &radius, ByDistance: true, Page: Page{1, 45}}
		body := a.SearchCategory(query)
		within := 0
		for _, p := range a.places {
			if Distance(centre, p.at) <= radius {
				within++
			}
		}
		if body.Meta.TotalCount != within {
			t.Fatalf("%d places within %v m of %v, found %d", within, radius, centre, body.Meta.TotalCount)
		}
		before := 0.0
		for _, d := range body.Documents {
			x, _ := strconv.ParseFloat(d.X, 64)
			y, _ := strconv.ParseFloat(d.Y, 64)
			metres := Distance(centre, Point{x, y})
			if d.Distance != strconv.Itoa(int(math.Round(metres))) {
				t.Fatalf("%s is %.2f m away, distance says %q", d.ID, metres, d.Distance)
			}
			if metres > radius || metres < before {
				t.Fatalf("%s at %.2f m after %.2f m in a circle of %v m", d.ID, metres, before, radius)
			}
			before = metres
		}
	}
}

func TestFilters(t *testing.T) {
	a := defaultAtlas(t)
	box := Box{Min: Point{126.97, 37.56}, Max: Point{126.99, 37.57}}
	radius := 300.0
	nowhere := Point{37.5666, 126.9784}
	roundTheWorld := Point{126.9784, 37.5666 + 360}
	all := Page{1, 45}
	for _, c := range []struct {
		name  string
		query PlaceQuery
		fits  func(*place) bool // nil: nothing fits
	}{
		{"one group", PlaceQuery{Groups: []string{"PM9"}}, func(p *place) bool { return p.groupCode() == "PM9" }},
		{"two groups", PlaceQuery{Groups: []string{"SC4", "OL7"}}, func(p *place) bool { return p.groupCode() == "SC4" || p.groupCode() == "OL7" }},
		{"box", PlaceQuery{Box: &box}, func(p *place) bool { return box.Contains(p.at) }},
		{"circle and box", PlaceQuery{Centre: &cityHall, Radius: &radius, Box: &box}, func(p *place) bool {
			return box.Contains(p.at) && Distance(cityHall, p.at) <= radius
		}},
		{"circle abroad", PlaceQuery{Centre: &nowhere, Radius: &radius}, nil},
		{"circle round the world", PlaceQuery{Centre: &roundTheWorld, Radius: &radius}, nil},
		{"circle without a centre", PlaceQuery{Radius: &radius}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for _, p := range a.places {
				if c.fits != nil && c.fits(p) {
					want = append(want, p.ID)
				}
			}
			c.query.Page = all
			if got := ids(a.SearchCategory(c.query)); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if c.fits != nil && (len(want) == 0 || len(want) > MaxReachable) {
				t.Errorf("%d places fit: too few or too many to show anything", len(want))
			}
		})
	}
}

// TestCentreAbroad shows that a centre out of Korea yields no distance and no order.
func TestCentreAbroad(t *testing.T) {
	a := defaultAtlas(t)
	swapped := Point{37.5666, 126.9784}
	body := a.SearchKeyword(PlaceQuery{Keyword: "약국", Centre: &swapped, ByDistance: true, Page: Page{1, 15}})
	plain := a.SearchKeyword(PlaceQuery{Keyword: "약국", Page: Page{1, 15}})
	if !slices.Equal(ids(body), ids(plain)) {
		t.Errorf("order %v, want %v", ids(body), ids(plain))
	}
	for _, d := range body.Documents {
		if d.Distance != "" {
			t.Errorf("%s has the distance %q from a centre abroad", d.ID, d.Distance)
		}
	}
}

// TestWords holds which words of a query a place has: numbers as whole words only,
// other words as parts too, and no sign that merely stands between words.
func TestWords(t *testing.T) {
	a := defaultAtlas(t)
	for _, p := range a.places {
		if strings.Contains(p.haystack, ">") {
			t.Errorf("the separators of a category can be searched: %q", p.haystack)
		}
	}
	for keyword, fits := range map[string]func(*place) bool{
		"1":      func(*place) bool { return false },
		"0":      func(*place) bool { return false },
		"2":      func(*place) bool { return false },
		">":      func(*place) bool { return false },
		",":      func(*place) bool { return false },
		"-":      func(*place) bool { return false },
		"> 카페":   func(*place) bool { return false },
		"음식점>카페": func(*place) bool { return false },
		"34-4":   func(p *place) bool { return p.lot.Main == "34" && p.lot.Sub == "4" },
		"34":     func(p *place) bool { return p.lot.Sub == "" && p.lot.Main == "34" },
		"17": func(p *place) bool {
			return p.lot.String() == "17" || p.Road != nil && p.Road.String() == p.Road.Road+" 17"
		},
		"세종대로 17": func(p *place) bool { return p.Road != nil && p.Road.String() == "세종대로 17" },
		"2호선":     func(p *place) bool { return strings.HasSuffix(p.Name, "2호선") },
		"커피전문":    func(p *place) bool { return strings.HasSuffix(p.Category, "커피전문점") },
		"가정,생활":   func(p *place) bool { return strings.HasPrefix(p.Category, "가정,생활 > ") },
	} {
		var want []string
		for _, p := range a.places {
			if fits(p) {
				want = append(want, p.ID)
			}
		}
		body := a.SearchKeyword(PlaceQuery{Keyword: keyword, Page: Page{1, 45}})
		got := ids(body)
		slices.Sort(got)
		if body.Meta.TotalCount != len(want) || len(want) <= MaxReachable && !slices.Equal(got, want) {
			t.Errorf("%q: %d places %v, want %d %v", keyword, body.Meta.TotalCount, got, len(want), want)
		}
	}
}

// TestCentreFarNorth shows that distances are told from every point of the
// peninsula's box, not from South Korea alone.
func TestCentreFarNorth(t *testing.T) {
	a := defaultAtlas(t)
	for _, centre := range []Point{{129.5, 42.9}, {126.5, 32.1}} {
		body := a.SearchKeyword(PlaceQuery{Keyword: "약국", Centre: &centre, ByDistance: true, Page: Page{1, 15}})
		for _, d := range body.Documents {
			if d.Distance == "" {
				t.Errorf("%s has no distance from %v", d.ID, centre)
			}
		}
		if len(body.Documents) == 0 {
			t.Errorf("nothing found from %v", centre)
		}
	}
}

// TestPaging walks through more than 45 hits: the pages show the first 45 once each,
// and every page past them shows the last one again.
func TestPaging(t *testing.T) {
	a := defaultAtlas(t)
	for _, size := range []int{1, 7, 10, 15, 45} {
		var seen []string
		var last PlaceBody
		for number := 1; ; number++ {
			last = a.SearchKeyword(PlaceQuery{Keyword: "카페", Page: Page{number, size}})
			if last.Meta.TotalCount <= MaxReachable || last.Meta.PageableCount != MaxReachable {
				t.Fatalf("meta %+v, want more than 45 hits and 45 reachable", last.Meta)
			}
			seen = append(seen, ids(last)...)
			if last.Meta.IsEnd {
				break
			}
		}
		if len(seen) != MaxReachable {
			t.Errorf("size %d: %d places on all pages, want 45", size, len(seen))
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != MaxReachable {
			t.Errorf("size %d: a place was shown twice", size)
		}
		past := a.SearchKeyword(PlaceQuery{Keyword: "카페", Page: Page{45, size}})
		if !past.Meta.IsEnd || !slices.Equal(ids(past), ids(last)) {
			t.Errorf("size %d: page 45 shows %v, want the last page %v once more", size, ids(past), ids(last))
		}
	}
}

func TestNameFit(t *testing.T) {
	for _, c := range []struct {
		name, keyword string
		want          int
	}{{"나래 Coffee", "나래coffee", 0}, {"나래커피 시청점", "나래 커피", 1}, {"새 나래커피", "나래커피", 2}, {"다솜다방", "카페", 3}} {
		if got := nameFit(c.name, c.keyword); got != c.want {
			t.Errorf("nameFit(%q, %q) = %d, want %d", c.name, c.keyword, got, c.want)
		}
	}
}

func TestGroupCodes(t *testing.T) {
	want := strings.Fields("MT1 CS2 PS3 SC4 AC5 PK6 OL7 SW8 BK9 CT1 AG2 PO3 AT4 AD5 FD6 CE7 HP8 PM9")
	if got := defaultAtlas(t).GroupCodes(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
