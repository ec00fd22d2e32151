// Command openapi is a protoc plugin that writes the two OpenAPI documents of
// the JSON facade, v2 and v3.1, and the Go package that embeds them.
//
// It owns what the documents say beyond the generators of grpc-gateway, which it
// runs on the contract: names as in the contract, examples, credentials, the
// errors of each operation, the limits that requests have to keep, and the
// shared texts (document.yaml). Both documents go through the same steps; what
// the versions write differently is in dialect.go. It imports nothing of the
// product: everything comes from the descriptors and from the recorded examples.
//
//	buf generate --template buf.gen.openapi.yaml
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	data, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	request := &pluginpb.CodeGeneratorRequest{}
	if err := proto.Unmarshal(data, request); err != nil {
		return err
	}
	path, given := strings.CutPrefix(request.GetParameter(), "exchanges=")
	if !given {
		return errors.New("want the option exchanges=<file that TestOpenAPIExamplesAreTrue wrote>")
	}
	examples, err := readExamples(path)
	if err != nil {
		return err
	}
	response, err := generate(request, examples)
	if err != nil {
		return err
	}
	answer, err := proto.Marshal(response)
	if err != nil {
		return err
	}
	_, err = out.Write(answer)
	return err
}

// generate writes the files of the package gen/openapi.
func generate(request *pluginpb.CodeGeneratorRequest, examples *examples) (*pluginpb.CodeGeneratorResponse, error) {
	texts, err := readTexts()
	if err != nil {
		return nil, err
	}
	extended := withDetails(request)
	c, err := newContract(extended, request.GetFileToGenerate())
	if err != nil {
		return nil, err
	}
	response := &pluginpb.CodeGeneratorResponse{
		SupportedFeatures: proto.Uint64(uint64(pluginpb.CodeGeneratorResponse_FEATURE_PROTO3_OPTIONAL)),
		File:              []*pluginpb.CodeGeneratorResponse_File{{Name: proto.String("openapi.go"), Content: proto.String(embedding)}},
	}
	for _, d := range dialects {
		document, err := d.generated(extended)
		if err != nil {
			return nil, err
		}
		w := &writer{dialect: d, contract: c, texts: texts, examples: examples, document: document}
		if err := w.write(); err != nil {
			return nil, fmt.Errorf("%s: %w", d.file, err)
		}
		text, err := document.indented()
		if err != nil {
			return nil, err
		}
		response.File = append(response.File, &pluginpb.CodeGeneratorResponse_File{Name: proto.String(d.file), Content: proto.String(text)})
	}
	return response, nil
}
