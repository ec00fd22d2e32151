package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
)

// showFilesPage shows the customer files of every channel.
func showFilesPage(v visitor) pages.View {
	st := v.state
	page := pages.FilesPage{}
	for _, c := range st.channels.channels {
		shown := pages.Channel{PublicID: c.publicID, SearchID: c.uuid, Connected: c.connected, Banned: c.banned, Slots: maxCustomerFiles}
		for _, u := range st.users {
			if r, ok := st.channels.relations[relationKey{u.id, c.publicID}]; ok {
				shown.Relations = append(shown.Relations, pages.Relation{Face: faceOf(u), Status: r.status})
			}
		}
		for _, file := range st.channels.filesOf(c.publicID) {
			shown.Files = append(shown.Files, fileOf(st, file))
		}
		page.Channels = append(page.Channels, shown)
	}
	return page
}

func fileOf(st *state, file *customerFile) pages.File {
	shown := pages.File{ID: file.id, Name: file.name, Updated: file.updatedAt.In(koreaZone)}
	names := slices.Sorted(maps.Keys(file.schema))
	for _, name := range names {
		shown.Attributes = append(shown.Attributes, pages.Pair{Name: name, Value: file.schema[name]})
	}
	for _, key := range file.sortedCustomers() {
		customer := pages.Customer{Kind: key.kind, ID: key.id, Person: faceOf(st.person(key.kind, key.id))}
		for _, name := range names {
			text := string(file.customers[key][name])
			if plain, ok := jsonText(file.customers[key][name]); ok {
				text = plain
			}
			customer.Values = append(customer.Values, text)
		}
		shown.Customers = append(shown.Customers, customer)
	}
	return shown
}

// sortedCustomers are the customers by kind and ID.
func (f *customerFile) sortedCustomers() []customerKey {
	return slices.SortedFunc(maps.Keys(f.customers), func(a, b customerKey) int {
		return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.id, b.id))
	})
}
