package e2e

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/kakaorpc/kakaorpc/internal/service"
)

// TestCaseFilesCoverTheContract: every rpc has a case file with a success, a
// refused input where it takes any, and a failure of Kakao where it calls
// Kakao; and every field of request and response is in some case.
func TestCaseFilesCoverTheContract(t *testing.T) {
	files := map[protoreflect.FullName]*caseFile{}
	for _, file := range loadCaseFiles(t) {
		if files[file.method.FullName()] != nil {
			t.Errorf("%s has two files", file.RPC)
		}
		files[file.method.FullName()] = file
	}
	for _, descriptor := range service.Descriptors() {
		methods := descriptor.Methods()
		for i := range methods.Len() {
			method := methods.Get(i)
			file := files[method.FullName()]
			if file == nil {
				t.Errorf("%s has no case file", method.FullName())
				continue
			}
			for _, missing := range file.missing(t) {
				t.Errorf("%s: %s", file.path, missing)
			}
		}
	}
}

// missing lists what no case of the file shows.
func (f *caseFile) missing(t *testing.T) []string {
	t.Helper()
	requests, responses := map[string]bool{}, map[string]bool{}
	successes, kakaoErrors, refusals := 0, 0, 0
	for _, c := range f.Cases {
		collectSet(message(t, f.method.Input(), c.Request, "http://kakao.test"), "", requests)
		switch {
		case c.Want != nil:
			successes++
			collectSet(message(t, f.method.Output(), c.Want, "http://kakao.test"), "", responses)
		case c.Sent != nil:
			kakaoErrors++
		default:
			refusals++
		}
	}
	override := slices.Contains([]protoreflect.Name{"GetAuthorizeUrl", "GetLogoutUrl"}, f.method.Name())
	var missing []string
	if successes == 0 {
		missing = append(missing, "no success")
	}
	if kakaoErrors == 0 && !override {
		missing = append(missing, "no error of Kakao")
	}
	if refusals == 0 && f.method.Input().Fields().Len() > 0 {
		missing = append(missing, "no refused input")
	}
	missing = append(missing, absent("request", f.method.Input(), requests)...)
	return append(missing, absent("response", f.method.Output(), responses)...)
}

// collectSet notes the path of every field that is set, list elements without
// their index.
func collectSet(m proto.Message, prefix string, set map[string]bool) {
	m.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		path := prefix + string(field.Name())
		set[path] = true
		switch {
		case field.Message() == nil || field.IsMap():
		case field.IsList():
			for i := range value.List().Len() {
				collectSet(value.List().Get(i).Message().Interface(), path+".", set)
			}
		default:
			collectSet(value.Message().Interface(), path+".", set)
		}
		return true
	})
}

func absent(what string, descriptor protoreflect.MessageDescriptor, set map[string]bool) []string {
	var missing []string
	for _, path := range fieldPaths(descriptor, "", nil) {
		if !set[path] {
			missing = append(missing, fmt.Sprintf("no case sets the %s field %s", what, path))
		}
	}
	return missing
}

// fieldPaths lists the fields of a message at every depth; google's own
// messages are values, not depth.
func fieldPaths(descriptor protoreflect.MessageDescriptor, prefix string, parents []protoreflect.FullName) []string {
	var paths []string
	fields := descriptor.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		path := prefix + string(field.Name())
		paths = append(paths, path)
		nested := field.Message()
		if nested == nil || field.IsMap() || nested.ParentFile().Package() == "google.protobuf" || slices.Contains(parents, nested.FullName()) {
			continue
		}
		paths = append(paths, fieldPaths(nested, path+".", append(slices.Clone(parents), nested.FullName()))...)
	}
	return paths
}
