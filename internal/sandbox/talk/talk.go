// Package talk plays Kakao Talk: profiles, friends, and messages between people.
// https://developers.kakao.com/docs/latest/en/kakaotalk-social/rest-api
// https://developers.kakao.com/docs/latest/en/kakaotalk-message/rest-api
package talk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// State is what the sandbox knows of Kakao Talk: how people use it, who is
// whose friend, and the messages sent.
type State struct {
	Uses        map[*platform.User]Use // people without an entry are ordinary users
	Friendships []*Friendship
	Domains     []string // registered with the app, for links and scraps
	Templates   []CustomTemplate
	Messages    MessageList
	options     Options
}

// Options are what differs between apps.
type Options struct {
	// Quota limits the messages per Korean day; zero members mean Kakao's own
	// numbers.
	Quota MessageQuota
	// FriendsOfTeamOnly takes the app's permission for friends away: only
	// members of its team are listed as friends and can be written to.
	FriendsOfTeamOnly bool
}

// Product is Kakao Talk Social and Kakao Talk Message. It fails when the
// quota is none.
func Product(options Options) (platform.Product, error) {
	if err := options.Quota.check(); err != nil {
		return platform.Product{}, err
	}
	return platform.Product{
		Routes: routes(),
		Seed:   func(s *platform.State) any { return seed(s, options) },
		Controls: []platform.ControlRoute{
			{Method: "GET", Name: "messages", About: "the Kakao Talk messages sent, oldest first", Serve: showMessages},
			{Method: "POST", Name: "friendship", About: `change a friendship: {"user":"mina","friend":"haru","state":"ended"}; or friend, hidden, none; "favorite":true`, Serve: changeFriendship},
			{Method: "POST", Name: "talk", About: `change how a person uses Kakao Talk: {"user":"haru","uses_talk":true,"accepts_messages":false}`, Serve: changeTalkUse},
		},
	}, nil
}

// Of is what the sandbox remembers of Kakao Talk.
func Of(s *platform.State) *State { return platform.PartOf[State](s) }

// Use is how a person uses Kakao Talk, where that is out of the ordinary.
type Use struct {
	None    bool // has no Kakao Talk, or is suspended there
	Refuses bool // accepts no messages
	Team    bool // is a member of the app's team
}

// FriendState is how a friendship stands, from the side of one person.
type FriendState int

// The states of a friendship.
const (
	Befriended FriendState = iota
	Hidden                 // hidden or blocked: neither listed nor written to
	Ended                  // Kakao still takes the friend's uuid for a while
)

// friendStates are the states by name.
var friendStates = map[string]FriendState{"friend": Befriended, "hidden": Hidden, "ended": Ended}

// Friendship is one person's side of a friendship in Kakao Talk. It outlives
// the link to the app.
type Friendship struct {
	Of, With  *platform.User
	Favourite bool
	State     FriendState
}

// friendship returns of's friendship with another person, or nil.
func (t *State) friendship(of, with *platform.User) *Friendship {
	i := slices.IndexFunc(t.Friendships, func(f *Friendship) bool { return f.Of == of && f.With == with })
	if i < 0 {
		return nil
	}
	return t.Friendships[i]
}

// Shows says whether a person shows to friends: Kakao tells only of people who
// are linked to the app and agreed to friends too, and as long as the app has
// no permission, only of members of its team.
// https://developers.kakao.com/docs/latest/en/kakaotalk-social/common
func Shows(s *platform.State, u *platform.User) bool {
	use := Of(s).Uses[u]
	return u.Link == platform.Linked && !u.Dormant && u.Agreed("friends") && !use.None && (use.Team || !Of(s).options.FriendsOfTeamOnly)
}

// Calls a day of the whole app.
// https://developers.kakao.com/docs/latest/en/getting-started/quota
const (
	profilesPerDay = 30_000
	messagesPerDay = 30_000
)

// routes are the routes of Kakao Talk Social and Kakao Talk Message.
func routes() []platform.Route {
	get := []string{http.MethodGet}
	secure := platform.Param{Name: "secure_resource", Kind: platform.Boolean()} // SDKs still send it; it says nothing
	routes := []platform.Route{
		{Methods: get, Host: platform.KapiHost, Path: "/v1/api/talk/profile", Accepts: platform.UserToken, APIType: "TALK_PROFILE",
			Checks: checks(platform.PerDay("Kakao Talk profile", profilesPerDay)), Handle: getProfile, Params: []platform.Param{secure}},
		{Methods: get, Host: platform.KapiHost, Path: "/v1/api/talk/friends", Accepts: platform.UserToken, Consent: "friends", APIType: "FRIENDS",
			Checks: checks(), Handle: getFriends, Params: []platform.Param{
				{Name: "offset", Kind: platform.Integer(0, maxInt32)},
				{Name: "limit", Kind: platform.Integer(1, maxFriendsPage)},
				{Name: "order", Kind: platform.Enum("asc", "desc")},
				{Name: "friend_order", Kind: platform.Enum("favorite", "nickname", "age")},
				secure,
			}},
	}
	return slices.Concat(routes, messageRoutes())
}

// checks is the order of checks in Kakao Talk: unlike elsewhere on the
// host, who calls comes before what the call says.
func checks(more ...platform.Check) []platform.Check {
	order := []platform.Check{platform.CheckCredential, platform.CheckLinked, platform.CheckFeature, platform.CheckConsent, CheckUser, checkParameters, platform.CheckQuota}
	return append(order, more...)
}

// CheckUser asks whether the user has Kakao Talk.
func CheckUser(r *platform.Request) *platform.Failure {
	if Of(r.State).Uses[r.User].None {
		return platform.NewFailure("-501", "")
	}
	return nil
}

// checkParameters reads the parameters. A body that is not the form is, to
// the routes with a template_object, one without a readable template.
func checkParameters(r *platform.Request) *platform.Failure {
	e := platform.CheckParameters(r)
	templated := slices.ContainsFunc(r.Route.Params, func(p platform.Param) bool { return p.Name == "template_object" })
	if e != nil && e.Code == "-8" && templated {
		return unreadableTemplate("null", e.Message)
	}
	return e
}

// getProfile is GET /v1/api/talk/profile. What the user did not agree to is
// left out; the spelling of the members is Kakao's.
// https://developers.kakao.com/docs/latest/en/kakaotalk-social/rest-api
func getProfile(r *platform.Request) (any, *platform.Failure) {
	profile := map[string]any{"countryISO": "KR"}
	if r.User.Agreed("profile_nickname") {
		profile["nickName"] = r.User.Account.Nickname
	}
	if r.User.Agreed("profile_image") {
		profile["profileImageURL"] = pictureOf(r.User, "640x640")
		profile["thumbnailURL"] = pictureOf(r.User, "110x110")
	}
	return profile, nil
}

// pictureOf is a picture of Kakao Talk: always https, and empty where the
// person has set none.
func pictureOf(u *platform.User, size string) string {
	if u.Account.Image == "" {
		return ""
	}
	return strings.Replace(u.Picture(size), "http:", "https:", 1)
}
