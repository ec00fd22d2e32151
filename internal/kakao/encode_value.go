package kakao

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-faster/jx"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
)

// valueWriter writes the value of one field, as text or as JSON.
type valueWriter struct {
	member
	enum    map[protoreflect.EnumNumber]string
	key     *valueWriter   // of a map
	element *valueWriter   // of a map
	members []*valueWriter // of a message
}

// compileValue checks that the field can be written where it stands: in JSON
// anything can, in a text parameter only what the text option gives a notation.
// parents are the messages around the field; a message inside itself would
// never end.
func compileValue(m member, inJSON bool, parents []protoreflect.FullName) (*valueWriter, error) {
	field := m.field
	w := &valueWriter{member: m}
	structured := field.IsList() || field.IsMap() || !isPlain(field)
	if m.inline {
		if err := checkInline(m, inJSON); err != nil {
			return nil, err
		}
	}
	if !inJSON && structured && !m.inline && m.text == apiv1.Text_TEXT_UNSPECIFIED {
		return nil, unsupported(field, "a list, map or message inside a text parameter needs the option kakao.api.v1.field.text")
	}
	if !inJSON && !structured && m.text != apiv1.Text_TEXT_UNSPECIFIED {
		return nil, unsupported(field, "a scalar has no use for %s", m.text)
	}
	var err error
	switch {
	case field.IsMap():
		if m.text == apiv1.Text_TEXT_COMMA || m.text == apiv1.Text_TEXT_SPACE {
			return nil, unsupported(field, "a map has no notation %s", m.text)
		}
		if w.key, err = compileValue(memberOf(field.MapKey()), true, parents); err != nil {
			return nil, err
		}
		w.element, err = compileValue(memberOf(field.MapValue()), true, parents)
	case field.Kind() == protoreflect.EnumKind:
		w.enum, err = enumTexts(field)
	case isMessage(field) && !isTimestamp(field) && !isFreeJSON(field):
		err = w.compileMembers(inJSON, parents)
	}
	return w, err
}

// checkInline refuses inline where there are no members to stand in the object,
// or the query, around.
func checkInline(m member, inJSON bool) error {
	field := m.field
	texts := field.IsMap() && field.MapKey().Kind() == protoreflect.StringKind && field.MapValue().Kind() == protoreflect.StringKind
	members := isMessage(field) && !field.IsList() && !field.IsMap() &&
		(field.Message().FullName() == structName || !isFreeJSON(field) && !isTimestamp(field))
	switch {
	case inJSON && !members:
		return unsupported(field, "only a message or a Struct can be inline in an object")
	case !inJSON && !texts:
		return unsupported(field, "only a map<string, string> can be inline in a query or form")
	}
	return nil
}

func (w *valueWriter) compileMembers(inJSON bool, parents []protoreflect.FullName) error {
	name := w.field.Message().FullName()
	if slices.Contains(parents, name) {
		return unsupported(w.field, "message %s holds itself", name)
	}
	joined := !inJSON && w.text != apiv1.Text_TEXT_JSON
	for _, m := range membersOf(w.field.Message()) {
		nested, err := compileValue(m, !joined, append(slices.Clone(parents), name))
		if err != nil {
			return err
		}
		if joined && (m.field.IsList() || !isPlain(m.field)) {
			return unsupported(m.field, "only scalars can be joined by %s", w.text)
		}
		w.members = append(w.members, nested)
	}
	return nil
}

// textOf writes the value as the text of one parameter.
func (w *valueWriter) textOf(value protoreflect.Value) (string, error) {
	switch {
	case w.text == apiv1.Text_TEXT_JSON:
		var object jx.Encoder
		if err := w.json(&object, value); err != nil {
			return "", err
		}
		return object.String(), nil
	case w.field.IsList():
		list := value.List()
		texts := make([]string, 0, list.Len())
		for i := range list.Len() {
			text, err := w.scalar(list.Get(i))
			if err != nil {
				return "", fmt.Errorf("[%d] %w", i, err)
			}
			texts = append(texts, text)
		}
		return w.join(texts)
	case w.members != nil:
		message := value.Message()
		texts := make([]string, 0, len(w.members))
		for _, m := range w.members {
			text, err := m.scalar(message.Get(m.field))
			if err != nil {
				return "", fmt.Errorf("%s %w", m.field.Name(), err)
			}
			texts = append(texts, text)
		}
		return w.join(texts)
	}
	return w.scalar(value)
}

func (w *valueWriter) join(texts []string) (string, error) {
	separator := ","
	if w.text == apiv1.Text_TEXT_SPACE {
		separator = " "
	}
	for i, text := range texts {
		// Kakao would read one element as two.
		if strings.Contains(text, separator) {
			return "", fmt.Errorf("[%d] must not contain %q: Kakao reads the list as text joined by it", i, separator)
		}
	}
	return strings.Join(texts, separator), nil
}

var errNotFinite = errors.New("must be a finite number")

// scalar writes a single plain value as text.
func (w *valueWriter) scalar(value protoreflect.Value) (string, error) {
	switch w.field.Kind() {
	case protoreflect.StringKind:
		return value.String(), nil
	case protoreflect.BoolKind:
		return strconv.FormatBool(value.Bool()), nil
	case protoreflect.EnumKind:
		text, known := w.enum[value.Enum()]
		if !known {
			return "", fmt.Errorf("has the value %d, which %s does not define", value.Enum(), w.field.Enum().Name())
		}
		return text, nil
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		number := value.Float()
		if math.IsNaN(number) || math.IsInf(number, 0) {
			return "", errNotFinite
		}
		return strconv.FormatFloat(number, 'f', -1, floatBits(w.field)), nil
	case protoreflect.BytesKind:
		return base64.StdEncoding.EncodeToString(value.Bytes()), nil
	case protoreflect.MessageKind:
		return w.timestamp(value.Message()), nil
	case protoreflect.Uint32Kind, protoreflect.Uint64Kind, protoreflect.Fixed32Kind, protoreflect.Fixed64Kind:
		return strconv.FormatUint(value.Uint(), 10), nil
	}
	return strconv.FormatInt(value.Int(), 10), nil
}

func floatBits(field protoreflect.FieldDescriptor) int {
	if field.Kind() == protoreflect.FloatKind {
		return 32
	}
	return 64
}

func (w *valueWriter) timestamp(message protoreflect.Message) string {
	fields := message.Descriptor().Fields()
	seconds := message.Get(fields.ByName("seconds")).Int()
	if w.time == apiv1.Time_TIME_UNIX_SECONDS {
		return strconv.FormatInt(seconds, 10)
	}
	nanoseconds := message.Get(fields.ByName("nanos")).Int()
	return time.Unix(seconds, nanoseconds).UTC().Format(time.RFC3339Nano)
}

// json writes the value, list and map included, as JSON.
func (w *valueWriter) json(out *jx.Encoder, value protoreflect.Value) error {
	switch {
	case w.field.IsMap():
		return w.jsonMap(out, value.Map())
	case w.field.IsList():
		list := value.List()
		out.ArrStart()
		for i := range list.Len() {
			if err := w.jsonOne(out, list.Get(i)); err != nil {
				return fmt.Errorf("[%d] %w", i, err)
			}
		}
		out.ArrEnd()
		return nil
	}
	return w.jsonOne(out, value)
}

// jsonMap sorts the keys, so that the same request is the same text.
func (w *valueWriter) jsonMap(out *jx.Encoder, entries protoreflect.Map) error {
	texts := make(map[string]protoreflect.Value, entries.Len())
	keys := make([]string, 0, entries.Len())
	entries.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		keys = append(keys, key.String())
		texts[key.String()] = value
		return true
	})
	slices.Sort(keys)
	out.ObjStart()
	for _, key := range keys {
		out.FieldStart(key)
		if err := w.element.json(out, texts[key]); err != nil {
			return fmt.Errorf("[%q] %w", key, err)
		}
	}
	out.ObjEnd()
	return nil
}

func (w *valueWriter) jsonOne(out *jx.Encoder, value protoreflect.Value) error {
	switch {
	case isFreeJSON(w.field):
		return jsonFree(out, value.Message().Interface())
	case w.members != nil:
		out.ObjStart()
		if err := w.jsonMembers(out, value.Message()); err != nil {
			return err
		}
		out.ObjEnd()
		return nil
	}
	text, err := w.scalar(value)
	if err != nil {
		return err
	}
	switch w.field.Kind() {
	case protoreflect.EnumKind:
		if isNull(w.field) {
			out.Null()
		} else {
			out.Str(text)
		}
	case protoreflect.StringKind, protoreflect.BytesKind:
		out.Str(text)
	case protoreflect.MessageKind:
		if w.time == apiv1.Time_TIME_UNIX_SECONDS {
			out.Raw([]byte(text))
		} else {
			out.Str(text)
		}
	default: // numbers and booleans are their own JSON
		out.Raw([]byte(text))
	}
	return nil
}

// jsonMembers writes what is set of a message as members of the object that is
// open.
func (w *valueWriter) jsonMembers(out *jx.Encoder, message protoreflect.Message) error {
	for _, m := range w.members {
		if !message.Has(m.field) {
			continue
		}
		if err := m.jsonMember(out, message.Get(m.field)); err != nil {
			return fmt.Errorf("%s %w", m.field.Name(), err)
		}
	}
	return nil
}

// jsonMember writes one field as a member of the object that is open, with the
// member that it implies; an inline one as the members that it holds.
func (w *valueWriter) jsonMember(out *jx.Encoder, value protoreflect.Value) error {
	if w.implies != nil {
		out.FieldStart(w.implies.GetName())
		out.Str(w.implies.GetValue())
	}
	switch {
	case !w.inline:
		out.FieldStart(w.name)
		return w.json(out, value)
	case w.members != nil:
		return w.jsonMembers(out, value.Message())
	}
	return jsonFreeMembers(out, value.Message().Interface().(*structpb.Struct))
}

// jsonFree writes a value whose shape the contract does not know.
func jsonFree(out *jx.Encoder, message any) error {
	switch m := message.(type) {
	case *structpb.Struct:
		out.ObjStart()
		if err := jsonFreeMembers(out, m); err != nil {
			return err
		}
		out.ObjEnd()
	case *structpb.ListValue:
		out.ArrStart()
		for _, element := range m.GetValues() {
			if err := jsonFree(out, element); err != nil {
				return err
			}
		}
		out.ArrEnd()
	case *structpb.Value:
		return jsonFreeValue(out, m)
	}
	return nil
}

func jsonFreeMembers(out *jx.Encoder, object *structpb.Struct) error {
	for _, key := range slices.Sorted(maps.Keys(object.GetFields())) {
		out.FieldStart(key)
		if err := jsonFreeValue(out, object.GetFields()[key]); err != nil {
			return err
		}
	}
	return nil
}

func jsonFreeValue(out *jx.Encoder, value *structpb.Value) error {
	switch kind := value.GetKind().(type) {
	case *structpb.Value_StringValue:
		out.Str(kind.StringValue)
	case *structpb.Value_BoolValue:
		out.Bool(kind.BoolValue)
	case *structpb.Value_NumberValue:
		if math.IsNaN(kind.NumberValue) || math.IsInf(kind.NumberValue, 0) {
			return errNotFinite
		}
		out.Raw([]byte(strconv.FormatFloat(kind.NumberValue, 'f', -1, 64)))
	case *structpb.Value_StructValue:
		return jsonFree(out, kind.StructValue)
	case *structpb.Value_ListValue:
		return jsonFree(out, kind.ListValue)
	default:
		out.Null()
	}
	return nil
}
