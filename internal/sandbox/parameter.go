package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// param is one row of a route's parameter table.
type param struct {
	name     string
	kind     kind
	required bool
}

// targetParams name the user when the admin key calls for one.
var targetParams = []param{
	{name: "target_id_type", kind: enum("user_id")},
	{name: "target_id", kind: integer(1, maxInt64)},
}

// reason says what is wrong with a parameter or with the request around it.
type reason int

const (
	isMissing     reason = iota
	isEmpty              // there, but without a value
	isUnknown            // the route has no such parameter
	isRepeated           // sent twice
	isMisplaced          // a known parameter where it does not belong
	isMalformed          // does not parse as its kind
	isTooSmall           // below bound
	isTooLarge           // above bound
	isBadBody            // the body as a whole
	isBadMedia           // the Content-Type
	isBadEncoding        // percent-encoding of query or form
)

// problem is a fault in the request, in words that every family can put into
// its own shape (family.go).
type problem struct {
	reason   reason
	name     string // the parameter; empty for faults of the whole request
	optional bool   // for isEmpty: the parameter could have been left out
	bound    string // for isTooSmall and isTooLarge
	detail   string // what would be right
}

// readParams parses the request's parameters into r.values.
func readParams(r *request) *problem {
	sent, p := sentParams(r)
	if p != nil {
		return p
	}
	r.values = map[string]any{}
	for _, s := range sent {
		i := slices.IndexFunc(r.route.params, func(p param) bool { return p.name == s.name })
		if i < 0 {
			return &problem{reason: isUnknown, name: s.name}
		}
		if r.has(s.name) {
			return &problem{reason: isRepeated, name: s.name}
		}
		declared := r.route.params[i]
		if s.text == "" && (declared.required || !declared.kind.emptyAllowed) {
			return &problem{reason: isEmpty, name: s.name, optional: !declared.required}
		}
		if s.json != "" && s.json != declared.kind.json {
			return &problem{reason: isMalformed, name: s.name, detail: "it must be a JSON " + string(declared.kind.json)}
		}
		parsed, p := declared.kind.parse(s.text)
		if p != nil {
			p.name = s.name
			return p
		}
		r.values[s.name] = parsed
	}
	for _, p := range r.route.params {
		if p.required && !r.has(p.name) {
			return &problem{reason: isMissing, name: p.name}
		}
	}
	return checkTarget(r)
}

// checkTarget holds target_id_type and target_id against the credential: they
// are for the admin key alone, and it needs both.
func checkTarget(r *request) *problem {
	if !r.route.targeted() {
		return nil
	}
	for _, p := range targetParams {
		switch {
		case r.credential.kind == adminKey && !r.has(p.name):
			return &problem{reason: isMissing, name: p.name}
		case r.credential.kind != adminKey && r.has(p.name):
			return &problem{reason: isMisplaced, name: p.name, detail: "leave it out with an access token"}
		}
	}
	return nil
}

// sentParam is one parameter as it came. json is its JSON type when it came in
// a JSON body, and empty when it came as text.
type sentParam struct {
	name, text string
	json       jsonType
}

// sentParams collects the parameters from where the method carries them.
func sentParams(r *request) ([]sentParam, *problem) {
	query, p := pairs(r.http.URL.RawQuery, "query")
	if p != nil {
		return nil, p
	}
	contentType := r.http.Header.Get("Content-Type")
	if r.http.Method == http.MethodGet || r.http.Method == http.MethodDelete {
		if len(r.body) > 0 {
			return nil, &problem{reason: isBadBody, detail: r.http.Method + " takes no body"}
		}
		return query, nil
	}
	if len(query) > 0 && !r.route.queryOnPOST {
		return nil, &problem{reason: isMisplaced, name: query[0].name, detail: "send it in the body"}
	}
	if len(r.body) == 0 && contentType == "" {
		return query, nil
	}
	if p := checkMedia(contentType, r.route.body); p != nil {
		return nil, p
	}
	if r.route.body == jsonBody {
		members, p := jsonMembers(r.body)
		return append(query, members...), p
	}
	form, p := pairs(string(r.body), "form")
	return append(query, form...), p
}

// mediaTypes are the Content-Types of the body kinds.
var mediaTypes = map[bodyKind]string{
	formBody: "application/x-www-form-urlencoded",
	jsonBody: "application/json",
}

// checkMedia refuses bodies of another type or character set.
func checkMedia(contentType string, kind bodyKind) *problem {
	want := mediaTypes[kind]
	media, attributes, err := mime.ParseMediaType(contentType)
	if err != nil || media != want {
		return &problem{reason: isBadMedia, detail: "Content-Type must be " + want}
	}
	if charset, ok := attributes["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return &problem{reason: isBadMedia, detail: "charset must be utf-8"}
	}
	return nil
}

// pairs splits a query or form in the order sent.
func pairs(encoded, place string) ([]sentParam, *problem) {
	var sent []sentParam
	for part := range strings.SplitSeq(encoded, "&") {
		if part == "" {
			continue
		}
		name, text, _ := strings.Cut(part, "=")
		decodedName, errName := url.QueryUnescape(name)
		decodedText, errText := url.QueryUnescape(text)
		if errName != nil || errText != nil {
			return nil, &problem{reason: isBadEncoding, detail: "the " + place + " is not percent-encoded"}
		}
		sent = append(sent, sentParam{name: decodedName, text: decodedText})
	}
	return sent, nil
}

// jsonMembers splits a JSON body into its members. Text members lose their
// quotes; all others stay as they are written.
func jsonMembers(body []byte) ([]sentParam, *problem) {
	bad := &problem{reason: isBadBody, detail: "the body must be one JSON object"}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, bad
	}
	var members []sentParam
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, bad
		}
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil, bad
		}
		member := sentParam{name: name.(string), text: string(raw), json: jsonTypeOf(raw)}
		if member.json == jsonString {
			if err := json.Unmarshal(raw, &member.text); err != nil {
				return nil, bad
			}
		}
		members = append(members, member)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, bad
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, bad
	}
	return members, nil
}
