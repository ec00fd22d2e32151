package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// validation checks requests against the rules in the contract. The rules of
// all requests are compiled now: a wrong one fails the start, not a call.
func validation(services []protoreflect.ServiceDescriptor) (grpc.UnaryServerInterceptor, error) {
	var requests []protoreflect.MessageDescriptor
	for method := range methodsOf(services) {
		requests = append(requests, method.Input())
	}
	validator, err := protovalidate.New(protovalidate.WithMessageDescriptors(requests...))
	if err != nil {
		return nil, fmt.Errorf("validation rules: %w", err)
	}
	for _, request := range requests {
		// New does not report a rule that cannot be compiled; the first use does.
		var compilation *protovalidate.CompilationError
		if err := validator.Validate(dynamicpb.NewMessage(request)); errors.As(err, &compilation) {
			return nil, fmt.Errorf("validation rules of %s: %w", request.FullName(), err)
		}
	}
	return func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if message, ok := request.(proto.Message); ok {
			if err := validator.Validate(message); err != nil {
				return nil, refusal(message.ProtoReflect(), err)
			}
		}
		return handler(ctx, request)
	}, nil
}

// refusal names every field that breaks a rule.
func refusal(request protoreflect.Message, err error) error {
	var invalid *protovalidate.ValidationError
	if !errors.As(err, &invalid) {
		// A rule cannot be worked out on a time that is none, which only gRPC can
		// carry. Anything else would be a fault of the rules, not of the request.
		if field := impossibleTime(request, ""); field != "" {
			return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "", errorsx.WithViolation(field, "must be a time of the years 1 to 9999", "timestamp"))
		}
		return err
	}
	message := request.Descriptor()
	var options []errorsx.Option
	for _, violation := range invalid.Violations {
		rule := violation.Proto
		field, description := violatedField(message, rule), describe(violation)
		if union := unionOf(message, rule); union != nil {
			field, description = strings.TrimSuffix(strings.TrimSuffix(field, string(union.Name())), "."), oneOf(union)
		}
		options = append(options, errorsx.WithViolation(field, description, rule.GetRuleId()))
	}
	return errorsx.New(errorv1.Reason_REASON_REQUEST_INVALID, "", options...)
}

// violatedField is the path of the field in the names of the contract. A rule
// on a whole message names its field by the first part of its id
// ("target_ids.sorted"); where the message has no such field, the message
// itself is to blame.
func violatedField(message protoreflect.MessageDescriptor, rule *validate.Violation) string {
	path := protovalidate.FieldPathString(rule.GetField())
	for _, element := range rule.GetField().GetElements() {
		field := message.Fields().ByName(protoreflect.Name(element.GetFieldName()))
		if field == nil || field.Message() == nil {
			return path
		}
		message = field.Message()
	}
	name, _, _ := strings.Cut(rule.GetRuleId(), ".")
	if message.Fields().ByName(protoreflect.Name(name)) == nil {
		return path
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// unionOf is the oneof that a rule is about, or nil. Callers do not see its
// name: it is no member of the JSON.
func unionOf(message protoreflect.MessageDescriptor, rule *validate.Violation) protoreflect.OneofDescriptor {
	for _, element := range rule.GetField().GetElements() {
		name := protoreflect.Name(element.GetFieldName())
		if union := message.Oneofs().ByName(name); union != nil && element.GetFieldNumber() == 0 {
			return union
		}
		field := message.Fields().ByName(name)
		if field == nil || field.Message() == nil {
			return nil
		}
		message = field.Message()
	}
	return nil
}

// oneOf says what can be chosen.
func oneOf(union protoreflect.OneofDescriptor) string {
	var names []string
	for i := range union.Fields().Len() {
		names = append(names, string(union.Fields().Get(i).Name()))
	}
	return "must hold exactly one of " + strings.Join(names, ", ")
}

// describe says what would be right. protovalidate shows a pattern as it is, and
// does not list the values of an enum.
func describe(violation *protovalidate.Violation) string {
	switch violation.Proto.GetRuleId() {
	case "string.pattern":
		if words, known := patternWords[violation.RuleValue.String()]; known {
			return "must be " + words
		}
	case "enum.defined_only":
		if field := violation.FieldDescriptor; field != nil && field.Enum() != nil { // none for the elements of a list
			return "must be " + wanted(field)
		}
	}
	return violation.Proto.GetMessage()
}

// patternWords say in words what the patterns of the contract take.
var patternWords = map[string]string{
	"^[1-9][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$": "a day like 20260102",
	"^([01][0-9]|2[0-3])[0-5][05]$":                          "a time of day in steps of five minutes like 0905",
	"^[A-Za-z][A-Za-z0-9_+/-]*$":                             "the name of a time zone like Asia/Seoul",
}

// impossibleTime is the path of a timestamp that is none; empty if there is not one.
func impossibleTime(message protoreflect.Message, path string) (found string) {
	if at, ok := message.Interface().(*timestamppb.Timestamp); ok {
		if at.IsValid() {
			return ""
		}
		return path
	}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.Message() == nil || field.IsMap() {
			return true
		}
		inner := join(path, string(field.Name()))
		if !field.IsList() {
			found = impossibleTime(value.Message(), inner)
			return found == ""
		}
		for i := range value.List().Len() {
			if found = impossibleTime(value.List().Get(i).Message(), inner+"["+strconv.Itoa(i)+"]"); found != "" {
				return false
			}
		}
		return true
	})
	return found
}
