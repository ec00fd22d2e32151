// Package channel plays Kakao Talk Channel: how users stand to channels, and the
// customer files. https://developers.kakao.com/docs/latest/en/kakaotalk-channel/rest-api
package channel

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/talk"
)

// Channel is a Kakao Talk Channel.
type Channel struct {
	PublicID  string // profile id: "_" and letters
	UUID      string // search id: "@" and a name
	Connected bool   // to the app
	Banned    bool   // by Kakao
}

// What a user can do about a channel.
const (
	relationAdded   = "ADDED"
	relationBlocked = "BLOCKED"
	relationNone    = "NONE" // never kept: no entry says it
)

// Relation is how one user stands to one channel.
type Relation struct {
	Status    string // relationAdded or relationBlocked
	CreatedAt time.Time
	UpdatedAt time.Time
}

// RelationKey names a user and a channel.
type RelationKey struct {
	UserID   int64
	PublicID string
}

// State is all the sandbox knows of channels.
type State struct {
	Channels   []Channel // those of the app in the order of connection
	Relations  map[RelationKey]Relation
	files      []*CustomerFile // by ascending ID
	lastFileID int64
}

// seed is the table of channels with what users did about them: mina
// has added the shop, joon has blocked it, haru has added it too but not agreed
// that the app may know.
func seed(users []*platform.User) *State {
	c := &State{
		Channels: []Channel{
			{PublicID: "_sandboxshop", UUID: "@sandbox-shop", Connected: true},
			{PublicID: "_sandboxnews", UUID: "@sandbox-news", Connected: true},
			{PublicID: "_sandboxbanned", UUID: "@sandbox-banned", Connected: true, Banned: true},
			{PublicID: "_othershop", UUID: "@other-shop"},
		},
		Relations: map[RelationKey]Relation{},
	}
	for _, u := range users {
		switch u.Name {
		case "mina":
			c.relate(u.ID, "_sandboxshop", relationAdded, platform.SeedDate(2025, 2, 4))
			c.relate(u.ID, "_sandboxnews", relationAdded, platform.SeedDate(2025, 3, 1))
			c.relate(u.ID, "_sandboxnews", relationBlocked, platform.SeedDate(2025, 4, 1))
		case "joon":
			c.relate(u.ID, "_sandboxshop", relationAdded, platform.SeedDate(2025, 3, 5))
			c.relate(u.ID, "_sandboxshop", relationBlocked, platform.SeedDate(2025, 6, 7))
		case "haru":
			c.relate(u.ID, "_sandboxshop", relationAdded, platform.SeedDate(2019, 8, 9))
		}
	}
	c.seedFiles(users)
	return c
}

// Product is Kakao Talk Channel with its customer files.
func Product() platform.Product {
	return platform.Product{
		Routes: routes(),
		Seed:   func(s *platform.State) any { return seed(s.Users) },
		Controls: []platform.ControlRoute{
			{Method: "POST", Name: "relation", About: `a user adds, blocks or removes a channel: {"user_id":3177000001,"channel_public_id":"_sandboxshop","relation":"BLOCKED"}`, Serve: relateByUser},
			{Method: "GET", Name: "customer_files", About: "the customer files of channels, with their customers", Serve: showCustomerFiles},
		},
	}
}

// Of is what the sandbox remembers of channels.
func Of(s *platform.State) *State { return platform.PartOf[State](s) }

// Find returns the channel with this profile id, or nil.
func (c *State) Find(publicID string) *Channel {
	for i := range c.Channels {
		if c.Channels[i].PublicID == publicID {
			return &c.Channels[i]
		}
	}
	return nil
}

// relate is a user who adds or blocks a channel, or removes it. Blocking keeps
// the time of adding.
func (c *State) relate(userID int64, publicID, status string, now time.Time) {
	key := RelationKey{UserID: userID, PublicID: publicID}
	if status == relationNone {
		delete(c.Relations, key)
		return
	}
	changed := c.Relations[key]
	if changed.CreatedAt.IsZero() && status == relationAdded {
		changed.CreatedAt = now
	}
	changed.Status, changed.UpdatedAt = status, now
	c.Relations[key] = changed
}

// added says whether the user has added the channel and not blocked it.
func (c *State) added(u *platform.User, publicID string) bool {
	return u != nil && c.Relations[RelationKey{UserID: u.ID, PublicID: publicID}].Status == relationAdded
}

const (
	channelScope       = "plusfriends"
	categoryChannel    = "Kakao Talk Channel" // of an admin key's list of available APIs
	maxRelationTargets = 200
)

// routes are the routes about channels and customer files.
func routes() []platform.Route {
	get := []string{http.MethodGet}
	chosen := []platform.Param{
		{Name: "channel_ids", Kind: platform.CommaList()},
		{Name: "channel_id_type", Kind: platform.Enum("channel_public_id")},
	}
	ofTalkUser := []platform.Check{
		platform.CheckCredential, platform.CheckCategory, platform.CheckParameters, platform.CheckFeature, platform.CheckLinked, platform.CheckConsent, talk.CheckUser, platform.CheckQuota,
	}
	return slices.Concat([]platform.Route{
		{
			Methods: get, Host: platform.KapiHost, Path: "/v2/api/talk/channels", Accepts: platform.UserToken | platform.AdminKey, Category: categoryChannel,
			APIType: "TALK_CHANNELS", Consent: channelScope, Checks: ofTalkUser, Params: chosen, Handle: getRelations,
		},
		{
			// Consent is each user's own here, so the handler asks for it.
			Methods: get, Host: platform.KapiHost, Path: "/v2/api/talk/channels/multi", Accepts: platform.AdminKey, Category: categoryChannel,
			APIType: "TALK_CHANNELS_MULTI", Handle: getManyRelations,
			Params: slices.Concat(chosen, []platform.Param{
				{Name: "target_id_type", Kind: platform.Enum("user_id"), Required: true},
				{Name: "target_ids", Kind: platform.CommaList(), Required: true},
			}),
		},
		{
			Methods: get, Host: platform.KapiHost, Path: "/v1/api/talk/channels", Accepts: platform.UserToken | platform.AdminKey, Category: categoryChannel,
			APIType: "TALK_CHANNELS", Consent: channelScope, Checks: ofTalkUser, Handle: getLegacyRelations,
			Params: []platform.Param{{Name: "channel_public_ids", Kind: platform.JSONStrings(100)}},
		},
	}, customerFileRoutes())
}

// getRelations is GET /v2/api/talk/channels.
// https://developers.kakao.com/docs/latest/en/kakaotalk-channel/rest-api
func getRelations(r *platform.Request) (any, *platform.Failure) {
	channels, e := Of(r.State).choose(r.Strings("channel_ids"))
	if e != nil {
		return nil, e
	}
	return map[string]any{"user_id": r.User.ID, "channels": Of(r.State).show(r.User, channels)}, nil
}

// getLegacyRelations is GET /v1/api/talk/channels, which knows no created_at.
func getLegacyRelations(r *platform.Request) (any, *platform.Failure) {
	channels, e := Of(r.State).choose(r.Strings("channel_public_ids"))
	if e != nil {
		return nil, e
	}
	shown := Of(r.State).show(r.User, channels)
	for _, one := range shown {
		delete(one, "created_at")
	}
	return map[string]any{"user_id": r.User.ID, "channels": shown}, nil
}

// getManyRelations is GET /v2/api/talk/channels/multi: a bare array in the
// order of target_ids. Kakao does not say what becomes of users it may not show;
// here those who are not linked are left out, and those who have not agreed
// stand there without channels, so that a client meets both.
func getManyRelations(r *platform.Request) (any, *platform.Failure) {
	if !r.State.App.Enabled(channelScope) {
		return nil, platform.NotEnabled(r, channelScope)
	}
	texts := r.Strings("target_ids")
	if len(texts) > maxRelationTargets {
		return nil, platform.NewFailure("-2", platform.Unsatisfied("target_ids", "at most "+strconv.Itoa(maxRelationTargets)))
	}
	channels, e := Of(r.State).choose(r.Strings("channel_ids"))
	if e != nil {
		return nil, e
	}
	answer, userID := []map[string]any{}, platform.Integer(1, math.MaxInt64)
	for _, text := range texts {
		id, p := userID.Parse(text)
		if p != nil {
			return nil, platform.NewFailure("-2", platform.Unsatisfied("target_ids", "whole numbers from 1 separated by commas"))
		}
		u := r.State.UserByID(id.(int64))
		if u == nil || u.Link != platform.Linked {
			continue
		}
		shown := map[string]any{"user_id": u.ID}
		if u.Agreed(channelScope) {
			shown["channels"] = Of(r.State).show(u, channels)
		}
		answer = append(answer, shown)
	}
	return answer, nil
}

// choose finds the channels with the given profile ids, or those of the app.
// Which answer Kakao gives to the channel of another app is not documented; it
// is left out.
func (c *State) choose(publicIDs []string) ([]Channel, *platform.Failure) {
	var chosen []Channel
	for _, publicID := range publicIDs {
		found := c.Find(publicID)
		switch {
		case found == nil:
			return nil, platform.NewFailure("-541", "")
		case found.Banned:
			return nil, platform.NewFailure("-544", "")
		case found.Connected:
			chosen = append(chosen, *found)
		}
	}
	if publicIDs == nil {
		chosen = slices.DeleteFunc(slices.Clone(c.Channels), func(one Channel) bool { return !one.Connected || one.Banned })
	}
	return chosen, nil
}

// show is how a user stands to channels, on the wire.
func (c *State) show(u *platform.User, channels []Channel) []map[string]any {
	shown := []map[string]any{}
	for _, one := range channels {
		row := map[string]any{"channel_uuid": one.UUID, "channel_public_id": one.PublicID, "relation": relationNone}
		if known, ok := c.Relations[RelationKey{UserID: u.ID, PublicID: one.PublicID}]; ok {
			row["relation"], row["updated_at"] = known.Status, platform.WireTime(known.UpdatedAt)
			if !known.CreatedAt.IsZero() {
				row["created_at"] = platform.WireTime(known.CreatedAt)
			}
		}
		shown = append(shown, row)
	}
	return shown
}

// relateByUser is POST /__sandbox__/relation: a user does something about a
// channel in Kakao Talk.
func relateByUser(st *platform.State, body []byte) (any, *platform.ControlError) {
	var in struct {
		UserID          int64  `json:"user_id"`
		ChannelPublicID string `json:"channel_public_id"`
		Relation        string `json:"relation"`
	}
	if e := platform.ReadControl(body, &in); e != nil {
		return nil, e
	}
	switch {
	case st.UserByID(in.UserID) == nil:
		return nil, platform.BadField("user_id", "no person with this ID in the sandbox")
	case Of(st).Find(in.ChannelPublicID) == nil:
		return nil, platform.BadField("channel_public_id", "no channel with this ID in the sandbox")
	case !slices.Contains([]string{relationAdded, relationBlocked, relationNone}, in.Relation):
		return nil, platform.BadField("relation", "one of ADDED, BLOCKED, NONE")
	}
	Of(st).relate(in.UserID, in.ChannelPublicID, in.Relation, st.Now())
	return platform.Done, nil
}
