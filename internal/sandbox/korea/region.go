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
	Center   Point
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

// words are all words that may name the region or a larger one around it.
func (r *region) words() []string {
	return slices.Concat(r.Province.words(), strings.Fields(r.District), strings.Fields(r.thirdDepth()))
}

// ownWords are the words of the smallest part: any one of them must be said for
// the region itself to be meant.
func (r *region) ownWords() []string {
	switch {
	case r.Village != "":
		return []string{r.Village}
	case r.Town != "":
		return []string{r.Town}
	case r.District != "":
		parts := strings.Fields(r.District)
		return parts[len(parts)-1:]
	}
	return r.Province.words()
}

func (p *province) words() []string { return []string{p.Long, p.Short, p.Also} }

// meantBy says whether the words name r: all are words of r, and its own is
// among them.
func (r *region) meantBy(words []string) bool {
	return len(without(words, r.words())) == 0 && sharesWord(words, r.ownWords())
}

// loadProvinces reads the names of the si/do.
func loadProvinces(files fs.FS) (map[string]*province, error) {
	rows, err := readRows(files, "provinces.tsv", "long", "short", "also")
	if err != nil {
		return nil, err
	}
	provinces := make(map[string]*province, len(rows))
	for _, r := range rows {
		p := &province{Long: r.text("long"), Short: r.text("short"), Also: r.text("also")}
		if p.Long == "" || p.Short == "" || p.Also == "" {
			return nil, r.errorf("a si/do needs all three names")
		}
		if provinces[p.Long] != nil {
			return nil, r.errorf("%s stands here a second time", p.Long)
		}
		provinces[p.Long] = p
	}
	return provinces, nil
}

// loadRegions reads the regions and checks that they do not contradict each other.
func (a *Atlas) loadRegions(files fs.FS) error {
	provinces, err := loadProvinces(files)
	if err != nil {
		return err
	}
	rows, err := readRows(files, "regions.tsv", "type", "code", "province", "district", "town", "village", "x", "y", "outline")
	if err != nil {
		return err
	}
	for _, r := range rows {
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
	}
	return nil
}

func parseRegion(r row, provinces map[string]*province) (*region, error) {
	region := &region{
		Type: RegionType(r.text("type")), Code: r.text("code"), Province: provinces[r.text("province")],
		District: r.text("district"), Town: r.text("town"), Village: r.text("village"),
	}
	var err error
	if region.Center, err = r.point(); err != nil {
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
	case region.Outline != nil && !region.Outline.Contains(region.Center):
		return nil, r.errorf("the outline of %s does not hold its own x, y %v, %v", region.LongName(), region.Center.X, region.Center.Y)
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

// without is words less those in known.
func without(words, known []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(known, w) })
}

// sharesWord says whether a and b have a word in common.
func sharesWord(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) })
}
