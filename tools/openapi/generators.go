package main

import (
	"bytes"
	"context"
	_ "embed" // openapi.go.txt
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// embedding is the package gen/openapi.
//
//go:embed openapi.go.txt
var embedding string

// generated is the document as the generator makes it, of all files.
func (d *dialect) generated(request *pluginpb.CodeGeneratorRequest) (*object, error) {
	files, err := d.runGenerator(request)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(files, func(a, b *pluginpb.CodeGeneratorResponse_File) int { return strings.Compare(a.GetName(), b.GetName()) })
	var whole *object
	for _, file := range files {
		part, err := parseObject(file.GetContent())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.GetName(), err)
		}
		if whole == nil {
			whole = part
			continue
		}
		if err := d.merge(whole, part); err != nil {
			return nil, fmt.Errorf("%s: %w", file.GetName(), err)
		}
	}
	if whole == nil {
		return nil, errors.New(d.generator + " wrote nothing")
	}
	return whole, nil
}

// merge adds the document of one .proto file to that of others. A path or
// schema of two files is the same in both: it has the name of the contract.
func (d *dialect) merge(whole, part *object) error {
	for path, item := range part.object("paths").all() {
		if whole.object("paths").has(path) {
			return errors.New("the path " + path + " stands in two files")
		}
		whole.object("paths").set(path, item)
	}
	for name, schema := range d.schemas(part).all() {
		d.schemas(whole).set(name, schema)
	}
	return nil
}

// runGenerator runs the dialect's generator, one of the tools of this module, on
// the contract with one change: the JSON name of each field is its name in the
// contract, as on the facade.
func (d *dialect) runGenerator(request *pluginpb.CodeGeneratorRequest) ([]*pluginpb.CodeGeneratorResponse_File, error) {
	changed := proto.CloneOf(request)
	changed.Parameter = proto.String(d.parameter)
	for _, file := range changed.GetProtoFile() {
		for _, message := range file.GetMessageType() {
			keepNames(message)
		}
	}
	in, err := proto.Marshal(changed)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	command := exec.CommandContext(context.Background(), "go", "tool", d.generator) //nolint:gosec // one of dialects
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(in), &out, os.Stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go tool %s: %w", d.generator, err)
	}
	response := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(out.Bytes(), response); err != nil {
		return nil, fmt.Errorf("%s: %w", d.generator, err)
	}
	if response.GetError() != "" {
		return nil, fmt.Errorf("%s: %s", d.generator, response.GetError())
	}
	return response.GetFile(), nil
}

func keepNames(message *descriptorpb.DescriptorProto) {
	for _, field := range message.GetField() {
		field.JsonName = proto.String(field.GetName())
	}
	for _, nested := range message.GetNestedType() {
		keepNames(nested)
	}
}

// details are the messages that the details of a google.rpc.Status hold, in the
// order in which they come.
var details = []string{
	"google.rpc.ErrorInfo", "kakao.error.v1.KakaoError", "google.rpc.BadRequest", "google.rpc.RetryInfo",
	"google.rpc.QuotaFailure", "google.rpc.PreconditionFailure", "google.rpc.Help", "google.rpc.RequestInfo",
}

const (
	detailsMessage = "kakao.openapi.Details"
	detailsTag     = "DetailsService"
	detailsPath    = "/details"
)

// withDetails adds a service whose only rpc returns a message with all details,
// so that the generators describe them.
func withDetails(original *pluginpb.CodeGeneratorRequest) *pluginpb.CodeGeneratorRequest {
	request := proto.CloneOf(original)
	for _, dependency := range []*descriptorpb.FileDescriptorProto{
		protodesc.ToFileDescriptorProto(durationpb.File_google_protobuf_duration_proto),
		protodesc.ToFileDescriptorProto(errdetails.File_google_rpc_error_details_proto),
	} {
		if !slices.ContainsFunc(request.GetProtoFile(), func(f *descriptorpb.FileDescriptorProto) bool { return f.GetName() == dependency.GetName() }) {
			dependency.SourceCodeInfo = &descriptorpb.SourceCodeInfo{} // the generators want one
			request.ProtoFile = append(request.ProtoFile, dependency)
		}
	}
	message := &descriptorpb.DescriptorProto{Name: proto.String("Details")}
	for i, name := range details {
		message.Field = append(message.Field, &descriptorpb.FieldDescriptorProto{
			Name: proto.String(fmt.Sprintf("detail_%d", i)), Number: proto.Int32(int32(i + 1)), //nolint:gosec // a handful
			Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(), Type: descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(),
			TypeName: proto.String("." + name),
		})
	}
	method := &descriptorpb.MethodDescriptorProto{
		Name: proto.String("Get"), InputType: proto.String("." + detailsMessage), OutputType: proto.String("." + detailsMessage),
		Options: &descriptorpb.MethodOptions{},
	}
	proto.SetExtension(method.GetOptions(), httpOption, postRule(detailsPath))
	file := &descriptorpb.FileDescriptorProto{
		Name: proto.String("kakao/openapi/details.proto"), Package: proto.String("kakao.openapi"), Syntax: proto.String("proto3"),
		Dependency: []string{"google/api/annotations.proto", "google/rpc/error_details.proto", "kakao/error/v1/error.proto"},
		Options:    &descriptorpb.FileOptions{GoPackage: proto.String("kakao/openapi")}, SourceCodeInfo: &descriptorpb.SourceCodeInfo{},
		MessageType: []*descriptorpb.DescriptorProto{message},
		Service:     []*descriptorpb.ServiceDescriptorProto{{Name: proto.String(detailsTag), Method: []*descriptorpb.MethodDescriptorProto{method}}},
	}
	request.ProtoFile = append(request.ProtoFile, file)
	request.FileToGenerate = append(request.FileToGenerate, file.GetName())
	return request
}
