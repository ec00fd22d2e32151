package server

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// hand gives the content of one message to another. Both sides let go of what
// they hand over - the facade does not touch a request after the call, nor the
// engine a response - so lists and sub-messages change hands without a copy.
// Whoever keeps a response (a cache) must treat it as read-only, as it would
// have to over a wire.
func hand(into, from any) error {
	to, okTo := into.(proto.Message)
	source, okFrom := from.(proto.Message)
	if !okTo || !okFrom {
		return fmt.Errorf("in-process call: cannot hand a %T over as %T; want proto messages", from, into)
	}
	target, content := to.ProtoReflect(), source.ProtoReflect()
	if target.Descriptor() != content.Descriptor() || target.Type() != content.Type() {
		return transcribe(to, source)
	}
	proto.Reset(to)
	content.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		target.Set(field, value)
		return true
	})
	target.SetUnknown(content.GetUnknown())
	return nil
}

// transcribe takes the way over bytes, for the same message in two Go types: a
// dynamic and a generated one.
func transcribe(to, from proto.Message) error {
	if want, got := to.ProtoReflect().Descriptor().FullName(), from.ProtoReflect().Descriptor().FullName(); want != got {
		return fmt.Errorf("in-process call: got a %s, want a %s", got, want)
	}
	data, err := proto.Marshal(from)
	if err != nil {
		return fmt.Errorf("in-process call: %w", err)
	}
	return proto.Unmarshal(data, to)
}
