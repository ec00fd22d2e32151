package server

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// inProcess is a gRPC connection that ends in this process: the facade's
// generated code calls it, and it runs the handlers and the interceptor chain
// that gRPC clients meet, without socket, marshalling or another goroutine.
//
// It is a registrar (services register the handlers they give to grpc.Server)
// and a connection. Such things exist (grpchan's inprocgrpc), but that one
// clones every message, hands each call over between goroutines, and reports
// no headers to the stats handler; what is needed here is less, and all of it
// is in this file and inprocess_message.go.
type inProcess struct {
	chain      grpc.UnaryServerInterceptor
	stats      stats.Handler
	propagator propagation.TextMapPropagator
	methods    map[string]localMethod // by name on the wire
}

type localMethod struct {
	service any
	handler grpc.MethodHandler
}

func newInProcess(chain grpc.UnaryServerInterceptor, handler stats.Handler, propagator propagation.TextMapPropagator) *inProcess {
	return &inProcess{chain: chain, stats: handler, propagator: propagator, methods: map[string]localMethod{}}
}

// RegisterService implements grpc.ServiceRegistrar.
func (c *inProcess) RegisterService(description *grpc.ServiceDesc, service any) {
	for _, method := range description.Methods {
		c.methods["/"+description.ServiceName+"/"+method.MethodName] = localMethod{service, method.Handler}
	}
}

// NewStream implements grpc.ClientConnInterface. The contract has no streams.
func (c *inProcess) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "the in-process connection carries unary calls only")
}

// Invoke implements grpc.ClientConnInterface. It runs in the caller's
// goroutine, so it returns when the handler does; the handler ends with the
// caller's context, as every handler must.
//
//nolint:contextcheck // a server's context is made anew, not passed on (bareContext)
func (c *inProcess) Invoke(ctx context.Context, name string, request, response any, options ...grpc.CallOption) error {
	method, known := c.methods[name]
	if !known {
		return status.Errorf(codes.Unimplemented, "unknown method %s", name)
	}
	// The cancel function frees what the handler leaves hanging on the context.
	server, cancel := context.WithCancel(bareContext{ctx})
	defer cancel()
	incoming := c.carried(ctx)
	server = metadata.NewIncomingContext(server, incoming)
	if caller, ok := peer.FromContext(ctx); ok {
		server = peer.NewContext(server, caller)
	}
	stream := &localStream{method: name}
	server = grpc.NewContextWithServerTransportStream(server, stream)

	begin := time.Now()
	server = c.stats.TagRPC(server, &stats.RPCTagInfo{FullMethodName: name})
	c.stats.HandleRPC(server, &stats.InHeader{FullMethod: name, Header: incoming})
	c.stats.HandleRPC(server, &stats.Begin{BeginTime: begin})
	result, err := method.handler(method.service, server, func(into any) error {
		c.stats.HandleRPC(server, &stats.InPayload{Payload: request, RecvTime: time.Now()})
		return hand(into, request)
	}, c.chain)
	header, trailer := stream.metadata()
	if err == nil {
		c.stats.HandleRPC(server, &stats.OutHeader{FullMethod: name, Header: header})
		if err = hand(response, result); err == nil {
			c.stats.HandleRPC(server, &stats.OutPayload{Payload: result, SentTime: time.Now()})
		}
	}
	// Over a wire a client sees the status of an error and nothing else of it.
	err = asStatus(err)
	c.stats.HandleRPC(server, &stats.OutTrailer{Trailer: trailer})
	c.stats.HandleRPC(server, &stats.End{BeginTime: begin, EndTime: time.Now(), Error: err})
	stream.report(options)
	return err
}

// carried is what the server side gets as metadata: the caller's, and the
// caller's span in place of whatever trace context came from further off.
func (c *inProcess) carried(ctx context.Context) metadata.MD {
	outgoing, _ := metadata.FromOutgoingContext(ctx) // a copy
	if outgoing == nil {
		outgoing = metadata.MD{}
	}
	c.propagator.Inject(ctx, carrier(outgoing))
	return outgoing
}

// asStatus makes a status error of any error.
func asStatus(err error) error {
	if err == nil {
		return nil
	}
	if s, ok := status.FromError(err); ok {
		return s.Err()
	}
	return status.FromContextError(err).Err()
}

// bareContext is a context with the deadline and the cancellation of another
// and none of its values: a server must not see what only its client knows.
type bareContext struct{ context.Context }

// Value implements context.Context.
func (bareContext) Value(any) any { return nil }

// AfterFunc spares package context a goroutine for each context made from this
// one; it looks for the method.
func (c bareContext) AfterFunc(f func()) func() bool { return context.AfterFunc(c.Context, f) }

// String keeps the values of the other context out of any text.
func (bareContext) String() string { return "in-process call" }

// carrier lets the propagator write into metadata.
type carrier metadata.MD

// Get implements propagation.TextMapCarrier.
func (c carrier) Get(key string) string {
	if values := metadata.MD(c).Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Set implements propagation.TextMapCarrier.
func (c carrier) Set(key, value string) { metadata.MD(c).Set(key, value) }

// Keys implements propagation.TextMapCarrier.
func (c carrier) Keys() []string {
	keys := make([]string, 0, len(c))
	for key := range c {
		keys = append(keys, key)
	}
	return keys
}

// localStream takes what a handler sets with grpc.SetHeader and grpc.SetTrailer,
// from any goroutine, as a real stream does.
type localStream struct {
	method string

	mu              sync.Mutex // guards the rest
	header, trailer metadata.MD
	sent            bool
}

// Method implements grpc.ServerTransportStream.
func (s *localStream) Method() string { return s.method }

// SetHeader implements grpc.ServerTransportStream.
func (s *localStream) SetHeader(md metadata.MD) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent {
		return fmt.Errorf("%s: the header is already sent", s.method)
	}
	s.header = metadata.Join(s.header, md)
	return nil
}

// SendHeader implements grpc.ServerTransportStream.
func (s *localStream) SendHeader(md metadata.MD) error {
	err := s.SetHeader(md)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = true
	return err
}

// SetTrailer implements grpc.ServerTransportStream.
func (s *localStream) SetTrailer(md metadata.MD) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trailer = metadata.Join(s.trailer, md)
	return nil
}

// metadata returns what was set so far.
func (s *localStream) metadata() (header, trailer metadata.MD) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.header, s.trailer
}

// report gives header and trailer to the call options that ask for them.
func (s *localStream) report(options []grpc.CallOption) {
	header, trailer := s.metadata()
	for _, option := range options {
		switch o := option.(type) {
		case grpc.HeaderCallOption:
			*o.HeaderAddr = header
		case grpc.TrailerCallOption:
			*o.TrailerAddr = trailer
		}
	}
}
