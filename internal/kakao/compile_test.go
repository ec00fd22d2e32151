package kakao_test

import (
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	enginetestv1 "github.com/kakaorpc/kakaorpc/internal/kakao/enginetest/v1"
)

// contract returns the engine's test contract after a change.
func contract(t *testing.T, change func(*descriptorpb.FileDescriptorProto)) protoreflect.ServiceDescriptor {
	t.Helper()
	file := protodesc.ToFileDescriptorProto(enginetestv1.File_enginetest_v1_enginetest_proto)
	change(file)
	descriptor, err := protodesc.NewFile(file, protoregistry.GlobalFiles)
	if err != nil {
		t.Fatal(err)
	}
	return descriptor.Services().Get(0)
}

func method(file *descriptorpb.FileDescriptorProto, name string) *descriptorpb.MethodOptions {
	for _, method := range file.Service[0].Method {
		if method.GetName() == name {
			return method.Options
		}
	}
	return nil
}

func endpoint(file *descriptorpb.FileDescriptorProto, name string) *apiv1.Endpoint {
	return proto.GetExtension(method(file, name), apiv1.E_Endpoint).(*apiv1.Endpoint)
}

// field returns the options of a field, fresh ones if it has none.
func field(file *descriptorpb.FileDescriptorProto, message, name string) *descriptorpb.FieldOptions {
	for _, m := range file.MessageType {
		for _, f := range m.Field {
			if m.GetName() == message && f.GetName() == name {
				if f.Options == nil {
					f.Options = &descriptorpb.FieldOptions{}
				}
				return f.Options
			}
		}
	}
	return nil
}

// TestFaultyContractFailsAtStart: a contract that cannot be run is refused
// before the first call, naming the rpc or the field.
func TestFaultyContractFailsAtStart(t *testing.T) {
	tests := map[string]struct {
		change func(*descriptorpb.FileDescriptorProto)
		says   []string
	}{
		"no endpoint": {func(f *descriptorpb.FileDescriptorProto) {
			proto.ClearExtension(method(f, "Query"), apiv1.E_Endpoint)
		}, []string{"EngineService.Query", "kakao.api.v1.endpoint"}},
		"no facade route": {func(f *descriptorpb.FileDescriptorProto) {
			proto.ClearExtension(method(f, "Query"), annotations.E_Http)
		}, []string{"EngineService.Query", "google.api.http"}},
		"no path": {func(f *descriptorpb.FileDescriptorProto) {
			endpoint(f, "Query").Pattern = nil
		}, []string{"EngineService.Query", "path"}},
		"no auth": {func(f *descriptorpb.FileDescriptorProto) {
			endpoint(f, "Query").Auth = apiv1.Auth_AUTH_UNSPECIFIED
		}, []string{"EngineService.Query", "auth"}},
		"no host": {func(f *descriptorpb.FileDescriptorProto) {
			proto.ClearExtension(f.Service[0].Options, apiv1.E_Host)
		}, []string{"EngineService.Query", "host"}},
		"GET with a body": {func(f *descriptorpb.FileDescriptorProto) {
			endpoint(f, "Query").Encoding = apiv1.Encoding_ENCODING_JSON
		}, []string{"EngineService.Query", "GET"}},
		"path variable without field": {func(f *descriptorpb.FileDescriptorProto) {
			endpoint(f, "Json").Pattern = &apiv1.Endpoint_Put{Put: "/v1/{nobody}"}
		}, []string{"EngineService.Json", "{nobody}"}},
		"list in a query without notation": {func(f *descriptorpb.FileDescriptorProto) {
			proto.ClearExtension(field(f, "QueryRequest", "ids"), apiv1.E_Field)
		}, []string{"QueryRequest.ids", "text"}},
		"message in a form without notation": {func(f *descriptorpb.FileDescriptorProto) {
			proto.ClearExtension(field(f, "FormRequest", "template"), apiv1.E_Field)
		}, []string{"FormRequest.template", "text"}},
		"notation on a scalar": {func(f *descriptorpb.FileDescriptorProto) {
			proto.SetExtension(field(f, "QueryRequest", "text"), apiv1.E_Field, &apiv1.Field{Text: apiv1.Text_TEXT_JSON})
		}, []string{"QueryRequest.text"}},
		"comma list of a map": {func(f *descriptorpb.FileDescriptorProto) {
			proto.SetExtension(field(f, "FormRequest", "properties"), apiv1.E_Field, &apiv1.Field{Text: apiv1.Text_TEXT_COMMA})
		}, []string{"FormRequest.properties"}},
		"enum value without text": {func(f *descriptorpb.FileDescriptorProto) {
			proto.ClearExtension(f.EnumType[0].Value[1].Options, apiv1.E_Text)
		}, []string{"QueryRequest.colour", "COLOUR_RED"}},
		"response_body of no field": {func(f *descriptorpb.FileDescriptorProto) {
			endpoint(f, "List").ResponseBody = "nothing"
		}, []string{"EngineService.List", "nothing"}},
		"url_parameter of a plain field": {func(f *descriptorpb.FileDescriptorProto) {
			proto.SetExtension(field(f, "QueryResponse", "id"), apiv1.E_Field, &apiv1.Field{UrlParameter: "from_id"})
		}, []string{"QueryResponse.id", "optional"}},
		"two fields of one name": {func(f *descriptorpb.FileDescriptorProto) {
			proto.SetExtension(field(f, "QueryResponse", "note"), apiv1.E_Field, &apiv1.Field{Name: "text"})
		}, []string{"QueryResponse.note", `"text"`}},
		"oneof in a response": {func(f *descriptorpb.FileDescriptorProto) {
			f.Service[0].Method[0].OutputType = proto.String(".enginetest.v1.JsonRequest")
		}, []string{"JsonRequest"}},
		"inline list in a query": {func(f *descriptorpb.FileDescriptorProto) {
			proto.SetExtension(field(f, "QueryRequest", "ids"), apiv1.E_Field, &apiv1.Field{Inline: true})
		}, []string{"QueryRequest.ids", "inline"}},
		"inline text in an object": {func(f *descriptorpb.FileDescriptorProto) {
			proto.SetExtension(field(f, "JsonRequest", "ratio"), apiv1.E_Field, &apiv1.Field{Inline: true})
		}, []string{"JsonRequest.ratio", "inline"}},
		"inline message in a response": {func(f *descriptorpb.FileDescriptorProto) {
			proto.SetExtension(field(f, "JsonResponse", "link"), apiv1.E_Field, &apiv1.Field{Inline: true})
		}, []string{"JsonResponse.link", "inline"}},
		"admin without target_id": {func(f *descriptorpb.FileDescriptorProto) {
			endpoint(f, "List").Auth = apiv1.Auth_AUTH_USER_OR_ADMIN
		}, []string{"EngineService.List", "target_id"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := kakao.New(kakao.Config{}, contract(t, test.change))
			if err == nil {
				t.Fatal("the contract was accepted")
			}
			for _, says := range test.says {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("error %q does not name %q", err, says)
				}
			}
		})
	}
}

// TestOverrideMustFit: an override for no rpc, or with other messages, is a
// start-up error.
func TestOverrideMustFit(t *testing.T) {
	for name, method := range map[string]protoreflect.FullName{
		"no such rpc":    engineService + "Nothing",
		"other messages": engineService + "Form",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kakao.New(kakao.Config{Overrides: map[protoreflect.FullName]kakao.Override{method: kakao.NewOverride(answerQuery)}},
				contract(t, func(*descriptorpb.FileDescriptorProto) {}))
			if err == nil || !strings.Contains(err.Error(), string(method)) {
				t.Errorf("error %v does not name %s", err, method)
			}
		})
	}
}

func TestEndpointTable(t *testing.T) {
	client, err := kakao.New(kakao.Config{
		Overrides: map[protoreflect.FullName]kakao.Override{engineService + "Query": kakao.NewOverride(answerQuery)},
	}, contract(t, func(*descriptorpb.FileDescriptorProto) {}))
	if err != nil {
		t.Fatal(err)
	}
	const service = "enginetest.v1.EngineService/"
	want := []kakao.Endpoint{
		{service + "Delete", "DELETE /enginetest/v1/items", "DELETE", "kapi.kakao.com", "/v1/items", "user_or_admin", "query", "idempotent", false},
		{service + "Form", "POST /enginetest/v1/form", "POST", "kapi.kakao.com", "/v1/form", "client", "form", "unsafe", false},
		{service + "Json", "PUT /enginetest/v1/accounts/{account_id}/files/{name}", "PUT", "kapi.kakao.com", "/v1/accounts/{account_id}/files/{name}", "rest_key", "json", "idempotent", false},
		{service + "List", "GET /enginetest/v1/items", "GET", "kapi.kakao.com", "/v1/items", "admin", "query", "read", false},
		{service + "Multipart", "POST /enginetest/v1/multipart", "POST", "kapi.kakao.com", "/v1/multipart", "user", "multipart", "unsafe", false},
		{service + "Optional", "GET /enginetest/v1/optional", "GET", "kapi.kakao.com", "/v1/optional", "none", "query", "read", false},
		{service + "Query", "GET /enginetest/v1/query", "GET", "kapi.kakao.com", "/v1/query", "none", "query", "read", true},
	}
	got := client.Endpoints()
	if len(got) != len(want) {
		t.Fatalf("%d endpoints, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
	}
}
