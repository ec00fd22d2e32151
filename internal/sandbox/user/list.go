package user

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const (
	maxTargetIDs         = 100
	maxTargetIDsWithKeys = 20
	maxIDsPage           = 100
	idsPerMinute         = 100 // since 2025-04-01
)

// listRoutes are the admin key's routes about many users.
func listRoutes(exclusiveFromID bool) []platform.Route {
	get, both := http.MethodGet, []string{http.MethodGet, http.MethodPost}
	return []platform.Route{
		{
			Methods: both, Host: platform.KapiHost, Path: "/v1/user/ids", Accepts: platform.AdminKey, Category: platform.CategoryUserInfo,
			APIType: "USER_IDS", PerMinute: idsPerMinute, Handle: listIDs(exclusiveFromID),
			Params: []platform.Param{
				{Name: "limit", Kind: platform.Integer(1, maxIDsPage)},
				{Name: "from_id", Kind: platform.Integer(0, math.MaxInt64)},
				{Name: "order", Kind: platform.Enum("asc", "desc")},
			},
		},
		{
			// Public clients POST here with a query, so the sandbox lets them.
			Methods: []string{get, http.MethodPost}, QueryOnPOST: true,
			Host: platform.KapiHost, Path: "/v2/app/users", Accepts: platform.AdminKey, Category: platform.CategoryUserInfo,
			APIType: "APP_USERS", Handle: listAppUsers,
			Params: []platform.Param{
				{Name: "target_id_type", Kind: platform.Enum("user_id"), Required: true},
				{Name: "target_ids", Kind: platform.JSONInt64s(maxTargetIDs), Required: true},
				{Name: "property_keys", Kind: platform.JSONStrings(100)},
			},
		},
	}
}

// listIDs is /v1/user/ids: the linked users by ID. Its page URLs are plain
// http and carry the caller's app key, as Kakao's do: nobody should follow them.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#user-id
func listIDs(exclusive bool) platform.Handler {
	return func(r *platform.Request) (any, *platform.Failure) {
		order := r.Text("order")
		if order == "" {
			order = "asc"
		}
		limit := int(r.Int64("limit", maxIDsPage))
		var ids []int64
		for _, u := range r.State.LinkedUsers() {
			ids = append(ids, u.ID)
		}
		total := len(ids)
		if order == "desc" {
			slices.Reverse(ids)
		}
		start := 0
		if r.Has("from_id") {
			start = startAt(ids, r.Int64("from_id", 0), order, exclusive)
		}
		page := ids[start:min(start+limit, len(ids))]
		answer := map[string]any{"elements": append([]int64{}, page...), "before_url": nil, "after_url": nil, "total_count": total}
		if len(page) == 0 {
			return answer, nil
		}
		opposite := map[string]string{"asc": "desc", "desc": "asc"}[order]
		if start > 0 {
			answer["before_url"] = idsURL(limit, opposite, page[0], r.Credential.Value)
		}
		if start+len(page) < len(ids) {
			answer["after_url"] = idsURL(limit, order, page[len(page)-1], r.Credential.Value)
		}
		return answer, nil
	}
}

// startAt is the index of the first ID at from or, if exclusive, behind it.
func startAt(ids []int64, from int64, order string, exclusive bool) int {
	i := slices.IndexFunc(ids, func(id int64) bool {
		switch {
		case id == from:
			return !exclusive
		case order == "desc":
			return id < from
		}
		return id > from
	})
	if i < 0 {
		return len(ids)
	}
	return i
}

// idsURL is a page URL in Kakao's form and order of parameters.
func idsURL(limit int, order string, from int64, key string) string {
	return "http://" + platform.KapiHost + "/v1/user/ids?limit=" + strconv.Itoa(limit) + "&order=" + order +
		"&from_id=" + platform.DecimalText(from) + "&app_key=" + url.QueryEscape(key)
}

// listAppUsers is /v2/app/users: a bare array, without users that are not
// linked. Kakao does not promise the order of target_ids; the sandbox answers
// in descending order of ID, so that nobody relies on it.
func listAppUsers(r *platform.Request) (any, *platform.Failure) {
	ids := r.Int64s("target_ids")
	if r.Has("property_keys") && len(ids) > maxTargetIDsWithKeys {
		return nil, platform.NewFailure("-2", platform.Unsatisfied("target_ids", "at most 20 with property_keys"))
	}
	wanted, e := readSelection(r, "id", "has_signed_up")
	if e != nil {
		return nil, e
	}
	users := []map[string]any{}
	for _, u := range slices.Backward(r.State.LinkedUsers()) {
		if !slices.Contains(ids, u.ID) {
			continue
		}
		shown := userTimes(r.State.App, u)
		if slices.Contains(wanted, "has_signed_up") {
			shown["has_signed_up"] = true
		}
		if wanted != nil {
			if account := showAccount(r.State.App, u, wanted, false); len(account) > 0 {
				shown["kakao_account"] = account
			}
			if properties := showProperties(u, wanted, false); len(properties) > 0 {
				shown["properties"] = properties
			}
		}
		users = append(users, shown)
	}
	return users, nil
}
