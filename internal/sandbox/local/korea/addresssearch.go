package korea

import (
	"regexp"
	"slices"
	"strings"
)

// The address types of an address search.
const (
	regionType  = "REGION"      // a region alone
	roadType    = "ROAD"        // a road alone
	regionMatch = "REGION_ADDR" // a lot-number address
	roadMatch   = "ROAD_ADDR"   // a road-name address
)

// AddressQuery is an address search.
type AddressQuery struct {
	Text string
	// ExactBuilding asks that the name of a building, where the text has one, is
	// the whole name; otherwise a part of it will do.
	ExactBuilding bool
	Page          Page
}

// SearchAddress answers an address search: regions first, then roads, then
// addresses, each in the order of the data.
func (a *Atlas) SearchAddress(q AddressQuery) AddressBody {
	words := addressWords(q.Text)
	var hits []AddressDocument
	if len(words) > 0 {
		hits = slices.Concat(a.regionHits(words), a.roadHits(words), a.addressHits(words, q.ExactBuilding))
	}
	shown, meta := cut(hits, q.Page)
	return AddressBody{Documents: shown, Meta: meta}
}

// gluedNumber finds a number written without a space behind a dong, ri or road:
// 인계동31, 세종대로21. The dong 태평로1가 and the road 테헤란로7길 are no such case, as
// nothing may follow the number.
var gluedNumber = regexp.MustCompile(`^(.*[동리가로길])((?:산|지하)?[0-9]+(?:-[0-9]+)?(?:번지)?)$`)

// addressWords splits a query into words: commas and brackets count as spaces, the
// number parts 산 and 지하 are joined to their number, and 번지 is dropped.
func addressWords(text string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \t\n,()", c) }) {
		if m := gluedNumber.FindStringSubmatch(w); m != nil {
			words = append(words, m[1], strings.TrimSuffix(m[2], "번지"))
			continue
		}
		if lot := strings.TrimSuffix(w, "번지"); lotForm.MatchString(lot) {
			w = lot
		}
		if last := len(words) - 1; last >= 0 && (words[last] == "산" || words[last] == "지하") {
			words[last] += w
			continue
		}
		words = append(words, w)
	}
	return words
}

// regionHits are the regions that the words name and nothing else. An
// administrative region that bears the name of a legal one adds nothing.
func (a *Atlas) regionHits(words []string) []AddressDocument {
	var hits []AddressDocument
	for _, r := range a.regions {
		if r.meantBy(words) && (r.Type == Legal || a.legalNamed(r.LongName()) == nil) {
			hits = append(hits, a.regionDocument(r))
		}
	}
	return hits
}

func (a *Atlas) legalNamed(longName string) *region {
	for _, r := range a.regions {
		if r.Type == Legal && r.LongName() == longName {
			return r
		}
	}
	return nil
}

// regionDocument is a REGION hit. A legal dong carries the administrative one of
// the same name, if there is one; an administrative dong carries the legal one
// around its middle.
func (a *Atlas) regionDocument(r *region) AddressDocument {
	address := &LotAddress{
		AddressName:      r.ShortName(),
		LegalCode:        r.Code,
		MountainYN:       yesNo(false),
		Region1DepthName: r.Province.Short,
		Region2DepthName: r.District,
		Region3DepthName: r.thirdDepth(),
		X:                degreesText(r.Centre.X),
		Y:                degreesText(r.Centre.Y),
	}
	switch {
	case r.Type == Administrative:
		address.AdminCode, address.Region3DepthHName = r.Code, r.Town
		address.LegalCode, address.Region3DepthName = "", ""
		if legal := a.regionAt(r.Centre, Legal); legal != nil {
			address.LegalCode, address.Region3DepthName = legal.Code, legal.thirdDepth()
		}
	case r.Town != "":
		office := a.regionAt(r.Centre, Administrative)
		if office != nil && office.LongName() == r.LongName() {
			address.AdminCode, address.Region3DepthHName = office.Code, office.Town
		}
	}
	return AddressDocument{
		Address: address, AddressName: address.AddressName, AddressType: regionType, X: address.X, Y: address.Y,
	}
}

// roadHits are the roads that the words name and nothing else: one hit per road and
// si/gun/gu, at the first address on it.
func (a *Atlas) roadHits(words []string) []AddressDocument {
	var hits []AddressDocument
	seen := map[string]bool{}
	for _, known := range a.addresses {
		if known.Road == nil {
			continue
		}
		r := known.legal
		name := joinWords(r.Province.Short, r.District, r.roadPart(), known.Road.Road)
		said, _ := takeLevels(words, r.levels())
		rest := words[len(said):]
		if seen[name] || len(rest) != 1 || rest[0] != known.Road.Road {
			continue
		}
		seen[name] = true
		x, y := degreesText(known.at.X), degreesText(known.at.Y)
		hits = append(hits, AddressDocument{
			AddressName: name, AddressType: roadType, X: x, Y: y,
			RoadAddress: &RoadAddress{
				RoadParts: RoadParts{
					AddressName: name, Region1DepthName: r.Province.Short, Region2DepthName: r.District,
					Region3DepthName: r.roadPart(), RoadName: known.Road.Road, UndergroundYN: yesNo(false),
				},
				X: x, Y: y,
			},
		})
	}
	return hits
}

// addressHits are the addresses that the words name: by lot or by road and number,
// either with its building or without. A building alone is no address.
func (a *Atlas) addressHits(words []string, exactBuilding bool) []AddressDocument {
	var hits []AddressDocument
	for _, known := range a.addresses {
		said, own := takeLevels(words, known.levels())
		rest := words[len(said):]
		switch {
		case own && known.lotNamedBy(rest, exactBuilding):
			hits = append(hits, known.document(regionMatch))
		case known.roadNamedBy(rest, exactBuilding):
			hits = append(hits, known.document(roadMatch))
		}
	}
	return hits
}

// levels are those of the legal region; the administrative dong may stand for the
// legal one.
func (s site) levels() [][]string {
	levels := s.legal.levels()
	if s.legal.Village == "" {
		levels[len(levels)-1] = []string{s.legal.Town, s.administrative.Town}
	}
	return levels
}

// lotNamedBy says whether the words behind the region name the lot: its number and
// perhaps the building on it.
func (a *address) lotNamedBy(rest []string, exactBuilding bool) bool {
	if len(rest) == 0 {
		return false
	}
	lot, err := parseLot(rest[0])
	return err == nil && lot == a.lot && a.buildingNamedBy(rest[1:], exactBuilding)
}

// roadNamedBy says whether the words behind the region name the road-name address:
// road and number, and perhaps, as in "세종대로 17 (태평로1가, 나래빌딩)", the dong and the
// building.
func (a *address) roadNamedBy(rest []string, exactBuilding bool) bool {
	if a.Road == nil || len(rest) < 2 {
		return false // the road alone is a ROAD hit
	}
	number, err := parseRoadNumber(rest[0], rest[1])
	if err != nil || *number != *a.Road {
		return false
	}
	rest = rest[2:]
	if len(rest) > 0 && (rest[0] == a.legal.Town || rest[0] == a.administrative.Town) {
		rest = rest[1:]
	}
	return a.buildingNamedBy(rest, exactBuilding)
}

// buildingNamedBy says whether the words behind an address fit its building: they
// are its name, or a part of it unless that must be exact. No words fit any.
func (a *address) buildingNamedBy(rest []string, exact bool) bool {
	name, asked := squeeze(a.Building), strings.Join(rest, "")
	if exact && asked != "" {
		return name == asked
	}
	return strings.Contains(name, asked)
}

// document is the address as a hit of the given type: found by lot or by road.
func (a *address) document(addressType string) AddressDocument {
	x, y := degreesText(a.at.X), degreesText(a.at.Y)
	d := AddressDocument{
		Address: &LotAddress{
			AddressName:       a.lotName(),
			LegalCode:         a.legal.Code,
			AdminCode:         a.administrative.Code,
			MainAddressNo:     a.lot.Main,
			MountainYN:        yesNo(a.lot.Mountain),
			Region1DepthName:  a.legal.Province.Short,
			Region2DepthName:  a.legal.District,
			Region3DepthHName: a.administrative.Town,
			Region3DepthName:  a.legal.thirdDepth(),
			SubAddressNo:      a.lot.Sub,
			X:                 x,
			Y:                 y,
		},
		AddressName: a.lotName(), AddressType: addressType, X: x, Y: y,
	}
	if a.Road != nil {
		d.RoadAddress = &RoadAddress{RoadParts: a.roadParts(), X: x, Y: y, ZoneNo: a.Zone}
	}
	if addressType == roadMatch {
		d.AddressName = d.RoadAddress.AddressName
	}
	return d
}
