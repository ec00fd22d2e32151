package main

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// messages goes through the schemas of messages and enums: texts and order of
// the contract, what is required, what is refused.
func (w *writer) messages() {
	for name, schema := range w.schemas(w.document).all() {
		message, partial := w.bodies[name]
		if !partial {
			descriptor, err := w.contract.files.FindDescriptorByName(protoreflect.FullName(name))
			if err != nil {
				w.schemas(w.document).delete(name) // a well-known type that nothing refers to
				continue
			}
			if enum, ok := descriptor.(protoreflect.EnumDescriptor); ok {
				w.enum(schema, enum)
				continue
			}
			message = descriptor.(protoreflect.MessageDescriptor)
		}
		w.message(schema, message)
	}
}

func (w *writer) message(schema *object, message protoreflect.MessageDescriptor) {
	sent, returned := w.contract.sent[message.FullName()], w.contract.returned[message.FullName()]
	text := []string{comment(message)}
	schema.delete("title", "description", "required", "oneOf", "allOf")
	var names []string
	var required []any
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		property := schema.inner("properties").object(string(field.Name()))
		if property == nil {
			continue // it stands in the path
		}
		names = append(names, string(field.Name()))
		if field.Enum() != nil && field.Enum().FullName() == "google.protobuf.NullValue" {
			property = w.null()
			schema.inner("properties").set(string(field.Name()), property)
		}
		w.describe(property, fieldText(field))
		if sent {
			w.limit(property, field)
		}
		// A request without what is required is refused; an answer always has
		// what cannot be absent.
		if sent && !returned && isRequired(field) || returned && !sent && !field.HasPresence() {
			required = append(required, string(field.Name()))
		}
	}
	schema.inner("properties").order(names...)
	if len(required) > 0 {
		schema.set("required", required)
	}
	w.unions(schema, message)
	if sent {
		text = append(text, unionTexts(message)...)
		text = append(text, messageRules(message)...)
	}
	if sent && !returned {
		schema.set("additionalProperties", false) // refused by name
	}
	schema.setText("description", strings.Trim(strings.Join(text, "\n\n"), "\n"))
	schema.order("type", "description", "required", "properties", "additionalProperties", "oneOf", "allOf", "example")
}

// enum leaves out the value that stands for none: requests may not have it.
func (w *writer) enum(schema *object, enum protoreflect.EnumDescriptor) {
	schema.delete("title", "description", "default", "enum")
	var names []any
	text := []string{comment(enum)}
	var values []string
	for i := range enum.Values().Len() {
		if value := enum.Values().Get(i); value.Number() != 0 {
			names = append(names, string(value.Name()))
			values = append(values, fmt.Sprintf("- %s: %s", value.Name(), comment(value)))
		}
	}
	text = append(text, strings.Join(values, "\n"))
	schema.set("enum", names)
	schema.set("description", strings.Trim(strings.Join(text, "\n\n"), "\n"))
}

// realUnions are the oneofs of a message that people wrote.
func realUnions(message protoreflect.MessageDescriptor) []protoreflect.OneofDescriptor {
	var unions []protoreflect.OneofDescriptor
	for i := range message.Oneofs().Len() {
		if union := message.Oneofs().Get(i); !union.IsSynthetic() && union.Fields().Len() > 1 {
			unions = append(unions, union)
		}
	}
	return unions
}

// unions says in 3.1 that at most one member of a oneof may be there. The
// generator says so too, and repeats the schema of each member.
func (w *writer) unions(schema *object, message protoreflect.MessageDescriptor) {
	var constraints []any
	for _, union := range realUnions(message) {
		if !w.v3 {
			return // OpenAPI 2 cannot
		}
		var alternatives, none []any
		for i := range union.Fields().Len() {
			alone := newObject("required", []any{string(union.Fields().Get(i).Name())})
			alternatives, none = append(alternatives, alone), append(none, alone)
		}
		if !isRequiredUnion(union) {
			alternatives = append(alternatives, newObject("not", newObject("anyOf", none)))
		}
		constraints = append(constraints, newObject("oneOf", alternatives))
	}
	switch len(constraints) {
	case 0:
	case 1:
		schema.set("oneOf", constraints[0].(*object).values["oneOf"])
	default:
		schema.set("allOf", constraints)
	}
}

func unionTexts(message protoreflect.MessageDescriptor) []string {
	var texts []string
	for _, union := range realUnions(message) {
		var names []string
		for i := range union.Fields().Len() {
			names = append(names, string(union.Fields().Get(i).Name()))
		}
		text := "At most one of "
		if isRequiredUnion(union) {
			text = "Exactly one of "
		}
		texts = append(texts, text+strings.Join(names, ", ")+".")
	}
	return texts
}

// fieldText is the comment of a field and the rules that only words can say.
func fieldText(field protoreflect.FieldDescriptor) string {
	text := append([]string{comment(field)}, fieldRules(field)...)
	return strings.Join(slices.DeleteFunc(text, func(t string) bool { return t == "" }), "\n\n")
}
