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
