package main

import (
	"fmt"
	"strings"
)

const (
	statusSchema = "google.rpc.Status"
	detailSchema = "google.rpc.Status.Detail"
	typePrefix   = "type.googleapis.com/"
)

// errorSchemas describes google.rpc.Status as it comes: with the details that
// there are, told apart by @type.
func (w *writer) errorSchemas() {
	schemas := w.schemas(w.document)
	for name, text := range w.Details {
		if schema := schemas.object(name); schema != nil {
			schema.set("description", text)
		} else {
			w.problem("document.yaml describes %s, which no detail has", name)
		}
	}
	var types, references []any
	mapping := newObject()
	for _, name := range details {
		types = append(types, typePrefix+name)
		references = append(references, w.reference("schemas", name))
		mapping.set(typePrefix+name, w.reference("schemas", name).text("$ref"))
		schema := schemas.object(name)
		schema.inner("properties").set("@type", newObject("type", "string", "enum", []any{typePrefix + name}))
		schema.object("properties").order("@type")
		schema.set("required", []any{"@type"})
		schema.order("type", "description", "required", "properties")
	}
	schemas.object("google.rpc.ErrorInfo").set("required", []any{"@type", "reason", "domain"})

	detail := newObject("oneOf", references, "discriminator", newObject("propertyName", "@type", "mapping", mapping))
	if !w.v3 {
		// OpenAPI 2 has no unions.
		kind := newObject("type", "string", "enum", types, "description", w.Status.Type)
		detail = newObject("type", "object", "required", []any{"@type"}, "properties", newObject("@type", kind))
		for _, name := range details {
			member := schemas.object(name)
			whole := newObject("description", member.text("description"), "allOf", []any{w.reference("schemas", detailSchema), member})
			member.delete("description")
			schemas.set(name, whole)
		}
	}
	detail.set("description", fmt.Sprintf(w.Status.Detail, strings.Join(details, ", ")))
	schemas.set(detailSchema, detail)
	schemas.set(statusSchema, newObject("type", "object", "description", w.Status.Description,
		"required", []any{"code", "message", "details"}, "properties", newObject(
			"code", newObject("type", "integer", "format", "int32", "description", w.Status.Code),
			"message", newObject("type", "string", "description", w.Status.Message),
			"details", newObject("type", "array", "description", w.Status.Details, "items", w.reference("schemas", detailSchema)))))
}
