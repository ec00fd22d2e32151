package main

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// operations describes every operation, and drops the one that was added for
// the details of errors.
func (w *writer) operations() {
	paths := w.document.object("paths")
	paths.delete(detailsPath)
	w.schemas(w.document).delete(detailsMessage)
	for path, item := range paths.all() {
		for verb, operation := range item.all() {
			method := w.contract.methods[operation.text("operationId")]
			if method == nil {
				w.problem("%s %s: no rpc has the operationId %q", verb, path, operation.text("operationId"))
				continue
			}
			w.operation(operation, method)
		}
	}
	paths.sort()
}

func (w *writer) operation(operation *object, method protoreflect.MethodDescriptor) {
	x := w.examples.of[string(method.FullName())]
	if x == nil {
		x = &exchanges{} // no case file yet; the tests miss it
	}
	credential, known := w.Auth[auth(method)]
	if !known {
		w.problem("%s: document.yaml does not know the credential %q", method.FullName(), auth(method))
	}
	summary, description, link := described(method)
	operation.set("tags", []any{string(method.Parent().Name())})
	operation.set("summary", summary)
	_, everywhere := serviceTexts(method.Parent())
	text := []string{description, everywhere}
	if w.body(operation) == nil { // where there is one, its schema says so
		text = append(text, messageRules(method.Input())...)
	}
	operation.setText("description", strings.Trim(strings.Join(text, "\n\n"), "\n"))
	if link == "" {
		w.problem("%s: its comment does not end with the page of Kakao's documentation", method.FullName())
	}
	operation.set("externalDocs", newObject("description", "Kakao's documentation", "url", link))
	w.parameters(operation, method, x, credential)
	w.requestBody(operation, method, x)
	operation.set("security", w.security(credential))
	w.responses(operation, method, x, credential)
	operation.order("tags", "summary", "description", "externalDocs", "operationId", "deprecated", "security", "parameters", "requestBody", "responses")
}

// security lists what a call may carry of its user: one of the elements. The
// caller's certificate is the operator's choice, not the operation's.
func (w *writer) security(c credential) []any {
	token := newObject(w.Security.User, []any{})
	return map[string][]any{"none": {}, "optional": {token, newObject()}, "required": {token}}[c.Token]
}

// parameters describes path and query parameters, and adds the headers.
func (w *writer) parameters(operation *object, method protoreflect.MethodDescriptor, x *exchanges, c credential) {
	var parameters []any
	for _, parameter := range operation.objects("parameters") {
		parameters = append(parameters, parameter)
		if parameter.text("in") == "body" {
			continue
		}
		field, required := fieldAt(method.Input(), parameter.text("name"))
		if field == nil {
			w.problem("%s: no field behind the parameter %s", method.FullName(), parameter.text("name"))
			continue
		}
		schema := w.parameterSchema(parameter)
		parameter.delete("title")
		w.limit(schema, field)
		parameter.delete("description", "required")
		parameter.setText("description", fieldText(field))
		if required || parameter.text("in") == "path" {
			parameter.set("required", true)
		}
		if field.IsMap() && w.v3 {
			deepObject(parameter, field, x)
		} else if values, sent := x.parameters[parameter.text("name")]; sent {
			parameter.set(w.exampleKey(), typed(w.resolve(schema), values))
		}
		parameter.order("name", "in", "description", "required")
	}
	for _, h := range w.Headers {
		if !h.App || c.App {
			parameters = append(parameters, w.reference("parameters", h.Key))
		}
	}
	operation.set("parameters", parameters)
}

// deepObject makes of the parameter of a map what OpenAPI 3 has for it:
// parameters[a]=1&parameters[b]=2.
func deepObject(parameter *object, field protoreflect.FieldDescriptor, x *exchanges) {
	entries := newObject()
	for _, name := range slices.Sorted(maps.Keys(x.parameters)) {
		if key, belongs := strings.CutPrefix(name, string(field.Name())+"["); belongs {
			entries.set(strings.TrimSuffix(key, "]"), x.parameters[name][0])
		}
	}
	parameter.set("name", string(field.Name()))
	parameter.set("style", "deepObject")
	parameter.set("explode", true)
	parameter.set("schema", newObject("type", "object", "additionalProperties", parameter.object("schema")))
	parameter.set("example", entries)
}

// mapKey is what the generators write behind a map that is a query parameter.
var mapKey = regexp.MustCompile(`\[[a-z]+\]$`)

// fieldAt finds the field of a query parameter such as rect.x1, and whether it
// always has to be sent.
func fieldAt(message protoreflect.MessageDescriptor, path string) (field protoreflect.FieldDescriptor, required bool) {
	required = true
	for name := range strings.SplitSeq(mapKey.ReplaceAllString(path, ""), ".") {
		if message == nil {
			return nil, false
		}
		if field = message.Fields().ByName(protoreflect.Name(name)); field == nil {
			return nil, false
		}
		required = required && isRequired(field)
		message = field.Message()
	}
	return field, required
}

// typed writes the texts of a query as the JSON values that a schema says.
func typed(schema *object, values []string) any {
	if schema.text("type") == "array" {
		list := []any{}
		for _, value := range values {
			list = append(list, typed(schema.object("items"), []string{value}))
		}
		return list
	}
	switch schema.text("type") {
	case "integer", "number":
		return json.Number(values[0])
	case "boolean":
		return values[0] == "true"
	}
	return values[0]
}

// resolve follows a reference to a schema.
func (w *writer) resolve(schema *object) *object {
	if name, refers := strings.CutPrefix(schema.text("$ref"), w.reference("schemas", "").text("$ref")); refers {
		return w.schemas(w.document).object(name)
	}
	return schema
}

// requestBody puts the schema of a body among the others, under the name of the
// request message, and gives it the example.
func (w *writer) requestBody(operation *object, method protoreflect.MethodDescriptor, x *exchanges) {
	body := w.body(operation)
	if body == nil {
		return
	}
	schema := body.object("schema")
	name := strings.TrimPrefix(schema.text("$ref"), w.reference("schemas", "").text("$ref"))
	if name == "" { // what v3 writes in place
		name = string(method.Input().FullName())
		if schema.object("properties") == nil || len(schema.object("properties").names) < method.Input().Fields().Len() {
			name = string(method.Parent().FullName()) + "." + string(method.Name()) + "Body"
		}
		w.schemas(w.document).set(name, schema)
		body.set("schema", w.reference("schemas", name))
	}
	w.bodies[name] = method.Input()
	if !w.v3 {
		body.delete("description")
		body = w.schemas(w.document).object(name) // a parameter has no example of its own
	}
	if x.body != nil {
		body.set("example", x.body)
	}
}

// responses are the success with its example, the failures that the operation
// may answer with, each with an example of its own where there is one, and the
// rest.
func (w *writer) responses(operation *object, method protoreflect.MethodDescriptor, x *exchanges, c credential) {
	schema := w.reference("schemas", string(method.Output().FullName()))
	responses := newObject("200", w.answer(w.outcome(method), schema, x.answer))
	text := comment(method) + "\n" + comment(method.Parent())
	for _, f := range w.Errors {
		named := slices.ContainsFunc(f.Codes, func(code string) bool { return gRPCCode(text, code) })
		switch {
		case x.failures[f.Status].answer != nil:
			responses.set(f.Status, w.failed(f, x.failures[f.Status].answer))
		case f.Every || named || f.Token && c.Token != "none":
			responses.set(f.Status, w.reference("responses", f.Key))
		}
	}
	responses.set("default", w.reference("responses", "failure"))
	operation.set("responses", responses)
}

// outcome says what comes back.
func (w *writer) outcome(method protoreflect.MethodDescriptor) string {
	if text := comment(method.Output()); text != "" {
		first, _, _ := strings.Cut(text, "\n\n")
		return withoutName(first, method.Output())
	}
	return "It succeeded."
}

// gRPCCode reports whether a text names a code, and not a reason that has the
// code's name in it.
func gRPCCode(text, code string) bool {
	return slices.Contains(strings.FieldsFunc(text, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '_' }), code)
}
