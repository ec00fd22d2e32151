package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
)

// bothWays gives a client of the same handlers over a socket and in process.
func bothWays(t *testing.T, s scripted, handler func() stats.Handler, test func(t *testing.T, conn grpc.ClientConnInterface)) {
	t.Helper()
	t.Run("over a socket", func(t *testing.T) {
		server := grpc.NewServer(grpc.StatsHandler(handler()), grpc.UnaryInterceptor(chain()), grpc.WaitForHandlers(true))
		s.Register(server)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- server.Serve(listener) }()
		conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = conn.Close()
			server.Stop()
			<-done
		}()
		test(t, conn)
	})
	t.Run("in process", func(t *testing.T) {
		conn := newInProcess(chain(), handler(), propagation.TraceContext{})
		s.Register(conn)
		test(t, conn)
	})
}

// silence is a stats handler that does nothing.
type silence struct{}

func (silence) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context   { return ctx }
func (silence) HandleRPC(context.Context, stats.RPCStats)                         {}
func (silence) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (silence) HandleConn(context.Context, stats.ConnStats)                       {}

func quiet() stats.Handler { return silence{} }

type clientOnly struct{}

func TestAnInProcessCallIsLikeOneOverASocket(t *testing.T) {
	s := scripted(func(ctx context.Context, rpc string, request proto.Message) (proto.Message, error) {
		incoming, _ := metadata.FromIncomingContext(ctx)
		if ctx.Value(clientOnly{}) != nil {
			return nil, status.Error(codes.Internal, "the server sees a value of its client")
		}
		if _, leaked := metadata.FromOutgoingContext(ctx); leaked {
			return nil, status.Error(codes.Internal, "the server sees the client's outgoing metadata")
		}
		if got, _ := grpc.Method(ctx); got != rpc {
			return nil, status.Errorf(codes.Internal, "grpc.Method = %q, want %q", got, rpc)
		}
		if err := grpc.SetHeader(ctx, metadata.Pairs("set", "1")); err != nil {
			return nil, err
		}
		if err := grpc.SendHeader(ctx, metadata.Pairs("sent", "2")); err != nil {
			return nil, err
		}
		if grpc.SetHeader(ctx, metadata.Pairs("late", "3")) == nil {
			return nil, status.Error(codes.Internal, "a header is taken after the headers were sent")
		}
		if err := grpc.SetTrailer(ctx, metadata.Pairs("trailer", "4")); err != nil {
			return nil, err
		}
		switch query := request.(*localv1.SearchKeywordRequest).GetQuery(); query {
		case "fail":
			detailed, err := status.New(codes.NotFound, "gone").WithDetails(&userv1.GetMeRequest{TargetId: proto.Int64(7)})
			if err != nil {
				return nil, err
			}
			return nil, fmt.Errorf("wrapped: %w", detailed.Err())
		case "foreign":
			return nil, errors.New("not a status")
		case "wait":
			<-ctx.Done()
			return nil, status.FromContextError(ctx.Err()).Err()
		default:
			return &localv1.SearchKeywordResponse{Documents: []*localv1.Place{{PlaceName: query + incoming.Get("key")[0]}}}, nil
		}
	})
	bothWays(t, s, quiet, func(t *testing.T, conn grpc.ClientConnInterface) {
		t.Helper()
		client := localv1.NewLocalServiceClient(conn)
		ctx := metadata.AppendToOutgoingContext(context.WithValue(t.Context(), clientOnly{}, 1), "key", "value")
		var header, trailer metadata.MD
		got, err := client.SearchKeyword(ctx, &localv1.SearchKeywordRequest{Query: "q"}, grpc.Header(&header), grpc.Trailer(&trailer))
		if err != nil || got.GetDocuments()[0].GetPlaceName() != "qvalue" {
			t.Errorf("answer %v, %v", got, err)
		}
		if fmt.Sprint(header.Get("set"), header.Get("sent"), header.Get("late"), trailer.Get("trailer")) != "[1] [2] [] [4]" {
			t.Errorf("header %v, trailer %v", header, trailer)
		}
		for _, row := range []struct {
			query string
			code  codes.Code
			text  string
		}{{"fail", codes.NotFound, "gone"}, {"foreign", codes.Unknown, "not a status"}} {
			_, err := client.SearchKeyword(ctx, &localv1.SearchKeywordRequest{Query: row.query}, grpc.Trailer(&trailer))
			s, ok := status.FromError(err)
			if !ok || s.Code() != row.code || !strings.HasSuffix(s.Message(), row.text) || len(trailer.Get("trailer")) != 1 {
				t.Errorf("%s: %v, trailer %v", row.query, err, trailer)
			}
			if row.query == "fail" && (len(s.Details()) != 1 || s.Details()[0].(*userv1.GetMeRequest).GetTargetId() != 7) {
				t.Errorf("details %v", s.Details())
			}
		}
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		if _, err := client.SearchKeyword(short, &localv1.SearchKeywordRequest{Query: "wait"}); status.Code(err) != codes.DeadlineExceeded {
			t.Errorf("deadline: %v", err)
		}
		gone, leave := context.WithCancel(ctx)
		time.AfterFunc(20*time.Millisecond, leave)
		if _, err := client.SearchKeyword(gone, &localv1.SearchKeywordRequest{Query: "wait"}); status.Code(err) != codes.Canceled {
			t.Errorf("cancelled: %v", err)
		}
		if err := conn.Invoke(ctx, "/kakao.user.v1.UserService/Nothing", &userv1.GetMeRequest{}, &userv1.GetMeResponse{}); status.Code(err) != codes.Unimplemented {
			t.Errorf("unknown method: %v", err)
		}
	})
}

func TestThePeerIsCarried(t *testing.T) {
	var seen string
	conn := newInProcess(chain(), silence{}, propagation.TraceContext{})
	scripted(func(ctx context.Context, _ string, _ proto.Message) (proto.Message, error) {
		if p, ok := peer.FromContext(ctx); ok {
			seen = p.Addr.String()
		}
		return nil, nil
	}).Register(conn)
	ctx := peer.NewContext(t.Context(), &peer.Peer{Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 7}})
	if _, err := userv1.NewUserServiceClient(conn).GetMe(ctx, &userv1.GetMeRequest{}); err != nil || seen != "127.0.0.1:7" {
		t.Errorf("peer %q, %v", seen, err)
	}
	if _, err := conn.NewStream(ctx, nil, "/x/y"); status.Code(err) != codes.Unimplemented {
		t.Errorf("stream: %v", err)
	}
}

// events notes what a stats handler is told.
type events struct {
	silence
	mu   sync.Mutex
	seen []string
}

func (e *events) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	e.note("tag " + info.FullMethodName)
	return ctx
}

func (e *events) HandleRPC(_ context.Context, s stats.RPCStats) {
	name := strings.TrimPrefix(fmt.Sprintf("%T", s), "*stats.")
	if end, ok := s.(*stats.End); ok {
		name += " " + status.Code(end.Error).String()
		if end.BeginTime.IsZero() || end.EndTime.Before(end.BeginTime) {
			name += " at the wrong time"
		}
	}
	e.note(name)
}

func (e *events) note(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = append(e.seen, text)
}

// told returns all notes once the end of n calls is among them: over a socket
// the caller has its answer before the stats handler hears of it.
func (e *events) told(t *testing.T, n int) string {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		e.mu.Lock()
		text := strings.Join(e.seen, "\n")
		e.mu.Unlock()
		if strings.Count(text, "\nEnd ") == n {
			return text
		}
	}
	t.Fatalf("no end of call %d after 5s", n)
	return ""
}

func TestTheStatsHandlerIsToldTheSameAsOverASocket(t *testing.T) {
	s := scripted(func(_ context.Context, rpc string, _ proto.Message) (proto.Message, error) {
		if strings.HasSuffix(rpc, "Logout") {
			return nil, status.Error(codes.NotFound, "gone")
		}
		return nil, nil
	})
	var told []*events
	next := func() stats.Handler {
		told = append(told, &events{})
		return told[len(told)-1]
	}
	bothWays(t, s, next, func(t *testing.T, conn grpc.ClientConnInterface) {
		t.Helper()
		client := userv1.NewUserServiceClient(conn)
		if _, err := client.GetMe(t.Context(), &userv1.GetMeRequest{}); err != nil {
			t.Fatal(err)
		}
		told[len(told)-1].told(t, 1)
		if _, err := client.Logout(t.Context(), &userv1.LogoutRequest{}); status.Code(err) != codes.NotFound {
			t.Fatal(err)
		}
	})
	overSocket, inProcess := told[0].told(t, 2), told[1].told(t, 2)
	if overSocket != inProcess || !strings.Contains(inProcess, "End NotFound") {
		t.Errorf("over a socket:\n%s\n\nin process:\n%s", overSocket, inProcess)
	}
}

func TestMessagesChangeHandsWhole(t *testing.T) {
	full := &localv1.SearchKeywordResponse{Meta: &localv1.PlaceSearchMeta{}, Documents: []*localv1.Place{{PlaceName: "나래커피"}}}
	full.ProtoReflect().SetUnknown([]byte{0xfa, 0x3f, 1, 'x'})
	for title, from := range map[string]proto.Message{"generated": full, "dynamic": dynamicCopy(t, full)} {
		into := &localv1.SearchKeywordResponse{Documents: []*localv1.Place{{}, {}}} // what was there goes
		if err := hand(into, from); err != nil || !proto.Equal(into, full) {
			t.Errorf("%s: got %v, %v", title, into, err)
		}
	}
	if err := hand(&userv1.GetMeRequest{}, full); err == nil || !strings.Contains(err.Error(), "kakao.local.v1.SearchKeywordResponse") {
		t.Errorf("another message is taken: %v", err)
	}
	if err := hand("text", full); err == nil {
		t.Error("something that is no message is taken")
	}
}

func dynamicCopy(t *testing.T, m proto.Message) proto.Message {
	t.Helper()
	data, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	dynamic := dynamicpb.NewMessage(m.ProtoReflect().Descriptor())
	if err := proto.Unmarshal(data, dynamic); err != nil {
		t.Fatal(err)
	}
	return dynamic
}

// TestAFacadeCallIsOneTrace: caller's span, the facade's, the rpc's; and what
// is in them says nothing of who or what the call was about.
func TestAFacadeCallIsOneTrace(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	log := &lockedBuffer{}
	tel, err := telemetry.New(t.Context(), telemetry.Options{Log: log, Level: "info", Format: "json"})
	if err != nil {
		t.Fatal(err)
	}
	tel.Tracers = provider
	var inside trace.SpanContext
	r := serve(t, buildScripted(t, testConfig(t, "http://127.0.0.1:1"), tel, func(ctx context.Context, _ string, _ proto.Message) (proto.Message, error) {
		inside = trace.SpanContextFromContext(ctx)
		return nil, nil
	}), log)
	const traceID, spanID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	r.do(http.MethodGet, "/user/v1/me?target_id=3177000099", "", http.Header{"Traceparent": {"00-" + traceID + "-" + spanID + "-01"}, "User-Agent": {"agent-x"}})
	r.do(http.MethodGet, "/user/v1/3177000099", "", http.Header{"Traceparent": {"00-" + traceID + "-" + spanID + "-01"}})
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	spans := map[string]sdktrace.ReadOnlySpan{}
	for _, span := range recorder.Ended() {
		spans[span.Name()] = span
		if span.SpanContext().TraceID().String() != traceID {
			t.Errorf("span %s is of another trace", span.Name())
		}
		for _, attribute := range span.Attributes() {
			if text := attribute.Value.String(); strings.Contains(text, "3177000099") || strings.Contains(text, testToken) || strings.Contains(text, "agent-x") {
				t.Errorf("span %s: %s = %s", span.Name(), attribute.Key, text)
			}
		}
	}
	facade, rpc, unmatched := spans["GET /user/v1/me"], spans["kakao.user.v1.UserService/GetMe"], spans["unmatched"]
	if facade == nil || rpc == nil || unmatched == nil {
		t.Fatalf("spans %v", spans)
	}
	if facade.Parent().SpanID().String() != spanID || rpc.Parent().SpanID() != facade.SpanContext().SpanID() || inside.SpanID() != rpc.SpanContext().SpanID() {
		t.Errorf("the spans do not hang together: facade under %s, rpc under %s, handler in %s", facade.Parent().SpanID(), rpc.Parent().SpanID(), inside.SpanID())
	}
	if rpc.SpanKind() != trace.SpanKindServer {
		t.Errorf("rpc span is of kind %v", rpc.SpanKind())
	}
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func BenchmarkInProcessCall(b *testing.B) {
	conn := newInProcess(chain(), silence{}, propagation.TraceContext{})
	answer := &localv1.SearchKeywordResponse{Documents: []*localv1.Place{{PlaceName: "나래커피"}}}
	scripted(func(context.Context, string, proto.Message) (proto.Message, error) { return answer, nil }).Register(conn)
	client := localv1.NewLocalServiceClient(conn)
	request := &localv1.SearchKeywordRequest{Query: "커피", Size: proto.Int32(15)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.SearchKeyword(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}
