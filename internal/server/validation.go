package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

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
				return nil, refusal(message.ProtoReflect().Descriptor(), err)
			}
		}
		return handler(ctx, request)
	}, nil
}

// refusal names every field that breaks a rule.
func refusal(message protoreflect.MessageDescriptor, err error) error {
	var invalid *protovalidate.ValidationError
	if !errors.As(err, &invalid) {
		return err // a fault of the rules, not of the request
	}
	var options []errorsx.Option
	for _, violation := range invalid.Violations {
		rule := violation.Proto
		field, description := violatedField(message, rule), rule.GetMessage()
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
