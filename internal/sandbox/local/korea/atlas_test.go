package korea

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func defaultAtlas(t *testing.T) *Atlas {
	t.Helper()
	a, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestDataSet checks what the embedded data promise and loading does not demand.
func TestDataSet(t *testing.T) {
	a := defaultAtlas(t)
	if len(a.places) < 120 {
		t.Errorf("%d places, want 120 or more", len(a.places))
	}
	inGroup := map[string]int{}
	for _, p := range a.places {
		inGroup[p.groupCode()]++
		if p.Phone != "" && !strings.Contains(p.Phone, "-000-") {
			t.Errorf("place %s has the telephone number %s, which may be someone's", p.ID, p.Phone)
		}
	}
	if len(a.groups) != 18 {
		t.Errorf("%d category groups, want Kakao's 18", len(a.groups))
	}
	for _, code := range append(a.GroupCodes(), "") {
		if inGroup[code] < 3 {
			t.Errorf("%d places in group %q, want 3 or more", inGroup[code], code)
		}
	}
	var mountain, roadless, underground, numbered bool
	for _, known := range a.addresses {
		mountain = mountain || known.lot.Mountain
		roadless = roadless || known.Road == nil
		underground = underground || known.Road != nil && known.Road.Underground
		numbered = numbered || known.Road != nil && known.Road.Sub != "" && known.lot.Sub != ""
	}
	if !mountain || !roadless || !underground || !numbered {
		t.Errorf("addresses lack a kind: mountain %v, without a road %v, under ground %v, with sub-numbers %v", mountain, roadless, underground, numbered)
	}
}

// TestRegionsTile draws random points in every legal region: each lies in that
// region alone and in exactly one administrative region.
func TestRegionsTile(t *testing.T) {
	a := defaultAtlas(t)
	r := seeded(t)
	for _, legal := range a.regions {
		if legal.Type != Legal || legal.Outline == nil {
			continue
		}
		around := legal.Outline.bounds()
		for tries, found := 0, 0; found < 200 && tries < 10000; tries++ {
			p := Point{
				X: around.Min.X + r.Float64()*(around.Max.X-around.Min.X),
				Y: around.Min.Y + r.Float64()*(around.Max.Y-around.Min.Y),
			}
			if !legal.Outline.Contains(p) {
				continue
			}
			found++
			holders := map[RegionType]int{}
			for _, other := range a.regions {
				if other.Outline != nil && other.Outline.Contains(p) {
					holders[other.Type]++
				}
			}
			if holders[Legal] != 1 || holders[Administrative] != 1 {
				t.Fatalf("%v of %s lies in %d legal and %d administrative regions", p, legal.LongName(), holders[Legal], holders[Administrative])
			}
		}
	}
}

// miniature is a data set that loads: one region of each type, one address, one group,
// one place.
func miniature() map[string]string {
	return map[string]string{
		"provinces.tsv": "long\tshort\talso\n서울특별시\t서울\t서울시\n",
		"regions.tsv": "type\tcode\tprovince\tdistrict\ttown\tvillage\tx\ty\toutline\n" +
			"B\t1114010300\t서울특별시\t중구\t태평로1가\t-\t126.97\t37.57\t126.96 37.56, 126.98 37.56, 126.98 37.58, 126.96 37.58\n" +
			"H\t1114055000\t서울특별시\t중구\t명동\t-\t126.97\t37.57\t126.96 37.56, 126.98 37.56, 126.98 37.58, 126.96 37.58\n",
		"addresses.tsv": "code\tlot\tx\ty\troad\tnumber\tbuilding\tzone\n" +
			"1114010300\t21\t126.97\t37.57\t세종대로\t17\t나래빌딩\t04520\n",
		"groups.tsv": "code\tname\nCE7\t카페\n",
		"places.tsv": "id\tname\tgroup\tcategory\tphone\tcode\tlot\troad\tnumber\tx\ty\n" +
			"900000001\t나래커피\tCE7\t음식점 > 카페\t-\t1114010300\t21\t세종대로\t17\t126.97\t37.57\n",
	}
}

func asFiles(content map[string]string) fs.FS {
	files := fstest.MapFS{}
	for name, text := range content {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// TestLoadRefuses spoils one thing in a good data set at a time. The error must name
// the file and line and say what is wrong.
func TestLoadRefuses(t *testing.T) {
	if _, err := Load(asFiles(miniature())); err != nil {
		t.Fatalf("the unspoilt data set does not load: %v", err)
	}
	outline := "126.96 37.56, 126.98 37.56, 126.98 37.58, 126.96 37.58\n"
	for _, spoilt := range []struct{ name, file, old, new, want string }{
		{"no file", "groups.tsv", "", "", "groups.tsv: file does not exist"},
		{"no rows", "groups.tsv", "CE7\t카페\n", "", "groups.tsv: no rows"},
		{"other columns", "groups.tsv", "code\tname", "name\tcode", "groups.tsv:1: columns are"},
		{"a column short", "groups.tsv", "CE7\t카페", "CE7", "groups.tsv:2: 1 columns, want 2"},
		{"remarks count as lines", "groups.tsv", "CE7\t카페", "# remark\n\nCE7", "groups.tsv:4: 1 columns"},
		{"group code", "groups.tsv", "CE7", "CAFE", `groups.tsv:2: group "CAFE"`},
		{"group twice", "groups.tsv", "CE7\t카페\n", "CE7\t카페\nCE7\t카페\n", "groups.tsv:3: group CE7 stands here a second time"},
		{"province name", "provinces.tsv", "서울시", "-", "provinces.tsv:2: a si/do needs all three names"},
		{"province twice", "provinces.tsv", "서울시\n", "서울시\n서울특별시\t서울\t서울시\n", "provinces.tsv:3: 서울특별시 stands here a second time"},
		{"region type", "regions.tsv", "H\t", "X\t", `regions.tsv:3: type is "X"`},
		{"region code", "regions.tsv", "1114055000", "111405500", `regions.tsv:3: code is "111405500", want 10 digits`},
		{"region's province", "regions.tsv", "H\t1114055000\t서울특별시", "H\t1114055000\t서울", `regions.tsv:3: province "서울" is not in provinces.tsv`},
		{"swapped coordinates", "regions.tsv", "\t126.97\t37.57", "\t37.57\t126.97", "regions.tsv:2: 37.57, 126.97 is not in Korea; longitude comes first"},
		{"no number", "regions.tsv", "\t126.97\t", "\teast\t", `regions.tsv:2: "east" "37.57" is not a longitude and a latitude`},
		{"outline's corner", "regions.tsv", "126.96 37.58", "126.96", "regions.tsv:2: outline:"},
		{"two corners", "regions.tsv", "B\t1114010300\t서울특별시\t중구\t태평로1가\t-\t126.97\t37.57\t" + outline, "B\t1114010300\t서울특별시\t중구\t태평로1가\t-\t126.97\t37.57\t126.96 37.56, 126.98 37.58\n", "regions.tsv:2: outline has 2 corners"},
		{"point outside", "regions.tsv", "\t126.97\t37.57", "\t126.99\t37.57", "regions.tsv:2: the outline of 서울특별시 중구 태평로1가 does not hold"},
		{"large region with outline", "regions.tsv", "태평로1가", "-", "regions.tsv:2: 서울특별시 중구 has an outline"},
		{"administrative without outline", "regions.tsv", "명동\t-\t126.97\t37.57\t" + outline, "명동\t-\t126.97\t37.57\t-\n", "regions.tsv:3: 서울특별시 중구 명동 is administrative and needs an outline"},
		{"code twice", "regions.tsv", "H\t1114055000\t서울특별시\t중구\t명동", "B\t1114010300\t서울특별시\t중구\t명동", "regions.tsv:3: code 1114010300 belongs to"},
		{"name twice", "regions.tsv", "H\t1114055000\t서울특별시\t중구\t명동", "B\t1114010400\t서울특별시\t중구\t태평로1가", "regions.tsv:3: 서울특별시 중구 태평로1가 stands here a second time"},
		{"overlap", "regions.tsv", "H\t1114055000\t서울특별시\t중구\t명동", "B\t1114010400\t서울특별시\t중구\t을지로1가", "regions.tsv:3: the outline of 서울특별시 중구 을지로1가 overlaps"},
		{"address's region", "addresses.tsv", "1114010300", "1114010400", `addresses.tsv:2: code "1114010400" is not a legal region`},
		{"address's point", "addresses.tsv", "126.97", "126.99", "addresses.tsv:2: x, y 126.99, 37.57 lies outside 서울특별시 중구 태평로1가"},
		{"address's lot", "addresses.tsv", "\t21\t", "\tA21\t", `addresses.tsv:2: lot is "A21"`},
		{"address's number", "addresses.tsv", "\t17\t", "\t-\t", "addresses.tsv:2: road and number are"},
		{"address's zone", "addresses.tsv", "04520", "4520", `addresses.tsv:2: zone is "4520", want 5 digits`},
		{"number without a road", "addresses.tsv", "세종대로", "-", `addresses.tsv:2: road and number are "" and "17"`},
		{"building without a road", "addresses.tsv", "세종대로\t17", "-\t-", "addresses.tsv:2: without a road"},
		{"zone without a road", "addresses.tsv", "세종대로\t17\t나래빌딩", "-\t-\t-", "addresses.tsv:2: without a road"},
		{"address twice", "addresses.tsv", "04520\n", "04520\n1114010300\t21\t126.97\t37.57\t-\t-\t-\t-\n", "addresses.tsv:3: 서울 중구 태평로1가 21 stands here a second time"},
		{"place's group", "places.tsv", "CE7", "CE8", `places.tsv:2: group "CE8" is not in groups.tsv`},
		{"place's id", "places.tsv", "900000001", "9000x", `places.tsv:2: id is "9000x"`},
		{"place's name", "places.tsv", "나래커피", "-", "places.tsv:2: place 900000001 needs a name"},
		{"place's number", "places.tsv", "\t17\t", "\t0\t", "places.tsv:2: road and number are"},
		{"place's number without a road", "places.tsv", "세종대로", "-", `places.tsv:2: road and number are "" and "17"`},
		{"place at no address", "places.tsv", "\t21\t", "\t22\t", "places.tsv:2: place 900000001 stands at 서울 중구 태평로1가 22, which addresses.tsv does not have"},
		{"place on another road", "places.tsv", "세종대로", "덕수궁길", "places.tsv:2: place 900000001 has another road or number than its lot 서울 중구 태평로1가 21"},
		{"place at another number", "places.tsv", "\t17\t", "\t17-1\t", "places.tsv:2: place 900000001 has another road or number"},
		{"place without its road", "places.tsv", "세종대로\t17", "-\t-", "places.tsv:2: place 900000001 has another road or number"},
		{"place's point", "places.tsv", "126.97", "126.99", "places.tsv:2: x, y 126.99, 37.57 lies outside"},
	} {
		t.Run(spoilt.name, func(t *testing.T) {
			content := miniature()
			if spoilt.old == "" {
				delete(content, spoilt.file)
			} else {
				if !strings.Contains(content[spoilt.file], spoilt.old) {
					t.Fatalf("%q is not in %s: the test spoils nothing", spoilt.old, spoilt.file)
				}
				content[spoilt.file] = strings.Replace(content[spoilt.file], spoilt.old, spoilt.new, 1)
			}
			_, err := Load(asFiles(content))
			if err == nil {
				t.Fatal("loaded")
			}
			if !strings.Contains(err.Error(), spoilt.want) {
				t.Errorf("error %q, want it to hold %q", err, spoilt.want)
			}
		})
	}
}

// TestPlaceTwice needs a row more than a replacement in the table above can say.
func TestPlaceTwice(t *testing.T) {
	content := miniature()
	_, place, _ := strings.Cut(content["places.tsv"], "\n")
	content["places.tsv"] += place
	if _, err := Load(asFiles(content)); err == nil || !strings.Contains(err.Error(), "places.tsv:3: id 900000001 stands here a second time") {
		t.Errorf("error %v", err)
	}
}

// TestUnknownColumn asks a row for a column that its file does not have: the file
// fails, rather than that the reader gets the text of another column or none.
func TestUnknownColumn(t *testing.T) {
	var got string
	err := eachRow(asFiles(miniature()), "groups.tsv", []string{"code", "name"}, func(r *row) error {
		got = r.text("title")
		return nil
	})
	if got != "" || err == nil || err.Error() != `groups.tsv:2: no column "title", there are code, name` {
		t.Errorf("got %q, error %v", got, err)
	}
}
