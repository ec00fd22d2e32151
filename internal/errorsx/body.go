package errorsx

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// shape is which of the documented error bodies one is.
type shape int

const (
	shapeForeign  shape = iota // no code: not one of Kakao's
	shapePlatform              // {"code":-402,"msg":"","api_type":"","required_scopes":[],"extras":{}}
	shapeOAuth                 // {"error":"","error_description":"","error_code":"KOE322"}
	shapeSearch                // {"errorType":"","message":""}
	shapeWeb                   // {"error_code":"KAE001","error_msg":""}
	shapeWebhook               // {"err":"","description":""}
)

// maxBody is how much of an answer is looked at, in bytes.
const maxBody = 64 << 10

// A body is what one of Kakao's error bodies says. Four shapes are known, and
// any host may answer in any of them; the fifth is the answer to an account-state
// webhook.
type body struct {
	shape      shape
	code       string // "-402", "KOE322", "MissingParameter", "invalid_grant"
	oauthError string // "invalid_grant", also beside a KOE code
	message    string
	apiType    string
	required   []string
	allowed    []string
	detail     string         // extras.detailCode
	detailText string         // extras.detailMsg
	status     int            // extras.status, zero if there is none
	failures   []failure      // receivers that a message did not reach
	other      map[string]any // all members not named above
}

// oauthWord is what an OAuth error value looks like. The error member of a
// foreign body ("Not Found") does not.
var oauthWord = regexp.MustCompile(`^[a-z][a-z_]{2,63}$`)

// parseBody reads an error body of any shape. It reports false for what is not
// one JSON object; a body without code is an object all the same.
func parseBody(data []byte) (body, bool) {
	var b body
	data = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(data), []byte("\xef\xbb\xbf")))
	if len(data) > maxBody || len(data) == 0 || data[0] != '{' {
		return b, false
	}
	members := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // ids of 19 digits do not fit a float
	if err := decoder.Decode(&members); err != nil || decoder.More() {
		return b, false
	}
	take := func(name string) string {
		text, ok := scalar(members[name])
		if ok {
			delete(members, name)
		}
		return text
	}

	b.message = first(take("msg"), take("message"), take("error_msg"), take("error_description"))
	b.apiType = take("api_type")
	if word, ok := members["error"].(string); ok && oauthWord.MatchString(word) {
		b.oauthError = word
		delete(members, "error")
	}
	b.codeOf(take, members)
	b.required = texts(members, "required_scopes")
	b.allowed = texts(members, "allowed_scopes")
	if extras, ok := members["extras"].(map[string]any); ok {
		delete(members, "extras")
		b.extras(extras, members)
	}
	b.receivers(members)
	b.other = members
	return b, true
}

// codeOf finds the code, and by the member that it stands in, the shape.
func (b *body) codeOf(take func(string) string, members map[string]any) {
	b.code, b.shape = number(take("code")), shapePlatform
	if b.code != "" {
		return
	}
	if b.code, b.shape = take("error_code"), shapeWeb; b.code != "" {
		if b.oauthError != "" {
			b.shape = shapeOAuth
		}
		return
	}
	if b.code, b.shape = take("errorType"), shapeSearch; b.code != "" {
		return
	}
	if b.code, b.shape = b.oauthError, shapeOAuth; b.code != "" {
		return
	}
	if word, ok := members["err"].(string); ok && oauthWord.MatchString(word) {
		b.code, b.shape = word, shapeWebhook
		b.message = first(b.message, take("description"))
		delete(members, "err")
		return
	}
	b.shape = shapeForeign
}

// extras reads the object in which Moment and Keyword Ad say the real cause, and
// moves what it does not know to rest.
func (b *body) extras(extras, rest map[string]any) {
	names := map[string]*string{"detailCode": &b.detail, "detailMsg": &b.detailText}
	for name, value := range extras {
		text, ok := scalar(value)
		if target := names[name]; target != nil && ok {
			*target = text
			continue
		}
		if _, taken := rest[name]; !taken {
			rest[name] = value
		}
	}
	b.detail = number(b.detail)
	if status, ok := scalar(extras["status"]); ok {
		b.status, _ = strconv.Atoi(status)
	}
	if b.detailText == "" {
		b.detailText, _ = scalar(extras["message"])
		delete(rest, "message") // the outer one is taken already
	}
}

// scalar gives a string or number as text; Kakao swaps the two now and then.
func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// number drops the fraction of a whole number written as a float, as some JSON
// writers do: -401.0 is -401. Other texts stay as they are.
func number(text string) string {
	whole, fraction, found := strings.Cut(text, ".")
	if !found || strings.Trim(fraction, "0") != "" {
		return text
	}
	if _, err := strconv.ParseInt(whole, 10, 64); err != nil {
		return text
	}
	return whole
}

// texts takes a list of strings out of members; anything else stays there.
func texts(members map[string]any, name string) []string {
	values, ok := members[name].([]any)
	if !ok {
		return nil
	}
	list := make([]string, 0, len(values))
	for _, value := range values {
		text, ok := scalar(value)
		if !ok {
			return nil
		}
		list = append(list, text)
	}
	delete(members, name)
	return list
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
