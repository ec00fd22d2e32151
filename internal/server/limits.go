package server

import (
	"cmp"
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/config"
)

// limitsOf are the limits that the contract gives to one rpc. Those that it
// leaves out are zero: the server's own hold.
func limitsOf(method protoreflect.MethodDescriptor) *apiv1.Limits {
	endpoint, _ := proto.GetExtension(method.Options(), apiv1.E_Endpoint).(*apiv1.Endpoint)
	return endpoint.GetLimits()
}

// largestRequest is the most that any rpc takes, in bytes, when own is what the
// server takes of the usual ones.
func largestRequest(own int64, services []protoreflect.ServiceDescriptor) int64 {
	for method := range methodsOf(services) {
		own = max(own, limitsOf(method).GetRequestBytes())
	}
	return own
}

// longestCall is the most time that any rpc may take.
func longestCall(d config.Deadline, services []protoreflect.ServiceDescriptor) time.Duration {
	longest := max(d.Read.Max, d.Write.Max)
	for method := range methodsOf(services) {
		longest = max(longest, boundOf(d, method).Max)
	}
	return longest
}

// sizes refuses a request that is larger than its rpc takes. gRPC has one bound
// for a whole server, and that has to let the largest through.
func sizes(own int64, services []protoreflect.ServiceDescriptor) grpc.UnaryServerInterceptor {
	bounds := map[string]int64{}
	for method := range methodsOf(services) {
		bounds[fullMethod(method)] = limitsOf(method).GetRequestBytes()
	}
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		// The facade has measured the body already, by a bound of its own.
		_, facade := grpc.ServerTransportStreamFromContext(ctx).(*localStream)
		message, ok := request.(proto.Message)
		if limit := cmp.Or(bounds[info.FullMethod], own); ok && !facade && int64(proto.Size(message)) > limit {
			return nil, tooLarge(limit)
		}
		return handler(ctx, request)
	}
}
