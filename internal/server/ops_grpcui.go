package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/fullstorydev/grpcui/standalone"
	"github.com/jhump/protoreflect/desc" //nolint:staticcheck // grpcui takes descriptors of this kind only
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
)

// grpcuiPath is where the ops port has grpcui.
const grpcuiPath = "/grpcui/"

// detailFiles describe what failures carry, so that grpcui can show it.
var detailFiles = []protoreflect.FileDescriptor{errdetails.File_google_rpc_error_details_proto, errorv1.File_kakao_error_v1_error_proto}

// newGRPCUI is grpcui for the rpcs of the contract. Its calls take the way of the
// facade's: over the in-process connection, through the interceptors. They come
// from nobody, because the ops port asks nobody who they are; the configuration
// has made sure that nobody may call here at all, and only from this machine
// (config.checkGRPCUI). It is made when it is first asked for: it shows the
// address of the gRPC listener, which is not known before.
func newGRPCUI(contract []protoreflect.ServiceDescriptor, conn grpc.ClientConnInterface, addresses func() Addresses) (http.Handler, error) {
	described := contractMethods(contract)
	files, err := desc.WrapFiles(detailFiles)
	if err != nil {
		return nil, fmt.Errorf("grpcui: %w", err)
	}
	var methods []*desc.MethodDescriptor
	for method := range methodsOf(contract) {
		wrapped, err := desc.WrapMethod(method)
		if err != nil {
			return nil, fmt.Errorf("grpcui: %w", err)
		}
		methods = append(methods, wrapped)
		if file := wrapped.GetFile(); !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	page := sync.OnceValue(func() http.Handler {
		printing.Lock()
		defer printing.Unlock()
		return standalone.Handler(recoding{conn, described}, Reachable(addresses().GRPC), methods, files)
	})
	return onThisMachine(http.StripPrefix(grpcuiPath[:len(grpcuiPath)-1], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ui := page()
		if r.URL.Path == descriptionsPath {
			printing.Lock()
			defer printing.Unlock()
		}
		ui.ServeHTTP(w, r)
	}))), nil
}

// descriptionsPath is where grpcui's page asks what messages look like.
const descriptionsPath = "/metadata"

// printing is held while grpcui describes messages: it does so with one printer
// for the whole process, which sets itself up anew at each use.
var printing sync.Mutex

// onThisMachine refuses requests under another name than this machine's own: a
// page elsewhere could give its name the address 127.0.0.1, and would then be of
// one origin with grpcui for the browser that shows it.
func onThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			plainAnswer(w, http.StatusForbidden, "grpcui is for this machine: open it as http://127.0.0.1 or http://localhost with the ops port")
			return
		}
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'") // nobody's button lies over its own
		next.ServeHTTP(w, r)
	})
}

// recoding is a connection for callers whose messages are of Go types that the
// in-process connection does not know: it passes them through their bytes.
type recoding struct {
	grpc.ClientConnInterface
	methods map[string]protoreflect.MethodDescriptor // by name on the wire
}

// Invoke implements grpc.ClientConnInterface.
func (c recoding) Invoke(ctx context.Context, name string, request, response any, options ...grpc.CallOption) error {
	method := c.methods[name]
	if method == nil {
		return status.Errorf(codes.Unimplemented, "unknown method %s", name)
	}
	in, err := generated(method.Input())
	if err != nil {
		return err
	}
	out, err := generated(method.Output())
	if err != nil {
		return err
	}
	if err := recode(in, request); err != nil {
		return err
	}
	if err := c.ClientConnInterface.Invoke(ctx, name, in, out, options...); err != nil {
		return err
	}
	return recode(response, out)
}

// generated is an empty message of the generated type.
func generated(message protoreflect.MessageDescriptor) (proto.Message, error) {
	known, err := protoregistry.GlobalTypes.FindMessageByName(message.FullName())
	if err != nil {
		return nil, err
	}
	return known.New().Interface(), nil
}

// recode gives the content of one message to another as a wire would, with the
// codec of gRPC, which knows messages of every generation of the library.
func recode(into, from any) error {
	codec := encoding.GetCodecV2("proto")
	data, err := codec.Marshal(from)
	if err != nil {
		return err
	}
	defer data.Free()
	return codec.Unmarshal(data, into)
}

// withTime gives the answers of a handler more time than those of the port have: a
// call of grpcui's may take as long as any.
func withTime(handler http.Handler, limit time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// It fails where the connection is not the server's own, which has no limit then.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(limit))
		handler.ServeHTTP(w, r)
	})
}
