package sandbox

import (
	"maps"
	"slices"
	"strings"
)

// profileMember is one consent item as kakao_account shows it.
type profileMember struct {
	item  string // consent item
	needs string // member that says whether consent is still needed
	key   string // property_keys entry that asks for it, below kakao_account.
	show  func(u *user, secure bool, into map[string]any)
}

// shownText shows one text under a name unless the account lacks it.
func shownText(name string, of func(account) string) func(*user, bool, map[string]any) {
	return func(u *user, _ bool, into map[string]any) {
		if text := of(u.account); text != "" {
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
	{"name", "name_needs_agreement", "name", shownText("name", func(a account) string { return a.name })},
	{"account_email", "email_needs_agreement", "email", showEmail},
	{"age_range", "age_range_needs_agreement", "age_range", shownText("age_range", func(a account) string { return a.ageRange })},
	{"birthyear", "birthyear_needs_agreement", "", shownText("birthyear", func(a account) string { return a.birthyear })},
	{"birthday", "birthday_needs_agreement", "birthday", showBirthday},
	{"gender", "gender_needs_agreement", "gender", shownText("gender", func(a account) string { return a.gender })},
	{"phone_number", "phone_number_needs_agreement", "", shownText("phone_number", func(a account) string { return a.phoneNumber })},
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

func showNickname(u *user, _ bool, into map[string]any) {
	profile := profileOf(into)
	profile["nickname"] = u.account.nickname
	profile["is_default_nickname"] = u.account.defaultNickname
}

func showPicture(u *user, secure bool, into map[string]any) {
	profile := profileOf(into)
	profile["thumbnail_image_url"] = scheme(u.picture("110x110"), secure)
	profile["profile_image_url"] = scheme(u.picture("640x640"), secure)
	profile["is_default_image"] = u.account.image == ""
}

func showEmail(u *user, _ bool, into map[string]any) {
	into["is_email_valid"] = u.account.emailValid
	into["is_email_verified"] = u.account.emailVerified
	into["email"] = u.account.email
}

func showBirthday(u *user, _ bool, into map[string]any) {
	if u.account.birthday == "" {
		return
	}
	into["birthday"] = u.account.birthday
	into["birthday_type"] = u.account.birthdayType
	if u.account.birthdayType == "LUNAR" {
		into["is_leap_month"] = u.account.leapMonth
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
func readSelection(r *request, more ...string) (selection, *kakaoError) {
	if !r.has("property_keys") {
		return nil, nil
	}
	keys := r.strings("property_keys")
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
	if unknown := r.state.app.unknownProperties(wanted); len(unknown) > 0 {
		return nil, unknownProperty(r.state.app, unknown)
	}
	return keys, nil
}

// checkAccountKey holds a key below kakao_account against the table and the app.
func checkAccountKey(r *request, key string) *kakaoError {
	name, _ := strings.CutPrefix(key, "kakao_account.")
	known := false
	for _, m := range profileMembers {
		if name == key || m.key != name {
			continue
		}
		known = true
		if !r.state.app.enabled(m.item) {
			return notEnabled(r, m.item)
		}
	}
	if !known {
		return newFailure("-2", unsatisfied("property_keys", key+" is not a property key"))
	}
	return nil
}

// showAccount is the kakao_account object, as far as asked for. A value shows
// only with the user's consent; whether consent is missing shows whenever the
// app has set the item up.
func showAccount(a *app, u *user, wanted selection, secure bool) map[string]any {
	shown := map[string]any{}
	for _, m := range profileMembers {
		if !wanted.wants("kakao_account", m.key) || !a.enabled(m.item) {
			continue
		}
		if u.link == preregistered && m.key != "profile" && m.key != "email" {
			continue
		}
		shown[m.needs] = !u.agreed(m.item)
		if u.agreed(m.item) {
			m.show(u, secure, shown)
		}
	}
	return shown
}

// showProperties is the properties object, as far as asked for.
func showProperties(u *user, wanted selection, secure bool) map[string]string {
	shown := maps.Clone(u.properties)
	maps.DeleteFunc(shown, func(key, _ string) bool { return !wanted.wants("properties", key) })
	for key, text := range shown {
		shown[key] = scheme(text, secure && strings.HasPrefix(text, imageBase))
	}
	return shown
}

// userTimes are the ID and times that every user object begins with.
func userTimes(a *app, u *user) map[string]any {
	shown := map[string]any{"id": u.id}
	if !u.connectedAt.IsZero() {
		shown["connected_at"] = wireTime(u.connectedAt)
	}
	if !u.syncedAt.IsZero() {
		shown["synched_at"] = wireTime(u.syncedAt)
	}
	if !a.autoLink || u.link == preregistered {
		shown["has_signed_up"] = u.link == linked
	}
	return shown
}

// getMe is /v2/user/me.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#req-user-info
func getMe(r *request) (any, *kakaoError) {
	wanted, e := readSelection(r)
	if e != nil {
		return nil, e
	}
	u, secure := r.user, r.bool("secure_resource")
	me := userTimes(r.state.app, u)
	if account := showAccount(r.state.app, u, wanted, secure); len(account) > 0 {
		me["kakao_account"] = account
	}
	if properties := showProperties(u, wanted, secure); len(properties) > 0 {
		me["properties"] = properties
	}
	if wanted == nil && (u.agreed("friends") || u.agreed("talk_message")) {
		me["for_partner"] = map[string]string{"uuid": u.uuid}
	}
	return me, nil
}

// unknownProperty is the failure of a property key that is not registered.
func unknownProperty(a *app, keys []string) *kakaoError {
	return newFailure("-201", "user property not found ("+bracketed(keys)+" for appId="+decimalText(a.id)+")")
}
