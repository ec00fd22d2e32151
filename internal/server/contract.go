package server

import (
	"iter"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// methodsOf walks over the rpcs of the services.
func methodsOf(services []protoreflect.ServiceDescriptor) iter.Seq[protoreflect.MethodDescriptor] {
	return func(yield func(protoreflect.MethodDescriptor) bool) {
		for _, service := range services {
			methods := service.Methods()
			for i := range methods.Len() {
				if !yield(methods.Get(i)) {
					return
				}
			}
		}
	}
}

// switchedOff reports whether an rpc calls a host that is not to be called.
func switchedOff(method protoreflect.MethodDescriptor, terminated []apiv1.Host) bool {
	host, err := kakao.HostOf(method)
	return err == nil && slices.Contains(terminated, host)
}

// callable leaves out the services all of whose rpcs go to hosts that are switched
// off: what those would take binds nobody.
func callable(services []protoreflect.ServiceDescriptor, terminated []apiv1.Host) []protoreflect.ServiceDescriptor {
	return slices.DeleteFunc(slices.Clone(services), func(service protoreflect.ServiceDescriptor) bool {
		for method := range methodsOf([]protoreflect.ServiceDescriptor{service}) {
			if !switchedOff(method, terminated) {
				return false
			}
		}
		return true
	})
}

// fullMethod is the name of an rpc on the wire: /kakao.user.v1.UserService/GetMe.
func fullMethod(method protoreflect.MethodDescriptor) string {
	return "/" + string(method.Parent().FullName()) + "/" + string(method.Name())
}

// contractMethods are the names on the wire of the rpcs of the services. What
// else a server answers - health, reflection, names that a client made up - is
// not a call to Kakao: it gets no deadline, no span and no metric of its own.
func contractMethods(services []protoreflect.ServiceDescriptor) map[string]protoreflect.MethodDescriptor {
	methods := map[string]protoreflect.MethodDescriptor{}
	for method := range methodsOf(services) {
		methods[fullMethod(method)] = method
	}
	return methods
}
