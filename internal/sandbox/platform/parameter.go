package platform

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Param is one row of a route's parameter table.
type Param struct {
	Name     string
	Kind     Kind
	Required bool
}

// targetParams name the user when the admin key calls for one.
var targetParams = []Param{
	{Name: "target_id_type", Kind: Enum("user_id")},
	{Name: "target_id", Kind: Integer(1, math.MaxInt64)},
}

// Reason says what is wrong with a parameter or with the request around it.
type Reason int

// What can be wrong.
const (
	isMissing     Reason = iota
	isEmpty              // there, but without a value
	isUnknown            // the route has no such parameter
	isRepeated           // sent twice
	isMisplaced          // a known parameter where it does not belong
	IsMalformed          // does not parse as its kind
	isTooSmall           // below bound
	isTooLarge           // above bound
	isBadBody            // the body as a whole
	isBadMedia           // the Content-Type
	isBadEncoding        // percent-encoding of query or form
)

// Problem is a fault in the request, in words that every family can put into
// its own shape (Family.ParameterFailure).
type Problem struct {
	Reason   Reason
	Name     string // the parameter; empty for faults of the whole request
	Optional bool   // for isEmpty: the parameter could have been left out
	Bound    string // for isTooSmall and isTooLarge
	Detail   string // what would be right
}

// readParams parses the request's parameters into r.Values.
func readParams(r *Request) *Problem {
	sent, p := sentParams(r)
	if p != nil {
		return p
	}
	r.Values = map[string]any{}
	for _, s := range sent {
		i := slices.IndexFunc(r.Route.Params, func(p Param) bool { return p.Name == s.name })
		if i < 0 {
			return &Problem{Reason: isUnknown, Name: s.name}
		}
		if r.Has(s.name) {
			return &Problem{Reason: isRepeated, Name: s.name}
		}
		declared := r.Route.Params[i]
		if s.text == "" && (declared.Required || !declared.Kind.EmptyAllowed) {
			return &Problem{Reason: isEmpty, Name: s.name, Optional: !declared.Required}
		}
		if s.json != "" && s.json != declared.Kind.JSON {
			return &Problem{Reason: IsMalformed, Name: s.name, Detail: "it must be a JSON " + string(declared.Kind.JSON)}
		}
		parsed, p := declared.Kind.Parse(s.text)
		if p != nil {
			p.Name = s.name
			return p
		}
		r.Values[s.name] = parsed
	}
	for _, p := range r.Route.Params {
		if p.Required && !r.Has(p.Name) {
			return &Problem{Reason: isMissing, Name: p.Name}
		}
	}
	return checkTarget(r)
}

// checkTarget holds target_id_type and target_id against the credential: they
// are for the admin key alone, and it needs both.
func checkTarget(r *Request) *Problem {
	if !r.Route.targeted() {
		return nil
	}
	for _, p := range targetParams {
		switch {
		case r.Credential.Kind == AdminKey && !r.Has(p.Name):
			return &Problem{Reason: isMissing, Name: p.Name}
		case r.Credential.Kind != AdminKey && r.Has(p.Name):
			return &Problem{Reason: isMisplaced, Name: p.Name, Detail: "leave it out with an access token"}
		}
	}
	return nil
}

// sentParam is one parameter as it came. json is its JSON type when it came in
// a JSON body, and empty when it came as text.
type sentParam struct {
	name, text string
	json       JSONType
}

// sentParams collects the parameters from where the method carries them.
func sentParams(r *Request) ([]sentParam, *Problem) {
	query, p := pairs(r.HTTP.URL.RawQuery, "query")
	if p != nil {
		return nil, p
	}
	contentType := r.HTTP.Header.Get("Content-Type")
	if r.HTTP.Method == http.MethodGet || r.HTTP.Method == http.MethodDelete {
		if len(r.Body) > 0 {
			return nil, &Problem{Reason: isBadBody, Detail: r.HTTP.Method + " takes no body"}
		}
		return query, nil
	}
	if len(query) > 0 && !r.Route.QueryOnPOST {
		return nil, &Problem{Reason: isMisplaced, Name: query[0].name, Detail: "send it in the body"}
	}
	if len(r.Body) == 0 && contentType == "" {
		return query, nil
	}
	if p := checkMedia(contentType, r.Route.Body); p != nil {
		return nil, p
	}
	if r.Route.Body == JSONBody {
		members, p := jsonMembers(r.Body)
		return append(query, members...), p
	}
	form, p := pairs(string(r.Body), "form")
	return append(query, form...), p
}

// mediaTypes are the Content-Types of the body kinds.
var mediaTypes = map[BodyKind]string{
	formBody: "application/x-www-form-urlencoded",
	JSONBody: "application/json",
}

// checkMedia refuses bodies of another type or character set.
func checkMedia(contentType string, kind BodyKind) *Problem {
	want := mediaTypes[kind]
	media, attributes, err := mime.ParseMediaType(contentType)
	if err != nil || media != want {
		return &Problem{Reason: isBadMedia, Detail: "Content-Type must be " + want}
	}
	if charset, ok := attributes["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return &Problem{Reason: isBadMedia, Detail: "charset must be utf-8"}
	}
	return nil
}

// pairs splits a query or form in the order sent.
func pairs(encoded, place string) ([]sentParam, *Problem) {
	var sent []sentParam
	for part := range strings.SplitSeq(encoded, "&") {
		if part == "" {
			continue
		}
		name, text, _ := strings.Cut(part, "=")
		decodedName, errName := url.QueryUnescape(name)
		decodedText, errText := url.QueryUnescape(text)
		if errName != nil || errText != nil {
			return nil, &Problem{Reason: isBadEncoding, Detail: "the " + place + " is not percent-encoded"}
		}
		if !utf8.ValidString(decodedName) || !utf8.ValidString(decodedText) {
			return nil, &Problem{Reason: isBadEncoding, Detail: "the " + place + " is not UTF-8"}
		}
		sent = append(sent, sentParam{name: decodedName, text: decodedText})
	}
	return sent, nil
}

// jsonMembers splits a JSON body into its members. Text members lose their
// quotes; all others stay as they are written.
func jsonMembers(body []byte) ([]sentParam, *Problem) {
	bad := &Problem{Reason: isBadBody, Detail: "the body must be one JSON object"}
	if !utf8.Valid(body) {
		return nil, &Problem{Reason: isBadBody, Detail: "the body is not UTF-8"}
	}
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
		member := sentParam{name: name.(string), text: string(raw), json: JSONTypeOf(raw)}
		if member.json == JSONString {
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
