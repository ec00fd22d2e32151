package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// served are the documents as they are embedded.
func served(t *testing.T) map[*dialect]any {
	t.Helper()
	documents := map[*dialect]any{}
	for _, d := range dialects {
		text, err := os.ReadFile(filepath.Join("../../gen/openapi", d.file))
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
		if err != nil {
			t.Fatalf("%s: %v", d.file, err)
		}
		documents[d] = document
	}
	return documents
}

// walk visits every value of a document with its JSON pointer.
func walk(pointer string, value any, visit func(pointer string, value any)) {
	visit(pointer, value)
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			walk(pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), inner, visit)
		}
	case []any:
		for i, inner := range value {
			walk(fmt.Sprintf("%s/%d", pointer, i), inner, visit)
		}
	}
}

// at finds a value by its JSON pointer.
func at(document any, pointer string) (value any, found bool) {
	value = document
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "#/"), "/") {
		members, _ := value.(map[string]any)
		if value, found = members[strings.NewReplacer("~1", "/", "~0", "~").Replace(name)]; !found {
			return nil, false
		}
	}
	return value, true
}

// insideExample tells what stands in an example from the document's own members.
var insideExample = regexp.MustCompile(`/(x-)?examples?/`)

// TestReferencesResolve finds schemas, responses and parameters that were
// renamed or dropped, and of whom an operation still speaks.
func TestReferencesResolve(t *testing.T) {
	for d, document := range served(t) {
		references := 0
		walk("#", document, func(pointer string, value any) {
			members, _ := value.(map[string]any)
			reference, refers := members["$ref"].(string)
			if !refers {
				return
			}
			references++
			if _, found := at(document, reference); !found {
				t.Errorf("%s: %s refers to %s, which is not there", d.file, pointer, reference)
			}
		})
		t.Logf("%s: %d references", d.file, references)
	}
}

// TestExamplesFitTheirSchemas finds limits that were read wrongly off the
// contract, members that the schemas lack or have under another name, and
// members that are said to be always there and are not.
func TestExamplesFitTheirSchemas(t *testing.T) {
	for d, document := range served(t) {
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		compiler.DefaultDraft(jsonschema.Draft2020)
		if !d.v3 {
			compiler.DefaultDraft(jsonschema.Draft4)
		}
		if err := compiler.AddResource("document.json", document); err != nil {
			t.Fatal(err)
		}
		examples := 0
		fits := func(schema, example string) {
			value, shown := at(document, example)
			if !shown {
				return
			}
			examples++
			compiled, err := compiler.Compile("document.json" + schema)
			if err != nil {
				t.Errorf("%s: %v", d.file, err)
			} else if err := compiled.Validate(value); err != nil {
				t.Errorf("%s: %s: %v", d.file, example, err)
			}
		}
		walk("#", document, func(pointer string, value any) {
			members, _ := value.(map[string]any)
			if _, has := members["schema"]; has && !insideExample.MatchString(pointer) {
				fits(pointer+"/schema", pointer+"/example")
				fits(pointer+"/schema", pointer+"/examples/application~1json")
				return
			}
			if strings.HasPrefix(pointer, "#/definitions/") && strings.Count(pointer, "/") == 2 {
				fits(pointer, pointer+"/example")
			}
		})
		t.Logf("%s: %d examples", d.file, examples)
		if examples < 200 {
			t.Errorf("%s: only %d examples", d.file, examples)
		}
	}
}

// TestRequiredMembersExist finds members that are required, be it by one part of
// a oneof, and that nobody describes.
func TestRequiredMembersExist(t *testing.T) {
	for d, document := range served(t) {
		walk("#", document, func(pointer string, value any) {
			required, ok := value.([]any)
			if !ok || !strings.HasSuffix(pointer, "/required") || insideExample.MatchString(pointer) {
				return
			}
			around, _, _ := strings.Cut(strings.TrimSuffix(pointer, "/required"), "/oneOf")
			around, _, _ = strings.Cut(around, "/allOf")
			var names []string
			walk(around, mustAt(t, document, around), func(inner string, value any) {
				if strings.HasSuffix(inner, "/properties") {
					for name := range value.(map[string]any) {
						names = append(names, name)
					}
				}
			})
			for _, name := range required {
				if !slices.Contains(names, name.(string)) {
					t.Errorf("%s: %s names %s, which is no member", d.file, pointer, name)
				}
			}
		})
	}
}

func mustAt(t *testing.T, document any, pointer string) any {
	t.Helper()
	value, found := at(document, pointer)
	if !found {
		t.Fatalf("nothing at %s", pointer)
	}
	return value
}

var snakeCase = regexp.MustCompile(`^(@type|[a-z][a-z0-9]*(_[a-z0-9]+)*)$`)

// TestNamesAreThoseOfTheContract finds JSON names in camel case, which the
// facade refuses.
func TestNamesAreThoseOfTheContract(t *testing.T) {
	for d, document := range served(t) {
		names := 0
		walk("#", document, func(pointer string, value any) {
			members, _ := value.(map[string]any)
			if strings.HasSuffix(pointer, "/properties") && !strings.HasSuffix(pointer, "/properties/properties") && !insideExample.MatchString(pointer) {
				for name := range members {
					names++
					if !snakeCase.MatchString(name) {
						t.Errorf("%s: %s has a member %s", d.file, pointer, name)
					}
				}
			}
			if name, _ := members["name"].(string); members["in"] == "query" || members["in"] == "path" {
				names++
				for part := range strings.SplitSeq(mapKey.ReplaceAllString(name, ""), ".") {
					if !snakeCase.MatchString(part) {
						t.Errorf("%s: %s is the parameter %s", d.file, pointer, name)
					}
				}
			}
		})
		t.Logf("%s: %d names", d.file, names)
	}
}

// TestOperationsAreWhole finds operations without what a reader looks for: an
// example is missing where the rpc has no case that succeeds.
func TestOperationsAreWhole(t *testing.T) {
	for d, document := range served(t) {
		paths := mustAt(t, document, "#/paths").(map[string]any)
		summaries := map[string]string{}
		for path, item := range paths {
			for verb, value := range item.(map[string]any) {
				operation := value.(map[string]any)
				for _, member := range []string{"operationId", "summary", "tags", "security", "externalDocs", "parameters", "responses"} {
					if operation[member] == nil {
						t.Errorf("%s: %s %s has no %s", d.file, verb, path, member)
					}
				}
				summary, _ := operation["summary"].(string)
				if other, twice := summaries[summary]; twice {
					t.Errorf("%s: %s %s and %s have the same summary: %s", d.file, verb, path, other, summary)
				}
				summaries[summary] = verb + " " + path
				if len(summary) > 180 || strings.ContainsAny(summary, "\n") || strings.HasSuffix(summary, ".") {
					t.Errorf("%s: %s %s: want one short line and no full stop: %q", d.file, verb, path, summary)
				}
				for _, status := range []string{"200", "400", "403", "default"} {
					if operation["responses"].(map[string]any)[status] == nil {
						t.Errorf("%s: %s %s has no response %s", d.file, verb, path, status)
					}
				}
				_, inV2 := at(operation, "#/responses/200/examples/application~1json")
				if _, inV3 := at(operation, "#/responses/200/content/application~1json/example"); !inV2 && !inV3 {
					t.Errorf("%s: %s %s has no example of an answer", d.file, verb, path)
				}
			}
		}
	}
}

// TestFailuresAreTheOperationsOwn finds examples of failures that blame a field
// which the operation does not have: those of another rpc.
func TestFailuresAreTheOperationsOwn(t *testing.T) {
	for d, document := range served(t) {
		resolve := func(value any) any {
			members, _ := value.(map[string]any)
			if reference, refers := members["$ref"].(string); refers {
				return mustAt(t, document, reference)
			}
			return value
		}
		blamed := 0
		for path, item := range mustAt(t, document, "#/paths").(map[string]any) {
			for verb, value := range item.(map[string]any) {
				operation := value.(map[string]any)
				var known []string
				for _, parameter := range operation["parameters"].([]any) {
					members := resolve(parameter).(map[string]any)
					known = append(known, members["name"].(string))
					if schema, inBody := members["schema"]; inBody && members["in"] == "body" {
						known = append(known, properties(resolve(schema))...)
					}
				}
				if schema, inBody := at(operation, "#/requestBody/content/application~1json/schema"); inBody {
					known = append(known, properties(resolve(schema))...)
				}
				for status, response := range operation["responses"].(map[string]any) {
					walk("", resolve(response), func(_ string, value any) {
						members, _ := value.(map[string]any)
						violations, _ := members["field_violations"].([]any)
						for _, violation := range violations {
							blamed++
							field, _, _ := strings.Cut(violation.(map[string]any)["field"].(string), ".")
							field, _, _ = strings.Cut(field, "[")
							if !slices.ContainsFunc(known, func(name string) bool {
								return name == field || strings.HasPrefix(name, field+".") || strings.HasPrefix(name, field+"[")
							}) {
								t.Errorf("%s: %s %s: the example of %s blames %s, which is no field of the operation", d.file, verb, path, status, field)
							}
						}
					})
				}
			}
		}
		t.Logf("%s: %d fields are blamed", d.file, blamed)
		if blamed < 20 {
			t.Errorf("%s: only %d fields are blamed by examples of failures", d.file, blamed)
		}
	}
}

// properties are the names of a schema's members.
func properties(schema any) []string {
	members, _ := schema.(map[string]any)
	inner, _ := members["properties"].(map[string]any)
	return slices.Collect(maps.Keys(inner))
}
