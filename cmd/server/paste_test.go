package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// paste does what a line of the banner would do in a shell, without needing
// curl and grpcurl on the machine; false: it is no such line.
func paste(t *testing.T, line string) (answer string, ok bool) {
	t.Helper()
	words := shellWords(t, strings.TrimSpace(line))
	if len(words) == 0 {
		return "", false
	}
	switch words[0] {
	case "curl":
		return curl(t, words[1:]), true
	case "grpcurl":
		return grpcurl(t, words[1:]), true
	}
	return "", false
}

// shellWords splits a line at spaces outside of single quotes; lines for
// people, which have no quotes, come out as words too.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	quoted, inWord := false, false
	for _, r := range line {
		switch {
		case r == '\'':
			quoted, inWord = !quoted, true
		case r == ' ' && !quoted:
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	if len(words) > 0 && strings.HasSuffix(words[0], "curl") && quoted {
		t.Fatalf("an open quote: %s", line)
	}
	return words
}

// curl knows the options that the banner uses, and fails the test on others.
func curl(t *testing.T, words []string) string {
	t.Helper()
	var address string
	var data []string
	get := false
	header := http.Header{}
	for i := 0; i < len(words); i++ {
		switch word := words[i]; word {
		case "-sS":
		case "-G":
			get = true
		case "-H":
			i++
			name, value, _ := strings.Cut(words[i], ":")
			header.Add(name, strings.TrimSpace(value))
		case "-d", "--data-urlencode":
			i++
			if name, value, _ := strings.Cut(words[i], "="); word == "--data-urlencode" {
				words[i] = name + "=" + url.QueryEscape(value)
			}
			data = append(data, words[i])
		default:
			if strings.HasPrefix(word, "-") || address != "" {
				t.Fatalf("curl: unexpected %q", word)
			}
			address = word
		}
	}
	method, body := http.MethodGet, ""
	switch joined := strings.Join(data, "&"); {
	case joined == "":
	case get:
		address += "?" + joined
	default:
		method, body = http.MethodPost, joined
		if header.Get("Content-Type") == "" {
			header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// grpcurl lists services and makes unary calls, all of it by reflection.
func grpcurl(t *testing.T, words []string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	header := metadata.MD{}
	data := "{}"
	var targets []string
	for i := 0; i < len(words); i++ {
		switch word := words[i]; word {
		case "-plaintext":
		case "-H":
			i++
			name, value, _ := strings.Cut(words[i], ":")
			header.Append(name, strings.TrimSpace(value))
		case "-d":
			i++
			data = words[i]
		default:
			if strings.HasPrefix(word, "-") {
				t.Fatalf("grpcurl: unexpected %q", word)
			}
			targets = append(targets, word)
		}
	}
	ctx = metadata.NewOutgoingContext(ctx, header)
	if len(targets) != 2 {
		t.Fatalf("grpcurl: want an address and a symbol, got %q", targets)
	}
	conn, err := grpc.NewClient(targets[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if targets[1] == "list" {
		answer := reflect(ctx, t, conn, &reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}})
		return fmt.Sprint(answer.GetListServicesResponse())
	}
	service, name, _ := strings.Cut(targets[1], "/")
	method := findMethod(ctx, t, conn, service, name)
	request, response := dynamicpb.NewMessage(method.Input()), dynamicpb.NewMessage(method.Output())
	if err := protojson.Unmarshal([]byte(data), request); err != nil {
		t.Fatalf("grpcurl: -d: %v", err)
	}
	if err := conn.Invoke(ctx, "/"+targets[1], request, response); err != nil {
		t.Fatalf("grpcurl: %s: %v", targets[1], err)
	}
	answer, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func reflect(ctx context.Context, t *testing.T, conn *grpc.ClientConn, request *reflectionv1.ServerReflectionRequest) *reflectionv1.ServerReflectionResponse {
	t.Helper()
	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.CloseSend() }()
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	response, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	if failure := response.GetErrorResponse(); failure != nil {
		t.Fatalf("reflection: %s", failure.GetErrorMessage())
	}
	return response
}

// findMethod fetches the file of a service with all that it imports, as a
// client that knows nothing of the contract has to.
func findMethod(ctx context.Context, t *testing.T, conn *grpc.ClientConn, service, name string) protoreflect.MethodDescriptor {
	t.Helper()
	answer := reflect(ctx, t, conn, &reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: service},
	})
	set := &descriptorpb.FileDescriptorSet{}
	for _, data := range answer.GetFileDescriptorResponse().GetFileDescriptorProto() {
		file := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(data, file); err != nil {
			t.Fatal(err)
		}
		set.File = append(set.File, file)
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := files.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		t.Fatal(err)
	}
	method := descriptor.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name))
	if method == nil {
		t.Fatalf("%s has no %s", service, name)
	}
	return method
}
