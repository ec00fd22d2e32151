package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// facadeRoute is our own route of an rpc.
func facadeRoute(t *testing.T, method protoreflect.MethodDescriptor) (verb, path, body string) {
	t.Helper()
	rule := proto.GetExtension(method.Options(), annotations.E_Http).(*annotations.HttpRule)
	switch pattern := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return http.MethodGet, pattern.Get, rule.GetBody()
	case *annotations.HttpRule_Post:
		return http.MethodPost, pattern.Post, rule.GetBody()
	case *annotations.HttpRule_Put:
		return http.MethodPut, pattern.Put, rule.GetBody()
	case *annotations.HttpRule_Patch:
		return http.MethodPatch, pattern.Patch, rule.GetBody()
	case *annotations.HttpRule_Delete:
		return http.MethodDelete, pattern.Delete, rule.GetBody()
	}
	t.Fatalf("%s has no route", method.FullName())
	return "", "", ""
}

// facadeRequest writes a request message as a caller of the JSON facade would:
// path variables, and the rest as JSON body or as query. It reports false where
// a path variable is empty, so that there is no route to call.
func facadeRequest(t *testing.T, base string, method protoreflect.MethodDescriptor, request proto.Message) (*http.Request, bool) {
	t.Helper()
	verb, path, body := facadeRoute(t, method)
	members := jsonMembers(t, request)
	complete := true
	path = pathVariable.ReplaceAllStringFunc(path, func(variable string) string {
		name := strings.Trim(variable, "{}")
		value, given := members[name]
		delete(members, name)
		complete = complete && given && value != ""
		return url.PathEscape(fmt.Sprint(value))
	})
	if !complete {
		return nil, false
	}
	var outgoing *http.Request
	var err error
	if body == "*" {
		text, errJSON := json.Marshal(members)
		if errJSON != nil {
			t.Fatal(errJSON)
		}
		outgoing, err = http.NewRequest(verb, base+path, bytes.NewReader(text))
	} else {
		outgoing, err = http.NewRequest(verb, base+path+"?"+queryOf(method, members).Encode(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if body == "*" {
		outgoing.Header.Set("Content-Type", "application/json")
	}
	return outgoing, true
}

var pathVariable = regexp.MustCompile(`\{[a-z_]+\}`)

// jsonMembers is the request as proto JSON with proto names.
func jsonMembers(t *testing.T, request proto.Message) map[string]any {
	t.Helper()
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil {
		t.Fatal(err)
	}
	return members
}

// queryOf writes members as query parameters; an entry of a map is
// labels[a]=b.
func queryOf(method protoreflect.MethodDescriptor, members map[string]any) url.Values {
	query := url.Values{}
	for name, member := range members {
		field := method.Input().Fields().ByName(protoreflect.Name(name))
		if entries, _ := member.(map[string]any); field.IsMap() {
			for key, value := range entries {
				query.Set(name+"["+key+"]", fmt.Sprint(value))
			}
			continue
		}
		addQuery(query, name, member)
	}
	return query
}

// addQuery flattens JSON members as query parameters: rect.x1=127, ids=1&ids=2.
func addQuery(query url.Values, prefix string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			addQuery(query, strings.TrimPrefix(prefix+"."+name, "."), member)
		}
	case []any:
		for _, element := range value {
			addQuery(query, prefix, element)
		}
	default:
		query.Add(prefix, fmt.Sprint(value))
	}
}
