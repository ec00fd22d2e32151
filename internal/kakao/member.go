package kakao

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
)

// member is a field of the contract as Kakao knows it: the field's options,
// read once.
type member struct {
	field        protoreflect.FieldDescriptor
	name         string
	location     apiv1.Location
	text         apiv1.Text
	time         apiv1.Time
	implies      *apiv1.Parameter
	urlParameter string
	inline       bool
}

func memberOf(field protoreflect.FieldDescriptor) member {
	option := proto.GetExtension(field.Options(), apiv1.E_Field).(*apiv1.Field)
	m := member{
		field:        field,
		name:         option.GetName(),
		location:     option.GetLocation(),
		text:         option.GetText(),
		time:         option.GetTime(),
		implies:      option.GetImplies(),
		urlParameter: option.GetUrlParameter(),
		inline:       option.GetInline(),
	}
	if m.name == "" {
		m.name = string(field.Name())
	}
	return m
}

// membersOf returns the fields of a message in field order, which is the order
// of the parameters on the wire.
func membersOf(message protoreflect.MessageDescriptor) []member {
	fields := message.Fields()
	members := make([]member, 0, fields.Len())
	for i := range fields.Len() {
		members = append(members, memberOf(fields.Get(i)))
	}
	return members
}

// Messages that stand for a JSON value of their own rather than an object of
// members.
const (
	timestampName = protoreflect.FullName("google.protobuf.Timestamp")
	structName    = protoreflect.FullName("google.protobuf.Struct")
	valueName     = protoreflect.FullName("google.protobuf.Value")
	listValueName = protoreflect.FullName("google.protobuf.ListValue")
	nullValueName = protoreflect.FullName("google.protobuf.NullValue")
)

func isMessage(field protoreflect.FieldDescriptor) bool { return field.Message() != nil }

func isTimestamp(field protoreflect.FieldDescriptor) bool {
	return isMessage(field) && field.Message().FullName() == timestampName
}

// isFreeJSON reports a field whose shape Kakao does not document.
func isFreeJSON(field protoreflect.FieldDescriptor) bool {
	if !isMessage(field) {
		return false
	}
	switch field.Message().FullName() {
	case structName, valueName, listValueName:
		return true
	}
	return false
}

// isNull reports a field that can only say null.
func isNull(field protoreflect.FieldDescriptor) bool {
	return field.Enum() != nil && field.Enum().FullName() == nullValueName
}

// isPlain reports a field whose single value is one text: a scalar, an enum or
// a point in time.
func isPlain(field protoreflect.FieldDescriptor) bool { return !isMessage(field) || isTimestamp(field) }

// unsupported is a start-up error about a field.
func unsupported(field protoreflect.FieldDescriptor, format string, args ...any) error {
	return fmt.Errorf("field %s: %s", field.FullName(), fmt.Sprintf(format, args...))
}

// enumTexts reads what Kakao calls the values of a request enum. The zero value
// means "not chosen" and has no text; google's NullValue is null, which clears
// what is set.
func enumTexts(field protoreflect.FieldDescriptor) (map[protoreflect.EnumNumber]string, error) {
	if isNull(field) {
		return map[protoreflect.EnumNumber]string{0: "null"}, nil
	}
	values := field.Enum().Values()
	texts := make(map[protoreflect.EnumNumber]string, values.Len())
	for i := range values.Len() {
		value := values.Get(i)
		text := proto.GetExtension(value.Options(), apiv1.E_Text).(string)
		if value.Number() == 0 {
			continue
		}
		if text == "" {
			return nil, unsupported(field, "enum value %s has no option kakao.api.v1.text", value.Name())
		}
		texts[value.Number()] = text
	}
	return texts, nil
}
