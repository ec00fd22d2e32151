package talk

import (
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const maxReceivers = 5

// messageRoutes are the routes of Kakao Talk Message: to oneself ("memo") and
// to friends, each with a default template, with a custom one, and with what
// is read off a web page.
func messageRoutes() []platform.Route {
	object := platform.Param{Name: "template_object", Kind: platform.Text(), Required: true}
	template := []platform.Param{{Name: "template_id", Kind: platform.Integer(1, math.MaxInt64), Required: true}, {Name: "template_args", Kind: platform.JSONTexts()}}
	scrap := []platform.Param{
		{Name: "request_url", Kind: platform.Text(), Required: true},
		{Name: "template_id", Kind: platform.Integer(1, math.MaxInt64)}, {Name: "template_args", Kind: platform.JSONTexts()},
	}
	receivers := []platform.Param{
		{Name: "receiver_uuids", Kind: platform.JSONStrings(maxReceivers), Required: true},
		{Name: "receiver_id_type", Kind: platform.Enum("uuid")}, // an old SDK sends it; it says nothing
	}
	friends := func(more ...platform.Param) []platform.Param { return slices.Concat(receivers, more) }
	return []platform.Route{
		messageRoute("/v2/api/talk/memo/default/send", "TALK_MEMO_DEFAULT_SEND", sendToSelf(fromObject), object),
		messageRoute("/v2/api/talk/memo/send", "TALK_MEMO_SEND", sendToSelf(fromTemplate(toSelf)), template...),
		messageRoute("/v2/api/talk/memo/scrap/send", "TALK_MEMO_SCRAP_SEND", sendToSelf(fromPage(toSelf)), scrap...),
		messageRoute("/v1/api/talk/friends/message/default/send", "TALK_MESSAGE_SEND", sendToFriends(fromObject), friends(object)...),
		messageRoute("/v1/api/talk/friends/message/send", "TALK_MESSAGE_SEND", sendToFriends(fromTemplate(toFriends)), friends(template...)...),
		messageRoute("/v1/api/talk/friends/message/scrap/send", "TALK_MESSAGE_SEND", sendToFriends(fromPage(toFriends)), friends(scrap...)...),
	}
}

func messageRoute(path, apiType string, handle platform.Handler, params ...platform.Param) platform.Route {
	return platform.Route{
		Methods: []string{http.MethodPost}, Host: platform.KapiHost, Path: path, Accepts: platform.UserToken, Consent: "talk_message", APIType: apiType,
		Checks: checks(platform.PerDay("Kakao Talk Message", messagesPerDay)), Handle: handle, Params: params,
	}
}

// composer makes the content of a message out of the parameters.
type composer func(*platform.Request) (SentMessage, *platform.Failure)

// sendToSelf writes the message into the sender's own chat room.
// https://developers.kakao.com/docs/latest/en/kakaotalk-message/rest-api
func sendToSelf(compose composer) platform.Handler {
	return func(r *platform.Request) (any, *platform.Failure) {
		message, e := compose(r)
		if e != nil {
			return nil, e
		}
		if e := deliver(r, message, r.User); e != nil {
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
func sendToFriends(compose composer) platform.Handler {
	return func(r *platform.Request) (any, *platform.Failure) {
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
				reached = append(reached, receiver.UUID)
			}
		}
		if len(reached) == 0 {
			return nil, platform.NewFailure(failed[0].Code.String(), failed[0].Message).With(map[string]any{"receiver_ids": idsOf(receivers)})
		}
		answer := map[string]any{"successful_receiver_uuids": reached}
		if len(failed) > 0 {
			answer["failure_info"] = failed
		}
		return answer, nil
	}
}

// addFailure puts a receiver into the row of its cause.
func addFailure(rows []sendFailure, e *platform.Failure, receiver *platform.User) []sendFailure {
	code := json.Number(e.Code)
	i := slices.IndexFunc(rows, func(f sendFailure) bool { return f.Code == code })
	if i < 0 {
		return append(rows, sendFailure{code, e.Message, []string{receiver.UUID}})
	}
	rows[i].ReceiverUUIDs = append(rows[i].ReceiverUUIDs, receiver.UUID)
	return rows
}

// idsOf are the receivers as the error names them: by user ID, in text.
func idsOf(receivers []*platform.User) []string {
	ids := make([]string, len(receivers))
	for i, u := range receivers {
		ids[i] = strconv.FormatInt(u.ID, 10)
	}
	return ids
}

// readReceivers finds the people behind receiver_uuids, each once. A fault in
// one of them fails the call as a whole.
func readReceivers(r *platform.Request) ([]*platform.User, *platform.Failure) {
	var receivers []*platform.User
	for _, uuid := range r.Strings("receiver_uuids") {
		u := r.State.UserByUUID(uuid)
		if u == nil {
			return nil, platform.NewFailure("-2", platform.Unsatisfied("receiver_uuids", "The input receiver id(s) is invalid format."))
		}
		if !slices.Contains(receivers, u) {
			receivers = append(receivers, u)
		}
	}
	if slices.Contains(receivers, r.User) {
		return nil, platform.NewFailure("-2", "Cannot contain a receiver who is identical to the sender in multicast mode.")
	}
	for _, u := range receivers {
		if f := Of(r.State).friendship(r.User, u); f == nil || f.State == Hidden || !Shows(r.State, u) {
			return nil, platform.NewFailure("-2", platform.Unsatisfied("receiver_uuids", "Not allowed to send a message to some of receivers."))
		}
	}
	return receivers, nil
}

// deliver stores the message for one receiver, unless the receiver or a quota
// is against it.
func deliver(r *platform.Request, message SentMessage, to *platform.User) *platform.Failure {
	t := Of(r.State)
	if to != r.User {
		switch f := t.friendship(r.User, to); {
		case f == nil || f.State == Ended:
			return platform.NewFailure("-502", "")
		case t.Uses[to].Refuses:
			return platform.NewFailure("-530", "")
		}
	}
	if e := countMessage(r, to); e != nil {
		return e
	}
	message.SentAt, message.Route = platform.WireTime(r.Now), r.Route.Key()
	message.From, message.To = r.User.Name, to.Name
	t.Messages.add(message)
	return nil
}
