package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// explainJSON finds what protojson did not take, after the fact: the path of
// the member, in the names of the contract, and what is wrong with it. It
// repeats no value, since one may be a token, and does not read protojson's
// error texts, which are worded differently from build to build on purpose.
func explainJSON(data []byte, message protoreflect.Message) (field, what string) {
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return "", malformed(data, err)
	}
	e := explainer{left: maxTries}
	if field, what := e.message(whole, message, ""); what != "" {
		return field, what
	}
	return "", "the body does not fit the request message"
}

// maxTries bounds the values that one explanation tries alone. Each try costs
// about what decoding it did; a list of a million wrong elements is told by the
// first of them, or by its own name.
const maxTries = 1000

// explainer looks for the member that does not fit.
type explainer struct{ left int } // tries

func malformed(data []byte, err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return "the body is not JSON"
	}
	var whole json.RawMessage
	if errors.Is(json.NewDecoder(bytes.NewReader(data)).Decode(&whole), io.ErrUnexpectedEOF) {
		return "the body ends before its JSON does"
	}
	before := data[:min(int(syntax.Offset), len(data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Sprintf("the body is not JSON (line %d, column %d)", line, max(column, 1))
}

func (e *explainer) message(data json.RawMessage, message protoreflect.Message, path string) (field, what string) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if opening, _ := decoder.Token(); opening != json.Delim('{') {
		if path == "" {
			return "", "the body must be a JSON object"
		}
		return path, "must be a JSON object"
	}
	seen := map[protoreflect.FieldNumber]bool{}
	chosen := map[protoreflect.Name]string{} // of a oneof
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return path, "cannot be read"
		}
		fd := fieldByName(message.Descriptor(), name)
		if fd == nil {
			return join(path, name), "unknown member" + suggestion(name, message.Descriptor())
		}
		inner := join(path, string(fd.Name()))
		if seen[fd.Number()] {
			return inner, "is given twice"
		}
		seen[fd.Number()] = true
		if union := fd.ContainingOneof(); union != nil && !union.IsSynthetic() && string(value) != "null" {
			if other := chosen[union.Name()]; other != "" {
				return inner, "excludes " + other + ": send one of them"
			}
			chosen[union.Name()] = string(fd.Name())
		}
		if field, what := e.field(value, message, fd, inner); what != "" {
			return field, what
		}
	}
	return "", ""
}

// field looks deeper where there is a deeper, and tries the value alone where there
// is none.
func (e *explainer) field(value json.RawMessage, message protoreflect.Message, fd protoreflect.FieldDescriptor, path string) (field, what string) {
	if string(value) == "null" || e.fits(value, message, fd) {
		return "", ""
	}
	switch {
	case fd.IsMap():
		return path, "must be a JSON object of " + wanted(fd.MapValue())
	case fd.IsList():
		return e.list(value, message, fd, path)
	case isPlainMessage(fd):
		return e.message(value, message.NewField(fd).Message(), path)
	}
	return path, amiss(value, fd)
}

// amiss says of a value alone what would be right.
func amiss(value json.RawMessage, fd protoreflect.FieldDescriptor) string {
	if fd.Kind() == protoreflect.StringKind && len(value) > 0 && value[0] == '"' {
		return notUTF8 // it is text, and protojson takes all other
	}
	return "must be " + wanted(fd)
}

// list names the first element that does not fit, if it is among the first.
func (e *explainer) list(value json.RawMessage, message protoreflect.Message, fd protoreflect.FieldDescriptor, path string) (field, what string) {
	decoder := json.NewDecoder(bytes.NewReader(value))
	if opening, _ := decoder.Token(); opening != json.Delim('[') {
		return path, "must be a JSON array of " + wanted(fd)
	}
	for i := 0; e.left > 0 && decoder.More(); i++ {
		var element json.RawMessage
		if err := decoder.Decode(&element); err != nil {
			return path, "cannot be read"
		}
		at := path + "[" + strconv.Itoa(i) + "]"
		if isPlainMessage(fd) {
			e.left--
			if field, what := e.message(element, message.NewField(fd).List().NewElement().Message(), at); what != "" {
				return field, what
			}
		} else if !e.fits(json.RawMessage("["+string(element)+"]"), message, fd) {
			return at, amiss(element, fd)
		}
	}
	return path, "must be a JSON array of " + wanted(fd)
}

// fits tries one member alone. What there are no tries left for is taken to fit.
func (e *explainer) fits(value json.RawMessage, message protoreflect.Message, fd protoreflect.FieldDescriptor) bool {
	if e.left == 0 {
		return true
	}
	e.left--
	alone := fmt.Sprintf("{%q:%s}", fd.Name(), value)
	return protojson.Unmarshal([]byte(alone), message.New().Interface()) == nil
}

// isPlainMessage tells messages whose JSON is an object of their fields from
// the well-known types, which have notations of their own.
func isPlainMessage(fd protoreflect.FieldDescriptor) bool {
	return fd.Message() != nil && fd.Message().FullName().Parent() != "google.protobuf"
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// kindWords say what a value of a kind looks like, in JSON and in a query.
var kindWords = map[protoreflect.Kind]string{
	protoreflect.BoolKind:     "true or false",
	protoreflect.StringKind:   "text",
	protoreflect.BytesKind:    "base64 text",
	protoreflect.FloatKind:    "a number",
	protoreflect.DoubleKind:   "a number",
	protoreflect.Int32Kind:    "a whole number of 32 bits",
	protoreflect.Sint32Kind:   "a whole number of 32 bits",
	protoreflect.Sfixed32Kind: "a whole number of 32 bits",
	protoreflect.Uint32Kind:   "a whole number of 32 bits, not negative",
	protoreflect.Fixed32Kind:  "a whole number of 32 bits, not negative",
	protoreflect.Int64Kind:    "a whole number of 64 bits",
	protoreflect.Sint64Kind:   "a whole number of 64 bits",
	protoreflect.Sfixed64Kind: "a whole number of 64 bits",
	protoreflect.Uint64Kind:   "a whole number of 64 bits, not negative",
	protoreflect.Fixed64Kind:  "a whole number of 64 bits, not negative",
}

// messageWords say so for well-known messages.
var messageWords = map[protoreflect.FullName]string{
	"google.protobuf.Timestamp": "a time like 2026-01-02T15:04:05Z",
	"google.protobuf.Duration":  "a duration in seconds like 1.5s",
	"google.protobuf.Struct":    "a JSON object",
	"google.protobuf.ListValue": "a JSON array",
	"google.protobuf.FieldMask": "field names joined by commas",
}

// wanted says what a right value of a field looks like.
func wanted(fd protoreflect.FieldDescriptor) string {
	switch {
	case fd.Enum() != nil:
		return "one of " + strings.Join(enumNames(fd.Enum()), ", ")
	case fd.Message() == nil:
		return kindWords[fd.Kind()]
	}
	if words, ok := messageWords[fd.Message().FullName()]; ok {
		return words
	}
	return "a JSON object"
}

// enumNames lists the values that may be sent.
func enumNames(enum protoreflect.EnumDescriptor) []string {
	var names []string
	values := enum.Values()
	for i := range values.Len() {
		if value := values.Get(i); value.Number() != 0 {
			names = append(names, string(value.Name()))
		}
	}
	return names
}
