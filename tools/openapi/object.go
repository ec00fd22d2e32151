package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
)

// object is a JSON object that keeps the order of its members, so that fields
// and operations stand in the documents as they stand in the contract. Values
// are *object, []any, string, json.Number, bool and nil, and whatever else
// encoding/json writes.
type object struct {
	names  []string
	values map[string]any
}

// newObject makes an object of names and values in turn.
func newObject(members ...any) *object {
	o := &object{values: map[string]any{}}
	for i := 0; i+1 < len(members); i += 2 {
		o.set(members[i].(string), members[i+1])
	}
	return o
}

func (o *object) set(name string, value any) {
	if _, known := o.values[name]; !known {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// setText sets a member unless the text is empty.
func (o *object) setText(name, text string) {
	if text != "" {
		o.set(name, text)
	}
}

func (o *object) delete(names ...string) {
	for _, name := range names {
		delete(o.values, name)
		o.names = slices.DeleteFunc(o.names, func(n string) bool { return n == name })
	}
}

func (o *object) has(name string) bool { _, has := o.values[name]; return has }

func (o *object) text(name string) string { text, _ := o.values[name].(string); return text }

// object returns the member that is an object, nil if there is none.
func (o *object) object(name string) *object { inner, _ := o.values[name].(*object); return inner }

// inner returns the member that is an object, made if there is none.
func (o *object) inner(name string) *object {
	if o.object(name) == nil {
		o.set(name, newObject())
	}
	return o.object(name)
}

// objects are the elements of a member that is a list of objects.
func (o *object) objects(name string) []*object {
	list, _ := o.values[name].([]any)
	var objects []*object
	for _, element := range list {
		if inner, ok := element.(*object); ok {
			objects = append(objects, inner)
		}
	}
	return objects
}

// all are the members that are objects, in order; they may be changed meanwhile.
func (o *object) all() iter.Seq2[string, *object] {
	return func(yield func(string, *object) bool) {
		if o == nil {
			return
		}
		for _, name := range slices.Clone(o.names) {
			if inner := o.object(name); inner != nil && !yield(name, inner) {
				return
			}
		}
	}
}

// order puts the members into the order of the names; others follow as they are.
func (o *object) order(names ...string) {
	rank := func(name string) int {
		if i := slices.Index(names, name); i >= 0 {
			return i
		}
		return len(names)
	}
	slices.SortStableFunc(o.names, func(a, b string) int { return rank(a) - rank(b) })
}

// sort puts the members into the order of the alphabet.
func (o *object) sort() { slices.Sort(o.names) }

// MarshalJSON implements json.Marshaler.
func (o *object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			out.WriteByte(',')
		}
		key, err := encode(name)
		if err != nil {
			return nil, err
		}
		value, err := encode(o.values[name])
		if err != nil {
			return nil, err
		}
		out.WriteString(key + ":" + value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encode writes a value with <, > and & as they are.
func encode(value any) (string, error) {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// indented is the object as text for people too.
func (o *object) indented() (string, error) {
	compact, err := encode(o)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(compact), "", " "); err != nil {
		return "", err
	}
	out.WriteByte('\n')
	return out.String(), nil
}

// parseObject reads a JSON object.
func parseObject(text string) (*object, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := parseValue(decoder)
	if err != nil {
		return nil, err
	}
	o, ok := value.(*object)
	if !ok {
		return nil, errors.New("want a JSON object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("want nothing behind the JSON object")
	}
	return o, nil
}

func parseValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := newObject()
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := parseValue(decoder)
			if err != nil {
				return nil, err
			}
			o.set(name.(string), value)
		}
		_, err = decoder.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			value, err := parseValue(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = decoder.Token()
		return list, err
	}
	return token, nil
}
