package korea

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// PlaceQuery is a search for places. The zero value of a filter filters nothing.
type PlaceQuery struct {
	Keyword string   // for SearchKeyword
	Groups  []string // category group codes, any of them
	// Centre is what distances are measured from; nil for none. One that cannot
	// be in Korea, say with longitude and latitude swapped, yields no distances.
	Centre *Point
	// Radius keeps the places at most so many metres from Centre, nil for all;
	// without a usable centre it keeps none. It works together with Box: a place
	// must then be in both.
	Radius *float64
	Box    *Box
	// ByDistance sorts by distance from Centre; without a usable one, and by
	// default, the best match of the name comes first.
	ByDistance bool
	Page       Page
}

// SearchKeyword answers a keyword search. Words that name a region restrict the
// search to it; every other word must be found in a place's name, category,
// address or region (place.matches).
func (a *Atlas) SearchKeyword(q PlaceQuery) PlaceBody {
	area, sameName := a.splitKeyword(q)
	words := strings.Fields(strings.ToLower(sameName.Keyword))
	hits := a.find(q, func(p *place) bool {
		if area != nil && !area.contains(p.legal) && !area.contains(p.administrative) {
			return false
		}
		return !slices.ContainsFunc(words, func(w string) bool { return !p.matches(w) })
	})
	slices.SortStableFunc(hits, func(x, y hit) int {
		return cmp.Compare(nameFit(x.place.Name, sameName.Keyword), nameFit(y.place.Name, sameName.Keyword))
	})
	return q.body(hits, sameName)
}

// SearchCategory answers a category search; the keyword is not looked at.
func (a *Atlas) SearchCategory(q PlaceQuery) PlaceBody {
	return q.body(a.find(q, func(*place) bool { return true }), nil)
}

// hit is a place that a search found, and how far it is from the centre.
type hit struct {
	place    *place
	distance float64 // metres; meaningless without a usable centre
}

// find applies the filters that both searches have, and fits.
func (a *Atlas) find(q PlaceQuery, fits func(*place) bool) []hit {
	var hits []hit
	for _, p := range a.places {
		h := hit{place: p}
		if q.Centre != nil {
			h.distance = Distance(*q.Centre, p.at)
		}
		switch {
		case len(q.Groups) > 0 && !slices.Contains(q.Groups, p.groupCode()),
			q.Radius != nil && (!q.measured() || h.distance > *q.Radius),
			q.Box != nil && !q.Box.Contains(p.at),
			!fits(p):
		default:
			hits = append(hits, h)
		}
	}
	return hits
}

// measured says whether the search has a centre that distances can be told from.
func (q PlaceQuery) measured() bool { return q.Centre != nil && InKorea(*q.Centre) }

// body sorts the hits as asked and shows one page of them.
func (q PlaceQuery) body(hits []hit, sameName *SameName) PlaceBody {
	if q.ByDistance && q.measured() {
		slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(x.distance, y.distance) })
	}
	shown, meta := cut(hits, q.Page)
	documents := make([]PlaceDocument, len(shown))
	for i, h := range shown {
		documents[i] = h.document(q.measured())
	}
	return PlaceBody{
		Documents: documents,
		Meta:      PlaceMeta{IsEnd: meta.IsEnd, PageableCount: meta.PageableCount, TotalCount: meta.TotalCount, SameName: sameName},
	}
}

func (h hit) document(measured bool) PlaceDocument {
	p := h.place
	d := PlaceDocument{
		AddressName:       p.lotName(),
		CategoryGroupCode: p.groupCode(),
		CategoryGroupName: p.groupName(),
		CategoryName:      p.Category,
		ID:                p.ID,
		Phone:             p.Phone,
		PlaceName:         p.Name,
		PlaceURL:          "http://place.map.kakao.com/" + p.ID,
		RoadAddressName:   p.roadAddressName(),
		X:                 degreesText(p.at.X),
		Y:                 degreesText(p.at.Y),
	}
	if measured {
		d.Distance = strconv.FormatFloat(math.Round(h.distance), 'f', -1, 64)
	}
	return d
}

// nameFit ranks how well a name fits a keyword: the same, its beginning, a part of
// it, or not by name at all. Spaces and case do not count.
func nameFit(name, keyword string) int {
	name, keyword = strings.ToLower(squeeze(name)), strings.ToLower(squeeze(keyword))
	switch {
	case name == keyword:
		return 0
	case strings.HasPrefix(name, keyword):
		return 1
	case strings.Contains(name, keyword):
		return 2
	}
	return 3
}

// splitKeyword takes the words that name a region out of the keyword. When several
// regions bear the name, the one nearest to the centre is selected, and the first
// of the data without a centre. Words that name regions which do not lie in each
// other, that stand in another order or more than once, are ordinary words.
func (a *Atlas) splitKeyword(q PlaceQuery) (*region, *SameName) {
	whole := &SameName{Keyword: strings.TrimSpace(q.Keyword), Region: []string{}}
	var named, rest []string
	for _, w := range strings.Fields(q.Keyword) {
		if slices.ContainsFunc(a.regions, func(r *region) bool { return slices.Contains(r.ownNames(), w) }) {
			named = append(named, w)
		} else {
			rest = append(rest, w)
		}
	}
	var meant []*region
	names := []string{}
	for _, r := range a.regions {
		if r.meantBy(named) && !slices.Contains(names, r.LongName()) {
			meant = append(meant, r)
			names = append(names, r.LongName())
		}
	}
	if len(meant) == 0 {
		return nil, whole
	}
	selected := meant[0]
	if q.measured() {
		selected = slices.MinFunc(meant, func(x, y *region) int {
			return cmp.Compare(Distance(*q.Centre, x.Centre), Distance(*q.Centre, y.Centre))
		})
	}
	sameName := &SameName{Keyword: strings.Join(rest, " "), Region: []string{}, SelectedRegion: selected.LongName()}
	if len(meant) > 1 {
		sameName.Region = names
	}
	return selected, sameName
}
