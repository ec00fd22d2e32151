package site

import "github.com/kakaorpc/kakaorpc/internal/errorsx/catalogue"

// errorGroup is reasons that stand under one heading.
type errorGroup struct {
	Name    string
	Entries []catalogue.Entry
}

// errorGroups are all reasons in a language, in the catalogue's order.
func errorGroups(language string) []errorGroup {
	var groups []errorGroup
	for _, entry := range catalogue.Entries(catalogue.Language(language)) {
		if len(groups) == 0 || groups[len(groups)-1].Name != entry.Group {
			groups = append(groups, errorGroup{Name: entry.Group})
		}
		last := &groups[len(groups)-1]
		last.Entries = append(last.Entries, entry)
	}
	return groups
}
