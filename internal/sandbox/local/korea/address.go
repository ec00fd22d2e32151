package korea

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// lot is a lot number: 31, 31-2, or 산 12-1 for a lot on a mountain.
type lot struct {
	Mountain  bool
	Main, Sub string // Sub is "" when there is none
}

// String writes the lot as Kakao does.
func (l lot) String() string {
	prefix := ""
	if l.Mountain {
		prefix = "산 "
	}
	return prefix + dashed(l.Main, l.Sub)
}

// roadNumber is a place on a road: the road's name and a building number, which
// may be under ground.
type roadNumber struct {
	Road        string
	Underground bool
	Main, Sub   string // Sub is "" when there is none
}

// String writes the road and the number as Kakao does.
func (n roadNumber) String() string {
	under := ""
	if n.Underground {
		under = "지하 "
	}
	return n.Road + " " + under + dashed(n.Main, n.Sub)
}

// sameRoadNumber says whether two road-name addresses, nil for none, are the same.
func sameRoadNumber(a, b *roadNumber) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// address is a lot and, where it has one, its road-name address.
type address struct {
	site
	Road     *roadNumber // nil for a lot without a road-name address
	Building string      // "" when the building has no name
	Zone     string      // 5-digit postal code, "" without a road-name address
}

// lotName is the lot-number address with the short si/do.
func (s site) lotName() string { return s.legal.ShortName() + " " + s.lot.String() }

// roadName is the road-name address of a site with the given name of the si/do.
func (s site) roadName(province string, n roadNumber) string {
	return joinWords(province, s.legal.District, s.legal.roadPart(), n.String())
}

var (
	lotForm    = regexp.MustCompile(`^(산)?([1-9][0-9]*)(?:-([1-9][0-9]*))?$`)
	numberForm = regexp.MustCompile(`^(지하)?([1-9][0-9]*)(?:-([1-9][0-9]*))?$`)
)

func parseLot(s string) (lot, error) {
	m := lotForm.FindStringSubmatch(s)
	if m == nil {
		return lot{}, fmt.Errorf("lot is %q, want it like 31, 31-2 or 산12-1", s)
	}
	return lot{Mountain: m[1] != "", Main: m[2], Sub: m[3]}, nil
}

func parseRoadNumber(road, number string) (*roadNumber, error) {
	m := numberForm.FindStringSubmatch(number)
	if m == nil || road == "" || strings.Contains(road, " ") {
		return nil, fmt.Errorf("road and number are %q and %q, want them like 세종대로 and 21, 21-3 or 지하21", road, number)
	}
	return &roadNumber{Road: road, Underground: m[1] != "", Main: m[2], Sub: m[3]}, nil
}

// loadAddresses reads the addresses.
func (a *Atlas) loadAddresses(files fs.FS) error {
	columns := []string{"code", "lot", "x", "y", "road", "number", "building", "zone"}
	return eachRow(files, "addresses.tsv", columns, func(r *row) error {
		s, err := a.parseSite(r)
		if err != nil {
			return err
		}
		next := &address{site: s, Building: r.text("building"), Zone: r.text("zone")}
		if next.Road, err = r.roadNumber(); err != nil {
			return err
		}
		switch {
		case next.Road == nil && (next.Building != "" || next.Zone != ""):
			return r.errorf("without a road there is no building and no zone")
		case next.Road != nil && !digits(next.Zone, 5):
			return r.errorf("zone is %q, want 5 digits", next.Zone)
		case a.addressOf(s) != nil:
			return r.errorf("%s stands here a second time", next.lotName())
		}
		a.addresses = append(a.addresses, next)
		return nil
	})
}

// addressOf is the address of the site's lot, or nil.
func (a *Atlas) addressOf(s site) *address {
	for _, known := range a.addresses {
		if known.legal == s.legal && known.lot == s.lot {
			return known
		}
	}
	return nil
}

func dashed(main, sub string) string {
	if sub == "" {
		return main
	}
	return main + "-" + sub
}
