package korea

import (
	"io/fs"
	"slices"
	"strings"
)

// RegionType tells the two divisions of Korea apart that Kakao gives for a point.
type RegionType string

// The region types, as in coord2regioncode's region_type.
const (
	Legal          RegionType = "B" // legal dong: what addresses are written in
	Administrative RegionType = "H" // administrative dong: what an office serves
)

// province is a si/do with the names it goes by.
type province struct {
	Long  string // 서울특별시, as in coord2regioncode
	Short string // 서울, as in address search
	Also  string // 서울시, which people type
}

// region is one region: a si/do, a si/gun/gu, a dong or eup/myeon, or a ri. The
// smallest legal and administrative ones have an outline.
type region struct {
	Type     RegionType
	Code     string // 10 digits
	Province *province
	District string // si/gun/gu: "중구", "수원시 팔달구", "" in Sejong
	Town     string // dong, eup or myeon; "" for a larger region
	Village  string // ri; "" where there is none
	Centre   Point
	Outline  polygon // nil for a larger region
}

// LongName is the whole name with the long si/do, as coord2regioncode writes it.
func (r *region) LongName() string {
	return joinWords(r.Province.Long, r.District, r.Town, r.Village)
}

// ShortName is the whole name with the short si/do, as address search writes it.
func (r *region) ShortName() string {
	return joinWords(r.Province.Short, r.District, r.Town, r.Village)
}

// thirdDepth is region_3depth_name of an address: town and village in one.
func (r *region) thirdDepth() string { return joinWords(r.Town, r.Village) }

// roadPart is the part of the region that a road-name address names between the
// district and the road: an eup or myeon, never a dong.
func (r *region) roadPart() string {
	if strings.HasSuffix(r.Town, "읍") || strings.HasSuffix(r.Town, "면") {
		return r.Town
	}
	return ""
}

// contains says whether other is r or lies in it, by name.
func (r *region) contains(other *region) bool {
	within := func(large, small string) bool {
		return large == "" || large == small || strings.HasPrefix(small, large+" ")
	}
	return r.Province == other.Province && within(r.District, other.District) &&
		within(r.Town, other.Town) && within(r.Village, other.Village)
}

// levels are the words that name the region, from the si/do down to its own part,
// each with the words that may stand for it. Any level but the last may be left
// unsaid.
func (r *region) levels() [][]string {
	levels := [][]string{{r.Province.Long, r.Province.Short, r.Province.Also}}
	for _, word := range strings.Fields(joinWords(r.District, r.Town, r.Village)) {
		levels = append(levels, []string{word})
	}
	return levels
}

// ownNames are the words that name the region's own, last level.
func (r *region) ownNames() []string {
	levels := r.levels()
	return levels[len(levels)-1]
}

// meantBy says whether the words name r: all are words of r, in order and none
// twice, and the last one names r itself.
func (r *region) meantBy(words []string) bool {
	said, own := takeLevels(words, r.levels())
	return own && len(said) == len(words)
}

// takeLevels is the beginning of words that names levels, in order and none
// twice; own says whether it reaches down to the last level.
func takeLevels(words []string, levels [][]string) (said []string, own bool) {
	next := 0
	for i, w := range words {
		found := slices.IndexFunc(levels[next:], func(level []string) bool { return slices.Contains(level, w) })
		if found < 0 {
			return words[:i], next == len(levels)
		}
		next += found + 1
	}
	return words, next == len(levels)
}

// loadProvinces reads the names of the si/do.
func loadProvinces(files fs.FS) (map[string]*province, error) {
	provinces := map[string]*province{}
	err := eachRow(files, "provinces.tsv", []string{"long", "short", "also"}, func(r *row) error {
		p := &province{Long: r.text("long"), Short: r.text("short"), Also: r.text("also")}
		if p.Long == "" || p.Short == "" || p.Also == "" {
			return r.errorf("a si/do needs all three names")
		}
		if provinces[p.Long] != nil {
			return r.errorf("%s stands here a second time", p.Long)
		}
		provinces[p.Long] = p
		return nil
	})
	return provinces, err
}

// loadRegions reads the regions and checks that they do not contradict each other.
func (a *Atlas) loadRegions(files fs.FS) error {
	provinces, err := loadProvinces(files)
	if err != nil {
		return err
	}
	columns := []string{"type", "code", "province", "district", "town", "village", "x", "y", "outline"}
	return eachRow(files, "regions.tsv", columns, func(r *row) error {
		region, err := parseRegion(r, provinces)
		if err != nil {
			return err
		}
		for _, other := range a.regions {
			if what := clash(region, other); what != "" {
				return r.errorf("%s", what)
			}
		}
		a.regions = append(a.regions, region)
		return nil
	})
}

func parseRegion(r *row, provinces map[string]*province) (*region, error) {
	region := &region{
		Type: RegionType(r.text("type")), Code: r.text("code"), Province: provinces[r.text("province")],
		District: r.text("district"), Town: r.text("town"), Village: r.text("village"),
	}
	var err error
	if region.Centre, err = r.point(); err != nil {
		return nil, err
	}
	if region.Outline, err = r.polygon("outline"); err != nil {
		return nil, err
	}
	switch {
	case region.Type != Legal && region.Type != Administrative:
		return nil, r.errorf("type is %q, want B or H", region.Type)
	case !digits(region.Code, 10):
		return nil, r.errorf("code is %q, want 10 digits", region.Code)
	case region.Province == nil:
		return nil, r.errorf("province %q is not in provinces.tsv", r.text("province"))
	case region.Outline != nil && !region.Outline.Contains(region.Centre):
		return nil, r.errorf("the outline of %s does not hold its own x, y %v, %v",
			region.LongName(), region.Centre.X, region.Centre.Y)
	case region.Outline != nil && region.Town == "":
		return nil, r.errorf("%s has an outline; only a dong, eup, myeon or ri has one", region.LongName())
	case region.Outline == nil && region.Type == Administrative:
		return nil, r.errorf("%s is administrative and needs an outline", region.LongName())
	}
	return region, nil
}

// clash says in what two regions contradict each other, or nothing.
func clash(a, b *region) string {
	switch {
	case a.Type != b.Type:
		return ""
	case a.Code == b.Code:
		return "code " + a.Code + " belongs to " + b.LongName() + " already"
	case a.LongName() == b.LongName():
		return a.LongName() + " stands here a second time"
	case a.Outline != nil && b.Outline != nil && a.Outline.overlaps(b.Outline):
		return "the outline of " + a.LongName() + " overlaps that of " + b.LongName()
	}
	return ""
}

// joinWords joins the words that are there with a space.
func joinWords(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}
