package kakao

import (
	"errors"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// unknownClient is what Kakao's authorization server says of a REST API key that
// it does not know, before it looks at anything else.
// https://developers.kakao.com/docs/latest/en/kakaologin/trouble-shooting
const unknownClient = "KOE101"

// otherKey reports whether a call that Kakao refused because it does not know
// the app's key is worth sending once more: it is a read, and the app has
// another key now. While keys are replaced there is a time in which only the
// old one or only the new one is known to Kakao. A write is left to its caller,
// as after any failure; the next one is signed with the other key.
func (c *Client) otherKey(e *endpoint, call *preparedCall, err error) bool {
	var refused *errorsx.Error
	if call.credential.key.IsZero() || !errors.As(err, &refused) {
		return false
	}
	if refused.Reason() != errorv1.Reason_REASON_KAKAO_APP_KEY_INVALID && refused.Kakao().GetKakaoCode() != unknownClient {
		return false
	}
	return c.keyRefused(call.errors.App, call.credential.key) && !e.write()
}
