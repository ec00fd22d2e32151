package korea

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed data/*.tsv
var embedded embed.FS

// Atlas is a whole data set, loaded and checked. It never changes, so any number
// of goroutines may search it.
type Atlas struct {
	regions   []*region
	addresses []*address
	places    []*place
	groups    []*group
}

// Default is the embedded data set, loaded once. It fails only when the data were
// edited wrongly, and then names the row.
var Default = sync.OnceValues(func() (*Atlas, error) {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, err
	}
	return Load(data)
})

// Load reads provinces.tsv, regions.tsv, addresses.tsv, groups.tsv and places.tsv
// and checks that they fit together. An error names the file and line.
func Load(files fs.FS) (*Atlas, error) {
	a := &Atlas{}
	for _, load := range []func(fs.FS) error{a.loadRegions, a.loadAddresses, a.loadGroups, a.loadPlaces} {
		if err := load(files); err != nil {
			return nil, fmt.Errorf("korea data: %w", err)
		}
	}
	return a, nil
}

// regionAt is the region of the type whose outline holds p, or nil. There is at
// most one: outlines of one type do not overlap.
func (a *Atlas) regionAt(p Point, t RegionType) *region {
	for _, r := range a.regions {
		if r.Type == t && r.Outline != nil && r.Outline.Contains(p) {
			return r
		}
	}
	return nil
}

// legalRegion is the legal region that has the code and an outline: one that lots
// can lie in.
func (a *Atlas) legalRegion(code string) *region {
	for _, r := range a.regions {
		if r.Type == Legal && r.Outline != nil && r.Code == code {
			return r
		}
	}
	return nil
}

// site is where a lot is: its regions, its number and its point.
type site struct {
	legal, administrative *region
	lot                   lot
	at                    Point
}

// parseSite reads the columns code, lot, x and y of an address or a place.
func (a *Atlas) parseSite(r *row) (site, error) {
	var s site
	var err error
	if s.legal = a.legalRegion(r.text("code")); s.legal == nil {
		return site{}, r.errorf("code %q is not a legal region with an outline in regions.tsv", r.text("code"))
	}
	if s.at, err = r.point(); err != nil {
		return site{}, err
	}
	if !s.legal.Outline.Contains(s.at) {
		return site{}, r.errorf("x, y %v, %v lies outside %s", s.at.X, s.at.Y, s.legal.LongName())
	}
	if s.administrative = a.regionAt(s.at, Administrative); s.administrative == nil {
		return site{}, r.errorf("x, y %v, %v lies in no administrative region", s.at.X, s.at.Y)
	}
	if s.lot, err = parseLot(r.text("lot")); err != nil {
		return site{}, r.errorf("%w", err)
	}
	return s, nil
}
