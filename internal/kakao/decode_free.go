package kakao

import (
	"reflect"
	"strconv"

	"github.com/go-faster/jx"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"
)

// maxFreeDepth bounds the nesting of a value whose shape is not documented:
// ten times the deepest documented one.
const maxFreeDepth = 100

// readFree reads a value whose shape Kakao does not document.
func readFree(d *decoder, name protoreflect.FullName) (proto.Message, error) {
	value, err := readFreeValue(d, 0)
	if err != nil {
		return nil, err
	}
	switch name {
	case structName:
		if object, ok := value.GetKind().(*structpb.Value_StructValue); ok {
			return object.StructValue, nil
		}
		return nil, mismatch("should be an object and is not")
	case listValueName:
		if list, ok := value.GetKind().(*structpb.Value_ListValue); ok {
			return list.ListValue, nil
		}
		return nil, mismatch("should be an array and is not")
	}
	return value, nil
}

// readOther keeps a member that the contract has no field for.
func (r *fieldReader) readOther(d *decoder, target reflect.Value, name string) error {
	value, err := readFreeValue(d, 0)
	if err != nil {
		return err
	}
	if target.IsNil() {
		target.Set(reflect.ValueOf(&structpb.Struct{Fields: map[string]*structpb.Value{}}))
	}
	target.Interface().(*structpb.Struct).GetFields()[name] = value
	return nil
}

func readFreeValue(d *decoder, depth int) (*structpb.Value, error) {
	if depth > maxFreeDepth {
		return nil, mismatch("is nested deeper than %d", maxFreeDepth)
	}
	switch d.Next() {
	case jx.String:
		text, err := d.StrBytes()
		return structpb.NewStringValue(validText(text)), err
	case jx.Number:
		number, err := d.Num()
		if err != nil {
			return nil, err
		}
		return freeNumber(string(number)), nil
	case jx.Bool:
		value, err := d.Bool()
		return structpb.NewBoolValue(value), err
	case jx.Array:
		list := &structpb.ListValue{}
		err := d.Arr(func(*jx.Decoder) error {
			element, err := readFreeValue(d, depth+1)
			list.Values = append(list.Values, element)
			return err
		})
		return structpb.NewListValue(list), err
	case jx.Object:
		object := &structpb.Struct{Fields: map[string]*structpb.Value{}}
		err := d.ObjBytes(func(_ *jx.Decoder, key []byte) error {
			name := validText(key)
			member, err := readFreeValue(d, depth+1)
			object.Fields[name] = member
			return err
		})
		return structpb.NewStructValue(object), err
	}
	return structpb.NewNullValue(), d.Null()
}

// freeNumber keeps a number that a double would change (an id of 19 digits) as
// its text: losing digits in silence is worse than another type.
func freeNumber(text string) *structpb.Value {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return structpb.NewStringValue(text)
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatFloat(number, 'f', 0, 64) != text {
		return structpb.NewStringValue(text)
	}
	return structpb.NewNumberValue(number)
}
