package server

import (
	"iter"

	"google.golang.org/protobuf/reflect/protoreflect"
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

// fullMethod is the name of an rpc on the wire: /kakao.user.v1.UserService/GetMe.
func fullMethod(method protoreflect.MethodDescriptor) string {
	return "/" + string(method.Parent().FullName()) + "/" + string(method.Name())
}

// contractMethods are the names on the wire of the rpcs of the services. What
// else a server answers - health, reflection, names that a client made up - is
// not a call to Kakao: it gets no deadline, no span, no metric of its own and no
// line in the log above debug.
func contractMethods(services []protoreflect.ServiceDescriptor) map[string]protoreflect.MethodDescriptor {
	methods := map[string]protoreflect.MethodDescriptor{}
	for method := range methodsOf(services) {
		methods[fullMethod(method)] = method
	}
	return methods
}
