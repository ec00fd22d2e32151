// Command descriptorset compiles the contract, with all that it imports, into
// one file: a google.protobuf.FileDescriptorSet with comments. From it every
// generator of stubs works without include paths: protoc by
// --descriptor_set_in, buf as an image.
//
// Debian's protoc 3.21, like every one before 22, cannot read the sources
// themselves: it does not know the option debug_redact.
//
// It prints the names of the files to generate from: all but google/protobuf,
// which every language's protobuf library brings.
package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	_ "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	_ "github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-openapiv2/options"
	_ "google.golang.org/genproto/googleapis/api/annotations"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	_ "google.golang.org/genproto/googleapis/rpc/status"
)

// details are what failures carry and the contract does not import.
var details = []string{"google/rpc/error_details.proto", "google/rpc/status.proto"}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: descriptorset <directory of the contract> <output file>")
		os.Exit(2)
	}
	names, err := write(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "descriptorset:", err)
		os.Exit(1)
	}
	fmt.Println(strings.Join(names, "\n"))
}

// write compiles every .proto file below the directory and returns the names
// of what it wrote but google/protobuf.
func write(directory, output string) ([]string, error) {
	sources, err := protoFiles(directory)
	if err != nil {
		return nil, err
	}
	compiler := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(protocompile.CompositeResolver{
			&protocompile.SourceResolver{ImportPaths: []string{directory}},
			protocompile.ResolverFunc(linkedIn),
		}),
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(context.Background(), append(sources, details...)...)
	if err != nil {
		return nil, err
	}
	set := &collection{seen: map[string]bool{}}
	for _, file := range files {
		set.add(file)
	}
	data, err := proto.Marshal(&set.FileDescriptorSet)
	if err != nil {
		return nil, err
	}
	return set.names, os.WriteFile(output, data, 0o600)
}

// protoFiles lists the .proto files below a directory by their import paths.
func protoFiles(directory string) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(directory), ".", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".proto" {
			names = append(names, path)
		}
		return err
	})
	if err == nil && len(names) == 0 {
		return nil, fmt.Errorf("no .proto file below %s", directory)
	}
	return names, err
}

// linkedIn finds a file among the descriptors of the pinned Go modules.
func linkedIn(path string) (protocompile.SearchResult, error) {
	file, err := protoregistry.GlobalFiles.FindFileByPath(path)
	return protocompile.SearchResult{Desc: file}, err
}

// collection is a descriptor set in the making: each file once, after what it
// imports.
type collection struct {
	descriptorpb.FileDescriptorSet
	names []string
	seen  map[string]bool
}

func (c *collection) add(file protoreflect.FileDescriptor) {
	if c.seen[file.Path()] {
		return
	}
	c.seen[file.Path()] = true
	imports := file.Imports()
	for i := range imports.Len() {
		c.add(imports.Get(i).FileDescriptor)
	}
	c.File = append(c.File, protodesc.ToFileDescriptorProto(file))
	if !strings.HasPrefix(file.Path(), "google/protobuf/") {
		c.names = append(c.names, file.Path())
	}
}
