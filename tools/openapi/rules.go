package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// rulesOf are the protovalidate rules of a field; nil: none.
func rulesOf(field protoreflect.FieldDescriptor) *validate.FieldRules {
	rules, _ := proto.GetExtension(field.Options(), validate.E_Field).(*validate.FieldRules)
	return rules
}

// isRequired reports whether a request without the field is refused: by the rule
// of that name, or because nothing is less than a rule wants.
func isRequired(field protoreflect.FieldDescriptor) bool {
	rules := rulesOf(field)
	least := rules.GetString().GetMinLen() + rules.GetRepeated().GetMinItems() + rules.GetMap().GetMinPairs()
	return rules.GetRequired() || !field.HasPresence() && least > 0
}

func isRequiredUnion(union protoreflect.OneofDescriptor) bool {
	rules, _ := proto.GetExtension(union.Options(), validate.E_Oneof).(*validate.OneofRules)
	return rules.GetRequired()
}

// keywords are the rules that JSON Schema has a word for.
var keywords = map[protoreflect.Name]string{
	"min_len": "minLength", "max_len": "maxLength", "pattern": "pattern",
	"gte": "minimum", "lte": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum",
	"min_items": "minItems", "max_items": "maxItems", "unique": "uniqueItems",
	"min_pairs": "minProperties", "max_pairs": "maxProperties",
}

// limit writes the rules of a field into its schema, as far as JSON Schema and
// the JSON notation of the field can say them: not on messages, enums and
// 64-bit integers, which are text.
func (w *writer) limit(schema *object, field protoreflect.FieldDescriptor) {
	if rules := rulesOf(field); rules != nil {
		w.limitBy(schema, rules)
	}
	least := map[bool]string{true: "minItems", false: "minLength"}[field.IsList()]
	countable := field.IsList() || field.Kind() == protoreflect.StringKind && !field.IsMap()
	if isRequired(field) && !field.HasPresence() && countable && !schema.has(least) {
		schema.set(least, 1) // an empty one is as good as none
	}
}

func (w *writer) limitBy(schema *object, rules *validate.FieldRules) {
	switch of := rules.GetType().(type) {
	case *validate.FieldRules_Repeated:
		w.apply(schema, of.Repeated.ProtoReflect())
		if items := schema.object("items"); items != nil && of.Repeated.GetItems() != nil {
			w.limitBy(items, of.Repeated.GetItems())
		}
	case *validate.FieldRules_Map:
		w.apply(schema, of.Map.ProtoReflect())
	case *validate.FieldRules_Bytes: // in base64
		if limit := of.Bytes.GetMaxLen(); limit > 0 {
			schema.set("maxLength", (limit+2)/3*4)
		}
	case *validate.FieldRules_String_:
		w.apply(schema, of.String_.ProtoReflect())
		if of.String_.GetUri() {
			schema.set("format", "uri")
		}
	case *validate.FieldRules_Int32:
		w.apply(schema, of.Int32.ProtoReflect())
		if of.Int32.HasConst() {
			schema.set("enum", []any{of.Int32.GetConst()})
		}
	case *validate.FieldRules_Double:
		w.apply(schema, of.Double.ProtoReflect())
	}
}

// apply writes the rules that have a keyword, in the order of their numbers.
func (w *writer) apply(schema *object, rules protoreflect.Message) {
	for i := range rules.Descriptor().Fields().Len() {
		rule := rules.Descriptor().Fields().Get(i)
		keyword, known := keywords[rule.Name()]
		if !known || !rules.Has(rule) {
			continue
		}
		limit := rules.Get(rule).Interface()
		if number, ok := limit.(float64); ok {
			limit = json.Number(fmt.Sprint(number))
		}
		if bound, exclusive := strings.CutPrefix(keyword, "exclusiveM"); exclusive && !w.v3 {
			schema.set("m"+bound, limit)
			limit = true
		}
		schema.set(keyword, limit)
	}
}

// fieldRules are the rules of a field in the words of the refusal, where they
// are expressions.
func fieldRules(field protoreflect.FieldDescriptor) []string { return inWords(rulesOf(field).GetCel()) }

// messageRules are those of a message.
func messageRules(message protoreflect.MessageDescriptor) []string {
	rules, _ := proto.GetExtension(message.Options(), validate.E_Message).(*validate.MessageRules)
	return inWords(rules.GetCel())
}

// inWords makes a list of rules, whose messages name the field themselves.
func inWords(rules []*validate.Rule) []string {
	var lines []string
	for _, rule := range rules {
		// Two rules of one sentence blame two fields.
		if line := "- " + rule.GetMessage(); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if lines == nil {
		return nil
	}
	return []string{strings.Join(lines, "\n")}
}
