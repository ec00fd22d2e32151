package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// callTimeout bounds every call of these tests: generous for a loaded machine.
const callTimeout = 20 * time.Second

// transport calls an rpc as a client would and fills response. Its errors are
// gRPC statuses; over JSON they are read back from google.rpc.Status.
type transport func(t *testing.T, method protoreflect.MethodDescriptor, c caller, request, response proto.Message) error

// errNoRoute says that the call cannot be made over JSON: a path variable is
// empty, which gRPC refuses by a rule of the contract.
var errNoRoute = errors.New("a path variable is empty: there is no route")

// transports are the two ways in.
func (s *runningServer) transports() map[string]transport {
	return map[string]transport{"gRPC": s.overGRPC, "JSON": s.overJSON}
}

func (s *runningServer) overGRPC(t *testing.T, method protoreflect.MethodDescriptor, c caller, request, response proto.Message) error {
	t.Helper()
	defer s.watched(c, request, response)
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	ctx = metadata.NewOutgoingContext(ctx, metadata.New(c.headers()))
	return s.conn.Invoke(ctx, "/"+string(method.Parent().FullName())+"/"+string(method.Name()), request, response)
}

func (s *runningServer) overJSON(t *testing.T, method protoreflect.MethodDescriptor, c caller, request, response proto.Message) error {
	t.Helper()
	defer s.watched(c, request, response)
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	outgoing, routed := facadeRequest(t, s.facade, method, request)
	if !routed {
		return errNoRoute
	}
	outgoing = outgoing.WithContext(ctx)
	for name, value := range c.headers() {
		outgoing.Header.Set(name, value)
	}
	answer, err := s.client.Do(outgoing)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if contentType := answer.Header.Get("Content-Type"); !strings.HasPrefix(contentType, "application/json") {
		t.Errorf("content type %q", contentType)
	}
	if answer.StatusCode == http.StatusOK {
		if err := protojson.Unmarshal(body, response); err != nil {
			t.Fatalf("body %s: %v", body, err)
		}
		return nil
	}
	failed := &spb.Status{}
	if err := protojson.Unmarshal(body, failed); err != nil {
		t.Fatalf("HTTP %d with the body %s: %v", answer.StatusCode, body, err)
	}
	return status.FromProto(failed).Err()
}

func (c caller) headers() map[string]string {
	headers := map[string]string{}
	if c.Token != "" {
		headers["authorization"] = "Bearer " + c.Token
	}
	if c.App != "" {
		headers["x-kakao-app"] = c.App
	}
	if c.timeout > 0 {
		headers["grpc-timeout"] = fmt.Sprintf("%dm", c.timeout.Milliseconds())
	}
	return headers
}

// watched tells the leak watch what secrets a call used.
func (s *runningServer) watched(c caller, request, response proto.Message) {
	s.watch.secret(c.Token)
	s.watch.message(request)
	s.watch.message(response)
}
