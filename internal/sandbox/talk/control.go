package talk

import (
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// changeFriendship is POST /__sandbox__/friendship: one person's side of it.
func changeFriendship(st *platform.State, body []byte) (any, *platform.ControlError) {
	var in struct {
		User      string `json:"user"`
		Friend    string `json:"friend"`
		State     string `json:"state"` // friend, hidden, ended, or none
		Favourite bool   `json:"favorite"`
	}
	if e := platform.ReadControl(body, &in); e != nil {
		return nil, e
	}
	of, with := st.UserByName(in.User), st.UserByName(in.Friend)
	state, known := friendStates[in.State]
	switch {
	case of == nil:
		return nil, platform.BadField("user", noSuchPerson)
	case with == nil || with == of:
		return nil, platform.BadField("friend", noSuchPerson+", or nobody else")
	case !known && in.State != "none":
		return nil, platform.BadField("state", "one of friend, hidden, ended, none")
	}
	t := Of(st)
	t.Friendships = slices.DeleteFunc(t.Friendships, func(f *Friendship) bool { return f.Of == of && f.With == with })
	if known {
		t.Friendships = append(t.Friendships, &Friendship{Of: of, With: with, Favourite: in.Favourite, State: state})
	}
	return platform.Done, nil
}

const noSuchPerson = "no person of this name in the sandbox"

// changeTalkUse is POST /__sandbox__/talk: what is left out stays.
func changeTalkUse(st *platform.State, body []byte) (any, *platform.ControlError) {
	var in struct {
		User            string `json:"user"`
		UsesTalk        *bool  `json:"uses_talk"`
		AcceptsMessages *bool  `json:"accepts_messages"`
		TeamMember      *bool  `json:"team_member"`
	}
	if e := platform.ReadControl(body, &in); e != nil {
		return nil, e
	}
	u := st.UserByName(in.User)
	if u == nil {
		return nil, platform.BadField("user", noSuchPerson)
	}
	use := Of(st).Uses[u]
	if in.UsesTalk != nil {
		use.None = !*in.UsesTalk
	}
	if in.AcceptsMessages != nil {
		use.Refuses = !*in.AcceptsMessages
	}
	if in.TeamMember != nil {
		use.Team = *in.TeamMember
	}
	Of(st).Uses[u] = use
	return platform.Done, nil
}

// showMessages is GET /__sandbox__/messages.
func showMessages(st *platform.State, _ []byte) (any, *platform.ControlError) {
	return map[string]any{"messages": append([]SentMessage{}, Of(st).Messages.Sent...)}, nil
}
