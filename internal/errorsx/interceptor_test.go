package errorsx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// failing is a service that fails as it is told by the name in the request.
type failing struct {
	grpc_health_v1.UnimplementedHealthServer
	failures map[string]error
}

func (f failing) Check(_ context.Context, r *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	return &grpc_health_v1.HealthCheckResponse{}, f.failures[r.GetService()]
}

func (f failing) Watch(r *grpc_health_v1.HealthCheckRequest, _ grpc_health_v1.Health_WatchServer) error {
	return f.failures[r.GetService()]
}

func withDetails(t *testing.T, s *status.Status, details ...proto.Message) error {
	t.Helper()
	p := s.Proto()
	p.Details = pack(s.Code(), "", details).Proto().GetDetails()
	return status.FromProto(p).Err()
}

func TestInterceptors(t *testing.T) {
	const inside = "pq: password of user kakaorpc at 192.0.2.7"
	own := New(errorv1.Reason_REASON_APP_UNKNOWN, "")
	quota := FromResponse(Call{Host: "kapi.kakao.com", App: "default"}, Response{HTTPStatus: 400, Body: []byte(`{"code":-10,"msg":"x"}`)})
	lost := FromResponse(Call{Host: "kapi.kakao.com", Write: true}, Response{HTTPStatus: 502})
	foreignInfo := &errdetails.ErrorInfo{Reason: "OTHER", Domain: "example.test"}
	tests := map[string]struct {
		err      error
		code     codes.Code
		reason   string
		message  string // a part of it
		pushback bool
	}{
		"own":                  {err: own, code: codes.InvalidArgument, reason: "APP_UNKNOWN"},
		"wrapped":              {err: fmt.Errorf("%s: %w", inside, own), code: codes.InvalidArgument, reason: "APP_UNKNOWN"},
		"quota":                {err: quota, code: codes.ResourceExhausted, reason: "KAKAO_QUOTA_EXCEEDED", pushback: true},
		"lost write":           {err: lost, code: codes.Unavailable, reason: "KAKAO_UNREACHABLE", pushback: true},
		"status of our own":    {err: own.GRPCStatus().Err(), code: codes.InvalidArgument, reason: "APP_UNKNOWN"},
		"quota as status":      {err: quota.GRPCStatus().Err(), code: codes.ResourceExhausted, reason: "KAKAO_QUOTA_EXCEEDED", pushback: true},
		"plain":                {err: errors.New(inside), code: codes.Internal, reason: "INTERNAL"},
		"cancelled":            {err: fmt.Errorf("x: %w", context.Canceled), code: codes.Canceled, reason: "CALL_CANCELLED"},
		"deadline":             {err: context.DeadlineExceeded, code: codes.DeadlineExceeded, reason: "CALL_DEADLINE_EXCEEDED"},
		"bare invalid":         {err: status.Error(codes.InvalidArgument, "x is odd"), code: codes.InvalidArgument, reason: "REQUEST_INVALID", message: "x is odd"},
		"bare internal":        {err: status.Error(codes.Internal, inside), code: codes.Internal, reason: "INTERNAL"},
		"bare unknown":         {err: status.Error(codes.Unknown, inside), code: codes.Internal, reason: "INTERNAL"},
		"bare unimplemented":   {err: status.Error(codes.Unimplemented, "method X not implemented"), code: codes.Unimplemented, reason: "RPC_UNKNOWN", message: "method X"},
		"bare not found":       {err: status.Error(codes.NotFound, "no such thing"), code: codes.NotFound, reason: "UNCLASSIFIED", message: "no such thing"},
		"bare of no code":      {err: status.Error(codes.Code(99), "x"), code: codes.Unknown, reason: "UNCLASSIFIED"},
		"bare with a key":      {err: status.Error(codes.Aborted, "key "+testKey), code: codes.Aborted, reason: "UNCLASSIFIED", message: "key [redacted]"},
		"bare without message": {err: status.Error(codes.Unavailable, ""), code: codes.Unavailable, reason: "SERVER_UNAVAILABLE", message: "not ready"},
		"with the inside as detail": {err: withDetails(t, status.New(codes.NotFound, "x"), foreignInfo, &errdetails.DebugInfo{Detail: inside}),
			code: codes.NotFound, reason: "UNCLASSIFIED"},
		"ours with the inside": {err: withDetails(t, own.GRPCStatus(), &errdetails.ErrorInfo{Reason: "APP_UNKNOWN", Domain: domain}, &errorv1.KakaoError{}, &errdetails.DebugInfo{Detail: inside}),
			code: codes.InvalidArgument, reason: "REQUEST_INVALID"},
		"two infos": {err: withDetails(t, own.GRPCStatus(), &errdetails.ErrorInfo{Reason: "APP_UNKNOWN", Domain: domain}, foreignInfo, &errorv1.KakaoError{}),
			code: codes.InvalidArgument, reason: "REQUEST_INVALID"},
		"with violations": {err: withDetails(t, status.New(codes.InvalidArgument, "bad"), &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "x", Description: "odd"}}}),
			code: codes.InvalidArgument, reason: "REQUEST_INVALID", message: "bad"},
	}
	failures := map[string]error{}
	for name, test := range tests {
		failures[name] = test.err
	}
	client := serve(t, failing{failures: failures})

	for name, test := range tests {
		for kind, call := range map[string]func(context.Context, string) (metadata.MD, error){"unary": client.check, "stream": client.watch} {
			trailer, err := call(t.Context(), name)
			e := From(err) // as a Go client of ours reads it
			checkInvariants(t, e, []string{inside, testKey})
			if e.Code() != test.code || reasonName(e.Reason()) != test.reason || !strings.Contains(e.Error(), test.message) {
				t.Errorf("%s, %s: %s %s %q, want %s %s %q", name, kind, e.Code(), reasonName(e.Reason()), e.Error(), test.code, test.reason, test.message)
			}
			if got := reflect.DeepEqual(trailer.Get(pushback), []string{"-1"}); got != test.pushback {
				t.Errorf("%s, %s: trailer %v, want pushback %v", name, kind, trailer, test.pushback)
			}
		}
	}
	if _, err := client.check(t.Context(), "no failure"); err != nil {
		t.Errorf("a success fails: %v", err)
	}
}

// healthClient is a client over a real connection.
type healthClient struct {
	grpc_health_v1.HealthClient
}

func (c healthClient) check(ctx context.Context, name string) (metadata.MD, error) {
	var trailer metadata.MD
	_, err := c.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: name}, grpc.Trailer(&trailer))
	return trailer, err
}

func (c healthClient) watch(ctx context.Context, name string) (metadata.MD, error) {
	stream, err := c.Watch(ctx, &grpc_health_v1.HealthCheckRequest{Service: name})
	if err != nil {
		return nil, err
	}
	_, err = stream.Recv()
	return stream.Trailer(), err
}

func serve(t *testing.T, service grpc_health_v1.HealthServer) healthClient {
	t.Helper()
	server := grpc.NewServer(grpc.ChainUnaryInterceptor(UnaryServerInterceptor()), grpc.ChainStreamInterceptor(StreamServerInterceptor()))
	grpc_health_v1.RegisterHealthServer(server, service)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = connection.Close()
		server.Stop()
		if err := <-done; err != nil {
			t.Errorf("server: %v", err)
		}
	})
	return healthClient{grpc_health_v1.NewHealthClient(connection)}
}

func TestFromNil(t *testing.T) {
	if From(nil) != nil {
		t.Error("no error becomes one")
	}
}

// A wait that a foreign status names is kept.
func TestFromKeepsTheWait(t *testing.T) {
	e := From(FromResponse(Call{Host: "dapi.kakao.com"}, Response{HTTPStatus: 429, RetryAfter: 7 * time.Second}).GRPCStatus().Err())
	if e.RetryAfter() != 7*time.Second {
		t.Errorf("wait is %v", e.RetryAfter())
	}
}
