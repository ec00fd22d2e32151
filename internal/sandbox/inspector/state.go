package inspector

import (
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/login"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// showState is GET /__sandbox__/state: the state without a secret in it.
func showState(st *platform.State, _ []byte) (any, *platform.ControlError) {
	users := []map[string]any{}
	for _, u := range st.Users {
		users = append(users, showUserState(st, u))
	}
	return map[string]any{
		"now": platform.WireTime(st.Now()),
		"app": map[string]any{
			"id": st.App.ID, "name": st.App.Name, "redirect_uris": st.App.RedirectURIs, "logout_redirect_uris": st.App.LogoutRedirectURIs,
			"automatic_linking": st.App.AutoLink, "property_keys": st.App.PropertyKeys, "consent_items": showItems(st.App),
		},
		"users": users, "codes": len(st.Codes), "sessions": len(login.Of(st).Sessions), "pages": len(login.Of(st).Pages),
		"faults": len(st.Faults.Armed), "calls": len(st.Calls.Calls),
	}, nil
}

// showUserState is one person in the state. Tokens are counted; of their
// values only the seeded ones show, which are published anyway.
func showUserState(st *platform.State, u *platform.User) map[string]any {
	access, refresh, seeded := 0, 0, []string{}
	for value, t := range st.AccessTokens {
		if t.User == u {
			access++
			if value == platform.SeedToken("access", u.Name) {
				seeded = append(seeded, value)
			}
		}
	}
	for value, t := range st.RefreshTokens {
		if t.User == u {
			refresh++
			if value == platform.SeedToken("refresh", u.Name) {
				seeded = append(seeded, value)
			}
		}
	}
	slices.Sort(seeded)
	terms := map[string]string{}
	for tag, consent := range u.Terms {
		terms[tag] = consent.By
	}
	return map[string]any{
		"name": u.Name, "id": u.ID, "link": u.Link.String(), "dormant": u.Dormant, "consents": u.AgreedItems(st.App),
		"service_terms": terms, "properties": u.Properties, "shipping_addresses": len(u.Addresses),
		"access_tokens": access, "refresh_tokens": refresh, "seeded_tokens": seeded,
	}
}

// showItems are the consent items with their settings.
func showItems(a *platform.App) map[string]string {
	shown := map[string]string{}
	for _, item := range a.Items {
		shown[item.ID] = item.Setting.String()
	}
	return shown
}
