package kakao

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// isRedacted reports a field that the contract marks with debug_redact: a code,
// a token.
func isRedacted(field protoreflect.FieldDescriptor) bool {
	return field.Options().(*descriptorpb.FieldOptions).GetDebugRedact()
}

// hasRedacted reports whether a message has such a field at any depth.
func hasRedacted(message protoreflect.MessageDescriptor, parents []protoreflect.FullName) bool {
	if slices.Contains(parents, message.FullName()) {
		return false
	}
	parents = append(slices.Clone(parents), message.FullName())
	fields := message.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if isRedacted(field) || isMessage(field) && hasRedacted(field.Message(), parents) {
			return true
		}
	}
	return false
}

// collectRedacted gathers the texts of such fields.
func collectRedacted(message protoreflect.Message, texts *[]string) {
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap():
		case field.IsList() && isMessage(field):
			for i := range value.List().Len() {
				collectRedacted(value.List().Get(i).Message(), texts)
			}
		case field.IsList() && isRedacted(field):
			for i := range value.List().Len() {
				*texts = append(*texts, value.List().Get(i).String())
			}
		case isRedacted(field):
			*texts = append(*texts, value.String())
		case isMessage(field):
			collectRedacted(value.Message(), texts)
		}
		return true
	})
}
