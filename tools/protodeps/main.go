// Command protodeps writes the .proto sources that this project's contract
// imports but does not own: google/api, google/rpc, buf/validate and the
// OpenAPI options of grpc-gateway.
//
// They are printed from the descriptors that the pinned Go modules link in, so
// generation needs nothing but the Go module proxy: no schema registry and no
// foreign source in the repository. The output directory is a second module of
// the buf workspace and is ignored by git.
package main

import (
	"fmt"
	"os"

	"github.com/jhump/protoreflect/desc"            //nolint:staticcheck // protoprint takes these descriptors; v2 has no release yet
	"github.com/jhump/protoreflect/desc/protoprint" //nolint:staticcheck // see above

	_ "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	_ "google.golang.org/genproto/googleapis/api/annotations"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	_ "google.golang.org/genproto/googleapis/rpc/status"
)

// roots are the files the project's contract imports; what they import in turn
// is written as well, except google/protobuf, which every compiler brings.
var roots = []string{
	"buf/validate/validate.proto",
	"google/api/annotations.proto",
	"google/rpc/error_details.proto",
	"google/rpc/status.proto",
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: protodeps <output directory>")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "protodeps:", err)
		os.Exit(1)
	}
}

func write(directory string) error {
	files := map[string]*desc.FileDescriptor{}
	for _, name := range roots {
		file, err := desc.LoadFileDescriptor(name)
		if err != nil {
			return fmt.Errorf("%s is not linked in: %w", name, err)
		}
		collect(file, files)
	}
	sources := make([]*desc.FileDescriptor, 0, len(files))
	for _, file := range files {
		sources = append(sources, file)
	}
	printer := protoprint.Printer{SortElements: true, Compact: true}
	return printer.PrintProtosToFileSystem(sources, directory)
}

func collect(file *desc.FileDescriptor, files map[string]*desc.FileDescriptor) {
	if _, seen := files[file.GetName()]; seen || file.GetPackage() == "google.protobuf" {
		return
	}
	files[file.GetName()] = file
	for _, dependency := range file.GetDependencies() {
		collect(dependency, files)
	}
}
