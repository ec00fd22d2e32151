package main

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// contract is what the .proto files say.
type contract struct {
	files *protoregistry.Files
	// methods by operationId: UserService_GetMe.
	methods map[string]protoreflect.MethodDescriptor
	// services in the order of the files.
	services []protoreflect.ServiceDescriptor
	// sent and returned are the messages of requests and of answers.
	sent, returned map[protoreflect.FullName]bool
}

// newContract reads the services of the named files of a request.
func newContract(request *pluginpb.CodeGeneratorRequest, names []string) (*contract, error) {
	files, err := resolved(request)
	if err != nil {
		return nil, err
	}
	c := &contract{
		files:   files,
		methods: map[string]protoreflect.MethodDescriptor{},
		sent:    map[protoreflect.FullName]bool{}, returned: map[protoreflect.FullName]bool{},
	}
	for _, name := range names {
		file, err := files.FindFileByPath(name)
		if err != nil {
			return nil, err
		}
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			c.services = append(c.services, service)
			for j := range service.Methods().Len() {
				method := service.Methods().Get(j)
				id := operationID(method)
				if c.methods[id] != nil {
					return nil, fmt.Errorf("two rpcs have the operationId %s", id)
				}
				c.methods[id] = method
				reach(c.sent, method.Input())
				reach(c.returned, method.Output())
			}
		}
	}
	return c, nil
}

// operationID is the generators' name of an rpc.
func operationID(method protoreflect.MethodDescriptor) string {
	return string(method.Parent().Name()) + "_" + string(method.Name())
}

// reach adds a message and all messages in it.
func reach(reached map[protoreflect.FullName]bool, message protoreflect.MessageDescriptor) {
	if reached[message.FullName()] {
		return
	}
	reached[message.FullName()] = true
	for i := range message.Fields().Len() {
		if inner := message.Fields().Get(i).Message(); inner != nil {
			reach(reached, inner)
		}
	}
}

// resolved are the descriptors of a request. The options of this project have no
// Go type here: they get a dynamic one out of the request itself.
func resolved(request *pluginpb.CodeGeneratorRequest) (*protoregistry.Files, error) {
	files, err := protodesc.NewFiles(&descriptorpb.FileDescriptorSet{File: request.GetProtoFile()})
	if err != nil {
		return nil, err
	}
	data, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	again := &pluginpb.CodeGeneratorRequest{}
	if err := (proto.UnmarshalOptions{Resolver: optionTypes{dynamicpb.NewTypes(files)}}).Unmarshal(data, again); err != nil {
		return nil, err
	}
	return protodesc.NewFiles(&descriptorpb.FileDescriptorSet{File: again.GetProtoFile()})
}

// optionTypes finds the type of an option: the generated one where there is one.
type optionTypes struct{ dynamic *dynamicpb.Types }

// FindExtensionByName implements protoregistry.ExtensionTypeResolver.
func (t optionTypes) FindExtensionByName(name protoreflect.FullName) (protoreflect.ExtensionType, error) {
	if known, err := protoregistry.GlobalTypes.FindExtensionByName(name); err == nil {
		return known, nil
	}
	return t.dynamic.FindExtensionByName(name)
}

// FindExtensionByNumber implements protoregistry.ExtensionTypeResolver.
func (t optionTypes) FindExtensionByNumber(message protoreflect.FullName, number protoreflect.FieldNumber) (protoreflect.ExtensionType, error) {
	if known, err := protoregistry.GlobalTypes.FindExtensionByNumber(message, number); err == nil {
		return known, nil
	}
	return t.dynamic.FindExtensionByNumber(message, number)
}

// httpOption is our own route of an rpc.
var httpOption = annotations.E_Http

func postRule(path string) *annotations.HttpRule {
	return &annotations.HttpRule{Pattern: &annotations.HttpRule_Post{Post: path}, Body: "*"}
}

// auth is the credential that an rpc takes: the name of a value of
// kakao.api.v1.Auth.
func auth(method protoreflect.MethodDescriptor) string {
	name := ""
	method.Options().ProtoReflect().Range(func(option protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if option.FullName() != "kakao.api.v1.endpoint" {
			return true
		}
		field := option.Message().Fields().ByName("auth")
		name = string(field.Enum().Values().ByNumber(value.Message().Get(field).Enum()).Name())
		return false
	})
	return name
}

// comment is the text above a declaration, without the line breaks that only
// its width asked for: paragraphs, and lines that begin with a word of the
// contract's own for a paragraph, stay apart.
func comment(d protoreflect.Descriptor) string {
	var paragraphs []string
	begun := false
	for line := range strings.SplitSeq(d.ParentFile().SourceLocations().ByDescriptor(d).LeadingComments, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			begun = false
		case begun && !paragraphWords.MatchString(line):
			paragraphs[len(paragraphs)-1] += " " + line
		default:
			paragraphs = append(paragraphs, line)
			begun = true
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

var (
	paragraphWords = regexp.MustCompile(`^(Credential|Errors|Quota|A read|Idempotent|Not idempotent|Unsafe)\b`)
	firstSentence  = regexp.MustCompile(`(?s)^(.*?)\.(?:\s+(.*))?$`)
	lastLink       = regexp.MustCompile(`\n\n(https://\S+)$`)
)

// described splits the comment of an rpc: the first sentence without the rpc's
// name, the rest, and the page of Kakao's documentation behind it.
func described(method protoreflect.MethodDescriptor) (summary, description, link string) {
	text := comment(method)
	if match := lastLink.FindStringSubmatch(text); match != nil {
		link, text = match[1], strings.TrimSuffix(text, match[0])
	}
	first, rest, _ := strings.Cut(text, "\n\n")
	if match := firstSentence.FindStringSubmatch(first); match != nil {
		first, rest = match[1], strings.TrimSpace(match[2]+"\n\n"+rest)
	}
	return withoutName(first, method), rest, link
}

// serviceTexts splits the comment of a service: what it is about, and what holds
// for every call, which a reader wants to find at each operation.
func serviceTexts(service protoreflect.Descriptor) (about, everywhere string) {
	var texts [2][]string
	for paragraph := range strings.SplitSeq(comment(service), "\n\n") {
		part := 0
		if paragraphWords.MatchString(paragraph) {
			part = 1
			paragraph = strings.Replace(paragraph, "every rpc", "every operation of "+string(service.Name()), 1)
		}
		texts[part] = append(texts[part], paragraph)
	}
	return strings.Join(texts[0], "\n\n"), strings.Join(texts[1], "\n\n")
}

// withoutName is a sentence that begins with the name of what it describes,
// without that name.
func withoutName(sentence string, d protoreflect.Descriptor) string {
	sentence = strings.TrimPrefix(sentence, string(d.Name())+" ")
	return strings.ToUpper(sentence[:1]) + sentence[1:]
}
