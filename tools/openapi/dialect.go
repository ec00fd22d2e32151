package main

import "strings"

// dialect is a version of OpenAPI: its generator, and what it writes
// differently. (https://spec.openapis.org/oas/v2.0, https://spec.openapis.org/oas/v3.1.0)
type dialect struct {
	v3        bool
	file      string // in gen/openapi
	generator string // a tool of this module
	parameter string // of the generator
}

var dialects = []*dialect{
	{
		file:      "kakaorpc.swagger.json",
		generator: "protoc-gen-openapiv2",
		parameter: strings.Join([]string{
			"allow_merge=true", "merge_file_name=kakaorpc", "openapi_naming_strategy=fqn", "preserve_rpc_order=true",
			"use_allof_for_refs=true", "omit_array_item_type_when_ref_sibling=true", "omit_enum_default_value=true",
			"disable_default_errors=true", "enable_rpc_deprecation=true",
		}, ","),
	},
	{v3: true, file: "kakaorpc.openapi.json", generator: "protoc-gen-openapiv3", parameter: "disable_default_errors=true"},
}

// shared returns the part of the document for what operations share.
func (d *dialect) shared(document *object, v2, v3 string) *object {
	if d.v3 {
		return document.inner("components").inner(v3)
	}
	return document.inner(v2)
}

func (d *dialect) schemas(document *object) *object {
	return d.shared(document, "definitions", "schemas")
}

func (d *dialect) responses(document *object) *object {
	return d.shared(document, "responses", "responses")
}

func (d *dialect) parameters(document *object) *object {
	return d.shared(document, "parameters", "parameters")
}

func (d *dialect) securitySchemes(document *object) *object {
	return d.shared(document, "securityDefinitions", "securitySchemes")
}

// reference refers to something shared: a schema, a response, a parameter.
func (d *dialect) reference(kind, name string) *object {
	switch {
	case d.v3:
		kind = "components/" + kind
	case kind == "schemas":
		kind = "definitions"
	}
	return newObject("$ref", "#/"+kind+"/"+name)
}

// answer is a response with a JSON body.
func (d *dialect) answer(description string, schema *object, example any) *object {
	response := newObject("description", description)
	if !d.v3 {
		response.set("schema", schema)
		if example != nil {
			response.set("examples", newObject("application/json", example))
		}
		return response
	}
	content := newObject("schema", schema)
	if example != nil {
		content.set("example", example)
	}
	response.set("content", newObject("application/json", content))
	return response
}

// responseHeader is a header of text in a response.
func (d *dialect) responseHeader(description, kind string) *object {
	if d.v3 {
		return newObject("description", description, "schema", newObject("type", kind))
	}
	return newObject("type", kind, "description", description)
}

// parameterSchema is where a parameter says what its values are.
func (d *dialect) parameterSchema(parameter *object) *object {
	if d.v3 {
		return parameter.inner("schema")
	}
	return parameter
}

// exampleKey is the member of a parameter that holds an example. OpenAPI 2 has
// none; this is the one that tools agree on.
func (d *dialect) exampleKey() string {
	if d.v3 {
		return "example"
	}
	return "x-example"
}

// null is the schema of null, for which OpenAPI 2 has no word.
func (d *dialect) null() *object {
	if d.v3 {
		return newObject("type", "null")
	}
	return newObject()
}

// describe gives a schema a description. In OpenAPI 2 nothing may stand beside
// a reference.
func (d *dialect) describe(schema *object, text string) {
	schema.delete("title", "description")
	if text == "" {
		return
	}
	if ref, refers := schema.values["$ref"]; refers && !d.v3 {
		schema.delete("$ref")
		schema.set("allOf", []any{newObject("$ref", ref)})
	}
	schema.set("description", text)
}

// body returns the schema of an operation's JSON body and the object that may
// hold its example; nil where there is no body.
func (d *dialect) body(operation *object) (holder *object) {
	if d.v3 {
		if body := operation.object("requestBody"); body != nil {
			return body.inner("content").inner("application/json")
		}
		return nil
	}
	for _, parameter := range operation.objects("parameters") {
		if parameter.text("in") == "body" {
			return parameter
		}
	}
	return nil
}
