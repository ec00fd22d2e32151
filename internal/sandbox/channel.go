package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// channel is a Kakao Talk Channel.
type channel struct {
	publicID  string // profile id: "_" and letters
	uuid      string // search id: "@" and a name
	connected bool   // to the app
	banned    bool   // by Kakao
}

// What a user can do about a channel.
const (
	relationAdded   = "ADDED"
	relationBlocked = "BLOCKED"
	relationNone    = "NONE" // never kept: no entry says it
)

// relation is how one user stands to one channel.
type relation struct {
	status    string // relationAdded or relationBlocked
	createdAt time.Time
	updatedAt time.Time
}

// relationKey names a user and a channel.
type relationKey struct {
	userID   int64
	publicID string
}

// channelState is all the sandbox knows of channels.
type channelState struct {
	channels   []channel // those of the app in the order of connection
	relations  map[relationKey]relation
	files      []*customerFile // by ascending ID
	lastFileID int64
}

// seedChannels is the table of channels with what users did about them: mina
// has added the shop, joon has blocked it, haru has added it too but not agreed
// that the app may know.
func seedChannels(users []*user) *channelState {
	c := &channelState{
		channels: []channel{
			{publicID: "_sandboxshop", uuid: "@sandbox-shop", connected: true},
			{publicID: "_sandboxnews", uuid: "@sandbox-news", connected: true},
			{publicID: "_sandboxbanned", uuid: "@sandbox-banned", connected: true, banned: true},
			{publicID: "_othershop", uuid: "@other-shop"},
		},
		relations: map[relationKey]relation{},
	}
	for _, u := range users {
		switch u.name {
		case "mina":
			c.relate(u.id, "_sandboxshop", relationAdded, date(2025, 2, 4))
			c.relate(u.id, "_sandboxnews", relationAdded, date(2025, 3, 1))
			c.relate(u.id, "_sandboxnews", relationBlocked, date(2025, 4, 1))
		case "joon":
			c.relate(u.id, "_sandboxshop", relationAdded, date(2025, 3, 5))
			c.relate(u.id, "_sandboxshop", relationBlocked, date(2025, 6, 7))
		case "haru":
			c.relate(u.id, "_sandboxshop", relationAdded, date(2019, 8, 9))
		}
	}
	c.seedFiles(users)
	return c
}

// find returns the channel with this profile id, or nil.
func (c *channelState) find(publicID string) *channel {
	for i := range c.channels {
		if c.channels[i].publicID == publicID {
			return &c.channels[i]
		}
	}
	return nil
}

// relate is a user who adds or blocks a channel, or removes it. Blocking keeps
// the time of adding.
func (c *channelState) relate(userID int64, publicID, status string, now time.Time) {
	key := relationKey{userID, publicID}
	if status == relationNone {
		delete(c.relations, key)
		return
	}
	changed := c.relations[key]
	if changed.createdAt.IsZero() && status == relationAdded {
		changed.createdAt = now
	}
	changed.status, changed.updatedAt = status, now
	c.relations[key] = changed
}

// added says whether the user has added the channel and not blocked it.
func (c *channelState) added(u *user, publicID string) bool {
	return u != nil && c.relations[relationKey{u.id, publicID}].status == relationAdded
}

const (
	channelScope       = "plusfriends"
	categoryChannel    = "Kakao Talk Channel" // of an admin key's list of available APIs
	maxRelationTargets = 200
)

// channelRoutes are the routes about channels and customer files.
func channelRoutes() []route {
	get := []string{http.MethodGet}
	chosen := []param{
		{name: "channel_ids", kind: commaList()},
		{name: "channel_id_type", kind: enum("channel_public_id")},
	}
	ofTalkUser := []check{
		checkCredential, checkCategory, checkParameters, checkFeature, checkLinked, checkConsent, checkTalkUser, checkQuota,
	}
	return slices.Concat([]route{
		{
			methods: get, host: kapiHost, path: "/v2/api/talk/channels", accepts: userToken | adminKey, category: categoryChannel,
			apiType: "TALK_CHANNELS", consent: channelScope, checks: ofTalkUser, params: chosen, handle: getRelations,
		},
		{
			// Consent is each user's own here, so the handler asks for it.
			methods: get, host: kapiHost, path: "/v2/api/talk/channels/multi", accepts: adminKey, category: categoryChannel,
			apiType: "TALK_CHANNELS_MULTI", handle: getManyRelations,
			params: slices.Concat(chosen, []param{
				{name: "target_id_type", kind: enum("user_id"), required: true},
				{name: "target_ids", kind: commaList(), required: true},
			}),
		},
		{
			methods: get, host: kapiHost, path: "/v1/api/talk/channels", accepts: userToken | adminKey, category: categoryChannel,
			apiType: "TALK_CHANNELS", consent: channelScope, checks: ofTalkUser, handle: getLegacyRelations,
			params: []param{{name: "channel_public_ids", kind: jsonStrings(100)}},
		},
	}, customerFileRoutes())
}

// getRelations is GET /v2/api/talk/channels.
// https://developers.kakao.com/docs/latest/en/kakaotalk-channel/rest-api
func getRelations(r *request) (any, *kakaoError) {
	channels, e := r.state.channels.choose(r.strings("channel_ids"))
	if e != nil {
		return nil, e
	}
	return map[string]any{"user_id": r.user.id, "channels": r.state.channels.show(r.user, channels)}, nil
}

// getLegacyRelations is GET /v1/api/talk/channels, which knows no created_at.
func getLegacyRelations(r *request) (any, *kakaoError) {
	channels, e := r.state.channels.choose(r.strings("channel_public_ids"))
	if e != nil {
		return nil, e
	}
	shown := r.state.channels.show(r.user, channels)
	for _, one := range shown {
		delete(one, "created_at")
	}
	return map[string]any{"user_id": r.user.id, "channels": shown}, nil
}

// getManyRelations is GET /v2/api/talk/channels/multi: a bare array in the
// order of target_ids. Kakao does not say what becomes of users it may not show;
// here those who are not linked are left out, and those who have not agreed
// stand there without channels, so that a client meets both.
func getManyRelations(r *request) (any, *kakaoError) {
	if !r.state.app.enabled(channelScope) {
		return nil, notEnabled(r, channelScope)
	}
	texts := r.strings("target_ids")
	if len(texts) > maxRelationTargets {
		return nil, newFailure("-2", unsatisfied("target_ids", "at most "+strconv.Itoa(maxRelationTargets)))
	}
	channels, e := r.state.channels.choose(r.strings("channel_ids"))
	if e != nil {
		return nil, e
	}
	answer, userID := []map[string]any{}, integer(1, maxInt64)
	for _, text := range texts {
		id, p := userID.parse(text)
		if p != nil {
			return nil, newFailure("-2", unsatisfied("target_ids", "whole numbers from 1 separated by commas"))
		}
		u := r.state.userByID(id.(int64))
		if u == nil || u.link != linked {
			continue
		}
		shown := map[string]any{"user_id": u.id}
		if u.agreed(channelScope) {
			shown["channels"] = r.state.channels.show(u, channels)
		}
		answer = append(answer, shown)
	}
	return answer, nil
}

// choose finds the channels with the given profile ids, or those of the app.
// Which answer Kakao gives to the channel of another app is not documented; it
// is left out.
func (c *channelState) choose(publicIDs []string) ([]channel, *kakaoError) {
	var chosen []channel
	for _, publicID := range publicIDs {
		found := c.find(publicID)
		switch {
		case found == nil:
			return nil, newFailure("-541", "")
		case found.banned:
			return nil, newFailure("-544", "")
		case found.connected:
			chosen = append(chosen, *found)
		}
	}
	if publicIDs == nil {
		chosen = slices.DeleteFunc(slices.Clone(c.channels), func(one channel) bool { return !one.connected || one.banned })
	}
	return chosen, nil
}

// show is how a user stands to channels, on the wire.
func (c *channelState) show(u *user, channels []channel) []map[string]any {
	shown := []map[string]any{}
	for _, one := range channels {
		row := map[string]any{"channel_uuid": one.uuid, "channel_public_id": one.publicID, "relation": relationNone}
		if known, ok := c.relations[relationKey{u.id, one.publicID}]; ok {
			row["relation"], row["updated_at"] = known.status, wireTime(known.updatedAt)
			if !known.createdAt.IsZero() {
				row["created_at"] = wireTime(known.createdAt)
			}
		}
		shown = append(shown, row)
	}
	return shown
}

// relateByUser is POST /__sandbox__/relation: a user does something about a
// channel in Kakao Talk.
func relateByUser(st *state, body []byte) (any, *controlError) {
	var in struct {
		UserID          int64  `json:"user_id"`
		ChannelPublicID string `json:"channel_public_id"`
		Relation        string `json:"relation"`
	}
	if e := readControl(body, &in); e != nil {
		return nil, e
	}
	switch {
	case st.userByID(in.UserID) == nil:
		return nil, badField("user_id", "no person with this ID in the sandbox")
	case st.channels.find(in.ChannelPublicID) == nil:
		return nil, badField("channel_public_id", "no channel with this ID in the sandbox")
	case !slices.Contains([]string{relationAdded, relationBlocked, relationNone}, in.Relation):
		return nil, badField("relation", "one of ADDED, BLOCKED, NONE")
	}
	st.channels.relate(in.UserID, in.ChannelPublicID, in.Relation, st.now())
	return done, nil
}
