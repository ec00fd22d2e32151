package korea

import (
	"io/fs"
	"strings"
)

// group is one of Kakao's category groups
// (https://developers.kakao.com/docs/latest/en/local/dev-guide).
type group struct {
	Code string // CE7
	Name string // 카페
}

// place is a made-up shop, station, school or the like.
type place struct {
	site
	ID       string // 6 to 10 digits
	Name     string
	Group    *group // nil for a place of no group
	Category string // words joined by " > "
	Phone    string
	Road     *roadNumber // nil when the place has no road-name address

	haystack string // everything a word of a query may match
}

// GroupCodes lists the category group codes, in the order of the documentation.
func (a *Atlas) GroupCodes() []string {
	codes := make([]string, len(a.groups))
	for i, g := range a.groups {
		codes[i] = g.Code
	}
	return codes
}

func (a *Atlas) group(code string) *group {
	for _, g := range a.groups {
		if g.Code == code {
			return g
		}
	}
	return nil
}

// loadGroups reads the category groups.
func (a *Atlas) loadGroups(files fs.FS) error {
	rows, err := readRows(files, "groups.tsv", "code", "name")
	if err != nil {
		return err
	}
	for _, r := range rows {
		g := &group{Code: r.text("code"), Name: r.text("name")}
		if len(g.Code) != 3 || g.Name == "" {
			return r.errorf("group %q %q, want a code of three characters and a name", g.Code, g.Name)
		}
		if a.group(g.Code) != nil {
			return r.errorf("group %s stands here a second time", g.Code)
		}
		a.groups = append(a.groups, g)
	}
	return nil
}

// loadPlaces reads the places.
func (a *Atlas) loadPlaces(files fs.FS) error {
	rows, err := readRows(files, "places.tsv", "id", "name", "group", "category", "phone", "code", "lot", "road", "number", "x", "y")
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range rows {
		p := &place{ID: r.text("id"), Name: r.text("name"), Category: r.text("category"), Phone: r.text("phone")}
		if p.site, err = a.parseSite(r); err != nil {
			return err
		}
		if code := r.text("group"); code != "" {
			if p.Group = a.group(code); p.Group == nil {
				return r.errorf("group %q is not in groups.tsv", code)
			}
		}
		if r.text("road") != "" {
			if p.Road, err = parseRoadNumber(r.text("road"), r.text("number")); err != nil {
				return r.errorf("%w", err)
			}
		}
		switch {
		case len(p.ID) < 6 || len(p.ID) > 10 || !digits(p.ID, len(p.ID)):
			return r.errorf("id is %q, want 6 to 10 digits", p.ID)
		case seen[p.ID]:
			return r.errorf("id %s stands here a second time", p.ID)
		case p.Name == "" || p.Category == "":
			return r.errorf("place %s needs a name and a category", p.ID)
		}
		seen[p.ID] = true
		p.haystack = p.searchText()
		a.places = append(a.places, p)
	}
	return nil
}

// searchText is all that a query's words may match, in lower case: name (with and
// without spaces), category, addresses, and the names of the regions around.
func (p *place) searchText() string {
	return strings.ToLower(strings.Join([]string{
		p.Name, squeeze(p.Name), p.Category, p.groupName(), p.lotName(), p.roadAddressName(),
		p.legal.LongName(), p.administrative.LongName(),
	}, "\n"))
}

func (p *place) groupCode() string {
	if p.Group == nil {
		return ""
	}
	return p.Group.Code
}

func (p *place) groupName() string {
	if p.Group == nil {
		return ""
	}
	return p.Group.Name
}

func (p *place) roadAddressName() string {
	if p.Road == nil {
		return ""
	}
	return p.roadName(p.legal.Province.Short, *p.Road)
}

// squeeze is s without spaces: people put them where they like.
func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }
