package sandbox

import "slices"

// changeFriendship is POST /__sandbox__/friendship: one person's side of it.
func changeFriendship(st *state, body []byte) (any, *controlError) {
	var in struct {
		User      string `json:"user"`
		Friend    string `json:"friend"`
		State     string `json:"state"` // friend, hidden, ended, or none
		Favourite bool   `json:"favorite"`
	}
	if e := readControl(body, &in); e != nil {
		return nil, e
	}
	of, with := st.userByName(in.User), st.userByName(in.Friend)
	state, known := friendStates[in.State]
	switch {
	case of == nil:
		return nil, badField("user", noSuchPerson)
	case with == nil || with == of:
		return nil, badField("friend", noSuchPerson+", or nobody else")
	case !known && in.State != "none":
		return nil, badField("state", "one of friend, hidden, ended, none")
	}
	t := st.talk
	t.friendships = slices.DeleteFunc(t.friendships, func(f *friendship) bool { return f.of == of && f.with == with })
	if known {
		t.friendships = append(t.friendships, &friendship{of: of, with: with, favourite: in.Favourite, state: state})
	}
	return done, nil
}

const noSuchPerson = "no person of this name in the sandbox"

// changeTalkUse is POST /__sandbox__/talk: what is left out stays.
func changeTalkUse(st *state, body []byte) (any, *controlError) {
	var in struct {
		User            string `json:"user"`
		UsesTalk        *bool  `json:"uses_talk"`
		AcceptsMessages *bool  `json:"accepts_messages"`
		TeamMember      *bool  `json:"team_member"`
	}
	if e := readControl(body, &in); e != nil {
		return nil, e
	}
	u := st.userByName(in.User)
	if u == nil {
		return nil, badField("user", noSuchPerson)
	}
	use := st.talk.uses[u]
	if in.UsesTalk != nil {
		use.none = !*in.UsesTalk
	}
	if in.AcceptsMessages != nil {
		use.refuses = !*in.AcceptsMessages
	}
	if in.TeamMember != nil {
		use.team = *in.TeamMember
	}
	st.talk.uses[u] = use
	return done, nil
}

// showMessages is GET /__sandbox__/messages.
func showMessages(st *state, _ []byte) (any, *controlError) {
	return map[string]any{"messages": append([]sentMessage{}, st.talk.messages.sent...)}, nil
}
