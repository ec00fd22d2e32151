package kakao

import (
	"net/url"
	"reflect"
	"strings"

	"github.com/go-faster/jx"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
)

// fieldReader reads one JSON member into one struct field.
type fieldReader struct {
	member
	index int
	list  bool
	// one reads a single value (an element, for a list) into a settable value
	// of the field's (element) type.
	one func(d *decoder, target reflect.Value) error
}

func compileField(m member, goType reflect.Type, known map[protoreflect.FullName]*messageReader) (*fieldReader, error) {
	index, err := structField(goType, m.field)
	if err != nil {
		return nil, err
	}
	r := &fieldReader{member: m, index: index, list: m.field.IsList()}
	if m.field.IsMap() {
		r.one, err = compileMap(m)
	} else {
		r.one, err = compileOne(m, known)
	}
	if err != nil {
		return nil, err
	}
	if m.urlParameter != "" {
		r.one, err = fromURL(m, r.one)
	}
	return r, err
}

// compileOne chooses how a single value of the field is read.
func compileOne(m member, known map[protoreflect.FullName]*messageReader) (func(*decoder, reflect.Value) error, error) {
	field := m.field
	switch {
	case isTimestamp(field):
		return readTimestamp, nil
	case isFreeJSON(field):
		return asMessage(field, readFree), nil
	case isMessage(field):
		nested, err := compileMessage(field.Message(), known)
		if err != nil {
			return nil, err
		}
		return func(d *decoder, target reflect.Value) error {
			message := reflect.New(nested.goType)
			target.Set(message)
			return nested.read(d, message.Elem())
		}, nil
	}
	read, found := scalarReaders[field.Kind()]
	if !found {
		return nil, unsupported(field, "a response cannot hold %s: Kakao may add values, use string", field.Kind())
	}
	if field.HasPresence() {
		return optional(read), nil
	}
	return read, nil
}

// optional reads into a pointer field: what turns out to be no value at all
// (the empty string for a number) leaves it nil.
func optional(read func(*decoder, reflect.Value) error) func(*decoder, reflect.Value) error {
	return func(d *decoder, target reflect.Value) error {
		value := reflect.New(target.Type().Elem())
		err := read(d, value.Elem())
		if err == errNoValue {
			return nil
		}
		target.Set(value)
		return err
	}
}

func (r *fieldReader) read(d *decoder, target reflect.Value) error {
	if d.Next() == jx.Null {
		return d.Null() // absent
	}
	switch {
	case r.text != apiv1.Text_TEXT_UNSPECIFIED && d.Next() == jx.String:
		return r.readText(d, target)
	case r.list:
		return r.readList(d, target)
	}
	if err := r.one(d, target); err != errNoValue {
		return err
	}
	return nil
}

func (r *fieldReader) readList(d *decoder, target reflect.Value) error {
	if kind := d.Next(); kind != jx.Array {
		return mismatch("should be an array and is %s", article(kind))
	}
	elements, err := d.ArrIter()
	if err != nil {
		return err
	}
	list := target.Slice(0, 0) // of a repeated member the last one counts
	if list.IsNil() {
		list = reflect.MakeSlice(target.Type(), 0, 0)
	}
	target.Set(list)
	for n := 0; elements.Next(); n++ {
		target.Grow(1)
		target.SetLen(n + 1)
		if err := r.readElement(d, target.Index(n)); err != nil {
			return err
		}
	}
	return elements.Err()
}

// readElement keeps the place of an element that is null or no value: a list of
// messages must not hold nil.
func (r *fieldReader) readElement(d *decoder, target reflect.Value) error {
	if d.Next() == jx.Null {
		if target.Kind() == reflect.Pointer {
			target.Set(reflect.New(target.Type().Elem()))
		} else {
			target.SetZero()
		}
		return d.Null()
	}
	if err := r.one(d, target); err != errNoValue {
		return err
	}
	return nil
}

// readBody reads the whole body into the field. A list may also come as an
// object around it: Kakao's tables call the bare arrays "elements".
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#req-multiple-user-info
func (r *fieldReader) readBody(d *decoder, message reflect.Value) error {
	target := message.Field(r.index)
	if !r.list || d.Next() != jx.Object {
		return r.read(d, target)
	}
	around := &messageReader{members: map[string]*fieldReader{"elements": r}}
	return around.read(d, message)
}

// readText reads a structured value out of one text.
func (r *fieldReader) readText(d *decoder, target reflect.Value) error {
	text, err := d.Str()
	if err != nil {
		return err
	}
	if r.text == apiv1.Text_TEXT_JSON {
		inner := &decoder{Decoder: jx.DecodeStr(text), path: d.path, unknown: d.unknown}
		switch {
		case strings.TrimSpace(text) == "" || inner.Next() == jx.Null:
			return nil // absent
		case r.list:
			return r.readList(inner, target)
		}
		return r.one(inner, target)
	}
	parts := strings.Fields(text)
	if r.text == apiv1.Text_TEXT_COMMA {
		parts = strings.FieldsFunc(text, func(c rune) bool { return c == ',' })
	}
	target.Set(reflect.MakeSlice(target.Type(), len(parts), len(parts)))
	for i, part := range parts {
		if err := readFromText(part, target.Index(i), r.one); err != nil {
			return err
		}
	}
	return nil
}

// readFromText gives a text to a scalar reader as the JSON string it stands for.
func readFromText(text string, target reflect.Value, one func(*decoder, reflect.Value) error) error {
	var quoted jx.Encoder
	quoted.Str(text)
	return one(&decoder{Decoder: jx.DecodeBytes(quoted.Bytes())}, target)
}

// fromURL keeps one query parameter of a URL. The URL itself is dropped:
// Kakao's paging URLs carry the app's key.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#user-list
func fromURL(m member, one func(*decoder, reflect.Value) error) (func(*decoder, reflect.Value) error, error) {
	if m.field.IsList() || isMessage(m.field) || !m.field.HasPresence() {
		return nil, unsupported(m.field, "url_parameter needs an optional scalar")
	}
	return func(d *decoder, target reflect.Value) error {
		if kind := d.Next(); kind != jx.String {
			return mismatch("should be a URL and is %s", article(kind))
		}
		text, err := d.Str()
		if err != nil {
			return err
		}
		address, err := url.Parse(text)
		if err != nil {
			return mismatch("should be a URL and cannot be read as one")
		}
		value := address.Query().Get(m.urlParameter)
		if value == "" {
			return errNoValue
		}
		return readFromText(value, target, one)
	}, nil
}

// compileMap reads an object of texts, the only map in Kakao's answers.
func compileMap(m member) (func(*decoder, reflect.Value) error, error) {
	if m.field.MapKey().Kind() != protoreflect.StringKind || m.field.MapValue().Kind() != protoreflect.StringKind {
		return nil, unsupported(m.field, "only map<string, string> can be read")
	}
	return func(d *decoder, target reflect.Value) error {
		if kind := d.Next(); kind != jx.Object {
			return mismatch("should be an object and is %s", article(kind))
		}
		entries, err := d.ObjIter()
		if err != nil {
			return err
		}
		texts := map[string]string{}
		for entries.Next() {
			key := validText(entries.Key())
			if d.Next() == jx.Null {
				if err := d.Null(); err != nil {
					return err
				}
				continue
			}
			var text string
			if err := readString(d, reflect.ValueOf(&text).Elem()); err != nil {
				return err
			}
			texts[key] = text
		}
		target.Set(reflect.ValueOf(texts))
		return entries.Err()
	}, nil
}

// asMessage reads a well-known message through its own reader.
func asMessage(field protoreflect.FieldDescriptor, read func(*decoder, protoreflect.FullName) (proto.Message, error)) func(*decoder, reflect.Value) error {
	name := field.Message().FullName()
	return func(d *decoder, target reflect.Value) error {
		message, err := read(d, name)
		if err != nil {
			return err
		}
		target.Set(reflect.ValueOf(message))
		return nil
	}
}
