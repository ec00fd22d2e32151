package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

const maxReceivers = 5

// messageRoutes are the routes of Kakao Talk Message: to oneself ("memo") and
// to friends, each with a default template, with a custom one, and with what
// is read off a web page.
func messageRoutes() []route {
	object := param{name: "template_object", kind: text(), required: true}
	template := []param{{name: "template_id", kind: integer(1, maxInt64), required: true}, {name: "template_args", kind: jsonTexts()}}
	scrap := []param{
		{name: "request_url", kind: text(), required: true},
		{name: "template_id", kind: integer(1, maxInt64)}, {name: "template_args", kind: jsonTexts()},
	}
	receivers := []param{
		{name: "receiver_uuids", kind: jsonStrings(maxReceivers), required: true},
		{name: "receiver_id_type", kind: enum("uuid")}, // an old SDK sends it; it says nothing
	}
	friends := func(more ...param) []param { return slices.Concat(receivers, more) }
	return []route{
		messageRoute("/v2/api/talk/memo/default/send", "TALK_MEMO_DEFAULT_SEND", sendToSelf(fromObject), object),
		messageRoute("/v2/api/talk/memo/send", "TALK_MEMO_SEND", sendToSelf(fromTemplate(toSelf)), template...),
		messageRoute("/v2/api/talk/memo/scrap/send", "TALK_MEMO_SCRAP_SEND", sendToSelf(fromPage(toSelf)), scrap...),
		messageRoute("/v1/api/talk/friends/message/default/send", "TALK_MESSAGE_SEND", sendToFriends(fromObject), friends(object)...),
		messageRoute("/v1/api/talk/friends/message/send", "TALK_MESSAGE_SEND", sendToFriends(fromTemplate(toFriends)), friends(template...)...),
		messageRoute("/v1/api/talk/friends/message/scrap/send", "TALK_MESSAGE_SEND", sendToFriends(fromPage(toFriends)), friends(scrap...)...),
	}
}

func messageRoute(path, apiType string, handle handler, params ...param) route {
	return route{
		methods: []string{http.MethodPost}, host: kapiHost, path: path, accepts: userToken, consent: "talk_message", apiType: apiType,
		checks: talkChecks(perDay("Kakao Talk Message", messagesPerDay)), handle: handle, params: params,
	}
}

// composer makes the content of a message out of the parameters.
type composer func(*request) (sentMessage, *kakaoError)

// sendToSelf writes the message into the sender's own chat room.
// https://developers.kakao.com/docs/latest/en/kakaotalk-message/rest-api
func sendToSelf(compose composer) handler {
	return func(r *request) (any, *kakaoError) {
		message, e := compose(r)
		if e != nil {
			return nil, e
		}
		if e := deliver(r, message, r.user); e != nil {
			return nil, e
		}
		return map[string]int{"result_code": 0}, nil
	}
}

// sendFailure is a row of failure_info.
type sendFailure struct {
	Code          json.Number `json:"code"`
	Message       string      `json:"msg"`
	ReceiverUUIDs []string    `json:"receiver_uuids"`
}

// sendToFriends writes the message to each receiver. Some failures leave the
// status 200; with none but failures the first one answers.
// https://developers.kakao.com/docs/latest/en/kakaotalk-message/rest-api
func sendToFriends(compose composer) handler {
	return func(r *request) (any, *kakaoError) {
		message, e := compose(r)
		if e != nil {
			return nil, e
		}
		receivers, e := readReceivers(r)
		if e != nil {
			return nil, e
		}
		reached, failed := []string{}, []sendFailure{}
		for _, receiver := range receivers {
			if e := deliver(r, message, receiver); e != nil {
				failed = addFailure(failed, e, receiver)
			} else {
				reached = append(reached, receiver.uuid)
			}
		}
		if len(reached) == 0 {
			return nil, newFailure(failed[0].Code.String(), failed[0].Message).with(map[string]any{"receiver_ids": idsOf(receivers)})
		}
		answer := map[string]any{"successful_receiver_uuids": reached}
		if len(failed) > 0 {
			answer["failure_info"] = failed
		}
		return answer, nil
	}
}

// addFailure puts a receiver into the row of its cause.
func addFailure(rows []sendFailure, e *kakaoError, receiver *user) []sendFailure {
	code := json.Number(e.code)
	i := slices.IndexFunc(rows, func(f sendFailure) bool { return f.Code == code })
	if i < 0 {
		return append(rows, sendFailure{code, e.message, []string{receiver.uuid}})
	}
	rows[i].ReceiverUUIDs = append(rows[i].ReceiverUUIDs, receiver.uuid)
	return rows
}

// idsOf are the receivers as the error names them: by user ID, in text.
func idsOf(receivers []*user) []string {
	ids := make([]string, len(receivers))
	for i, u := range receivers {
		ids[i] = strconv.FormatInt(u.id, 10)
	}
	return ids
}

// readReceivers finds the people behind receiver_uuids, each once. A fault in
// one of them fails the call as a whole.
func readReceivers(r *request) ([]*user, *kakaoError) {
	var receivers []*user
	for _, uuid := range r.strings("receiver_uuids") {
		u := r.state.userByUUID(uuid)
		if u == nil {
			return nil, newFailure("-2", unsatisfied("receiver_uuids", "The input receiver id(s) is invalid format."))
		}
		if !slices.Contains(receivers, u) {
			receivers = append(receivers, u)
		}
	}
	if slices.Contains(receivers, r.user) {
		return nil, newFailure("-2", "Cannot contain a receiver who is identical to the sender in multicast mode.")
	}
	for _, u := range receivers {
		if f := r.state.talk.friendship(r.user, u); f == nil || f.state == hidden || !r.state.shows(u) {
			return nil, newFailure("-2", unsatisfied("receiver_uuids", "Not allowed to send a message to some of receivers."))
		}
	}
	return receivers, nil
}

// userByUUID returns the person with this uuid in the app; nil if none.
func (s *state) userByUUID(uuid string) *user {
	i := slices.IndexFunc(s.users, func(u *user) bool { return u.uuid == uuid })
	if i < 0 {
		return nil
	}
	return s.users[i]
}

// deliver stores the message for one receiver, unless the receiver or a quota
// is against it.
func deliver(r *request, message sentMessage, to *user) *kakaoError {
	t := r.state.talk
	if to != r.user {
		switch f := t.friendship(r.user, to); {
		case f == nil || f.state == ended:
			return newFailure("-502", "")
		case t.uses[to].refuses:
			return newFailure("-530", "")
		}
	}
	if e := countMessage(r, to); e != nil {
		return e
	}
	message.SentAt, message.Route = wireTime(r.now), r.route.key()
	message.From, message.To = r.user.name, to.name
	t.messages.add(message)
	return nil
}
