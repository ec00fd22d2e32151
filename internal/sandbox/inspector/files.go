package inspector

import (
	"maps"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/channel"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/pages"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// showFilesPage shows the customer files of every channel.
func showFilesPage(v visitor) pages.View {
	st := v.state
	page := pages.FilesPage{}
	for _, c := range channel.Of(st).Channels {
		shown := pages.Channel{PublicID: c.PublicID, SearchID: c.UUID, Connected: c.Connected, Banned: c.Banned, Slots: channel.MaxCustomerFiles}
		for _, u := range st.Users {
			if r, ok := channel.Of(st).Relations[channel.RelationKey{UserID: u.ID, PublicID: c.PublicID}]; ok {
				shown.Relations = append(shown.Relations, pages.Relation{Face: platform.FaceOf(u), Status: r.Status})
			}
		}
		for _, file := range channel.Of(st).FilesOf(c.PublicID) {
			shown.Files = append(shown.Files, fileOf(st, file))
		}
		page.Channels = append(page.Channels, shown)
	}
	return page
}

func fileOf(st *platform.State, file *channel.CustomerFile) pages.File {
	shown := pages.File{ID: file.ID, Name: file.Name, Updated: file.UpdatedAt.In(platform.KoreaZone)}
	names := slices.Sorted(maps.Keys(file.Schema))
	for _, name := range names {
		shown.Attributes = append(shown.Attributes, pages.Pair{Name: name, Value: file.Schema[name]})
	}
	for _, key := range file.SortedCustomers() {
		customer := pages.Customer{Kind: key.Kind, ID: key.ID, Person: platform.FaceOf(channel.PersonOf(st, key.Kind, key.ID))}
		for _, name := range names {
			text := string(file.Customers[key][name])
			if plain, ok := platform.JSONText(file.Customers[key][name]); ok {
				text = plain
			}
			customer.Values = append(customer.Values, text)
		}
		shown.Customers = append(shown.Customers, customer)
	}
	return shown
}
