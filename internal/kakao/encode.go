package kakao

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/go-faster/jx"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
)

// formContentType is spelled as Kakao's documentation spells it.
const formContentType = "application/x-www-form-urlencoded;charset=utf-8"

// requestPlan writes the request message of one rpc as an HTTP request.
type requestPlan struct {
	message    protoreflect.FullName
	encoding   apiv1.Encoding
	hasSecrets bool
	path       []pathSegment
	parameters []*parameter      // in field order, path variables among them
	renamed    map[string]string // Kakao's name to ours, where they differ
}

// pathSegment is literal text or, when parameter is set, a variable.
type pathSegment struct {
	literal   string
	parameter *parameter
}

// place is the part of the HTTP request that a parameter goes into.
type place int

const (
	placePath place = iota
	placeQuery
	placeHeader
	placeBody
)

// parameter writes one request field.
type parameter struct {
	member
	place place
	value *valueWriter
}

// encodedRequest is a request without its credential.
type encodedRequest struct {
	path        string // escaped
	query       parameters
	header      http.Header
	form        parameters // ENCODING_FORM
	body        []byte     // ENCODING_JSON, ENCODING_MULTIPART
	contentType string
}

// fieldError is a request value that cannot be put on the wire.
type fieldError struct {
	field   string
	problem string
}

func (f *fieldError) Error() string { return f.field + " " + f.problem }

func compileRequest(message protoreflect.MessageDescriptor, verb, path string, encoding apiv1.Encoding) (*requestPlan, error) {
	if encoding != apiv1.Encoding_ENCODING_QUERY && verb == http.MethodGet {
		return nil, fmt.Errorf("GET never carries a body: encoding %s is impossible", encoding)
	}
	plan := &requestPlan{message: message.FullName(), encoding: encoding, hasSecrets: hasRedacted(message, nil), renamed: map[string]string{}}
	variables := map[string]*parameter{}
	for _, name := range pathVariables(path) {
		variables[name] = nil
	}
	for _, m := range membersOf(message) {
		p := &parameter{member: m, place: bodyOrQuery(encoding)}
		switch _, inPath := variables[string(m.field.Name())]; {
		case inPath:
			p.place = placePath
			variables[string(m.field.Name())] = p
		case m.location == apiv1.Location_LOCATION_HEADER:
			p.place = placeHeader
		case m.location == apiv1.Location_LOCATION_QUERY:
			p.place = placeQuery
		}
		var err error
		if p.value, err = compileValue(m, p.place == placeBody && encoding == apiv1.Encoding_ENCODING_JSON, nil); err != nil {
			return nil, err
		}
		plan.parameters = append(plan.parameters, p)
		if own := string(m.field.Name()); m.name != own {
			plan.renamed[m.name] = own
		}
	}
	for name, p := range variables {
		if p == nil {
			return nil, fmt.Errorf("path variable {%s} of %s has no request field", name, path)
		}
	}
	plan.path = compilePath(path, variables)
	return plan, nil
}

func bodyOrQuery(encoding apiv1.Encoding) place {
	if encoding == apiv1.Encoding_ENCODING_QUERY {
		return placeQuery
	}
	return placeBody
}

func pathVariables(path string) []string {
	var names []string
	for _, part := range strings.Split(path, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		names = append(names, name)
	}
	return names
}

func compilePath(path string, variables map[string]*parameter) []pathSegment {
	var segments []pathSegment
	for path != "" {
		literal, rest, found := strings.Cut(path, "{")
		if literal != "" {
			segments = append(segments, pathSegment{literal: literal})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		segments = append(segments, pathSegment{parameter: variables[name]})
		path = after
	}
	return segments
}

// encode writes the message. Errors are *fieldError: the caller sent a value
// that has no place on the wire.
func (p *requestPlan) encode(message protoreflect.Message) (*encodedRequest, error) {
	request := &encodedRequest{}
	var object jx.Encoder
	var parts *multipart.Writer
	var partsBody bytes.Buffer
	switch p.encoding {
	case apiv1.Encoding_ENCODING_JSON:
		object.ObjStart()
	case apiv1.Encoding_ENCODING_MULTIPART:
		parts = multipart.NewWriter(&partsBody)
	}

	for _, parameter := range p.parameters {
		if parameter.place == placePath || !message.Has(parameter.field) {
			continue
		}
		value := message.Get(parameter.field)
		if parameter.place == placeBody && p.encoding == apiv1.Encoding_ENCODING_JSON {
			if err := parameter.value.jsonMember(&object, value); err != nil {
				return nil, parameter.wrong(err)
			}
			continue
		}
		if parts != nil && parameter.place == placeBody && parameter.field.Kind() == protoreflect.BytesKind {
			if err := addFile(parts, parameter.name, value.Bytes()); err != nil {
				return nil, parameter.wrong(err)
			}
			continue
		}
		if err := parameter.addTo(request.adder(parameter.place, parts), value); err != nil {
			return nil, parameter.wrong(err)
		}
	}

	var err error
	if request.path, err = p.encodePath(message); err != nil {
		return nil, err
	}
	switch p.encoding {
	case apiv1.Encoding_ENCODING_FORM:
		request.contentType = formContentType
	case apiv1.Encoding_ENCODING_JSON:
		object.ObjEnd()
		request.body, request.contentType = object.Bytes(), "application/json"
	case apiv1.Encoding_ENCODING_MULTIPART:
		_ = parts.Close() // writes to memory
		request.body, request.contentType = partsBody.Bytes(), parts.FormDataContentType()
	}
	return request, nil
}

func (p *parameter) wrong(err error) error {
	return &fieldError{field: string(p.field.Name()), problem: err.Error()}
}

// addTo writes the field as text parameters: itself and what it implies, or of
// an inline map each entry, in the order of the names.
func (p *parameter) addTo(add func(name, text string) error, value protoreflect.Value) error {
	if p.inline {
		texts := map[string]string{}
		value.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
			texts[key.String()] = value.String()
			return true
		})
		for _, name := range slices.Sorted(maps.Keys(texts)) {
			if err := add(name, texts[name]); err != nil {
				return err
			}
		}
		return nil
	}
	text, err := p.value.textOf(value)
	if err != nil {
		return err
	}
	if err := add(p.name, text); err != nil || p.implies == nil {
		return err
	}
	return add(p.implies.GetName(), p.implies.GetValue())
}

// adder returns how a text parameter is put into a part of the request.
func (r *encodedRequest) adder(place place, parts *multipart.Writer) func(name, text string) error {
	switch {
	case place == placeQuery:
		return func(name, text string) error { r.query.add(name, text); return nil }
	case place == placeHeader:
		return r.addHeader
	case parts != nil:
		return parts.WriteField
	}
	return func(name, text string) error { r.form.add(name, text); return nil }
}

func (r *encodedRequest) addHeader(name, text string) error {
	for _, c := range text {
		if c < ' ' || c > '~' {
			return fmt.Errorf("goes into the header %s: only printable ASCII is possible there", name)
		}
	}
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(name, text)
	return nil
}

func addFile(parts *multipart.Writer, name string, content []byte) error {
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, name, name))
	header.Set("Content-Type", http.DetectContentType(content))
	part, err := parts.CreatePart(header)
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	return err
}

// encodePath escapes every variable as one segment. Empty and dot segments are
// refused: they would name another endpoint.
func (p *requestPlan) encodePath(message protoreflect.Message) (string, error) {
	if len(p.path) == 1 && p.path[0].parameter == nil {
		return p.path[0].literal, nil
	}
	var path strings.Builder
	for _, segment := range p.path {
		if segment.parameter == nil {
			path.WriteString(segment.literal)
			continue
		}
		text, err := segment.parameter.value.textOf(message.Get(segment.parameter.field))
		if err != nil {
			return "", segment.parameter.wrong(err)
		}
		if text == "" || text == "." || text == ".." {
			return "", segment.parameter.wrong(fmt.Errorf("is part of Kakao's path: it must not be empty, %q or %q", ".", ".."))
		}
		path.WriteString(url.PathEscape(text))
	}
	return path.String(), nil
}

// parameters is a query or form in field order, so that what is sent reads like
// the contract.
type parameters []byte

func (p *parameters) add(name, text string) {
	if len(*p) > 0 {
		*p = append(*p, '&')
	}
	*p = append(*p, url.QueryEscape(name)...)
	*p = append(*p, '=')
	*p = append(*p, url.QueryEscape(text)...)
}

// secrets returns the texts of the request that must not show in an error:
// authorization codes and tokens, at whatever depth, which the contract marks
// with debug_redact.
func (p *requestPlan) secrets(message protoreflect.Message) []string {
	if !p.hasSecrets {
		return nil
	}
	var texts []string
	collectRedacted(message, &texts)
	return texts
}
