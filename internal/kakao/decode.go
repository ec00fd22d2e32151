package kakao

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-faster/jx"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// responsePlan reads Kakao's JSON into the response message of one rpc.
//
// It sets the fields of the generated Go structs by reflection: the struct
// fields are resolved once, at start-up, and setting them costs a third of what
// protoreflect's setters do on a place search.
type responsePlan struct {
	name    protoreflect.FullName
	message *messageReader
	// body reads the whole body into one field (response_body), or is nil.
	body *fieldReader
	// emptyAllowed: a body of nothing is an answer, see mayBeEmpty.
	emptyAllowed bool
}

// messageReader reads a JSON object into a generated struct.
type messageReader struct {
	goType  reflect.Type
	members map[string]*fieldReader
	// other is the inline Struct that takes members without a field, or nil.
	other *fieldReader
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func compileResponse(message protoreflect.MessageDescriptor, responseBody string, write bool) (*responsePlan, error) {
	reader, err := compileMessage(message, map[protoreflect.FullName]*messageReader{})
	if err != nil {
		return nil, err
	}
	plan := &responsePlan{name: message.FullName(), message: reader, emptyAllowed: write && mayBeEmpty(message)}
	if responseBody == "" {
		return plan, nil
	}
	field := message.Fields().ByName(protoreflect.Name(responseBody))
	if field == nil {
		return nil, fmt.Errorf("response_body %q is not a field of %s", responseBody, message.FullName())
	}
	plan.body = reader.members[memberOf(field).name]
	plan.emptyAllowed = isFreeJSON(field) ||
		write && isMessage(field) && !field.IsList() && !field.IsMap() && mayBeEmpty(field.Message())
	return plan, nil
}

// mayBeEmpty reports whether Kakao may answer a write with no body at all: where
// the contract promises nothing but optional scalars or a value of unknown shape.
// Kakao confirms some writes with an id or with nothing, as it happens.
// https://developers.kakao.com/docs/latest/en/talkcalendar/rest-api
func mayBeEmpty(message protoreflect.MessageDescriptor) bool {
	fields := message.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if optionalScalar := field.HasPresence() && !isMessage(field); !optionalScalar && !isFreeJSON(field) {
			return false
		}
	}
	return true
}

func compileMessage(message protoreflect.MessageDescriptor, known map[protoreflect.FullName]*messageReader) (*messageReader, error) {
	if reader := known[message.FullName()]; reader != nil {
		return reader, nil // a message may hold itself
	}
	messageType, err := protoregistry.GlobalTypes.FindMessageByName(message.FullName())
	if err != nil {
		return nil, fmt.Errorf("message %s has no generated Go type: %w", message.FullName(), err)
	}
	reader := &messageReader{
		goType:  reflect.TypeOf(messageType.Zero().Interface()).Elem(),
		members: map[string]*fieldReader{},
	}
	known[message.FullName()] = reader
	for _, m := range membersOf(message) {
		if reader.members[m.name] != nil {
			return nil, unsupported(m.field, "another field is called %q as well", m.name)
		}
		field, err := compileField(m, reader.goType, known)
		if err != nil {
			return nil, err
		}
		if !m.inline {
			reader.members[m.name] = field
			continue
		}
		if !isMessage(m.field) || m.field.Message().FullName() != structName {
			return nil, unsupported(m.field, "only a Struct can be inline in a response: it takes the members without a field")
		}
		reader.other = field
	}
	return reader, nil
}

// structField finds the Go field that holds a proto field by the tag that
// protoc-gen-go writes.
func structField(goType reflect.Type, field protoreflect.FieldDescriptor) (int, error) {
	want := ",name=" + string(field.Name()) + ","
	for i := range goType.NumField() {
		if strings.Contains(goType.Field(i).Tag.Get("protobuf")+",", want) {
			return i, nil
		}
	}
	return 0, unsupported(field, "has no struct field of its own in %s: a oneof cannot be read", goType)
}

// decoder is the state of reading one body.
type decoder struct {
	*jx.Decoder
	path    []string // names of the members around the current one
	unknown func(path string)
}

// decode reads a body. unknown is told the path of every member that the
// contract does not have. The error says where and why the body cannot be read,
// and holds nothing of the body but member names.
func (p *responsePlan) decode(body []byte, unknown func(path string)) (proto.Message, error) {
	target := reflect.New(p.message.goType)
	message := target.Interface().(proto.Message)
	body = bytes.TrimPrefix(body, byteOrderMark)
	if len(bytes.TrimSpace(body)) == 0 {
		if p.emptyAllowed {
			return message, nil
		}
		return nil, errors.New("the body is empty")
	}

	d := &decoder{Decoder: jx.DecodeBytes(body), unknown: unknown}
	var err error
	if p.body != nil {
		err = p.body.readBody(d, target.Elem())
	} else {
		err = p.message.read(d, target.Elem())
	}
	if err != nil {
		return nil, d.explain(err)
	}
	if d.Next() != jx.Invalid {
		return nil, errors.New("something follows the JSON value")
	}
	return message, nil
}

// unknownMember stands in an error for a name that Kakao chose: what is not of
// the contract does not get into an error.
const unknownMember = "(unknown member)"

// explain says where in the contract reading ended, and nothing of what stands
// there: a body may echo secrets.
func (d *decoder) explain(err error) error {
	where := strings.Join(d.path, ".")
	if where == "" {
		where = "the body"
	}
	var mismatch *mismatchError
	if errors.As(err, &mismatch) {
		return fmt.Errorf("%s %s", where, mismatch.problem)
	}
	return fmt.Errorf("%s is not whole JSON", where)
}

// mismatchError is a JSON value of a kind that the contract cannot take.
type mismatchError struct{ problem string }

func (m *mismatchError) Error() string { return m.problem }

func mismatch(format string, args ...any) error {
	return &mismatchError{fmt.Sprintf(format, args...)}
}

func (m *messageReader) read(d *decoder, target reflect.Value) error {
	if kind := d.Next(); kind != jx.Object {
		return mismatch("should be an object and is %s", article(kind))
	}
	members, err := d.ObjIter()
	if err != nil {
		return err
	}
	for members.Next() {
		// The key is only good until the next read, so the name is taken from
		// the plan.
		field := m.members[string(members.Key())]
		switch {
		case field != nil:
			d.path = append(d.path, field.name)
			err = field.read(d, target.Field(field.index))
		case m.other != nil:
			key := validText(members.Key())
			d.path = append(d.path, m.other.name)
			err = m.other.readOther(d, target.Field(m.other.index), key)
		default:
			if d.unknown != nil {
				d.unknown(strings.Join(append(d.path, string(members.Key())), "."))
			}
			d.path = append(d.path, unknownMember)
			err = d.Skip()
		}
		if err != nil {
			return err // with d.path as it is: it says where
		}
		d.path = d.path[:len(d.path)-1]
	}
	return members.Err()
}

func article(kind jx.Type) string {
	switch kind {
	case jx.Invalid:
		return "cut off or not JSON"
	case jx.Object, jx.Array:
		return "an " + kind.String()
	case jx.Null:
		return "null"
	}
	return "a " + kind.String()
}
