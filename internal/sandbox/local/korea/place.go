package korea

import (
	"io/fs"
	"regexp"
	"slices"
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

	haystack string // what the words of a query may match
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
	return eachRow(files, "groups.tsv", []string{"code", "name"}, func(r *row) error {
		g := &group{Code: r.text("code"), Name: r.text("name")}
		if len(g.Code) != 3 || g.Name == "" {
			return r.errorf("group %q %q, want a code of three characters and a name", g.Code, g.Name)
		}
		if a.group(g.Code) != nil {
			return r.errorf("group %s stands here a second time", g.Code)
		}
		a.groups = append(a.groups, g)
		return nil
	})
}

// loadPlaces reads the places.
func (a *Atlas) loadPlaces(files fs.FS) error {
	columns := []string{"id", "name", "group", "category", "phone", "code", "lot", "road", "number", "x", "y"}
	seen := map[string]bool{}
	return eachRow(files, "places.tsv", columns, func(r *row) error {
		p, err := a.parsePlace(r)
		if err != nil {
			return err
		}
		if seen[p.ID] {
			return r.errorf("id %s stands here a second time", p.ID)
		}
		seen[p.ID] = true
		a.places = append(a.places, p)
		return nil
	})
}

// parsePlace reads a place and holds it against the address of its lot.
func (a *Atlas) parsePlace(r *row) (*place, error) {
	p := &place{ID: r.text("id"), Name: r.text("name"), Category: r.text("category"), Phone: r.text("phone")}
	var err error
	if p.site, err = a.parseSite(r); err != nil {
		return nil, err
	}
	if p.Road, err = r.roadNumber(); err != nil {
		return nil, err
	}
	if code := r.text("group"); code != "" {
		if p.Group = a.group(code); p.Group == nil {
			return nil, r.errorf("group %q is not in groups.tsv", code)
		}
	}
	home := a.addressOf(p.site)
	switch {
	case len(p.ID) < 6 || len(p.ID) > 10 || !digits(p.ID, len(p.ID)):
		return nil, r.errorf("id is %q, want 6 to 10 digits", p.ID)
	case p.Name == "" || p.Category == "":
		return nil, r.errorf("place %s needs a name and a category", p.ID)
	case home == nil:
		return nil, r.errorf("place %s stands at %s, which addresses.tsv does not have", p.ID, p.lotName())
	case !sameRoadNumber(p.Road, home.Road):
		return nil, r.errorf("place %s has another road or number than its lot %s has in addresses.tsv", p.ID, p.lotName())
	}
	p.haystack = p.searchText()
	return p, nil
}

// searchText is all that a query's words may match, in lower case: name (with and
// without spaces), the words of the category, addresses, and the names of the
// regions around.
func (p *place) searchText() string {
	return strings.ToLower(strings.Join([]string{
		p.Name, squeeze(p.Name), strings.ReplaceAll(p.Category, " > ", "\n"), p.groupName(),
		p.lotName(), p.roadAddressName(), p.legal.LongName(), p.administrative.LongName(),
	}, "\n"))
}

var (
	plainNumber   = regexp.MustCompile(`^[0-9]+(-[0-9]+)*$`)
	letterOrDigit = regexp.MustCompile(`[\p{L}\p{N}]`)
)

// matches says whether a word of a query, in lower case, fits the place: a number
// must be a whole word of what is known of the place, any other word may be a part
// of one, and a mere sign fits nothing.
func (p *place) matches(word string) bool {
	switch {
	case plainNumber.MatchString(word):
		return slices.Contains(strings.Fields(p.haystack), word)
	case !letterOrDigit.MatchString(word):
		return false
	}
	return strings.Contains(p.haystack, word)
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
