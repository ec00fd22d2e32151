package server

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
)

// deadlines bounds the time of every call by the class of its rpc. Health and
// reflection are not in the contract and keep what the caller set.
func deadlines(d config.Deadline, services []protoreflect.ServiceDescriptor) grpc.UnaryServerInterceptor {
	bounds := map[string]config.Bound{}
	for name, method := range contractMethods(services) {
		bounds[name] = boundOf(d, method)
	}
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		bound, ours := bounds[info.FullMethod]
		if !ours {
			return handler(ctx, request)
		}
		limit := bound.Default
		if deadline, set := ctx.Deadline(); set {
			left := time.Until(deadline)
			if left < d.Floor {
				return nil, errorsx.New(errorv1.Reason_REASON_DEADLINE_TOO_SHORT,
					fmt.Sprintf("less than %v of the deadline was left when the call arrived, too little to ask Kakao: give the call more time", d.Floor))
			}
			limit = min(left-d.Shave, bound.Max)
		}
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return handler(ctx, request)
	}
}

// boundOf is the rpc's own bound where the contract gives it one. Otherwise it
// tells reads from writes as the retry policy does: by the idempotency_level.
func boundOf(d config.Deadline, method protoreflect.MethodDescriptor) config.Bound {
	if own := time.Duration(limitsOf(method).GetTimeoutSeconds()) * time.Second; own > 0 {
		return config.Bound{Default: own, Max: own}
	}
	options, _ := method.Options().(*descriptorpb.MethodOptions)
	if options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS {
		return d.Read
	}
	return d.Write
}
