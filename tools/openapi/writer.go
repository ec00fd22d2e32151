package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// writer turns what the generator wrote into the document that is served.
type writer struct {
	*dialect
	*texts
	contract *contract
	examples *examples
	document *object

	problems []string
	// bodies are the messages behind schemas that are part of a request.
	bodies map[string]protoreflect.MessageDescriptor
}

// write runs all steps. What does not fit is collected and fails the whole.
func (w *writer) write() error {
	w.bodies = map[string]protoreflect.MessageDescriptor{}
	w.head()
	w.tags()
	w.operations()
	w.messages()
	w.errorSchemas()
	w.descriptions()
	if err := w.prune(); err != nil {
		return err
	}
	w.schemas(w.document).sort()
	if len(w.problems) > 0 {
		return fmt.Errorf("%d problems:\n%s", len(w.problems), strings.Join(w.problems, "\n"))
	}
	return nil
}

// prune drops the schemas and responses that nothing refers to.
func (w *writer) prune() error {
	schemas, responses := w.schemas(w.document), w.dialect.responses(w.document)
	for {
		text, err := encode(w.document)
		if err != nil {
			return err
		}
		unused := func(kind, name string) bool {
			return !strings.Contains(text, `"`+w.reference(kind, name).text("$ref")+`"`)
		}
		before := len(schemas.names) + len(responses.names)
		for name := range schemas.all() {
			// Without unions, OpenAPI 2 refers to no kind of detail.
			if unused("schemas", name) && !slices.Contains(details, name) {
				schemas.delete(name)
			}
		}
		for name := range responses.all() {
			if unused("responses", name) {
				responses.delete(name)
			}
		}
		if len(schemas.names)+len(responses.names) == before {
			return nil
		}
	}
}

func (w *writer) problem(format string, args ...any) {
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

// head writes what is said of the whole, and what operations refer to.
func (w *writer) head() {
	w.document.set("info", newObject("title", w.Info.Title, "version", w.Info.Version, "description", w.Info.Description))
	schemes := w.securitySchemes(w.document)
	if w.v3 {
		w.document.set("servers", []any{newObject("url", "/", "description", "where this document came from")})
		schemes.set(w.Security.User, newObject("type", "http", "scheme", "bearer", "description", w.Security.UserDescription))
		schemes.set(w.Security.Caller, newObject("type", "mutualTLS", "description", w.Security.CallerDescription))
	} else {
		w.document.set("consumes", []any{"application/json"})
		w.document.set("produces", []any{"application/json"})
		schemes.set(w.Security.User, newObject("type", "apiKey", "in", "header", "name", "authorization", "description", w.Security.UserDescriptionV2))
	}
	for _, h := range w.Headers {
		parameter := newObject("name", h.Name, "in", "header", "description", h.Description)
		schema := w.parameterSchema(parameter)
		schema.set("type", "string")
		schema.setText("pattern", h.Pattern)
		w.dialect.parameters(w.document).set(h.Key, parameter)
	}
	for _, f := range w.Errors {
		example, recorded := w.examples.byReason[f.Reason]
		if !recorded && !w.examples.none {
			w.problem("no case file has a failure with the reason %s, the example of HTTP %s", f.Reason, f.Status)
		}
		f.Description += " " + w.Borrowed
		w.dialect.responses(w.document).set(f.Key, w.failed(f, example))
	}
	w.dialect.responses(w.document).set("failure", w.answer(w.Other, w.reference("schemas", statusSchema), nil))
	w.document.order("swagger", "openapi", "info", "servers", "consumes", "produces", "tags", "x-tagGroups", "paths")
}

// failed is a response of failure.
func (w *writer) failed(f failure, example any) *object {
	response := w.answer(f.Description, w.reference("schemas", statusSchema), example)
	if f.Wait {
		response.set("headers", newObject("retry-after", w.responseHeader("Seconds to wait before the next attempt, where that is known.", "integer")))
	}
	return response
}

// tags are the services, grouped by product.
func (w *writer) tags() {
	var tags []any
	groups := map[string][]any{}
	for _, service := range w.contract.services {
		name, product := string(service.Name()), strings.Split(string(service.FullName()), ".")[1]
		about, _ := serviceTexts(service)
		tags = append(tags, newObject("name", name, "description", about))
		groups[product] = append(groups[product], name)
	}
	var grouped []any
	for _, product := range slices.Sorted(maps.Keys(groups)) {
		grouped = append(grouped, newObject("name", product, "tags", groups[product]))
	}
	w.document.set("tags", tags)
	w.document.set("x-tagGroups", grouped)
}
