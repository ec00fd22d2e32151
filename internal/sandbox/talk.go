package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// talk is what the sandbox knows of Kakao Talk: how people use it, who is
// whose friend, and the messages sent.
type talk struct {
	uses        map[*user]talkUse // people without an entry are ordinary users
	friendships []*friendship
	domains     []string // registered with the app, for links and scraps
	templates   []customTemplate
	messages    messageList
}

// talkUse is how a person uses Kakao Talk, where that is out of the ordinary.
type talkUse struct {
	none    bool // has no Kakao Talk, or is suspended there
	refuses bool // accepts no messages
	team    bool // is a member of the app's team
}

// friendState is how a friendship stands, from the side of one person.
type friendState int

const (
	befriended friendState = iota
	hidden                 // hidden or blocked: neither listed nor written to
	ended                  // Kakao still takes the friend's uuid for a while
)

// friendStates are the states by name.
var friendStates = map[string]friendState{"friend": befriended, "hidden": hidden, "ended": ended}

// friendship is one person's side of a friendship in Kakao Talk. It outlives
// the link to the app.
type friendship struct {
	of, with  *user
	favourite bool
	state     friendState
}

// friendship returns of's friendship with another person, or nil.
func (t *talk) friendship(of, with *user) *friendship {
	i := slices.IndexFunc(t.friendships, func(f *friendship) bool { return f.of == of && f.with == with })
	if i < 0 {
		return nil
	}
	return t.friendships[i]
}

// shows says whether a person shows to friends: Kakao tells only of people who
// are linked to the app and agreed to friends too, and as long as the app has
// no permission, only of members of its team.
// https://developers.kakao.com/docs/latest/en/kakaotalk-social/common
func (s *state) shows(u *user) bool {
	use := s.talk.uses[u]
	return u.link == linked && !u.dormant && u.agreed("friends") && !use.none && (use.team || !s.options.FriendsOfTeamOnly)
}

// Calls a day of the whole app.
// https://developers.kakao.com/docs/latest/en/getting-started/quota
const (
	profilesPerDay = 30_000
	messagesPerDay = 30_000
)

// talkRoutes are the routes of Kakao Talk Social and Kakao Talk Message.
func talkRoutes() []route {
	get := []string{http.MethodGet}
	secure := param{name: "secure_resource", kind: boolean()} // SDKs still send it; it says nothing
	routes := []route{
		{methods: get, host: kapiHost, path: "/v1/api/talk/profile", accepts: userToken, apiType: "TALK_PROFILE",
			checks: talkChecks(perDay("Kakao Talk profile", profilesPerDay)), handle: getTalkProfile, params: []param{secure}},
		{methods: get, host: kapiHost, path: "/v1/api/talk/friends", accepts: userToken, consent: "friends", apiType: "FRIENDS",
			checks: talkChecks(), handle: getFriends, params: []param{
				{name: "offset", kind: integer(0, maxInt32)},
				{name: "limit", kind: integer(1, maxFriendsPage)},
				{name: "order", kind: enum("asc", "desc")},
				{name: "friend_order", kind: enum("favorite", "nickname", "age")},
				secure,
			}},
	}
	return slices.Concat(routes, messageRoutes())
}

// talkChecks is the order of checks in Kakao Talk: unlike elsewhere on the
// host, who calls comes before what the call says.
func talkChecks(more ...check) []check {
	order := []check{checkCredential, checkLinked, checkFeature, checkConsent, checkTalkUser, checkTalkParameters, checkQuota}
	return append(order, more...)
}

// checkTalkUser asks whether the user has Kakao Talk.
func checkTalkUser(r *request) *kakaoError {
	if r.state.talk.uses[r.user].none {
		return newFailure("-501", "")
	}
	return nil
}

// checkTalkParameters reads the parameters. A body that is not the form is, to
// the routes with a template_object, one without a readable template.
func checkTalkParameters(r *request) *kakaoError {
	e := checkParameters(r)
	templated := slices.ContainsFunc(r.route.params, func(p param) bool { return p.name == "template_object" })
	if e != nil && e.code == "-8" && templated {
		return unreadableTemplate("null", e.message)
	}
	return e
}

// perDay counts the calls of several routes together, by the Korean day.
func perDay(what string, limit int) check {
	return func(r *request) *kakaoError {
		if !r.state.quotas.withinDay(what, limit, r.now) {
			return r.route.family.throttled()
		}
		return nil
	}
}

// getTalkProfile is GET /v1/api/talk/profile. What the user did not agree to is
// left out; the spelling of the members is Kakao's.
// https://developers.kakao.com/docs/latest/en/kakaotalk-social/rest-api
func getTalkProfile(r *request) (any, *kakaoError) {
	profile := map[string]any{"countryISO": "KR"}
	if r.user.agreed("profile_nickname") {
		profile["nickName"] = r.user.account.nickname
	}
	if r.user.agreed("profile_image") {
		profile["profileImageURL"] = talkPicture(r.user, "640x640")
		profile["thumbnailURL"] = talkPicture(r.user, "110x110")
	}
	return profile, nil
}

// talkPicture is a picture of Kakao Talk: always https, and empty where the
// person has set none.
func talkPicture(u *user, size string) string {
	if u.account.image == "" {
		return ""
	}
	return strings.Replace(u.picture(size), "http:", "https:", 1)
}
