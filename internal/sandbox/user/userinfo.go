package user

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// profileMember is one consent item as kakao_account shows it.
type profileMember struct {
	item  string // consent item
	needs string // member that says whether consent is still needed
	key   string // property_keys entry that asks for it, below kakao_account.
	show  func(u *platform.User, secure bool, into map[string]any)
}

// shownText shows one text under a name unless the account lacks it.
func shownText(name string, of func(platform.Account) string) func(*platform.User, bool, map[string]any) {
	return func(u *platform.User, _ bool, into map[string]any) {
		if text := of(u.Account); text != "" {
			into[name] = text
		}
	}
}

// profileMembers is the table of kakao_account. property_keys name fewer items
// than exist: those without a key come with all of kakao_account only.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#kakaoaccount
var profileMembers = []profileMember{
	{"profile_nickname", "profile_nickname_needs_agreement", "profile", showNickname},
	{"profile_image", "profile_image_needs_agreement", "profile", showPicture},
	{"name", "name_needs_agreement", "name", shownText("name", func(a platform.Account) string { return a.Name })},
	{"account_email", "email_needs_agreement", "email", showEmail},
	{"age_range", "age_range_needs_agreement", "age_range", shownText("age_range", func(a platform.Account) string { return a.AgeRange })},
	{"birthyear", "birthyear_needs_agreement", "", shownText("birthyear", func(a platform.Account) string { return a.Birthyear })},
	{"birthday", "birthday_needs_agreement", "birthday", showBirthday},
	{"gender", "gender_needs_agreement", "gender", shownText("gender", func(a platform.Account) string { return a.Gender })},
	{"phone_number", "phone_number_needs_agreement", "", shownText("phone_number", func(a platform.Account) string { return a.PhoneNumber })},
}

// profileOf returns the profile object inside kakao_account, made as needed.
func profileOf(into map[string]any) map[string]any {
	profile, ok := into["profile"].(map[string]any)
	if !ok {
		profile = map[string]any{}
		into["profile"] = profile
	}
	return profile
}

func showNickname(u *platform.User, _ bool, into map[string]any) {
	profile := profileOf(into)
	profile["nickname"] = u.Account.Nickname
	profile["is_default_nickname"] = u.Account.DefaultNickname
}

func showPicture(u *platform.User, secure bool, into map[string]any) {
	profile := profileOf(into)
	profile["thumbnail_image_url"] = scheme(u.Picture("110x110"), secure)
	profile["profile_image_url"] = scheme(u.Picture("640x640"), secure)
	profile["is_default_image"] = u.Account.Image == ""
}

func showEmail(u *platform.User, _ bool, into map[string]any) {
	into["is_email_valid"] = u.Account.EmailValid
	into["is_email_verified"] = u.Account.EmailVerified
	into["email"] = u.Account.Email
}

func showBirthday(u *platform.User, _ bool, into map[string]any) {
	if u.Account.Birthday == "" {
		return
	}
	into["birthday"] = u.Account.Birthday
	into["birthday_type"] = u.Account.BirthdayType
	if u.Account.BirthdayType == "LUNAR" {
		into["is_leap_month"] = u.Account.LeapMonth
	}
}

// scheme switches an image URL to https as secure_resource asks.
func scheme(uri string, secure bool) string {
	if secure {
		return strings.Replace(uri, "http://", "https://", 1)
	}
	return uri
}

// selection is what property_keys asks for; nil stands for everything.
type selection []string

// whole says whether all of an object ("kakao_account", "properties") is asked for.
func (s selection) whole(object string) bool { return s == nil || slices.Contains(s, object+".") }

// wants says whether one entry of an object is asked for.
func (s selection) wants(object, key string) bool {
	return s.whole(object) || key != "" && slices.Contains(s, object+"."+key)
}

// readSelection checks property_keys. more lists keys that the route allows
// besides the common ones.
func readSelection(r *platform.Request, more ...string) (selection, *platform.Failure) {
	if !r.Has("property_keys") {
		return nil, nil
	}
	keys := r.Strings("property_keys")
	wanted := map[string]string{}
	for _, key := range keys {
		property, isProperty := strings.CutPrefix(key, "properties.")
		switch {
		case isProperty && property != "":
			wanted[property] = ""
		case isProperty, key == "kakao_account.", slices.Contains(more, key):
		default:
			if e := checkAccountKey(r, key); e != nil {
				return nil, e
			}
		}
	}
	if unknown := r.State.App.UnknownProperties(wanted); len(unknown) > 0 {
		return nil, unknownProperty(r.State.App, unknown)
	}
	return keys, nil
}

// checkAccountKey holds a key below kakao_account against the table and the app.
func checkAccountKey(r *platform.Request, key string) *platform.Failure {
	name, _ := strings.CutPrefix(key, "kakao_account.")
	known := false
	for _, m := range profileMembers {
		if name == key || m.key != name {
			continue
		}
		known = true
		if !r.State.App.Enabled(m.item) {
			return platform.NotEnabled(r, m.item)
		}
	}
	if !known {
		return platform.NewFailure("-2", platform.Unsatisfied("property_keys", key+" is not a property key"))
	}
	return nil
}

// showAccount is the kakao_account object, as far as asked for. A value shows
// only with the user's consent; whether consent is missing shows whenever the
// app has set the item up.
func showAccount(a *platform.App, u *platform.User, wanted selection, secure bool) map[string]any {
	shown := map[string]any{}
	for _, m := range profileMembers {
		if !wanted.wants("kakao_account", m.key) || !a.Enabled(m.item) {
			continue
		}
		if u.Link == platform.Preregistered && m.key != "profile" && m.key != "email" {
			continue
		}
		shown[m.needs] = !u.Agreed(m.item)
		if u.Agreed(m.item) {
			m.show(u, secure, shown)
		}
	}
	return shown
}

// showProperties is the properties object, as far as asked for.
func showProperties(u *platform.User, wanted selection, secure bool) map[string]string {
	shown := maps.Clone(u.Properties)
	maps.DeleteFunc(shown, func(key, _ string) bool { return !wanted.wants("properties", key) })
	for key, text := range shown {
		shown[key] = scheme(text, secure && strings.HasPrefix(text, platform.ImageBase))
	}
	return shown
}

// userTimes are the ID and times that every user object begins with.
func userTimes(a *platform.App, u *platform.User) map[string]any {
	shown := map[string]any{"id": u.ID}
	if !u.ConnectedAt.IsZero() {
		shown["connected_at"] = platform.WireTime(u.ConnectedAt)
	}
	if !u.SyncedAt.IsZero() {
		shown["synched_at"] = platform.WireTime(u.SyncedAt)
	}
	if !a.AutoLink || u.Link == platform.Preregistered {
		shown["has_signed_up"] = u.Link == platform.Linked
	}
	return shown
}

// getMe is /v2/user/me.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#req-user-info
func getMe(r *platform.Request) (any, *platform.Failure) {
	wanted, e := readSelection(r)
	if e != nil {
		return nil, e
	}
	u, secure := r.User, r.Bool("secure_resource")
	me := userTimes(r.State.App, u)
	if account := showAccount(r.State.App, u, wanted, secure); len(account) > 0 {
		me["kakao_account"] = account
	}
	if properties := showProperties(u, wanted, secure); len(properties) > 0 {
		me["properties"] = properties
	}
	if wanted == nil && (u.Agreed("friends") || u.Agreed("talk_message")) {
		me["for_partner"] = map[string]string{"uuid": u.UUID}
	}
	return me, nil
}

// unknownProperty is the failure of a property key that is not registered.
func unknownProperty(a *platform.App, keys []string) *platform.Failure {
	return platform.NewFailure("-201", "user property not found ("+platform.Bracketed(keys)+" for appId="+platform.DecimalText(a.ID)+")")
}

// getOIDCUserInfo is GET /v1/oidc/userinfo.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#oidc-user-info
func getOIDCUserInfo(r *platform.Request) (any, *platform.Failure) {
	if !r.Token.OpenID {
		return nil, platform.InsufficientScopes(r, platform.OpenIDScope)
	}
	u := r.User
	info := map[string]any{"sub": strconv.FormatInt(u.ID, 10)}
	for _, claim := range []struct{ item, name, text string }{
		{"name", "name", u.Account.Name},
		{"profile_nickname", "nickname", u.Account.Nickname},
		{"profile_image", "picture", u.Picture("640x640")},
		{"account_email", "email", u.Account.Email},
		{"gender", "gender", u.Account.Gender},
		{"phone_number", "phone_number", u.Account.PhoneNumber},
	} {
		if u.Agreed(claim.item) && claim.text != "" {
			info[claim.name] = claim.text
		}
	}
	if info["email"] != nil {
		info["email_verified"] = u.Account.EmailVerified
	}
	if info["phone_number"] != nil {
		info["phone_number_verified"] = true
	}
	if date := birthdate(u); date != "" {
		info["birthdate"] = date
	}
	return info, nil
}

// birthdate is YYYY-MM-DD, 0000-MM-DD without the year, or YYYY alone, as far
// as the user agreed.
func birthdate(u *platform.User) string {
	year, day := "", ""
	if u.Agreed("birthyear") {
		year = u.Account.Birthyear
	}
	if u.Agreed("birthday") {
		day = u.Account.Birthday
	}
	switch {
	case day == "":
		return year
	case year == "":
		year = "0000"
	}
	return year + "-" + day[:2] + "-" + day[2:]
}
