package server

import (
	"context"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	"github.com/kakaorpc/kakaorpc/internal/authz"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/errorsx"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// gate says which calling service may make which call.
type gate struct {
	// identified: only callers with a certificate are served.
	identified bool
	// policy is in force if it is not nil; it changes with its file.
	policy atomic.Pointer[authz.Policy]
	// adminForAll: without a policy, everyone may use the admin key.
	adminForAll bool
	// rpcs are the rpcs of the contract by their name on the wire.
	rpcs map[string]guarded
	apps []string
}

// guarded is what the gate knows of an rpc.
type guarded struct {
	name string // kakao.user.v1.UserService/GetMe
	auth apiv1.Auth
	// target is the field of AUTH_USER_OR_ADMIN that asks for the admin key.
	target protoreflect.FieldDescriptor
}

// newGate makes the gate of a contract. Its policy is loaded by its watch.
func newGate(cfg *config.Config, services []protoreflect.ServiceDescriptor) *gate {
	g := &gate{
		identified: cfg.TLS.ClientCAFile != "", adminForAll: cfg.AllowAdminWithoutPolicy,
		rpcs: map[string]guarded{}, apps: cfg.AppNames(),
	}
	for name, method := range contractMethods(services) {
		option, _ := proto.GetExtension(method.Options(), apiv1.E_Endpoint).(*apiv1.Endpoint)
		g.rpcs[name] = guarded{
			name: strings.TrimPrefix(name, "/"), auth: option.GetAuth(),
			target: method.Input().Fields().ByName("target_id"),
		}
	}
	return g
}

// load puts a policy file into force.
func (g *gate) load(file []byte) error {
	known := authz.Known{Apps: g.apps, DefaultApp: config.DefaultApp}
	for _, rpc := range g.rpcs {
		known.RPCs = append(known.RPCs, rpc.name)
	}
	policy, err := authz.Parse(file, known)
	if err == nil {
		g.policy.Store(policy)
	}
	return err
}

// interceptor refuses the calls that their caller may not make. What is not in
// the contract passes: health is open to all. Reflection, whose streams do not
// come this way, is early's.
func (g *gate) interceptor() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if rpc, ours := g.rpcs[info.FullMethod]; ours {
			if err := g.refusal(ctx, rpc, request); err != nil {
				return nil, err
			}
		}
		return handler(ctx, request)
	}
}

func (g *gate) refusal(ctx context.Context, rpc guarded, request any) error {
	identities, verified := identitiesOf(ctx)
	if g.identified && !verified {
		return errorsx.New(errorv1.Reason_REASON_CALLER_UNAUTHENTICATED, "")
	}
	anyUser := rpc.namesUser(request)
	policy := g.policy.Load()
	if policy == nil {
		if (anyUser || rpc.auth == apiv1.Auth_AUTH_ADMIN) && !g.adminForAll {
			return errorsx.New(errorv1.Reason_REASON_CALLER_NOT_PERMITTED,
				"the call acts with the app's admin key, which this server keeps from callers that no policy speaks of: "+
					"ask its operator for a policy (--authz.policy_file), or to open the admin key to all (--allow_admin_without_policy)")
		}
		return nil
	}
	err := policy.Check(identities, authz.Call{RPC: rpc.name, App: requestedApp(ctx), AnyUser: anyUser})
	if err == nil {
		return nil
	}
	return errorsx.New(errorv1.Reason_REASON_CALLER_NOT_PERMITTED, err.Error()+": ask its operator for the right")
}

// namesUser reports whether the call would act with the admin key for the user
// that it names, where the contract also takes the user's own token.
func (r guarded) namesUser(request any) bool {
	message, ok := request.(proto.Message)
	return ok && r.auth == apiv1.Auth_AUTH_USER_OR_ADMIN && r.target != nil && message.ProtoReflect().Has(r.target)
}

// requestedApp names the app that a call asks for, configured or not.
func requestedApp(ctx context.Context) string {
	if names := metadata.ValueFromIncomingContext(ctx, service.AppKey); len(names) > 0 && names[0] != "" {
		return names[0]
	}
	return config.DefaultApp
}

// identitiesOf returns who calls, as far as a certificate proves it.
func identitiesOf(ctx context.Context) (identities []string, verified bool) {
	caller, ok := peer.FromContext(ctx)
	if !ok {
		return nil, false
	}
	info, ok := caller.AuthInfo.(credentials.TLSInfo)
	if !ok || len(info.State.VerifiedChains) == 0 {
		return nil, false
	}
	return authz.Identities(info.State.PeerCertificates[0]), true
}
