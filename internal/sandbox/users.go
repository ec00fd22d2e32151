package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

const (
	maxTargetIDs         = 100
	maxTargetIDsWithKeys = 20
	maxIDsPage           = 100
	idsPerMinute         = 100 // since 2025-04-01
)

// listRoutes are the admin key's routes about many users.
func listRoutes() []route {
	get, both := http.MethodGet, []string{http.MethodGet, http.MethodPost}
	return []route{
		{
			methods: both, host: kapiHost, path: "/v1/user/ids", accepts: adminKey, category: categoryUserInfo,
			apiType: "USER_IDS", perMinute: idsPerMinute, handle: listIDs,
			params: []param{
				{name: "limit", kind: integer(1, maxIDsPage)},
				{name: "from_id", kind: integer(0, maxInt64)},
				{name: "order", kind: enum("asc", "desc")},
			},
		},
		{
			// Public clients POST here with a query, so the sandbox lets them.
			methods: []string{get, http.MethodPost}, queryOnPOST: true,
			host: kapiHost, path: "/v2/app/users", accepts: adminKey, category: categoryUserInfo,
			apiType: "APP_USERS", handle: listAppUsers,
			params: []param{
				{name: "target_id_type", kind: enum("user_id"), required: true},
				{name: "target_ids", kind: jsonInt64s(maxTargetIDs), required: true},
				{name: "property_keys", kind: jsonStrings(100)},
			},
		},
	}
}

// listIDs is /v1/user/ids: the linked users by ID. Its page URLs are plain
// http and carry the caller's app key, as Kakao's do: nobody should follow them.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#user-id
func listIDs(r *request) (any, *kakaoError) {
	order := r.text("order")
	if order == "" {
		order = "asc"
	}
	limit := int(r.int64("limit", maxIDsPage))
	var ids []int64
	for _, u := range r.state.linkedUsers() {
		ids = append(ids, u.id)
	}
	total := len(ids)
	if order == "desc" {
		slices.Reverse(ids)
	}
	start := 0
	if r.has("from_id") {
		start = startAt(ids, r.int64("from_id", 0), order, r.state.options.ExclusiveFromID)
	}
	page := ids[start:min(start+limit, len(ids))]
	answer := map[string]any{"elements": append([]int64{}, page...), "before_url": nil, "after_url": nil, "total_count": total}
	if len(page) == 0 {
		return answer, nil
	}
	opposite := map[string]string{"asc": "desc", "desc": "asc"}[order]
	if start > 0 {
		answer["before_url"] = idsURL(limit, opposite, page[0], r.credential.value)
	}
	if start+len(page) < len(ids) {
		answer["after_url"] = idsURL(limit, order, page[len(page)-1], r.credential.value)
	}
	return answer, nil
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
	return "http://" + kapiHost + "/v1/user/ids?limit=" + strconv.Itoa(limit) + "&order=" + order +
		"&from_id=" + decimalText(from) + "&app_key=" + url.QueryEscape(key)
}

// listAppUsers is /v2/app/users: a bare array, without users that are not
// linked. Kakao does not promise the order of target_ids; the sandbox answers
// in descending order of ID, so that nobody relies on it.
func listAppUsers(r *request) (any, *kakaoError) {
	ids := r.int64s("target_ids")
	if r.has("property_keys") && len(ids) > maxTargetIDsWithKeys {
		return nil, newFailure("-2", unsatisfied("target_ids", "at most 20 with property_keys"))
	}
	wanted, e := readSelection(r, "id", "has_signed_up")
	if e != nil {
		return nil, e
	}
	users := []map[string]any{}
	for _, u := range slices.Backward(r.state.linkedUsers()) {
		if !slices.Contains(ids, u.id) {
			continue
		}
		shown := userTimes(r.state.app, u)
		if slices.Contains(wanted, "has_signed_up") {
			shown["has_signed_up"] = true
		}
		if wanted != nil {
			if account := showAccount(r.state.app, u, wanted, false); len(account) > 0 {
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

// decimalText writes an ID.
func decimalText(n int64) string { return strconv.FormatInt(n, 10) }
