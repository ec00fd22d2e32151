package errorsx

import (
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// maxReceivers bounds what is kept of the receivers of one cause; a message has
// at most five.
// https://developers.kakao.com/docs/latest/en/kakaotalk-message/rest-api
const maxReceivers = 10

// A failure is a cause for which a message did not reach some receivers.
type failure struct {
	code, message string
	receivers     []string
}

// receivers reads which receivers a message did not reach. Kakao answers 200 with
// a list of failures where a part of them failed, which is no error, or all of
// them, which is: then the first cause is the error's code. A single receiver
// that failed is an error of the usual shape, with receiver_ids beside it.
func (b *body) receivers(members map[string]any) {
	if ids := texts(members, "receiver_ids"); ids != nil {
		b.failures = []failure{{b.code, b.message, ids}}
		return
	}
	listed, _ := members["failure_info"].([]any)
	if reached, _ := members["successful_receiver_uuids"].([]any); len(reached) > 0 || b.code != "" {
		return
	}
	for _, entry := range listed {
		cause, _ := entry.(map[string]any)
		code, _ := scalar(cause["code"])
		message, _ := scalar(cause["msg"])
		b.failures = append(b.failures, failure{number(code), message, texts(cause, "receiver_uuids")})
	}
	if len(b.failures) == 0 {
		return
	}
	b.shape, b.code, b.message = shapePlatform, b.failures[0].code, b.failures[0].message
	// result_code is undocumented, and says less than the causes.
	for _, name := range []string{"failure_info", "successful_receiver_uuids", "result_code"} {
		delete(members, name)
	}
}

// failed writes the failures for the caller.
func (s scrubber) failed(failures []failure) []*errorv1.FailedReceivers {
	var list []*errorv1.FailedReceivers
	for _, f := range failures[:min(len(failures), maxReceivers)] {
		list = append(list, &errorv1.FailedReceivers{
			KakaoCode: s.text(f.code, maxName),
			Message:   s.text(f.message, maxName),
			Receivers: s.names(f.receivers[:min(len(f.receivers), maxReceivers)]),
		})
	}
	return list
}
